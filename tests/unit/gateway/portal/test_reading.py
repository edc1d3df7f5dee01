from dataclasses import replace

import pytest

from contracts import kb, sla
from contracts.errors import NotFound
from tests.unit.gateway.fakes import NOW, FakeCaller, hits
from tests.unit.gateway.portal.conftest import Browser


def test_a_search_looks_in_every_language_and_a_list_in_the_readers(
    requester: Browser, caller: FakeCaller
) -> None:
    assert "<mark>VPN</mark>" in requester.get("/knowledge?q=vpn").text
    assert caller.last("search_articles").question.language is None

    requester.get("/knowledge")
    assert caller.last("search_articles").question.language == "en"


@pytest.mark.parametrize(("who", "audience"), [("requester", "public"), ("agent", "internal")])
def test_internal_articles_are_for_agents(
    request: pytest.FixtureRequest, caller: FakeCaller, who: str, audience: str
) -> None:
    browser: Browser = request.getfixturevalue(who)

    browser.get("/knowledge/vpn-putus")

    assert caller.last("get_article").question.audience == audience


def test_an_article_is_drawn_from_its_markdown(requester: Browser) -> None:
    page = requester.get("/knowledge/vpn-putus?lang=id").text

    assert "<h2>VPN</h2>" in page
    assert 'href="/knowledge/vpn-putus?lang=en"' in page


def test_an_unknown_article_is_not_found(requester: Browser, caller: FakeCaller) -> None:
    caller.answers["get_article"] = NotFound("article_unknown")

    assert requester.get("/knowledge/nothing").status_code == 404


def test_whether_an_article_helped_is_remembered(requester: Browser, caller: FakeCaller) -> None:
    answer = requester.post(
        "/knowledge/vpn-putus/reading", page="/knowledge/vpn-putus", language="id", helpful="no"
    )

    command = caller.last("record_reading").question
    assert (command.reader, command.helpful) == ("budi@nusantara.example", False)
    assert answer.headers["location"] == "/knowledge/vpn-putus?lang=id&done=thanks"


def _report() -> sla.PromiseReport:
    row = sla.PromiseRow(
        key="P1", tickets=4, met=3, missed=1, running=0, cancelled=0, met_percent=75.0
    )
    return sla.PromiseReport(
        total=row, by_priority=(row,), by_reassignments=(), reassignments=2, reopened=0
    )


def test_a_lead_sees_promises_of_whole_days_in_the_desks_zone(
    lead: Browser, caller: FakeCaller
) -> None:
    caller.answers["report_promises"] = _report()

    page = lead.get("/reports/promises?since=2026-01-01&until=2026-01-02").text

    question = caller.last("report_promises").question
    assert question.since.isoformat() == "2025-12-31T17:00:00+00:00"
    assert question.until.isoformat() == "2026-01-02T17:00:00+00:00"
    assert "75%" in page


def test_a_lead_sees_columns_whose_time_it_was_how_long_it_took_and_what_waits(
    lead: Browser, caller: FakeCaller
) -> None:
    row = replace(_report().total, blame={"tier2:network": 7_200_000_000})
    caller.answers["report_promises"] = replace(
        _report(), total=row, by_period=(replace(row, key="2026-01-05"),), by_group=(row,)
    )
    took = sla.TimesRow(
        key="P1", tickets=4, mean_us=3_600_000_000, median_us=60_000_000, p90_us=9_000_000_000
    )
    caller.answers["report_times"] = sla.TimesReport(total=took, rows=(took,), by="priority")
    waits = sla.BacklogRow(key="30d", tickets=65, missed=10)
    caller.answers["report_backlog"] = sla.BacklogReport(
        as_of=NOW, total=waits, by_age=(waits,), by_group=(), by_priority=()
    )

    page = lead.get("/reports/promises?since=2026-01-05&until=2026-01-05&clock=resolution").text

    assert "5 Jan: 3 kept, 1 missed (75%)" in page
    assert "L2 · Jaringan" in page
    assert "2 hours 30 minutes" in page
    assert "65 tickets somebody has to work on, 10 of them overdue." in page
    assert "from=2026-01-04T17%3A00%3A00Z&amp;to=2026-01-05T17%3A00%3A00Z" in page


def test_a_report_without_its_lesser_parts_is_shown_all_the_same(
    lead: Browser, caller: FakeCaller
) -> None:
    caller.answers["report_promises"] = _report()

    page = lead.get("/reports/promises").text

    assert "75%" in page
    assert "What waits now</h2>" not in page


@pytest.mark.parametrize("since", ["yesterday", "0001-01-01", ""])
def test_a_day_that_is_none_gives_the_last_thirty(
    lead: Browser, caller: FakeCaller, since: str
) -> None:
    caller.answers["report_promises"] = _report()

    assert 'value="2025-12-07"' in lead.get(f"/reports/promises?since={since}").text


def test_a_report_that_is_away_is_said_so(lead: Browser, caller: FakeCaller) -> None:
    caller.down.add("sla")

    answer = lead.get("/reports/promises")

    assert answer.status_code == 200
    assert "The report is unavailable right now." in answer.text


def test_a_search_says_how_many_there_are_and_offers_what_was_meant(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.answers["search_articles"] = replace(hits(), total=73, did_you_mean="vpn & wifi")

    page = requester.get("/knowledge?q=vnp+wifi").text

    assert "73 articles found · the best one is shown" in page
    assert 'Did you mean <a href="/knowledge?q=vpn+%26+wifi">vpn &amp; wifi</a>?' in page


def test_what_was_meant_is_offered_where_nothing_was_found(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.answers["search_articles"] = kb.Hits(items=(), did_you_mean="printer")

    page = requester.get("/knowledge?q=prnter").text

    assert 'href="/knowledge?q=printer"' in page
    assert "No article found" in page
