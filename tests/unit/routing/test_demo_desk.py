"""The demo desk's rules, tried by routing itself on the day's tickets."""

import pytest

from deploy.demo.desk import Desk, read_desk
from deploy.demo.tickets import DemoTicket, read_day
from services.routing import schemas
from services.routing.domain.directory import Directory
from services.routing.domain.rules import Facts, triage

DESK: Desk = read_desk()
DIRECTORY = Directory(
    groups={spec.key: schemas.group(spec) for spec in DESK.groups},
    agents={spec.key: schemas.agent(spec) for spec in DESK.agents},
    rules=tuple(schemas.rule(spec) for spec in DESK.rules),
)


@pytest.mark.parametrize("ticket", read_day(DESK).tickets, ids=lambda ticket: ticket.key)
def test_every_ticket_of_the_demo_day_goes_where_its_story_expects_it(ticket: DemoTicket) -> None:
    facts = Facts(kind=ticket.kind, subject=ticket.subject, body=ticket.body, impact=ticket.impact)

    found = triage(facts, directory=DIRECTORY)

    assert found is not None
    assert (found.group, found.category) == (ticket.expect.group, ticket.expect.category)
