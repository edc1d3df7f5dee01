"""When a working copy may go on air, and when what is on air has changed under it."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from services.kb.domain import copies, life
from services.kb.domain.articles import Article, Content, Revision
from services.kb.domain.attachments import File, hash_of, named_difference, with_file, without
from services.kb.domain.copies import CopyOutdated, CopyRefused, WorkingCopy, words_of

NOW = datetime(2028, 2, 29, 16, 59, 59, tzinfo=UTC)  # 23:59 in Jakarta, on a leap day
SAID = Content(
    title="VPN", body="Old.", status="published", audience="public", category="net", tags=("vpn",)
)


def file(name: str, content: bytes = b"a", **facts: Any) -> File:
    given = {"media_type": "text/plain", "added_by": "a@x.example", "added_at": NOW} | facts
    return File(name=name, bytes=len(content), sha256=hash_of(content), **given)


def article(content: Content = SAID, revision: int = 3) -> Article:
    return Article(
        id="a",
        key="vpn",
        language="en",
        owner="a@x.example",
        revision=revision,
        change_number=9,
        updated_at=NOW,
        content=content,
    )


def base(files: tuple[File, ...] | None = ()) -> Revision:
    return Revision(number=2, author="a", written_at=NOW, note="", content=SAID, files=files)


COPY = WorkingCopy(
    article_id="a",
    status="review",
    change_number=8,
    based_on=2,
    author="d@x.example",
    opened_at=NOW,
    written_by="d@x.example",
    updated_at=NOW,
    words=words_of(dataclasses.replace(SAID, body="New.")),
)


def check(now: Content, files: tuple[File, ...] = (), known: tuple[File, ...] | None = ()) -> None:
    copies.check_publishing(COPY, base=base(known), article=article(now), files=files)


@pytest.mark.parametrize(
    "changed",
    [
        {"audience": "internal"},
        {"audience": "group", "groups": ("net",)},
        {},
    ],
    ids=["for others", "for a group", "not at all"],
)
def test_another_audience_is_no_other_text(changed: dict[str, Any]) -> None:
    check(dataclasses.replace(SAID, **changed))


@pytest.mark.parametrize("name", copies.WORDS)
def test_other_words_on_air_are_not_overwritten_silently(name: str) -> None:
    changed = dataclasses.replace(SAID, **{name: ("x",) if name == "tags" else "x"})

    with pytest.raises(CopyOutdated) as refused:
        check(changed)

    assert (refused.value.based_on, refused.value.revision) == (2, 3)
    assert refused.value.fields == (name,)


def test_other_files_on_air_are_not_overwritten_silently() -> None:
    with pytest.raises(CopyOutdated) as refused:
        check(SAID, files=(file("a.txt", b"2"),), known=(file("a.txt", b"1"),))

    assert refused.value.fields == ("files",)


def test_files_that_nobody_remembers_are_no_conflict() -> None:
    check(SAID, files=(file("a.txt"),), known=None)


def test_who_added_a_file_makes_no_other_file_of_it() -> None:
    check(SAID, files=(file("a.txt", added_by="b@x.example"),), known=(file("a.txt"),))


@pytest.mark.parametrize("status", ["draft", "review", "archived"])
def test_a_copy_of_what_is_not_on_air_is_not_published(status: str) -> None:
    with pytest.raises(CopyRefused):
        check(dataclasses.replace(SAID, status=status))


def test_every_open_state_can_be_left_by_leads_and_no_agent_publishes() -> None:
    for status in copies.OPEN:
        lead, agent = (
            life.moves_allowed(was=status, role=role, moves=copies.TRANSITIONS)
            for role in (life.LEAD, life.AGENT)
        )
        assert {"published", "discarded"} <= set(lead)
        assert "published" not in agent
    keys = [(move.was, move.to, role) for move in copies.TRANSITIONS for role in move.roles]
    assert len(keys) == len(set(keys))


def test_files_are_put_in_order_and_taken_away_by_name() -> None:
    files = with_file(with_file((), file("b.txt")), file("a.txt"))
    assert [each.name for each in files] == ["a.txt", "b.txt"]

    files = with_file(files, file("b.txt", b"2"))
    assert [each.sha256 for each in files] == [hash_of(b"a"), hash_of(b"2")]
    assert [each.name for each in without(files, "a.txt")] == ["b.txt"]


def test_a_replaced_file_is_told_from_the_one_before() -> None:
    was, now = named_difference(
        [file("a.txt", b"1"), file("gone.txt")], [file("a.txt", b"2"), file("new.txt")]
    )

    assert was == f"a.txt ({hash_of(b'1')[:8]}), gone.txt"
    assert now == f"a.txt ({hash_of(b'2')[:8]}), new.txt"
