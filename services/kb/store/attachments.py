"""Files beside articles."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.models import attachments


@dataclass(frozen=True, kw_only=True)
class File:
    """What is known of a file without reading it."""

    name: str
    media_type: str
    bytes: int
    added_by: str
    added_at: datetime


_FACTS = tuple(attachments.c[name] for name in File.__dataclass_fields__)


def of_article(session: Session, *, article_id: str) -> list[File]:
    """Return the files of an article, by name."""
    found = (
        sa.select(*_FACTS)
        .where(attachments.c.article_id == article_id)
        .order_by(attachments.c.name)
    )
    return [File(**row) for row in session.execute(found).mappings()]


def content_of(session: Session, *, article_id: str, name: str) -> tuple[str, bytes] | None:
    """Return the media type and the content of a file."""
    found = sa.select(attachments.c.media_type, attachments.c.content).where(
        attachments.c.article_id == article_id, attachments.c.name == name
    )
    row = session.execute(found).one_or_none()
    return (row.media_type, bytes(row.content)) if row else None


def replace(session: Session, file: File, *, article_id: str, content: bytes) -> None:
    """Keep a file, in place of one of the same name."""
    remove(session, article_id=article_id, name=file.name)
    values = {**vars(file), "article_id": article_id, "content": content}
    session.execute(sa.insert(attachments).values(values))


def remove(session: Session, *, article_id: str, name: str) -> None:
    """Take a file away."""
    session.execute(
        sa.delete(attachments).where(
            attachments.c.article_id == article_id, attachments.c.name == name
        )
    )
