"""What was said in a conversation with the hotline."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from contracts import kb
from gateway.portal import markup
from gateway.portal.speech import Speech
from gateway.portal.views.parts import Moment, initials, moment


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something said.

    Attributes:
        sure: how sure an answer is, in percent; None for what is no answer.
        source: the article an answer comes from.
    """

    side: str
    initials: str
    author: str
    text: Markup
    excerpt: Markup
    sure: int | None
    source: kb.ChatArticle | None
    at: Moment


def lines_of(chat: kb.Chat, *, speech: Speech, now: datetime, name: str) -> tuple[Line, ...]:
    """All that was said, oldest first."""
    return tuple(_line(said, speech=speech, now=now, name=name) for said in chat.messages)


def _line(said: kb.ChatMessage, *, speech: Speech, now: datetime, name: str) -> Line:
    author = speech.text("Meja, automatic") if said.is_automatic else name
    return Line(
        side="agent" if said.is_automatic else "requester",
        initials="M" if said.is_automatic else initials(name),
        author=author,
        text=markup.message_body(said.text),
        excerpt=markup.article_body(said.excerpt) if said.excerpt else Markup(""),
        sure=round(said.confidence * 100) if said.confidence is not None else None,
        source=said.articles[0] if said.kind == "answer" and said.articles else None,
        at=moment(said.at, speech=speech, now=now),
    )
