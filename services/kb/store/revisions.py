"""Every revision of every article."""

import dataclasses

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.domain.articles import Article, Content, Revision
from services.kb.models import revisions
from services.kb.store import attachments


def keep(
    session: Session, article: Article, *, author: str, note: str, reviewer: str | None = None
) -> None:
    """Keep what an article says now, and which files stand beside it, as a revision."""
    files = attachments.of_article(session, article_id=article.id)
    session.execute(
        sa.insert(revisions).values(
            article_id=article.id,
            revision=article.revision,
            author=author,
            written_at=article.updated_at,
            note=note,
            reviewer=reviewer,
            files=attachments.row_of(files),
            **dataclasses.asdict(article.content),
        )
    )


def name_files(session: Session, article: Article) -> None:
    """Let the present revision know its files, if it is from before files were remembered."""
    files = attachments.of_article(session, article_id=article.id)
    session.execute(
        sa.update(revisions)
        .where(
            revisions.c.article_id == article.id,
            revisions.c.revision == article.revision,
            revisions.c.files.is_(None),
        )
        .values(files=attachments.row_of(files))
    )


def newest(session: Session, *, article_id: str, limit: int) -> list[Revision]:
    """Return the revisions of an article, newest first."""
    found = (
        sa.select(revisions)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.revision.desc())
        .limit(limit)
    )
    return [_revision(row) for row in session.execute(found).mappings()]


def numbered(session: Session, *, article_id: str, number: int) -> Revision | None:
    """Return one revision of an article."""
    found = sa.select(revisions).where(
        revisions.c.article_id == article_id, revisions.c.revision == number
    )
    row = session.execute(found).mappings().one_or_none()
    return _revision(row) if row else None


def _revision(row: sa.RowMapping) -> Revision:
    return Revision(
        number=row["revision"],
        author=row["author"],
        written_at=row["written_at"],
        note=row["note"],
        content=content_of(row),
        reviewer=row["reviewer"],
        files=None if row["files"] is None else attachments.files_from(row["files"]),
    )


def content_of(row: sa.RowMapping) -> Content:
    """Read what an article or a revision says; both tables name it alike."""
    return Content(
        title=row["title"],
        body=row["body"],
        status=row["status"],
        audience=row["audience"],
        category=row["category"],
        tags=tuple(row["tags"]),
        groups=tuple(row["groups"]),
        problem=row["problem"],
    )
