"""The dials of routing."""

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class RoutingSettings(ServiceSettings):
    """What routing needs beside what every service needs.

    Attributes:
        score_load: weight of an agent's load (open tickets ÷ capacity) in the score.
        score_skill: weight of how far their skill is from what is asked.
        score_language: weight of speaking the requester's language.
        queue_batch: tickets given out from a queue in one transaction.
        escalation_cooldown_minutes: how long one escalation rule rests on one ticket, and one
            threshold of a clock that was armed anew.
        notice_from_percent: the lowest threshold of a clock that people are told of; they are told
            of every one in minutes.
        notices_in_window: how often somebody is told within a window; more becomes a digest.
        notice_window_minutes: how long a window is.
    """

    score_load: float = 1.0
    score_skill: float = 0.5
    score_language: float = 0.25
    queue_batch: int = 20
    escalation_cooldown_minutes: float = 15.0
    notice_from_percent: int = 50
    notices_in_window: int = 5
    notice_window_minutes: float = 10.0
