"""Health says what is missing and what is only not as it should be."""

from chassis.health import Health


def fine() -> str | None:
    return None


def broken() -> str | None:
    raise RuntimeError("no route")


def test_all_is_well() -> None:
    health = Health()
    health.needs("database", fine)
    health.wants("relay", fine)

    assert health.report() == {"status": "ready", "problems": {}}


def test_what_is_only_wanted_degrades() -> None:
    health = Health()
    health.needs("database", fine)
    health.wants("relay", lambda: "not connected")

    assert health.report() == {"status": "degraded", "problems": {"relay": "not connected"}}


def test_a_check_that_fails_is_an_answer() -> None:
    health = Health()
    health.needs("database", broken)
    health.wants("relay", fine)

    report = health.report()
    assert report["status"] == "unready"
    assert "no route" in report["problems"]["database"]
