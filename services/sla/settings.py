"""The dials of sla."""

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class SlaSettings(ServiceSettings):
    """Settings of sla: those of every service. What is promised is data, not a setting."""
