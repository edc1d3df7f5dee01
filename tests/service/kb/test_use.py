"""What became of articles: counted once, told to those who write."""

from typing import Any

import pytest

from contracts import kb as contract
from contracts.errors import Invalid, NotFound
from services.kb import handlers
from tests.service.kb.house import House


def read(house: House, reader: str = "ani@example.com", **facts: Any) -> None:
    given = {"key": "vpn", "language": "en", "reader": reader} | facts
    house.do(handlers.record_reading, contract.RecordReading(**given))


def use(house: House, **facts: Any) -> contract.ArticleUse:
    given = {"key": "vpn", "language": "en", "audience": "internal"} | facts
    return house.ask(handlers.get_article_use, contract.GetArticleUse(**given))


def test_a_verdict_after_reading_is_no_second_reading(house: House) -> None:
    house.put("vpn", "VPN")

    read(house)
    read(house, helpful=True)
    read(house, "budi@example.com", helpful=False, reason="outdated", comment="Old menu.")

    found = use(house)
    assert (found.reads, found.helpful, found.unhelpful, found.popularity) == (2, 1, 1, 2.0)
    assert [(each.reason, each.comment) for each in found.feedback] == [("outdated", "Old menu.")]


def test_whoever_changes_their_mind_has_one_verdict(house: House) -> None:
    house.put("vpn", "VPN")

    for helpful in (True, True, False):
        read(house, helpful=helpful)

    assert (use(house).helpful, use(house).unhelpful) == (0, 1)


def test_a_reading_of_a_hidden_article_is_dropped(house: House) -> None:
    house.put("vpn", "VPN", audience="group", groups=("network",))

    read(house)
    read(house, audience="internal")
    read(house, audience="internal", groups=("network",))

    assert use(house, groups=("network",)).reads == 1


def test_popularity_fades(house: House) -> None:
    house.put("vpn", "VPN")
    read(house)

    house.pass_by(days=60)

    assert use(house).popularity == 0.25


def stale(house: House, **facts: Any) -> list[tuple[str, tuple[str, ...]]]:
    question = contract.ReportStaleArticles(**{"audience": "internal"} | facts)
    return [
        (each.key, each.reasons)
        for each in house.ask(handlers.report_stale_articles, question).items
    ]


def test_stale_articles_are_reported_the_most_popular_first(house: House) -> None:
    house.put("fresh", "VPN")
    house.put("doubted", "VPN")
    house.put("doubted_more", "VPN")
    house.put("draft", "VPN", status="draft")
    for key, readers in (("doubted", 1), ("doubted_more", 2)):
        for number in range(readers):
            read(house, f"r{number}@example.com", key=key, helpful=False, reason="wrong")

    assert stale(house) == [("doubted_more", ("outdated",)), ("doubted", ("outdated",))]


def test_a_doubt_ends_when_the_article_is_changed(house: House) -> None:
    house.put("vpn", "VPN")
    read(house, helpful=False, reason="wrong")
    house.pass_by(minutes=1)
    house.put("vpn", "VPN", "Corrected.")

    assert stale(house) == []


def test_what_became_of_hidden_articles_is_not_told(house: House) -> None:
    house.put("vpn", "VPN", audience="group", groups=("network",))
    house.pass_by(days=400)

    assert stale(house) == []
    assert stale(house, groups=("network",)) == [("vpn", ("review_due", "old", "unread"))]
    with pytest.raises(NotFound):
        use(house)
    with pytest.raises(Invalid):
        stale(house, audience="public")
