"""The next version of an article is written and reviewed while the present one stays on air."""

import base64
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contracts import kb as contract
from contracts.errors import NotFound, WireError
from contracts.intake import Actor
from services.kb import handlers
from services.kb.schemas import REFUSALS
from tests.service.kb.house import DEWI, NOW, RINI, House, keys, refusal

BUDI = Actor(kind="agent", id="budi@example.com", name="Budi")
READER = {"audience": "internal"}


@pytest.fixture
def house(house: House) -> House:
    house.put("vpn", "VPN from home", "Press Connect.", category="network", owner=DEWI.id)
    return house


def write(house: House, body: str = "Press Join.", **facts: Any) -> contract.WorkingCopy:
    given = {"key": "vpn", "language": "en", "title": "VPN from home", "category": "network"}
    given |= {"actor": DEWI, "role": "agent", "body": body}
    return house.do(handlers.put_working_copy, contract.WorkingCopySpec(**given | facts))


def move(house: House, to: str, **facts: Any) -> contract.WorkingCopy:
    given = {"key": "vpn", "language": "en", "actor": RINI, "role": "lead", "to": to}
    command = contract.ChangeWorkingCopyStatus(**given | facts)
    act = partial(handlers.change_working_copy_status, settings=house.settings)
    return house.do(act, command)


def question(**facts: Any) -> contract.GetWorkingCopy:
    return contract.GetWorkingCopy(**{"key": "vpn", "language": "en"} | READER | facts)


def copy(house: House, **facts: Any) -> contract.WorkingCopy:
    return house.ask(handlers.get_working_copy, question(**facts))


def compare(house: House, **facts: Any) -> contract.WorkingCopyComparison:
    return house.ask(handlers.compare_working_copy, question(**facts))


def put_file(house: House, content: bytes = b"one", **facts: Any) -> contract.Attachment:
    given = {"key": "vpn", "language": "en", "name": "a.txt", "media_type": "text/plain"}
    given |= {"actor": DEWI, "role": "agent", "working_copy": True}
    given |= {"content": base64.b64encode(content).decode()}
    return house.do(handlers.put_attachment, contract.PutAttachment(**given | facts))


def files(house: House, **facts: Any) -> list[str]:
    asked = contract.ListAttachments(**{"key": "vpn", "language": "en"} | READER | facts)
    return [each.name for each in house.ask(handlers.list_attachments, asked).items]


def file(house: House, **facts: Any) -> bytes:
    given = {"key": "vpn", "language": "en", "name": "a.txt"} | READER | facts
    asked = contract.GetAttachment(**given)
    return base64.b64decode(house.ask(handlers.get_attachment, asked).content)


def past(house: House) -> list[contract.RevisionLine]:
    asked = contract.ListRevisions(key="vpn", language="en", **READER)
    return list(house.ask(handlers.list_revisions, asked).items)


# -- written and reviewed ------------------------------------------------------------------------


def test_what_is_on_air_stays_as_it_is_until_the_copy_is_published(house: House) -> None:
    before, told = house.get("vpn", language="en"), len(house.told("article.published.v1"))
    hits = house.search("connect")

    write(house)
    write(house, "Press Join, then wait.", note="The button is called Join.")
    move(house, "review", actor=DEWI, role="agent")

    assert house.get("vpn", language="en") == before
    assert house.search("connect") == hits
    assert house.search("join") == []
    assert len(house.told("article.published.v1")) == told

    done = move(house, "published")

    after = house.get("vpn", language="en")
    assert (done.status, after.body, after.revision) == ("published", "Press Join, then wait.", 2)
    assert (after.owner, after.published_at) == (before.owner, NOW)
    assert keys(house.search("join")) == ["vpn"]
    assert house.told("article.published.v1")[-1]["revision"] == 2
    newest = past(house)[0]
    assert (newest.author, newest.reviewer) == (DEWI.id, RINI.id)
    assert newest.note == "The button is called Join."
    with pytest.raises(NotFound):
        copy(house)


def test_use_figures_go_on_with_the_next_version(house: House) -> None:
    reading = contract.RecordReading(key="vpn", language="en", reader="ani@example.com")
    house.do(handlers.record_reading, reading)

    write(house)
    move(house, "published")

    used = house.ask(
        handlers.get_article_use, contract.GetArticleUse(key="vpn", language="en", **READER)
    )
    assert used.reads == 1


def test_there_is_one_copy_which_every_agent_writes_in(house: House) -> None:
    first = write(house, version=0)
    second = write(house, "Press Join now.", actor=BUDI, version=first.version)

    assert (second.author, second.written_by, second.based_on) == (DEWI.id, BUDI.id, 1)
    assert refusal(write, house, "Other.", version=0).code == "stale_version"
    assert refusal(write, house, "Other.", version=first.version).code == "stale_version"
    assert refusal(move, house, "review", version=first.version).code == "stale_version"


def test_who_writes_and_who_publishes_at_once_leave_one_whole_story(house: House) -> None:
    """Every writing opens the copy or finds it; whatever is published, nothing is half."""
    outcomes: list[str] = []

    def attempt(act: Any, *given: Any) -> None:
        try:
            act(house, *given)
            outcomes.append("done")
        except (WireError, *REFUSALS) as refused:
            outcomes.append(type(refused).__name__)

    attempts = [threading.Thread(target=attempt, args=(write, f"Text {n}.")) for n in range(4)]
    attempts += [threading.Thread(target=attempt, args=(move, "published")) for _ in range(2)]
    for each in attempts:
        each.start()
    for each in attempts:
        each.join()

    assert set(outcomes) <= {"done", "NotFound", "CopyOutdated"}
    revisions = past(house)
    assert [each.revision for each in revisions] == [*range(len(revisions), 0, -1)]
    assert house.get("vpn", language="en").revision == len(revisions)
    assert len(house.told("article.published.v1")) == len(revisions)


def test_the_same_again_changes_nothing(house: House) -> None:
    first = write(house, note="Why.")

    assert write(house, note="Why.") == first
    assert write(house) == first


def test_only_what_is_published_has_a_working_copy(house: House) -> None:
    house.put("draft", "Draft", status="draft")

    assert refusal(write, house, key="draft").code == "working_copy_refused"
    assert refusal(write, house, key="nothing").code == "article_not_found"


def test_an_agent_asks_for_review_and_does_not_publish(house: House) -> None:
    assert write(house).transitions == ("review", "discarded")
    asked = move(house, "review", actor=DEWI, role="agent")
    assert asked.transitions == ("draft",)

    assert refusal(move, house, "published", role="agent").code == "article_transition_refused"
    assert refusal(move, house, "discarded", role="agent").code == "article_transition_refused"
    assert copy(house, role="lead").transitions == ("draft", "published", "discarded")


def test_what_is_sent_back_says_why_until_review_is_asked_for_again(house: House) -> None:
    write(house)
    move(house, "review")

    assert refusal(move, house, "draft", note=" ").code == "invalid"
    back = move(house, "draft", note="Name the menu.")
    assert (back.status, back.returned_by, back.returned_note) == (
        "draft",
        RINI.id,
        "Name the menu.",
    )
    assert write(house, "Menu, Join.").returned_note == "Name the menu."
    assert move(house, "review", note="Named.").returned_note == ""


def test_a_copy_without_a_category_is_not_reviewed(house: House) -> None:
    write(house, category=None)

    assert refusal(move, house, "review").facts == {"errors": {"category": [CATEGORY]}}


CATEGORY = "Needed to move to review."


def test_a_discarded_copy_leaves_nothing_and_a_new_one_begins_anew(house: House) -> None:
    write(house)
    move(house, "review")
    assert refusal(move, house, "discarded").code == "invalid"

    assert move(house, "discarded", note="Not needed.").status == "discarded"

    with pytest.raises(NotFound):
        copy(house)
    assert write(house, version=0, actor=BUDI).author == BUDI.id
    assert [each.revision for each in past(house)] == [1]


# -- changed meanwhile ---------------------------------------------------------------------------


def test_a_change_on_air_meanwhile_is_shown_and_not_overwritten(house: House) -> None:
    write(house)
    house.put("vpn", "VPN from home", "Press Connect twice.", category="network")

    refused = refusal(move, house, "published")

    assert refused.code == "working_copy_outdated"
    assert refused.facts == {"based_on": 1, "revision": 2, "fields": ["body"]}
    compared = compare(house)
    assert compared.copy.outdated == ("body",)
    assert [(line.kind, line.text) for line in compared.lines] == [
        ("removed", "Press Connect twice."),
        ("added", "Press Join."),
    ]
    assert [(line.kind, line.text) for line in compared.meanwhile_lines] == [
        ("removed", "Press Connect."),
        ("added", "Press Connect twice."),
    ]

    write(house, "Press Join twice.", based_on=2)
    assert move(house, "published").based_on == 3
    assert house.get("vpn", language="en").body == "Press Join twice."


def test_nobody_has_seen_a_revision_to_come(house: House) -> None:
    assert refusal(write, house, based_on=2).errors == {"based_on": ["There is no revision 2."]}


def test_who_began_with_an_older_page_opens_a_copy_that_knows_it(house: House) -> None:
    house.put("vpn", "VPN from home", "Press Connect twice.", category="network")

    assert write(house, based_on=1, version=0).outdated == ("body",)


def test_another_audience_meanwhile_is_no_conflict_and_stays(house: House) -> None:
    write(house)
    house.put("vpn", "VPN from home", "Press Connect.", category="network", audience="internal")

    move(house, "published")

    shown = house.get("vpn", language="en", **READER)
    assert (shown.audience, shown.body) == ("internal", "Press Join.")
    with pytest.raises(NotFound):
        house.get("vpn", language="en")


def test_the_copy_of_an_article_taken_off_air_waits(house: House) -> None:
    write(house)
    house.move("vpn", "draft", note="Wrong.")

    assert refusal(move, house, "published").code == "working_copy_refused"
    house.move("vpn", "published")
    assert move(house, "published").status == "published"


# -- planned -------------------------------------------------------------------------------------


def test_a_copy_is_published_at_its_instant_and_not_before(house: House) -> None:
    write(house, note="Join.")
    planned = move(house, "published", publish_at=NOW + timedelta(days=1))
    assert (planned.status, planned.publish_at) == ("draft", NOW + timedelta(days=1))

    house.pass_by(hours=23.99)
    assert house.get("vpn", language="en").body == "Press Connect."
    house.pass_by(hours=0.01)

    after = house.get("vpn", language="en")
    assert (after.body, after.published_at) == ("Press Join.", NOW + timedelta(days=1))
    newest = past(house)[0]
    assert (newest.author, newest.reviewer, newest.note) == (DEWI.id, RINI.id, "Join.")


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda house: write(house, "Something else."),
        lambda house: house.put("vpn", "VPN", "On air otherwise.", category="network"),
        lambda house: house.move("vpn", "archived", note="Gone."),
        lambda house: move(house, "discarded", note="No."),
        lambda house: move(house, "draft", note="Not yet."),
        put_file,
    ],
    ids=["written", "changed on air", "archived", "discarded", "sent back", "another file"],
)
def test_a_plan_falls_when_it_came_otherwise(house: House, meanwhile: Any) -> None:
    write(house)
    move(house, "review")
    move(house, "published", publish_at=NOW + timedelta(days=1))
    meanwhile(house)
    revision = past(house)[0].revision

    house.pass_by(days=2)

    assert past(house)[0].revision == revision
    waiting = house.ask(handlers.list_articles, contract.ListArticles(**READER))
    if waiting.working_copies:
        assert copy(house).publish_at is None


def test_a_copy_is_not_planned_for_the_past(house: House) -> None:
    write(house)

    assert refusal(move, house, "published", publish_at=NOW).code == "invalid"
    assert refusal(move, house, "review", publish_at=NOW + timedelta(1)).code == "invalid"


# -- files ---------------------------------------------------------------------------------------


def test_files_wait_with_the_copy_and_come_on_air_with_it(house: House) -> None:
    write(house)
    put_file(house)
    assert (files(house), files(house, working_copy=True)) == ([], ["a.txt"])
    assert file(house, working_copy=True) == b"one"

    move(house, "published")

    assert (files(house), file(house)) == (["a.txt"], b"one")
    newest, first = past(house)[:2]
    assert newest.files is not None
    assert [(each.name, each.is_kept) for each in newest.files] == [("a.txt", True)]
    assert first.files == ()


def test_a_file_taken_out_of_the_copy_stays_on_air_until_it_is_published(house: House) -> None:
    put_file(house, role="lead", working_copy=False)
    write(house)
    away = {"key": "vpn", "language": "en", "name": "a.txt", "actor": DEWI, "role": "agent"}
    house.do(handlers.remove_attachment, contract.RemoveAttachment(**away, working_copy=True))
    assert compare(house).fields == (contract.DiffField(field="files", was="a.txt", now=""),)
    assert (files(house), files(house, working_copy=True)) == (["a.txt"], [])

    move(house, "published")

    assert files(house) == []


def test_a_file_put_on_air_meanwhile_is_a_conflict(house: House) -> None:
    write(house)
    put_file(house, role="lead", working_copy=False)

    assert refusal(move, house, "published").facts["fields"] == ["files"]


def test_a_discarded_copys_files_are_forgotten(house: House) -> None:
    put_file(house, b"kept", role="lead", working_copy=False)
    write(house)
    put_file(house, b"forgotten")
    move(house, "discarded")

    assert house.count("file_contents") == 0
    assert file(house) == b"kept"


def test_there_are_no_files_of_a_copy_that_is_not_there(house: House) -> None:
    assert refusal(put_file, house).code == "working_copy_not_found"
    assert refusal(files, house, working_copy=True).code == "working_copy_not_found"


# -- who knows of it -----------------------------------------------------------------------------


def test_a_copy_is_for_agents_who_may_read_the_article(house: House) -> None:
    house.put("pay", "Payroll", category="hr", audience="group", groups=("hr",))
    write(house, key="pay", reader_groups=("hr",))

    for reader in ({"audience": "public"}, {"audience": "internal", "groups": ("network",)}):
        for ask in (copy, compare):
            assert refusal(ask, house, key="pay", **reader).code == "working_copy_not_found"
        asked = {"key": "pay", "working_copy": True} | reader
        assert refusal(files, house, **asked).code == "working_copy_not_found"
        assert refusal(file, house, **asked).code == "working_copy_not_found"
    assert copy(house, key="pay", groups=("hr",)).body == "Press Join."
    assert refusal(write, house, key="pay").code == "article_not_found"
    assert refusal(put_file, house, key="pay").code == "article_not_found"
    assert refusal(move, house, "review", key="pay", role="agent").code == "article_not_found"


def test_a_writers_list_shows_what_is_being_written(house: House) -> None:
    house.put("mail", "Mail", category="mail")
    write(house)
    ask = partial(house.ask, handlers.list_articles)

    every = ask(contract.ListArticles(**READER))
    assert {line.key: line.working_copy for line in every.items} == {"vpn": "draft", "mail": None}
    assert every.working_copies == 1
    move(house, "review")
    found = ask(contract.ListArticles(**READER, working_copy=("review",)))
    assert [line.key for line in found.items] == ["vpn"]
    assert ask(contract.ListArticles(**READER, working_copy=("draft",))).items == ()
    assert found.counts == {"published": 2}


# -- read again ----------------------------------------------------------------------------------


def test_a_review_is_answered_without_a_new_version(house: House) -> None:
    house.pass_by(days=181)
    assert len(house.told("article.review_due.v1")) == 1
    now = NOW + timedelta(days=181)

    answered = house.amend("vpn", still_right=True)

    assert (answered.revision, answered.reviewed_at, answered.reviewed_by) == (1, now, DEWI.id)
    assert answered.review_at == now + timedelta(days=180)
    house.pass_by(days=179)
    assert len(house.told("article.review_due.v1")) == 1
    stale = house.ask(
        handlers.report_stale_articles, contract.ReportStaleArticles(audience="internal")
    )
    assert stale.items == ()
    house.pass_by(days=1)
    assert len(house.told("article.review_due.v1")) == 2


def test_the_reader_is_not_told_who_reviewed(house: House) -> None:
    house.amend("vpn", still_right=True)

    shown = house.get("vpn", language="en")
    assert (shown.reviewed_at, shown.reviewed_by) == (None, None)


def test_a_copy_being_written_answers_no_review_and_one_published_does(house: House) -> None:
    write(house)
    house.pass_by(days=181)
    assert len(house.told("article.review_due.v1")) == 1
    house.pass_by(days=14)
    assert len(house.told("article.review_due.v1")) == 2

    move(house, "published")

    house.pass_by(days=100)
    assert len(house.told("article.review_due.v1")) == 2
    assert house.get("vpn", language="en").review_at == NOW + timedelta(days=195 + 180)


def test_the_next_review_can_be_said_when_a_copy_is_published(house: House) -> None:
    write(house)
    move(house, "published", review_at=NOW + timedelta(days=30))

    assert house.get("vpn", language="en").review_at == NOW + timedelta(days=30)
    house.pass_by(days=30)
    assert len(house.told("article.review_due.v1")) == 1
