"""Articles with their revisions, and the counter of changes."""

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.domain.articles import PUBLISHED, Article, Content
from services.kb.models import articles, change_counter, revisions

_THE_ONLY_ROW = 1


def take_change_number(session: Session) -> int:
    """Take the next change number; other writers wait until this transaction ends."""
    taken = (
        sa.update(change_counter)
        .where(change_counter.c.id == _THE_ONLY_ROW)
        .values(number=change_counter.c.number + 1)
        .returning(change_counter.c.number)
    )
    number: int = session.execute(taken).scalar_one()
    return number


def changes_after(session: Session, number: int, *, limit: int) -> list[Article]:
    """Return articles changed after a change number, in the order of their last change."""
    found = (
        sa.select(articles)
        .where(articles.c.change_number > number)
        .order_by(articles.c.change_number)
        .limit(limit)
    )
    return [_article(row) for row in session.execute(found).mappings()]


def versions(session: Session, *, key: str) -> list[Article]:
    """Return an article in all its languages."""
    found = sa.select(articles).where(articles.c.key == key).order_by(articles.c.language)
    return [_article(row) for row in session.execute(found).mappings()]


def published(
    session: Session, *, ids: Sequence[str], audiences: Collection[str]
) -> dict[str, Article]:
    """Return those of the articles that are published for the audiences now, by id."""
    found = sa.select(articles).where(
        articles.c.id.in_(ids),
        articles.c.status == PUBLISHED,
        articles.c.audience.in_(audiences),
    )
    return {row["id"]: _article(row) for row in session.execute(found).mappings()}


def latest(
    session: Session,
    *,
    audiences: Collection[str],
    languages: Collection[str],
    category: str | None,
    limit: int,
) -> list[Article]:
    """Return published articles, the last changed first."""
    found = (
        sa.select(articles)
        .where(
            articles.c.status == PUBLISHED,
            articles.c.audience.in_(audiences),
            articles.c.language.in_(languages),
        )
        .order_by(articles.c.updated_at.desc(), articles.c.id)
        .limit(limit)
    )
    if category is not None:
        found = found.where(articles.c.category == category)
    return [_article(row) for row in session.execute(found).mappings()]


def add(session: Session, article: Article, *, author: str) -> None:
    """Keep a new article and its first revision."""
    session.execute(sa.insert(articles).values(**_row(article)))
    _keep_revision(session, article, author=author)


def change(session: Session, article: Article, *, author: str) -> None:
    """Keep the changed article and one more revision."""
    session.execute(sa.update(articles).where(articles.c.id == article.id).values(**_row(article)))
    _keep_revision(session, article, author=author)


def _keep_revision(session: Session, article: Article, *, author: str) -> None:
    session.execute(
        sa.insert(revisions).values(
            article_id=article.id,
            revision=article.revision,
            author=author,
            written_at=article.updated_at,
            **dataclasses.asdict(article.content),
        )
    )


def _row(article: Article) -> dict[str, Any]:
    row = {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if field.name != "content"
    }
    return row | dataclasses.asdict(article.content)


def _article(row: sa.RowMapping) -> Article:
    return Article(
        id=row["id"],
        key=row["key"],
        language=row["language"],
        owner=row["owner"],
        revision=row["revision"],
        change_number=row["change_number"],
        updated_at=row["updated_at"],
        content=Content(
            title=row["title"],
            body=row["body"],
            status=row["status"],
            audience=row["audience"],
            category=row["category"],
            tags=tuple(row["tags"]),
        ),
    )
