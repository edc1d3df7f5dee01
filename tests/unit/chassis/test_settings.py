"""Settings are read once, and everything that is wrong is said at once."""

from dataclasses import dataclass

import pytest

from chassis.settings import ServiceSettings, SettingsWrong, read

NEEDED = {"MEJA_AMQP_URL": "amqp://broker", "MEJA_DATABASE_URL": "sqlite://"}


@dataclass(frozen=True, kw_only=True)
class OvenSettings(ServiceSettings):
    is_lit: bool = False
    colour: str | None = None


def test_defaults_stand_for_what_is_left_out_or_empty() -> None:
    settings = read(OvenSettings, NEEDED | {"MEJA_WORKERS": ""})

    assert (settings.workers, settings.is_lit, settings.colour) == (10, False, None)


def test_values_are_read_by_their_type() -> None:
    settings = read(
        OvenSettings,
        NEEDED
        | {
            "MEJA_WORKERS": "3",
            "MEJA_IS_LIT": "yes",
            "MEJA_COLOUR": "red",
            "MEJA_DRAIN_SECONDS": "0.5",
            "MEJA_RETRY_DELAYS_SECONDS": "0.1, 2",
        },
    )

    assert (settings.workers, settings.is_lit, settings.colour) == (3, True, "red")
    assert settings.drain_seconds == 0.5
    assert settings.retry_delays_seconds == (0.1, 2.0)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SettingsWrong) as wrong:
        read(OvenSettings, {"MEJA_WORKERS": "many", "MEJA_IS_LIT": "perhaps"})

    said = " ".join(wrong.value.problems)
    for name in ("MEJA_AMQP_URL", "MEJA_DATABASE_URL", "MEJA_WORKERS", "MEJA_IS_LIT"):
        assert name in said
