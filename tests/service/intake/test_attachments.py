"""Files on messages: handed in, put on a message, given to whoever may read it, to nobody else."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.files import FileRefused
from chassis.providers import AtTheDesk
from chassis.settings import ServiceSettings
from contracts import intake as contract
from contracts.errors import Invalid, NotFound, WireError
from contracts.grammar import from_plain, to_plain
from services.intake import handlers, models
from services.intake.domain import attachments as limits
from services.intake.schemas import REFUSALS
from tests.service.intake.house import (
    BUDI,
    BY_SARI,
    Follower,
    House,
    Side,
    Statements,
    StoppedClock,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SARI = "sari@example.com"
STRANGER = "orang.lain@example.com"
NO_TICKET = "INC-1009-1"
MINUTE = timedelta(minutes=1)


def upload(house: House, content: bytes = PNG, **facts: Any) -> contract.MessageFile:
    given: dict[str, Any] = {"name": "layar.png", "media_type": "image/png", "actor": BUDI}
    given |= {"content": base64.b64encode(content).decode()}
    return house.do(handlers.add_message_file, contract.AddMessageFile(**given | facts))


def get(house: House, number: str, file: str, viewer: str | None = None) -> bytes:
    question = contract.GetMessageFile(number=number, attachment_id=file, viewer=viewer)
    return base64.b64decode(house.ask(handlers.get_message_file, question).content)


def kept(house: House) -> tuple[int, int]:
    """How many files are known, and how many contents."""
    with house.database.read() as tx:
        counts = [
            tx.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (models.attachments, models.attachment_contents)
        ]
    return counts[0], counts[1]


def test_a_file_of_the_opening_is_told_listed_and_given_as_it_was(house: House) -> None:
    file = upload(house, actor=BY_SARI, name="C:\\foto\\layar\u202e (1).png")
    number = house.open(attachments=(file.attachment_id,)).number

    assert (file.name, file.bytes) == ("layar (1).png", len(PNG))
    assert file.sha256 == hashlib.sha256(PNG).hexdigest()
    (message,) = house.messages(number, viewer=SARI).items
    ((_, told),) = house.announced()
    assert message.attachments == (file,)
    assert from_plain(contract.TicketOpened, told).attachments == (file,)
    assert get(house, number, file.attachment_id, viewer=SARI) == PNG


def test_a_reply_brings_its_files_in_the_order_they_were_handed_in(house: House) -> None:
    number = house.open().number
    files = tuple(
        upload(house, f"{n}".encode(), media_type="text/plain", name=f"{n}.txt") for n in range(3)
    )

    answered = house.reply(number, attachments=tuple(file.attachment_id for file in files))

    assert answered == house.messages(number).items[-1]
    assert {file.name for file in answered.attachments} == {"0.txt", "1.txt", "2.txt"}
    entry = next(each for each in house.log(number=number).items if "replied" in each.event)
    assert entry.facts["attachments"] == [to_plain(file) for file in answered.attachments]


def test_a_message_without_files_says_so(house: House) -> None:
    number = house.open().number

    assert house.reply(number).attachments == ()
    assert house.log(number=number).items[1].facts["attachments"] == []


def test_files_of_a_note_are_for_agents_alone(house: House) -> None:
    number = house.open().number
    file = upload(house)
    house.reply(number, public=False, attachments=(file.attachment_id,))

    assert get(house, number, file.attachment_id) == PNG
    for viewer in (SARI, STRANGER, ""):
        with pytest.raises(NotFound):
            get(house, number, file.attachment_id, viewer=viewer)
    said = [
        *map(to_plain, (house.messages(number, viewer=SARI), house.get(number, viewer=SARI))),
        to_plain(house.log(number=number, viewer=SARI)),
        to_plain(house.log(viewer=SARI)),
    ]
    assert file.attachment_id not in json.dumps(said)
    assert "attachment_id" not in json.dumps(said)


def story(house: House, *, files: bool) -> tuple[str, str, str]:
    """A ticket with a public reply and a note, with files on both or without; its two files."""
    number = house.open().number
    mine, theirs = upload(house), upload(house)
    shown, hidden = ((mine.attachment_id,), (theirs.attachment_id,)) if files else ((), ())
    house.reply(number, body="Lihat gambar.", attachments=shown)
    house.reply(number, body="Rahasia.", public=False, attachments=hidden)
    return number, mine.attachment_id, theirs.attachment_id


def masked(number: str, *answers: Any) -> str:
    said = json.dumps(answers).replace(number, "NUMBER")
    said = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", "ID", said)
    return re.sub(r'"offset": \d+|"next_after": \d+', "OFFSET", said)


def refusals(house: House, number: str, viewer: str, *files: str) -> Iterator[Any]:
    for file in files:
        with pytest.raises(WireError) as refused:
            get(house, number, file, viewer)
        yield type(refused.value).__name__, refused.value.args


def test_a_strangers_answers_are_the_same_with_files_and_without(house: House) -> None:
    def answers(number: str, *files: str) -> str:
        asked = (house.get, house.messages, lambda n, v: house.log(number=n, viewer=v))
        said: list[Any] = list(refusals(house, number, STRANGER, *files))
        for ask in asked:
            with pytest.raises(NotFound) as refused:
                ask(number, STRANGER)
            said.append(refused.value.args)
        lists = (house.tickets(viewer=STRANGER), house.log(viewer=STRANGER))
        return masked(number, said, *map(to_plain, lists))

    having, shown, hidden = story(house, files=True)
    without, *_ = story(house, files=False)

    with_files = answers(having, shown, hidden, "none")
    assert with_files == answers(without, shown, hidden, "none")
    assert with_files == answers(NO_TICKET, shown, hidden, "none")


def test_a_requesters_answers_do_not_show_whether_a_note_has_files(house: House) -> None:
    def answers(number: str, *files: str) -> str:
        seen = (
            house.get(number, viewer=SARI),
            house.messages(number, viewer=SARI),
            house.log(number=number, viewer=SARI),
        )
        return masked(number, list(refusals(house, number, SARI, *files)), *map(to_plain, seen))

    def noted(*, with_file: bool) -> tuple[str, str]:
        number = house.open().number
        file = upload(house).attachment_id
        house.reply(number, public=False, attachments=(file,) if with_file else ())
        return number, file

    assert answers(*noted(with_file=True)) == answers(*noted(with_file=False))


def test_a_file_is_given_by_its_own_ticket_alone(house: House) -> None:
    file = upload(house)
    number, other = house.open().number, house.open().number
    with pytest.raises(NotFound):
        get(house, number, file.attachment_id)  # it still waits
    house.reply(number, attachments=(file.attachment_id,))

    assert get(house, number, file.attachment_id) == PNG
    with pytest.raises(NotFound):
        get(house, other, file.attachment_id)
    with pytest.raises(NotFound):
        get(house, other, file.attachment_id, viewer=SARI)


@pytest.mark.parametrize("who", ["unknown", "foreign", "spent"])
def test_a_message_with_a_file_that_is_not_there_is_refused_whole(house: House, who: str) -> None:
    number = house.open().number
    good = upload(house)
    bad = upload(house, actor=BY_SARI if who == "foreign" else BUDI).attachment_id
    if who == "spent":
        house.reply(number, attachments=(bad,))
    before = (house.messages(number), house.get(number), house.announced(), kept(house))
    named = (good.attachment_id, "none" if who == "unknown" else bad)

    with pytest.raises(Invalid) as refused:
        house.reply(number, attachments=named)
    with pytest.raises(Invalid):
        house.open(actor=BUDI, attachments=named)

    assert list(refused.value.errors) == ["attachments"]
    assert good.attachment_id not in str(refused.value)
    after = (house.messages(number), house.get(number), house.announced(), kept(house))
    assert after == before
    house.reply(number, attachments=(good.attachment_id,))  # it was not spent by what was refused


def test_an_uploader_may_be_somebody_else_than_the_author(house: House) -> None:
    number = house.open().number
    file = upload(house)

    house.reply(number, actor=BY_SARI, uploader=BUDI.id.upper(), attachments=(file.attachment_id,))

    assert get(house, number, file.attachment_id, viewer=SARI) == PNG


def test_a_file_for_a_ticket_that_may_not_be_known_is_refused(house: House) -> None:
    number = house.open().number

    for wanted, viewer in ((number, STRANGER), (NO_TICKET, None), ("x", SARI)):
        with pytest.raises(NotFound, match="ticket_not_found"):
            upload(house, number=wanted, viewer=viewer)
    assert upload(house, number=number, viewer=SARI).bytes == len(PNG)


@pytest.mark.parametrize(
    ("content", "media_type", "field"),
    [
        (b"<svg onload=alert(1)>", "image/svg+xml", "media_type"),
        (b"<html>", "image/png", "content"),
        (PNG + b"x" * limits.MOST_BYTES, "image/png", "content"),
    ],
)
def test_what_is_not_kept(house: House, content: bytes, media_type: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        upload(house, content, media_type=media_type)

    assert isinstance(refused.value.__cause__, FileRefused)
    assert list(refused.value.errors) == [field]
    assert kept(house) == (0, 0)


def test_a_full_ticket_takes_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_OF_TICKET", 2)
    number = house.open().number
    first, second, third = (upload(house).attachment_id for _ in range(3))
    house.reply(number, attachments=(first, second))

    with pytest.raises(Invalid, match="A ticket has at most 2 files"):
        house.reply(number, attachments=(third,))
    house.open(actor=BUDI, attachments=(third,))


def test_nobody_fills_the_shelves_with_what_is_never_sent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers.attachments, "MOST_WAITING", 2)
    upload(house)
    upload(house)

    with pytest.raises(Invalid, match="wait for a message"):
        upload(house)
    upload(house, actor=BY_SARI)


def test_what_was_never_sent_is_forgotten_after_a_day(house: House, clock: StoppedClock) -> None:
    number = house.open().number
    sent, unsent = upload(house), upload(house)
    house.reply(number, attachments=(sent.attachment_id,))
    clock.at += limits.WAITS
    late = upload(house)
    assert handlers.forget_waiting(house.database) == 0

    clock.at += MINUTE

    assert handlers.forget_waiting(house.database) == 1
    assert handlers.forget_waiting(house.database) == 0
    assert kept(house) == (2, 2)
    assert get(house, number, sent.attachment_id) == PNG
    with pytest.raises(Invalid):
        house.reply(number, attachments=(unsent.attachment_id,))
    house.reply(number, attachments=(late.attachment_id,))


@pytest.mark.usefixtures("replicas")
def test_a_file_that_is_being_sent_is_not_forgotten_meanwhile(
    house: House, clock: StoppedClock
) -> None:
    number = house.open().number
    file = upload(house)
    clock.at += limits.WAITS + MINUTE
    command = contract.AddReply(
        number=number, body="Ini.", public=True, actor=BUDI, attachments=(file.attachment_id,)
    )
    side = Side(house, lambda tx: handlers.add_reply(command, tx=tx))

    assert handlers.forget_waiting(house.database) == 0

    side.commit()
    assert get(house, number, file.attachment_id) == PNG


@pytest.mark.usefixtures("replicas")
def test_two_replies_that_name_one_file_do_not_both_get_it(house: House) -> None:
    number, other = house.open().number, house.open().number
    file = upload(house).attachment_id
    command = contract.AddReply(
        number=number, body="Ini.", public=True, actor=BUDI, attachments=(file,)
    )
    side = Side(house, lambda tx: handlers.add_reply(command, tx=tx))
    follower = Follower(lambda: house.reply(other, attachments=(file,)))
    side.commit()

    with pytest.raises(Invalid):
        follower.wait()
    assert len(house.messages(other).items) == 1
    assert get(house, number, file) == PNG


def test_an_upload_and_a_reply_sent_twice_are_done_once(house: House) -> None:
    number = house.open().number
    given: dict[str, Any] = {"name": "a.txt", "media_type": "text/plain", "content": "YQ=="}
    asked = contract.AddMessageFile(actor=BUDI, **given)

    first = tell(house, contract.ADD_MESSAGE_FILE, asked, key="u")
    again = tell(house, contract.ADD_MESSAGE_FILE, asked, key="u")
    file = json.loads(first.body)["attachment_id"]
    reply = contract.AddReply(
        number=number, body="Ini.", public=True, actor=BUDI, attachments=(file,)
    )
    told = [tell(house, contract.ADD_REPLY, reply, key="r") for _ in range(2)]

    assert (first.replayed, again.replayed) == (False, True)
    assert first.body == again.body == tell(house, contract.ADD_MESSAGE_FILE, asked, key="u").body
    assert [each.replayed for each in told] == [False, True]
    assert told[0].body == told[1].body
    assert kept(house) == (1, 1)
    assert len(house.messages(number).items) == 2


def tell(house: House, operation: Any, command: Any, *, key: str) -> Any:
    """As the door does it, with an idempotency key."""
    settings = ServiceSettings(amqp_url="amqp://nobody", database_url="")
    desk = AtTheDesk(house.database, settings, {"idempotency_key": key})
    handler = getattr(handlers, operation.name)
    return desk.answer(
        operation, to_plain(command), lambda asked, tx: handler(asked, tx=tx), REFUSALS
    )


def test_a_list_of_messages_does_not_read_what_is_in_files(
    house: House, statements: Statements
) -> None:
    number = house.open().number
    house.reply(number, attachments=(upload(house).attachment_id,))
    statements.said.clear()

    house.messages(number)
    house.get(number)
    house.tickets()
    house.log()

    assert not [said for said in statements.said if "attachment_contents" in said]
