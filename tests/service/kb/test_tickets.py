"""Drafts made of tickets, and the gaps that tickets and failed searches show."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from contracts import kb as contract
from contracts.errors import Invalid, NotFound
from contracts.intake import Actor, Person, Resolution, TicketOpened, TicketResolved
from services.kb import handlers
from services.kb.models import search_log
from tests.service.kb.house import DEWI, NOW, House, keys

BUDI = Person(name="Budi Santoso", email="budi@example.com")


def draft(house: House, **facts: Any) -> contract.TicketDraft:
    given = {
        "number": "INC-1042-9",
        "subject": "Laptop Budi Santoso tidak bisa masuk SAP",
        "body": "Saya di 10.1.2.3, hubungi 0812-3456-7890.\n\nTerima kasih\nBudi",
        "text": "Hapus cache lalu masuk lagi.",
        "people": ("Budi Santoso", "budi@example.com"),
        "category": "apps.sap",
        "actor": DEWI,
        "role": "agent",
    }
    command = contract.DraftFromTicket(**given | facts)
    return house.do(partial(handlers.draft_from_ticket, replica=house.replica), command)


def test_a_resolved_ticket_becomes_an_internal_draft_without_personal_data(house: House) -> None:
    made = draft(house)

    article = made.article
    assert (article.status, article.audience, article.language) == ("draft", "internal", "id")
    assert (article.ticket, article.category) == ("INC-1042-9", "apps.sap")
    assert article.title == "Laptop [nama] tidak bisa masuk SAP"
    for gone in ("Budi", "10.1.2.3", "0812"):
        assert gone not in article.title + article.body
    assert made.removed == {"name": 1, "address": 1, "phone": 1}


def test_a_ticket_is_drafted_once(house: House) -> None:
    first = draft(house)
    again = draft(house, body="Other words.")

    assert (first.is_new, again.is_new) == (True, False)
    assert again.article == first.article


def test_a_draft_that_became_anothers_groups_is_not_shown(house: House) -> None:
    key = draft(house).article.key
    house.put(key, "SAP", language="id", status="draft", audience="group", groups=("sap",))

    with pytest.raises(NotFound):
        draft(house)
    assert draft(house, reader_groups=("sap",)).is_new is False


# -- gaps ----------------------------------------------------------------------------------------


def ticket(house: House, serial: int, subject: str, **facts: Any) -> None:
    given = {
        "minutes_spent": 30,
        "article": None,
        "days_ago": 1,
        "body": "Tolong.",
        "seq": 4,
    } | facts
    at = NOW - timedelta(days=given.pop("days_ago"))
    body, seq = given.pop("body"), given.pop("seq")
    head = {"ticket_id": f"t-{serial}", "number": f"INC-{serial}-1", "occurred_at": at}
    opened = TicketOpened(
        **head,
        seq=1,
        actor=Actor(kind="requester", id=BUDI.email),
        kind="incident",
        channel="portal",
        subject=subject,
        body=body,
        requester=BUDI,
        impact="low",
        urgency="low",
        priority="P4",
        category="printing",
    )
    resolution = Resolution(text="Selesai.", code="permanent_fix", cause="wear", **given)
    resolved = TicketResolved(**head, seq=seq, actor=DEWI, was="in_progress", resolution=resolution)
    with house.database.write() as tx:
        # Events of different sources come in any order; the later one may be heard first.
        handlers.keep_resolution(resolved, tx=tx)
        handlers.keep_opening(opened, tx=tx, replica=house.replica)


def searched(house: House, text: str, *, hits: int = 0, times: int = 1, days_ago: int = 1) -> None:
    row = {"text": text, "language": "id", "words": "", "hits": hits, "audience": "public"}
    row["asked_at"] = NOW - timedelta(days=days_ago)
    with house.database.write() as tx:
        tx.session.execute(sa.insert(search_log), [row] * times)


def gaps(house: House, **facts: Any) -> contract.Gaps:
    question = contract.ReportGaps(**{"audience": "internal"} | facts)
    return house.ask(partial(handlers.report_gaps, replica=house.replica), question)


def test_failed_searches_and_tickets_without_an_article_are_put_together(house: House) -> None:
    ticket(house, 1, "Printer macet di lantai 3")
    ticket(house, 2, "Kertas printer macet", minutes_spent=20)
    searched(house, "printer macet", times=3)
    ticket(house, 3, "Absen sidik jari gagal", minutes_spent=45)

    found = gaps(house)

    first, second = found.items
    assert (first.minutes, first.tickets, first.searches) == (50, 2, 3)
    assert {"printer", "macet"} <= set(first.name.split())
    assert [(each.number, each.minutes) for each in first.example_tickets] == [
        ("INC-1-1", 30),
        ("INC-2-1", 20),
    ]
    assert (first.category, first.example_searches[0].count) == ("printing", 3)
    assert second.minutes == 45
    assert (found.tickets, found.searches, found.is_complete) == (3, 3, True)


def test_what_an_article_solved_or_a_search_found_is_no_gap(house: House) -> None:
    ticket(house, 1, "Printer macet", article="printer")
    searched(house, "printer macet", hits=2)

    assert gaps(house).items == ()


def test_a_subject_that_says_little_lets_the_body_speak(house: House) -> None:
    ticket(house, 1, "Mohon bantuan", body="Absen sidik jari gagal")

    assert {"absen", "sidik", "jari"} & set(gaps(house).items[0].name.split())


def test_what_is_long_past_is_left_out(house: House) -> None:
    ticket(house, 1, "Printer macet", days_ago=91)
    searched(house, "vpn putus", days_ago=91)

    assert gaps(house).items == ()
    assert len(gaps(house, days=100).items) == 2


def test_a_ticket_of_which_a_draft_was_made_is_no_gap_any_more(house: House) -> None:
    ticket(house, 1, "Printer macet")
    draft(house, number="INC-1-1")

    assert gaps(house).items == ()


def test_the_nearest_article_is_one_the_reader_may_read(house: House) -> None:
    ticket(house, 1, "Printer macet")
    house.put("hidden", "Printer macet", language="id", audience="group", groups=("sap",))

    assert gaps(house).items[0].nearest is None
    house.put("open", "Printer macet total", language="id")
    assert gaps(house).items[0].nearest.key == "open"
    assert keys(house.search("printer", audience="internal")) == ["open"]


def test_personal_data_in_a_search_is_not_shown(house: House) -> None:
    searched(house, "sidik jari budi@example.com")

    assert gaps(house).items[0].example_searches[0].text == "sidik jari [email]"


def test_requesters_are_told_no_gaps(house: House) -> None:
    with pytest.raises(Invalid):
        gaps(house, audience="public")
