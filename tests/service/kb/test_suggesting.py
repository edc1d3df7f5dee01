"""Suggestions: what solved like tickets comes earlier, and what followed is remembered."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contracts import kb as contract
from contracts.intake import Actor, Person, Resolution, TicketOpened, TicketResolved
from services.kb import handlers
from services.kb.domain.deflection import is_held_out
from services.kb.models import asks
from tests.service.kb.house import NOW, House, keys

ANI = "ani@example.com"
HELD_OUT = next(
    name
    for name in (f"user{number}@example.com" for number in range(1000))
    if is_held_out(name, percent=5)
)
RINI = Actor(kind="agent", id="rini@example.com")


@pytest.fixture
def filled(house: House) -> House:
    house.put("a-vpn", "VPN drops", "Restart the router.")
    house.put("b-vpn", "VPN drops", "Restart the router.")
    return house


def opened(number: int, subject: str, *, who: str = ANI, minutes: int = 0) -> TicketOpened:
    return TicketOpened(
        ticket_id=f"t-{number}",
        number=f"INC-{number}",
        seq=1,
        occurred_at=NOW + timedelta(minutes=minutes),
        actor=RINI,
        kind="incident",
        channel="portal",
        subject=subject,
        body=subject,
        requester=Person(name="Ani", email=who, language="en"),
        impact="low",
        urgency="low",
        priority="P4",
    )


def hear_opening(house: House, event: TicketOpened) -> None:
    with house.database.write() as tx:
        handlers.keep_opening(event, tx=tx, replica=house.replica)
        handlers.keep_what_followed(event, tx=tx, settings=house.settings)


def hear_resolution(house: House, number: int, article: str) -> None:
    event = TicketResolved(
        ticket_id=f"t-{number}",
        number=f"INC-{number}",
        seq=9,
        occurred_at=NOW,
        actor=RINI,
        was="in_progress",
        resolution=Resolution(text="Done.", code="permanent_fix", cause="wear", article=article),
    )
    with house.database.write() as tx:
        handlers.keep_resolution(event, tx=tx)


def kept(house: House) -> list[sa.Row]:
    house.asked.write(house.database)
    with house.database.read() as tx:
        return list(tx.session.execute(sa.select(asks).order_by(asks.c.serial)))


def test_of_two_equal_articles_the_one_that_solved_like_tickets_comes_first(
    filled: House,
) -> None:
    assert keys(filled.suggest("the vpn drops")) == ["a-vpn", "b-vpn"]

    hear_opening(filled, opened(1, "VPN drops all day"))
    hear_resolution(filled, 1, "b-vpn")

    assert keys(filled.suggest("the vpn drops")) == ["b-vpn", "a-vpn"]


def test_an_article_says_how_many_tickets_like_this_it_solved(filled: House) -> None:
    subjects = ("VPN drops all day", "VPN drops", "Printer paper jam on the third floor")
    for number, subject in enumerate(subjects):
        hear_opening(filled, opened(number, subject))
        hear_resolution(filled, number, "b-vpn")

    found = {hit.key: hit.solved for hit in filled.suggest("the vpn drops")}
    assert found == {"a-vpn": 0, "b-vpn": 2}


def test_what_was_shown_is_remembered_once_a_sitting(filled: House) -> None:
    filled.suggest("the vpn drops", asker=ANI)
    filled.suggest("the vpn drops again", asker=ANI)
    filled.suggest("nothing fits this", asker=ANI)
    filled.suggest("the vpn drops")

    (row,) = kept(filled)
    assert (row.asker, sorted(row.shown), row.is_held_out) == (ANI, ["a-vpn", "b-vpn"], False)


def test_who_is_held_out_is_shown_nothing_and_it_is_remembered(filled: House) -> None:
    assert filled.suggest("the vpn drops", asker=HELD_OUT) == []
    assert keys(filled.suggest("the vpn drops", asker=HELD_OUT, audience="internal"))

    assert next(row.is_held_out for row in kept(filled)) is True


def test_the_next_ticket_of_the_requester_is_remembered_to_have_followed(filled: House) -> None:
    filled.suggest("the vpn drops", asker=ANI)
    kept(filled)

    hear_opening(filled, opened(2, "VPN drops", who="budi@example.com", minutes=1))
    hear_opening(filled, opened(3, "VPN drops", minutes=2))
    hear_opening(filled, opened(4, "Printer", minutes=3))

    (row,) = kept(filled)
    assert (row.ticket, row.ticket_at) == ("INC-3", NOW + timedelta(minutes=2))


def test_an_agents_look_beside_a_ticket_is_no_ask_of_a_requester(filled: House) -> None:
    filled.suggest("the vpn drops", asker=RINI.id, beside="INC-3", audience="internal")
    kept(filled)
    hear_opening(filled, opened(5, "VPN", who=RINI.id, minutes=1))

    (row,) = kept(filled)
    assert (row.beside, row.ticket) == ("INC-3", None)
    assert report(filled, days=0).shown.asks == 0


def report(house: House, *, days: int) -> contract.DeflectionReport:
    settings = type(house.settings)(database_url="", amqp_url="", deflection_days=days)
    question = contract.ReportDeflection(until=NOW + timedelta(minutes=1))
    with house.database.read() as tx:
        return handlers.report_deflection(question, tx=tx, settings=settings)


def test_deflection_is_reported_with_those_held_out(filled: House) -> None:
    for who in (ANI, HELD_OUT):
        filled.suggest("the vpn drops", asker=who)
    kept(filled)
    reading = contract.RecordReading(key="a-vpn", language="en", reader=ANI)
    filled.do(handlers.record_reading, reading)

    assert report(filled, days=7).undecided == 2
    found = report(filled, days=0)

    assert (found.shown.asks, found.shown.read, found.shown.deflected) == (1, 1, 1)
    assert (found.held_out.asks, found.held_out.share_without_ticket) == (1, 1.0)
    assert found.effect == 0.0
