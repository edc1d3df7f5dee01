"""`docker compose up` gives a working desk."""

from functools import partial
from typing import Any

import pytest

from deploy.api import Desk
from tests.system.compose.conftest import JOBS, LASTING, SERVICES, House, eventually

pytestmark = pytest.mark.timeout(1800)


def open_ticket(desk: Desk, subject: str) -> str:
    """Open a ticket; its number."""
    ticket = desk.post(
        "/tickets",
        {
            "kind": "incident",
            "subject": subject,
            "body": "VPN putus terus sejak pagi.",
            "channel": "api",
            "requester": {"name": "Siti", "email": "siti@desk.example"},
        },
    )
    return str(ticket["number"])


def is_routed_and_clocked(ticket: dict[str, Any]) -> bool:
    return bool(ticket["assignee"] == "agus" and ticket["sla_state"] == "running")


def is_empty(seen: set[str]) -> bool:
    return not seen


def test_all_are_healthy_and_all_jobs_are_done(house: House) -> None:
    found = {one["Service"]: one for one in house.containers()}

    assert set(found) == JOBS | LASTING
    assert {name: found[name]["ExitCode"] for name in JOBS} == dict.fromkeys(JOBS, 0)
    assert {name: found[name]["Health"] for name in LASTING} == dict.fromkeys(LASTING, "healthy")


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_root_and_nothing_can_be_written(house: House, service: str) -> None:
    assert house.inside(service, "id", "-u") == "10001"
    house.inside(service, "sh", "-c", "! touch /meja/anything 2>/dev/null")


@pytest.mark.parametrize("service", ["intake", "routing", "sla", "kb"])
def test_an_image_holds_its_own_service_alone(house: House, service: str) -> None:
    assert house.inside(service, "ls", "services").split() == [service]
    assert house.inside(service, "ls").split() == ["chassis", "contracts", "services"]


def test_a_service_cannot_enter_anothers_database(house: House) -> None:
    tried = (
        "import os, psycopg2\n"
        "url = os.environ['MEJA_DATABASE_URL'].replace('+psycopg2', '')\n"
        "psycopg2.connect(url).close()\n"
        "try: psycopg2.connect(url.rpartition('/')[0] + '/meja_intake')\n"
        "except psycopg2.OperationalError as refused: print(refused)\n"
    )

    said = house.inside("routing", "python", "-c", tried)

    assert "permission denied for database" in said


def test_a_ticket_is_routed_and_clocked(desk: Desk) -> None:
    number = open_ticket(desk, "VPN")

    ticket = eventually(lambda: desk.get(f"/tickets/{number}"), is_routed_and_clocked)

    assert ticket["group"] == "network"
    assert ticket["next_due_at"] is not None
    assert {clock["kind"] for clock in desk.get(f"/tickets/{number}/clocks")["clocks"]} == {
        "first_response",
        "resolution",
    }


def test_two_replicas_decide_each_ticket_once(house: House, desk: Desk) -> None:
    house.compose("up", "--detach", "--wait", "--no-recreate", "--scale", "routing=2")
    replicas = [one for one in house.containers() if one["Service"] == "routing"]

    numbers = [open_ticket(desk, f"VPN {place}") for place in range(20)]

    assert [one["Health"] for one in replicas] == ["healthy", "healthy"]
    for number in numbers:
        eventually(partial(desk.get, f"/tickets/{number}"), is_routed_and_clocked)
        assert desk.get(f"/tickets/{number}/assignment")["decision"]["revision"] == 1


def test_the_desk_is_back_after_the_broker_restarts(house: House, desk: Desk) -> None:
    house.compose("restart", "rabbitmq")

    eventually(house.unhealthy, is_empty, seconds=120)
    number = open_ticket(desk, "VPN after the restart")
    eventually(lambda: desk.get(f"/tickets/{number}"), is_routed_and_clocked)


def test_a_service_stops_cleanly(house: House) -> None:
    house.compose("stop", "kb")

    kb = next(one for one in house.containers() if one["Service"] == "kb")
    assert kb["ExitCode"] == 0

    house.compose("start", "kb")
    eventually(house.unhealthy, is_empty)
