"""The conversation of a ticket: its messages, and how one is added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake.files import MessageFile
from contracts.intake.tickets import GetTicket
from contracts.intake.words import Actor, AttachmentIds, Body, TicketNumber


@dataclass(frozen=True, kw_only=True)
class AddReply:
    """Add a message to the conversation.

    Attributes:
        attachments: as in `OpenTicket`.
        uploader: as in `OpenTicket`.
    """

    number: TicketNumber
    body: Body
    public: bool
    actor: Actor
    viewer: str | None = None
    occurred_at: datetime | None = None
    attachments: AttachmentIds = ()
    uploader: Annotated[str, validate.Length(max=254)] | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a conversation.

    Attributes:
        number: the ticket it belongs to, where the reader may know of it; a message keeps its
            ticket when that is merged. One that was just added: the ticket it landed in.
    """

    message_id: str
    author: Actor
    public: bool
    body: str
    at: datetime
    attachments: tuple[MessageFile, ...] = ()
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The messages of a ticket, oldest first; a requester's view has no internal ones."""

    number: str
    items: tuple[Message, ...]


ADD_REPLY = Operation("intake", "add_reply", AddReply, Message, mutates=True)
LIST_MESSAGES = Operation("intake", "list_messages", GetTicket, Conversation)

OPERATIONS = (ADD_REPLY, LIST_MESSAGES)
