"""Files on messages: handed in first, then put on the message that names them."""

import hashlib
from collections.abc import Sequence

from chassis.database import Database, Transaction
from chassis.files import check_file, clean_name, from_base64, in_base64
from chassis.ids import new_id
from contracts import intake as contract
from contracts.errors import NotFound
from services.intake.domain.attachments import MOST_BYTES, MOST_WAITING, WAITS, check_fit
from services.intake.domain.lifecycle import FieldsRefused
from services.intake.handlers.keeping import address, conversation_of, find
from services.intake.store import attachments as store


def add_message_file(command: contract.AddMessageFile, *, tx: Transaction) -> contract.MessageFile:
    """Keep a file until a message names it.

    Raises:
        FileRefused: it is not kept: too large, or of a kind that is not.
        FieldsRefused: too many files of this person wait already.
    """
    if command.number is not None:
        find(command.number, command.viewer, tx=tx)
    content = from_base64(command.content)
    check_file(content, media_type=command.media_type, most_bytes=MOST_BYTES)
    uploader = address(command.actor.id)
    if store.waiting_of(tx.connection, uploader=uploader) >= MOST_WAITING:
        raise FieldsRefused(content=f"{MOST_WAITING} files wait for a message already.")
    file = contract.MessageFile(
        attachment_id=new_id(),
        name=clean_name(command.name),
        media_type=command.media_type,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    store.add(tx, file, uploader=uploader, at=tx.now, content=content)
    return file


def get_message_file(
    question: contract.GetMessageFile, *, tx: Transaction
) -> contract.MessageFileContent:
    """Give a file of a ticket's conversation."""
    ticket = find(question.number, question.viewer, tx=tx).ticket
    found = store.content_of(
        tx.connection,
        attachment_id=question.attachment_id,
        seen=conversation_of(ticket, question.viewer, tx=tx),
    )
    if found is None:
        detail = f"There is no file {question.attachment_id}."
        raise NotFound("attachment_not_found", detail, {"attachment_id": question.attachment_id})
    attachment, content = found
    return contract.MessageFileContent(attachment=attachment, content=in_base64(content))


def claim(
    command: contract.OpenTicket | contract.AddReply,
    *,
    ticket_id: str | None = None,
    tx: Transaction,
) -> tuple[contract.MessageFile, ...]:
    """The files that a message names, held for it until the transaction ends.

    Args:
        command: what the message comes with.
        ticket_id: of the ticket it joins, which is held; None for the first message of a new one.
        tx: the transaction.

    Raises:
        FieldsRefused: one is unknown, another person's or on a message already; or too much.
    """
    wanted = dict.fromkeys(command.attachments)
    if not wanted:
        return ()
    uploader = address(command.uploader or command.actor.id)
    files = store.waiting(tx.connection, attachment_ids=tuple(wanted), uploader=uploader)
    if missing := wanted.keys() - {file.attachment_id for file in files}:
        listed = ", ".join(each for each in wanted if each in missing)
        raise FieldsRefused(attachments=f"No file of yours that waits for a message: {listed}.")
    kept = store.sizes_of_ticket(tx.connection, ticket_id=ticket_id) if ticket_id else ()
    check_fit([file.bytes for file in files], on_ticket=kept)
    return files


def put_on(files: Sequence[contract.MessageFile], *, message_id: str, tx: Transaction) -> None:
    """Put claimed files on the message that was kept."""
    if files:
        store.put_on(tx, message_id=message_id, files=files)


def forget_waiting(database: Database) -> int:
    """Take out what was handed in a day ago and never sent; how many files that were."""
    with database.write() as tx:
        return store.drop_waiting(tx, before=tx.now - WAITS)
