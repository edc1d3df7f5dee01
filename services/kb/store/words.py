"""The desk's own words of each language."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.models import own_words


def words_version(session: Session) -> tuple[int, ...]:
    """Return the versions of all saved languages: it changes whenever any of them does."""
    # A version is never taken back, and a language that was saved stays saved.
    found = sa.select(own_words.c.version).order_by(own_words.c.language)
    return tuple(session.scalars(found))


def own_words_of(session: Session, *, language: str) -> sa.RowMapping | None:
    """Return what is saved of a language."""
    found = sa.select(own_words).where(own_words.c.language == language)
    return session.execute(found).mappings().one_or_none()


def save_words(
    tx: Transaction,
    *,
    language: str,
    version: int,
    spellings: list[dict[str, Any]],
    stop_words: list[str],
    author: str,
    now: datetime,
) -> bool:
    """Save words over the version before; return whether that was still the last one."""
    values = {
        "version": version,
        "spellings": spellings,
        "stop_words": stop_words,
        "updated_by": author,
        "updated_at": now,
    }
    if version == 1:
        return tx.insert_if_absent(own_words, language=language, **values)
    changed = tx.session.execute(
        sa.update(own_words)
        .where(own_words.c.language == language, own_words.c.version == version - 1)
        .values(**values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an update has one
