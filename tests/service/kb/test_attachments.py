"""Files beside articles: which are kept, and who may read and change them."""

import base64
from typing import Any

import pytest

from chassis.files import FileRefused
from contracts import kb as contract
from contracts.errors import Invalid, NotFound
from contracts.grammar import Nothing
from services.kb import handlers
from services.kb.domain.attachments import MOST_BYTES, MOST_FILES
from services.kb.domain.life import WritingRefused
from tests.service.kb.house import DEWI, NOW, House

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
