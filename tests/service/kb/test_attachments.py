"""Files beside articles: which are kept, and who may read and change them."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.files import FileRefused
from contracts import kb as contract
from contracts.errors import Invalid, NotFound
from contracts.grammar import Nothing
from contracts.kb.kinds import MOST_BYTES, MOST_FILES
from services.kb import handlers
from services.kb.domain.life import WritingRefused
from services.kb.models import attachments, file_contents, revisions
from tests.service.kb.house import DEWI, NOW, House, refusal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def put(house: House, file: bytes = PNG, **facts: Any) -> contract.Attachment:
    given = {"key": "vpn", "language": "en", "name": "step.png", "media_type": "image/png"}
    given |= {"actor": DEWI, "role": "lead", "content": base64.b64encode(file).decode()}
    return house.do(handlers.put_attachment, contract.PutAttachment(**given | facts))


def get(house: House, name: str = "step.png", **reader: Any) -> bytes:
    question = contract.GetAttachment(key="vpn", language="en", name=name, **reader)
    return base64.b64decode(house.ask(handlers.get_attachment, question).content)


def names(house: House, **reader: Any) -> list[str]:
    question = contract.ListAttachments(key="vpn", language="en", **reader)
    return [file.name for file in house.ask(handlers.list_attachments, question).items]


def test_a_file_is_kept_and_given_as_it_was(house: House) -> None:
    house.put("vpn", "VPN")

    kept = put(house)

    assert (kept.bytes, kept.added_by, kept.added_at) == (len(PNG), DEWI.id, NOW)
    assert get(house) == PNG
    assert names(house) == ["step.png"]


def test_the_same_name_replaces_and_removing_takes_away(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    put(house, PNG + b"2")
    assert get(house) == PNG + b"2"

    command = contract.RemoveAttachment(
        key="vpn", language="en", name="step.png", actor=DEWI, role="lead"
    )
    assert house.do(handlers.remove_attachment, command) == Nothing()
    assert names(house) == []
    with pytest.raises(NotFound):
        get(house)


@pytest.mark.parametrize(
    ("content", "media_type", "field"),
    [
        (b"<svg onload=alert(1)>", "image/svg+xml", "media_type"),
        (b"<html>", "text/html", "media_type"),
        (b"<html>", "image/png", "content"),
        (b"MZ\x90\x00", "text/plain", "content"),
        (b"\xff\xfe", "text/csv", "content"),
        (PNG + b"x" * MOST_BYTES, "image/png", "content"),
        (b"", "text/plain", "content"),
    ],
)
def test_what_is_not_kept(house: House, content: bytes, media_type: str, field: str) -> None:
    house.put("vpn", "VPN")

    with pytest.raises(FileRefused) as refused:
        put(house, content, media_type=media_type)

    assert refused.value.field == field


def test_what_is_no_base64_or_one_file_too_many_is_refused(house: House) -> None:
    house.put("vpn", "VPN")
    for number in range(MOST_FILES):
        put(house, name=f"{number}.png")

    with pytest.raises(Invalid):
        put(house, name="more.png")
    with pytest.raises(Invalid):
        put(house, name="1.png", content="not base64!")
    put(house, name="1.png")


# -- in revisions --------------------------------------------------------------------------------


def remove(house: House, name: str = "step.png", **facts: Any) -> Nothing:
    given = {"key": "vpn", "language": "en", "name": name, "actor": DEWI, "role": "lead"}
    return house.do(handlers.remove_attachment, contract.RemoveAttachment(**given | facts))


def past(house: House) -> list[contract.RevisionLine]:
    question = contract.ListRevisions(key="vpn", language="en", audience="internal")
    return list(house.ask(handlers.list_revisions, question).items)


def restore(house: House, revision: int) -> contract.Article:
    command = contract.RestoreRevision(
        key="vpn", language="en", revision=revision, actor=DEWI, role="lead"
    )
    return house.do(handlers.restore_revision, command)


def test_every_change_of_files_is_a_revision_that_knows_them(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    put(house, PNG + b"2")
    remove(house)

    assert [(each.revision, each.note) for each in past(house)] == [
        (4, "- step.png"),
        (3, "+ step.png"),
        (2, "+ step.png"),
        (1, ""),
    ]
    known = [[(file.bytes, file.is_kept) for file in each.files or ()] for each in past(house)]
    assert known == [[], [(len(PNG) + 1, True)], [(len(PNG), True)], []]
    assert [event["revision"] for event in house.told("article.published.v1")] == [1, 2, 3, 4]


def test_the_same_file_again_and_none_taken_away_are_no_revision(house: House) -> None:
    house.put("vpn", "VPN")
    first = put(house)

    assert put(house) == first
    remove(house, "nothing.png")
    assert [each.revision for each in past(house)] == [2, 1]


def test_a_writer_who_saw_other_files_is_told_so(house: House) -> None:
    seen = house.put("vpn", "VPN").version
    put(house, version=seen)

    assert refusal(put, house, PNG + b"2", version=seen).code == "stale_version"
    assert refusal(remove, house, version=seen).code == "stale_version"


def test_restoring_brings_files_back_and_takes_later_ones_away(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    put(house, PNG + b"2")
    put(house, name="more.png")

    restored = restore(house, 2)

    assert (restored.revision, restored.files_missing) == (5, ())
    assert (names(house), get(house)) == (["step.png"], PNG)
    assert restore(house, 4).revision == 6
    assert (names(house), get(house)) == (["more.png", "step.png"], PNG + b"2")
    assert restore(house, 6).revision == 6


def test_equal_contents_are_kept_once(house: House) -> None:
    house.put("vpn", "VPN")
    for name in ("1.png", "2.png", "3.png"):
        put(house, name=name)
        remove(house, name)

    assert house.count("file_contents") == 1
    restore(house, 4)
    assert get(house, "2.png") == PNG


def test_what_is_no_longer_there_is_said_plainly(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    remove(house)
    with house.database.write() as tx:
        tx.session.execute(sa.delete(file_contents))

    assert [file.is_kept for file in past(house)[1].files or ()] == [False]
    restored = restore(house, 2)

    assert (restored.files_missing, names(house)) == (("step.png",), [])
    assert past(house)[0].note == "← 2 - step.png"


def test_a_revision_from_before_files_were_remembered_leaves_them(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    with house.database.write() as tx:
        tx.session.execute(sa.update(revisions).values(files=None))
        tx.session.execute(sa.update(attachments).values(sha256=None))
    assert [each.files for each in past(house)] == [None, None]

    remove(house)

    newest, before, first = past(house)
    assert (newest.files, first.files) == ((), None)
    assert [file.is_kept for file in before.files or ()] == [True]
    restore(house, 2)
    assert get(house) == PNG
    restore(house, 1)
    assert names(house) == ["step.png"]


def test_a_comparison_names_the_files_that_differ(house: House) -> None:
    house.put("vpn", "VPN")
    put(house)
    question = contract.CompareRevisions(key="vpn", language="en", audience="internal")

    compared = house.ask(handlers.compare_revisions, question)

    assert compared.fields == (contract.DiffField(field="files", was="", now="step.png"),)


def test_an_agents_file_takes_the_plan_of_a_draft_away(house: House) -> None:
    house.put("vpn", "VPN", status="review", category="network")
    house.move("vpn", "published", publish_at=NOW + timedelta(days=1))
    put(house, role="agent")

    house.pass_by(days=2)

    assert house.search("vpn") == []


# -- who may -------------------------------------------------------------------------------------


def test_whoever_may_not_read_an_article_may_not_read_its_files(house: House) -> None:
    house.put("vpn", "VPN", audience="group", groups=("network",))
    put(house)

    for reader in ({}, {"audience": "internal"}, {"audience": "internal", "groups": ("hr",)}):
        with pytest.raises(NotFound):
            get(house, **reader)
        with pytest.raises(NotFound):
            names(house, **reader)
    assert get(house, audience="internal", groups=("network",)) == PNG


def test_a_draft_s_files_are_for_agents_and_a_published_one_s_are_changed_by_leads(
    house: House,
) -> None:
    house.put("vpn", "VPN", status="draft")
    put(house, role="agent")
    with pytest.raises(NotFound):
        get(house)

    house.put("vpn", "VPN", category="network")
    with pytest.raises(WritingRefused):
        put(house, role="agent")
