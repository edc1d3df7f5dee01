"""Conversations with the hotline."""

from collections.abc import Iterable
from typing import cast

from contracts import kb as contract
from contracts.intake import Language
from services.kb.domain.conversation import Chat, Said


def chat_of(chat: Chat, messages: Iterable[Said]) -> contract.Chat:
    """A conversation."""
    return contract.Chat(
        id=chat.id,
        state=cast("contract.ChatState", chat.state),
        language=cast("Language", chat.language),
        subject=chat.subject,
        ticket=chat.ticket,
        messages=tuple(
            contract.ChatMessage(
                number=said.number,
                kind=cast("contract.ChatKind", said.kind),
                is_automatic=said.kind != "message",
                language=cast("Language", said.language),
                text=said.text,
                at=said.said_at,
                articles=tuple(
                    contract.ChatArticle(
                        key=each["key"],
                        language=cast("Language", each["language"]),
                        title=each["title"],
                    )
                    for each in said.articles
                ),
                excerpt=said.excerpt,
                confidence=said.confidence,
                reason=said.reason,
            )
            for said in messages
        ),
    )
