"""Conversations with the hotline."""

import dataclasses
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.domain.conversation import Chat, Said
from services.kb.models import chat_messages, chats


def chat_of(
    session: Session, *, chat_id: str, requester: str, for_update: bool = False
) -> Chat | None:
    """Return a conversation of a requester; `for_update` lets others wait who would change it."""
    found = sa.select(chats).where(chats.c.id == chat_id, chats.c.requester == requester)
    if for_update:
        found = found.with_for_update()
    row = session.execute(found).mappings().one_or_none()
    return Chat(**row) if row else None


def messages_of(session: Session, *, chat_id: str) -> list[Said]:
    """Return what was said, in order."""
    found = (
        sa.select(chat_messages)
        .where(chat_messages.c.chat_id == chat_id)
        .order_by(chat_messages.c.number)
    )
    return [_said(dict(row)) for row in session.execute(found).mappings()]


def add_chat(session: Session, chat: Chat) -> None:
    """Keep a new conversation."""
    session.execute(sa.insert(chats).values(**dataclasses.asdict(chat)))


def change_chat(session: Session, chat: Chat) -> None:
    """Keep what became of a conversation."""
    values = dataclasses.asdict(chat)
    session.execute(sa.update(chats).where(chats.c.id == chat.id).values(**values))


def add_message(session: Session, message: Said, *, chat_id: str) -> None:
    """Keep a message."""
    values = dataclasses.asdict(message) | {"articles": list(message.articles)}
    session.execute(sa.insert(chat_messages).values(chat_id=chat_id, **values))


def _said(row: dict[str, Any]) -> Said:
    row.pop("chat_id")
    return Said(**row | {"articles": tuple(row["articles"])})
