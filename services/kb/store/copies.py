"""Working copies."""

import dataclasses
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.domain.copies import WORDS, Words, WorkingCopy
from services.kb.models import working_copies
from services.kb.store.attachments import files_from, row_of


def of_article(session: Session, *, article_id: str) -> WorkingCopy | None:
    """Return the working copy of an article, if there is one."""
    found = sa.select(working_copies).where(working_copies.c.article_id == article_id)
    row = session.execute(found).mappings().one_or_none()
    return _copy(row) if row else None


def states(session: Session, *, ids: Collection[str]) -> dict[str, str]:
    """Return in which state the working copies of some articles are, by the article's id."""
    found = sa.select(working_copies.c.article_id, working_copies.c.status).where(
        working_copies.c.article_id.in_(ids)
    )
    return {row.article_id: row.status for row in session.execute(found)}


def keep(session: Session, copy: WorkingCopy, *, is_new: bool = False) -> None:
    """Keep a new or changed working copy."""
    if is_new:
        session.execute(sa.insert(working_copies).values(_row(copy)))
        return
    this = working_copies.c.article_id == copy.article_id
    session.execute(sa.update(working_copies).where(this).values(_row(copy)))


def remove(session: Session, *, article_id: str) -> None:
    """Let a working copy be no more."""
    session.execute(sa.delete(working_copies).where(working_copies.c.article_id == article_id))


_FACTS = tuple(
    field.name for field in dataclasses.fields(WorkingCopy) if field.name not in {"words", "files"}
)


def _row(copy: WorkingCopy) -> dict[str, Any]:
    facts = {name: getattr(copy, name) for name in _FACTS}
    return facts | dataclasses.asdict(copy.words) | {"files": row_of(copy.files)}


def _copy(row: sa.RowMapping) -> WorkingCopy:
    words = {name: row[name] for name in WORDS} | {"tags": tuple(row["tags"])}
    return WorkingCopy(
        **{name: row[name] for name in _FACTS},
        words=Words(**words),
        files=files_from(row["files"]),
    )
