"""Files of messages: handed in before the message, kept with it."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake.words import Actor, AttachmentId, TicketNumber


@dataclass(frozen=True, kw_only=True)
class MessageFile:
    """A file of a message, without its content; `sha256` is the content's, in hexadecimal."""

    attachment_id: str
    name: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AddMessageFile:
    """Hand in a file; it waits a day for the message that names it, then it is forgotten.

    Attributes:
        name: what it is called where it comes from; folders and invisible characters are taken out.
        media_type: png, jpeg, gif, pdf, zip, Office documents, plain text or CSV; what it says is
            compared with how the file begins.
        content: base64; at most 4 MiB of file.
        actor: who hands it in; nobody else can put it on a message.
        number: of the ticket it is for, when there is one already; the caller must be able to see
            it.
    """

    name: Annotated[str, validate.Length(min=1, max=255)]
    media_type: Annotated[str, validate.Length(min=1, max=100)]
    content: Annotated[str, validate.Length(min=1, max=5_600_000)]
    actor: Actor
    number: TicketNumber | None = None
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class GetMessageFile:
    """Ask for a file of a ticket's conversation; who may read the message may have it."""

    number: TicketNumber
    attachment_id: AttachmentId
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageFileContent:
    """A file; `content` is base64."""

    attachment: MessageFile
    content: str


ADD_MESSAGE_FILE = Operation(
    "intake", "add_message_file", AddMessageFile, MessageFile, mutates=True, deadline_seconds=15.0
)
GET_MESSAGE_FILE = Operation(
    "intake", "get_message_file", GetMessageFile, MessageFileContent, deadline_seconds=15.0
)

OPERATIONS = (ADD_MESSAGE_FILE, GET_MESSAGE_FILE)
