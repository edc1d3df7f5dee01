"""The hotline: a conversation that is answered from articles until a person takes over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake import Email, Language, TicketNumber
from contracts.kb.articles import Groups, ReaderAudience

ChatId = Annotated[str, validate.Length(min=1, max=36)]
ChatState = Literal["open", "solved", "handing_over", "handed_over"]
Zone = Annotated[str, validate.Length(min=1, max=64)]
ChatKind = Literal[
    "welcome",
    "message",
    "greet",
    "thank",
    "answer",
    "ask_back",
    "hand_over",
    "handed_over",
    "relayed",
]
ChatText = Annotated[str, validate.Length(min=1, max=4000)]


@dataclass(frozen=True, kw_only=True)
class ChatArticle:
    """An article that an answer comes from, or that is asked about."""

    key: str
    language: Language
    title: str


@dataclass(frozen=True, kw_only=True)
class ChatMessage:
    """Something said.

    Attributes:
        is_automatic: no person wrote it.
        articles: the source of an answer, or what a question back names, in its order.
        excerpt: an answer's passage, Markdown.
        confidence: how sure an answer is, 0 to 1.
        reason: why it is handed over: asked, two_failed or not_confident.
    """

    number: int
    kind: ChatKind
    is_automatic: bool
    language: Language
    text: str
    at: datetime
    articles: tuple[ChatArticle, ...] = ()
    excerpt: str = ""
    confidence: float | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Chat:
    """A conversation.

    Attributes:
        state: `handing_over` until its ticket is known, `handed_over` from then on.
        subject: the question it was about, for the ticket.
        ticket: the number of its ticket.
    """

    id: str
    state: ChatState
    language: Language
    messages: tuple[ChatMessage, ...]
    subject: str = ""
    ticket: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenChat:
    """Begin a conversation, in a language until a message shows another one."""

    requester: Email
    language: Language = "id"


@dataclass(frozen=True, kw_only=True)
class SayInChat:
    """Say something; the answer comes from articles the requester may read."""

    chat: ChatId
    requester: Email
    text: ChatText
    audience: ReaderAudience = "public"
    groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class HandOverChat:
    """Tell which ticket a conversation became, and whether somebody is there.

    Attributes:
        is_open: None when the desk's hours are not known just now.
    """

    chat: ChatId
    requester: Email
    ticket: TicketNumber
    is_open: bool | None = None
    opens_at: datetime | None = None
    zone: Zone | None = None


@dataclass(frozen=True, kw_only=True)
class GetChat:
    """Ask for a conversation; only who began it may."""

    chat: ChatId
    requester: Email


OPEN_CHAT = Operation("kb", "open_chat", OpenChat, Chat, mutates=True)
SAY_IN_CHAT = Operation("kb", "say_in_chat", SayInChat, Chat, mutates=True)
HAND_OVER_CHAT = Operation("kb", "hand_over_chat", HandOverChat, Chat, mutates=True)
GET_CHAT = Operation("kb", "get_chat", GetChat, Chat)

OPERATIONS = (OPEN_CHAT, SAY_IN_CHAT, HAND_OVER_CHAT, GET_CHAT)
