"""From draft to archive: who may move an article, when it moves by itself, and its history."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import kb as contract
from contracts.errors import Conflict, Invalid, NotFound
from services.kb import handlers
from tests.service.kb.house import DEWI, NOW, RINI, House, keys, refusal


def draft(house: House, key: str = "vpn", body: str = "First.", **facts: Any) -> contract.Article:
    given = {"status": "draft", "role": "agent", "category": "network", "actor": DEWI} | facts
    return house.put(key, "VPN from home", body, **given)


def test_an_article_goes_from_draft_over_review_to_published_and_archive(house: House) -> None:
    made = draft(house)
    assert made.transitions == ("review", "archived")

    asked = house.move("vpn", "review", role="agent", actor=DEWI, version=made.version)
    shown = house.move("vpn", "published", version=asked.version)
    past = house.move("vpn", "archived", note="Replaced.", version=shown.version)

    assert [each.status for each in (made, asked, shown, past)] == [
        *("draft", "review", "published", "archived"),
    ]
    assert (shown.published_at, shown.owner) == (NOW, "dewi@example.com")
    assert [event["revision"] for event in house.told("article.published.v1")] == [3]
    assert house.search("vpn") == []


def test_an_agent_does_not_publish(house: House) -> None:
    draft(house, status="review")

    refused = refusal(house.move, "vpn", "published", role="agent")

    assert isinstance(refused, Conflict)
    assert refused.facts == {
        "from": "review",
        "to": "published",
        "allowed": ["draft", "archived"][:1],
    }


def test_an_agent_does_not_write_into_what_is_published(house: House) -> None:
    draft(house)
    house.move("vpn", "published")

    rewritten = refusal(draft, house, body="Other.", status="published")
    withdrawn = refusal(draft, house, body="Other.")

    assert rewritten.code == withdrawn.code == "article_writing_refused"


def test_an_article_without_a_category_does_not_go_to_review(house: House) -> None:
    draft(house, category=None)

    refused = refusal(house.move, "vpn", "review")

    assert isinstance(refused, Invalid)
    assert refused.errors == {"category": ["Needed to move to review."]}


def test_what_is_sent_back_says_why(house: House) -> None:
    draft(house, status="review")

    assert refusal(house.move, "vpn", "draft", note=" ").errors == {
        "note": ["Needed to move to draft."]
    }
    assert house.move("vpn", "draft", note="Name the menu.").status == "draft"


def test_a_writer_who_saw_an_older_version_is_told_so(house: House) -> None:
    seen = draft(house).version
    house.put("other", "Other")
    draft(house, body="Second.", version=seen)

    assert refusal(draft, house, body="Third.", version=seen).code == "stale_version"
    assert refusal(house.move, "vpn", "review", version=seen).code == "stale_version"
    assert refusal(draft, house, "new", version=7).code == "stale_version"


def test_version_zero_means_that_there_must_be_none_yet(house: House) -> None:
    draft(house, version=0)

    assert refusal(draft, house, version=0).code == "stale_version"


# -- planned -------------------------------------------------------------------------------------


def test_a_planned_article_is_published_at_its_instant_and_not_before(house: House) -> None:
    draft(house, status="review")
    planned = house.move("vpn", "published", publish_at=NOW + timedelta(days=1))
    assert (planned.status, planned.publish_at) == ("review", NOW + timedelta(days=1))

    house.pass_by(hours=23.99)
    assert house.search("vpn") == []
    house.pass_by(hours=0.01)

    assert keys(house.search("vpn")) == ["vpn"]
    shown = house.get("vpn", language="en")
    assert (shown.published_at, shown.publish_at) == (NOW + timedelta(days=1), None)
    assert shown.review_at == NOW + timedelta(days=181)


def test_an_article_withdrawn_before_its_instant_stays_withdrawn(house: House) -> None:
    draft(house, status="review")
    house.move("vpn", "published", publish_at=NOW + timedelta(days=1))
    house.move("vpn", "draft", note="Not yet.")

    house.pass_by(days=2)

    assert house.get("vpn", language="en", audience="internal").status == "draft"


def test_words_changed_by_an_agent_are_not_published_by_an_older_plan(house: House) -> None:
    draft(house, status="review")
    house.move("vpn", "published", publish_at=NOW + timedelta(days=1))
    draft(house, body="Something else.", status="review")

    house.pass_by(days=2)

    assert house.search("vpn") == []


def test_a_publication_is_not_planned_for_the_past(house: House) -> None:
    draft(house, status="review")

    assert refusal(house.move, "vpn", "published", publish_at=NOW).errors == {
        "publish_at": ["Must be later than now."]
    }


def test_an_owner_is_reminded_of_a_review_until_it_is_done(house: House) -> None:
    draft(house, status="review")
    house.move("vpn", "published", review_at=NOW + timedelta(days=30))

    house.pass_by(days=45)
    reminded = house.told("article.review_due.v1")
    house.amend("vpn", review_at=NOW + timedelta(days=200))
    house.pass_by(days=100)

    assert [(event["owner"], event["reminder"]) for event in reminded] == [
        ("dewi@example.com", 1),
        ("dewi@example.com", 2),
    ]
    assert len(house.told("article.review_due.v1")) == 2


def test_nobody_is_reminded_of_an_archived_article(house: House) -> None:
    house.put("vpn", "VPN", review_at=NOW + timedelta(days=1))
    house.move("vpn", "archived", note="Old.")

    house.pass_by(days=3)

    assert house.told("article.review_due.v1") == []


def test_an_agent_looks_after_their_own_published_articles_only(house: House) -> None:
    house.put("vpn", "VPN")

    refused = refusal(house.amend, "vpn", owner="dewi@example.com")

    assert refused.code == "article_writing_refused"


# -- history -------------------------------------------------------------------------------------


def test_history_names_authors_and_reasons_newest_first(house: House) -> None:
    draft(house)
    draft(house, body="Second.", note="Names the menu.", actor=RINI)
    question = contract.ListRevisions(key="vpn", language="en", audience="internal")

    found = house.ask(handlers.list_revisions, question).items

    assert [(each.revision, each.author, each.note) for each in found] == [
        (2, "rini@example.com", "Names the menu."),
        (1, "dewi@example.com", ""),
    ]


def compared(house: House, **facts: Any) -> contract.Comparison:
    question = contract.CompareRevisions(key="vpn", language="en", audience="internal", **facts)
    return house.ask(handlers.compare_revisions, question)


def test_two_revisions_are_compared_line_by_line(house: House) -> None:
    draft(house, body="One.\nTwo.\nThree.")
    draft(house, body="One.\n2.\nThree.\nFour.", tags=("vpn",))

    found = compared(house)

    assert [(line.kind, line.text, line.was, line.now) for line in found.lines] == [
        ("same", "One.", 1, 1),
        ("removed", "Two.", 2, None),
        ("added", "2.", None, 2),
        ("same", "Three.", 3, 3),
        ("added", "Four.", None, 4),
    ]
    assert [(each.field, each.was, each.now) for each in found.fields] == [("tags", "", "vpn")]


def test_the_first_revision_differs_from_nothing(house: House) -> None:
    draft(house, body="One.\nTwo.")

    found = compared(house)

    assert found.was is None
    assert [line.kind for line in found.lines] == ["added", "added"]


def test_an_unknown_revision_is_not_found(house: House) -> None:
    draft(house)

    assert refusal(compared, house, now=9).code == "revision_not_found"


def test_restoring_brings_words_back_and_leaves_state_and_audience(house: House) -> None:
    house.put("vpn", "VPN", "Open to all.")
    house.put("vpn", "VPN", "For agents.", audience="internal")
    command = contract.RestoreRevision(
        key="vpn", language="en", revision=1, actor=DEWI, role="lead"
    )

    back = house.do(handlers.restore_revision, command)

    assert (back.body, back.audience, back.revision) == ("Open to all.", "internal", 3)
    assert house.search("open to all") == []


def test_an_agent_does_not_restore_into_what_is_published(house: House) -> None:
    house.put("vpn", "VPN", "One.")
    house.put("vpn", "VPN", "Two.")
    command = contract.RestoreRevision(
        key="vpn", language="en", revision=1, actor=DEWI, role="agent"
    )

    assert refusal(house.do, handlers.restore_revision, command).code == "article_writing_refused"


# -- lists and groups ----------------------------------------------------------------------------


def listed(house: House, **facts: Any) -> contract.ArticlePage:
    return house.ask(handlers.list_articles, contract.ListArticles(**{"audience": "all"} | facts))


def test_a_writers_list_shows_states_and_how_many_there_are_of_each(house: House) -> None:
    draft(house, "a")
    draft(house, "b", status="review")
    house.put("c", "Printer")

    found = listed(house, status=("draft", "review"))

    assert [line.key for line in found.items] == ["b", "a"]
    assert found.counts == {"draft": 1, "review": 1, "published": 1}
    assert [line.key for line in listed(house, q="vpn home", owner="dewi@example.com").items] == [
        *("b", "a"),
    ]


def test_a_list_is_read_page_by_page(house: House) -> None:
    for number in range(5):
        draft(house, f"a{number}")

    first = listed(house, limit=2)
    second = listed(house, limit=2, cursor=first.next_cursor)
    third = listed(house, limit=2, cursor=second.next_cursor)

    read = [line.key for page in (first, second, third) for line in page.items]
    assert read == ["a4", "a3", "a2", "a1", "a0"]
    assert third.next_cursor is None
    assert isinstance(refusal(listed, house, cursor="x"), Invalid)


def test_articles_whose_review_is_due_are_counted_and_listed(house: House) -> None:
    house.put("a", "VPN", review_at=NOW + timedelta(days=1))
    house.put("b", "VPN")
    house.pass_by(days=1)

    found = listed(house, review_due=True)

    assert ([line.key for line in found.items], found.review_due) == (["a"], 1)


def test_requesters_have_no_list_of_drafts(house: House) -> None:
    draft(house)

    assert isinstance(refusal(listed, house, audience="public"), Invalid)
    history = contract.ListRevisions(key="vpn", language="en", audience="public")
    assert isinstance(refusal(house.ask, handlers.list_revisions, history), NotFound)


def test_groups_go_with_the_audience_group_and_only_with_it(house: House) -> None:
    for audience, groups in (("group", ()), ("public", ("network",))):
        refused = refusal(draft, house, audience=audience, groups=groups)
        assert list(refused.errors) == ["groups"]


def test_an_article_for_a_group_is_for_its_agents_and_leads(house: House) -> None:
    house.put("keys", "Vault keys", "Zanzibar.", audience="group", groups=("security", "network"))

    def found_by(**reader: Any) -> bool:
        got = house.search("zanzibar", **reader)
        lists = house.search("", **reader)
        assert keys(got) == keys(lists)
        hidden = not got
        if hidden:
            asked = ("keys",)
            with pytest.raises(NotFound):
                house.get(*asked, language="en", **reader)
        else:
            assert house.get("keys", language="en", **reader).groups == ("network", "security")
        return not hidden

    assert found_by(audience="internal", groups=("network",))
    assert found_by(audience="all")
    assert not found_by(audience="internal", groups=("net", "secur", "network+security"))
    assert not found_by(audience="internal")
    assert not found_by(audience="public", groups=("network",))


def test_an_agent_outside_the_group_neither_lists_nor_overwrites_its_article(house: House) -> None:
    draft(house, "keys", audience="group", groups=("security",), reader_groups=("security",))
    outside = {"audience": "internal", "groups": ("network",)}

    assert listed(house, **outside).items == ()
    assert listed(house, **outside).counts == {}
    assert isinstance(refusal(draft, house, "keys", "Mine."), NotFound)
    assert isinstance(refusal(draft, house, "keys", "Mine.", language="id"), NotFound)
    moved = refusal(house.move, "keys", "review", role="agent", reader_groups=("network",))
    assert isinstance(moved, NotFound)
