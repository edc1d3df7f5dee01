"""Files on messages. What is in them is read by `content_of` alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from chassis.database import Transaction
from contracts.intake import MessageFile
from services.intake.domain.merging import Seen
from services.intake.models import IS_WAITING, attachment_contents, attachments, messages
from services.intake.store.tickets import HOME, home, is_seen

DROPPED_AT_ONCE = 100

_SHOWN = tuple(attachments.c[name] for name in MessageFile.__dataclass_fields__)
_JOIN = messages.c.message_id == attachments.c.message_id
_PUT = (
    sa.update(attachments)
    .where(attachments.c.attachment_id == sa.bindparam("this"))
    .values(message_id=sa.bindparam("on"))
)


def add(
    tx: Transaction, attachment: MessageFile, *, uploader: str, at: datetime, content: bytes
) -> None:
    """Keep a file that waits for its message."""
    row = {**vars(attachment), "uploader": uploader, "uploaded_at": at}
    tx.connection.execute(sa.insert(attachments).values(row))
    kept = {"attachment_id": attachment.attachment_id, "content": content}
    tx.connection.execute(sa.insert(attachment_contents).values(kept))


def waiting_of(connection: Connection, *, uploader: str) -> int:
    """How many files of a person wait for a message."""
    mine = sa.select(sa.func.count()).where(IS_WAITING, attachments.c.uploader == uploader)
    return connection.execute(mine).scalar_one()


def waiting(
    connection: Connection, *, attachment_ids: Sequence[str], uploader: str
) -> tuple[MessageFile, ...]:
    """Those of the files that wait for a message of this person; nobody else takes them meanwhile.

    In the order in which they were handed in.
    """
    wanted = (
        sa.select(*_SHOWN)
        .where(
            attachments.c.attachment_id.in_(attachment_ids),
            attachments.c.uploader == uploader,
            attachments.c.message_id.is_(None),
        )
        .order_by(attachments.c.attachment_id)
        .with_for_update()
    )
    return tuple(map(_attachment, connection.execute(wanted)))


def put_on(tx: Transaction, *, message_id: str, files: Sequence[MessageFile]) -> None:
    """Put files that are held (`waiting`) on a message."""
    tx.send(_PUT, *({"this": file.attachment_id, "on": message_id} for file in files))


def sizes_of_ticket(connection: Connection, *, ticket_id: str) -> tuple[int, ...]:
    """How large the files are that a ticket's messages have."""
    wanted = (
        sa.select(attachments.c.bytes)
        .join_from(messages, attachments, _JOIN)
        .where(messages.c.ticket_id == ticket_id)
    )
    return tuple(connection.scalars(wanted))


def of_conversation(connection: Connection, *, seen: Seen) -> dict[str, tuple[MessageFile, ...]]:
    """The files of a conversation by message, in the order in which they were handed in."""
    wanted = (
        sa.select(attachments.c.message_id, *_SHOWN)
        .join_from(messages, attachments, _JOIN)
        .join(home, home.c.ticket_id == HOME)
        .where(is_seen(seen))
        .order_by(attachments.c.attachment_id)
    )
    found: dict[str, tuple[MessageFile, ...]] = {}
    for row in connection.execute(wanted):
        found[row.message_id] = (*found.get(row.message_id, ()), _attachment(row))
    return found


def content_of(
    connection: Connection, *, attachment_id: str, seen: Seen
) -> tuple[MessageFile, bytes] | None:
    """A file of a conversation."""
    wanted: sa.Select[Any] = (
        sa.select(*_SHOWN, attachment_contents.c.content)
        .join_from(messages, attachments, _JOIN)
        .join(home, home.c.ticket_id == HOME)
        .join(
            attachment_contents,
            attachment_contents.c.attachment_id == attachments.c.attachment_id,
        )
        .where(attachments.c.attachment_id == attachment_id, is_seen(seen))
    )
    row = connection.execute(wanted).first()
    return None if row is None else (_attachment(row), bytes(row.content))


def drop_waiting(tx: Transaction, *, before: datetime) -> int:
    """Forget some files that nobody put on a message; how many. One that is being put on is left.

    The oldest ones, at most `DROPPED_AT_ONCE`.
    """
    old = (
        sa.select(attachments.c.attachment_id)
        .where(IS_WAITING, attachments.c.uploaded_at < before)
        .order_by(attachments.c.uploaded_at)
        .limit(DROPPED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    gone = tx.connection.scalars(old).all()
    for table in (attachment_contents, attachments):
        tx.connection.execute(sa.delete(table).where(table.c.attachment_id.in_(gone)))
    return len(gone)


def _attachment(row: sa.Row[Any]) -> MessageFile:
    return MessageFile(**{name: getattr(row, name) for name in MessageFile.__dataclass_fields__})
