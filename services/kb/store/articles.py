"""Articles, and the counter of changes."""

import dataclasses
import functools
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from services.kb.domain.articles import Article, Changed, Shown
from services.kb.domain.copies import OPEN
from services.kb.domain.life import PUBLISHED
from services.kb.domain.readers import ALL, GROUP, PUBLIC, Reader
from services.kb.domain.use import Use
from services.kb.models import (
    article_groups,
    article_use,
    articles,
    change_counter,
    working_copies,
)
from services.kb.store import revisions
from services.kb.store.use import use_from

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


def changes_after(connection: Connection, number: int, *, limit: int) -> list[Changed]:
    """Return articles changed after a change number, in the order of their last change."""
    found = (
        sa.select(*(articles.c[name] for name in _CHANGED))
        .where(articles.c.change_number > number)
        .order_by(articles.c.change_number)
        .limit(limit)
    )
    rows = connection.execute(found)
    return [Changed(**dict(zip(_CHANGED, row, strict=True))) for row in rows]


_CHANGED = tuple(field.name for field in dataclasses.fields(Changed))


def versions(session: Session, *, key: str) -> list[Article]:
    """Return an article in all its languages."""
    found = sa.select(articles).where(articles.c.key == key).order_by(articles.c.language)
    return [_article(row) for row in session.execute(found).mappings()]


def by_id(session: Session, article_id: str) -> Article | None:
    """Return one article."""
    found = session.execute(sa.select(articles).where(articles.c.id == article_id)).mappings()
    row = found.one_or_none()
    return _article(row) if row else None


def of_ticket(session: Session, *, ticket: str) -> Article | None:
    """Return the article that was drafted from a ticket."""
    found = sa.select(articles).where(articles.c.ticket == ticket).limit(1)
    row = session.execute(found).mappings().one_or_none()
    return _article(row) if row else None


def known_errors(session: Session, *, problem: str) -> list[Article]:
    """Return the published articles that are known errors of a problem."""
    found = sa.select(articles).where(articles.c.problem == problem, articles.c.status == PUBLISHED)
    return [_article(row) for row in session.execute(found.order_by(articles.c.id)).mappings()]


def published(session: Session, *, ids: Sequence[str], reader: Reader) -> dict[str, Article]:
    """Return those of the articles that are published for the reader now, by id."""
    found = sa.select(articles).where(
        articles.c.id.in_(ids), articles.c.status == PUBLISHED, _readable_by(reader)
    )
    return {row["id"]: _article(row) for row in session.execute(found).mappings()}


def shown(
    connection: Connection, *, ids: Sequence[str], reader: Reader
) -> tuple[int, dict[str, Shown]]:
    """Return the last change number there is, and what is published for the reader now, by id."""
    values = {"ids": ids, "groups": sorted(reader.groups)}
    rows = connection.execute(_shown_to(reader.audience), values).all()
    found = [row for row in rows if row.id is not None]
    read = [Shown(**dict(zip(_SHOWN, row[1:], strict=True))) for row in found]
    return rows[0].newest or 0, {article.id: article for article in read}


_SHOWN = tuple(field.name for field in dataclasses.fields(Shown))


@functools.cache
def _shown_to(audience: str) -> sa.Select[Any]:
    # Asked for every question, so it is built once, and both looks travel in one statement.
    every = articles.alias()
    newest = sa.select(sa.func.max(every.c.change_number).label("newest")).subquery()
    wanted = sa.and_(
        articles.c.id.in_(sa.bindparam("ids", expanding=True)),
        # Not by an index of what is published: nearly everything is, and only a few are wanted.
        sa.func.coalesce(articles.c.status, "") == PUBLISHED,
        _readable_by(Reader(audience=audience), groups=sa.bindparam("groups", expanding=True)),
    )
    return sa.select(newest.c.newest, *(articles.c[name] for name in _SHOWN)).select_from(
        newest.outerjoin(articles, wanted)
    )


def latest(
    session: Session,
    *,
    reader: Reader,
    languages: Collection[str],
    category: str | None,
    tag: str | None = None,
    limit: int,
) -> list[Shown]:
    """Return published articles, the last changed first."""
    found = (
        sa.select(*(articles.c[name] for name in _SHOWN))
        .where(
            articles.c.status == PUBLISHED,
            articles.c.language.in_(languages),
            _readable_by(reader),
        )
        .order_by(articles.c.updated_at.desc(), articles.c.id)
        .limit(limit)
    )
    if category is not None:
        found = found.where(articles.c.category == category)
    if tag is not None:
        # As the JSON text of the list holds it; both databases keep that text as it was written.
        found = found.where(
            sa.cast(articles.c.tags, sa.Text).contains(json.dumps(tag), autoescape=True)
        )
    return [Shown(**row) for row in session.execute(found).mappings()]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which articles a writer's list shows; None and empty stand for all."""

    statuses: Collection[str] = ()
    language: str | None = None
    owner: str | None = None
    category: str | None = None
    q: str | None = None
    problem: str | None = None
    review_due: bool = False
    copies: Collection[str] = ()


def page(
    session: Session,
    *,
    wanted: Wanted,
    reader: Reader,
    now: datetime,
    before: int | None,
    limit: int,
) -> list[Article]:
    """Return articles in any state, the last changed first, those changed before a number."""
    found = (
        sa.select(articles)
        .where(_readable_by(reader), *_narrowed(wanted, now=now))
        .order_by(articles.c.change_number.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(articles.c.change_number < before)
    return [_article(row) for row in session.execute(found).mappings()]


def counts(session: Session, *, wanted: Wanted, reader: Reader, now: datetime) -> dict[str, int]:
    """Count what a writer's list would show in each state, whatever state it is narrowed to."""
    anywhere = dataclasses.replace(wanted, statuses=(), review_due=False, copies=())
    found = (
        sa.select(articles.c.status, sa.func.count().label("number"))
        .where(_readable_by(reader), *_narrowed(anywhere, now=now))
        .group_by(articles.c.status)
    )
    return {row.status: row.number for row in session.execute(found)}


def count_review_due(session: Session, *, wanted: Wanted, reader: Reader, now: datetime) -> int:
    """Count the published articles that somebody should read again."""
    due = dataclasses.replace(wanted, statuses=(), review_due=True, copies=())
    return _count(session, due, reader=reader, now=now)


def count_copies(session: Session, *, wanted: Wanted, reader: Reader, now: datetime) -> int:
    """Count the articles that have a working copy."""
    written = dataclasses.replace(wanted, statuses=(), review_due=False, copies=OPEN)
    return _count(session, written, reader=reader, now=now)


def used(session: Session, *, reader: Reader) -> list[tuple[Article, Use]]:
    """Return every published article that a reader may read, with what became of it."""
    found = (
        sa.select(articles, article_use)
        .outerjoin(article_use, article_use.c.article_id == articles.c.id)
        .where(articles.c.status == PUBLISHED, _readable_by(reader))
    )
    return [(_article(row), use_from(row)) for row in session.execute(found).mappings()]


def add(
    session: Session, article: Article, *, author: str, note: str, reviewer: str | None = None
) -> None:
    """Keep a new article and its first revision."""
    session.execute(sa.insert(articles).values(**_row(article)))
    _keep_groups(session, article)
    revisions.keep(session, article, author=author, note=note, reviewer=reviewer)


def change(
    session: Session, article: Article, *, author: str, note: str, reviewer: str | None = None
) -> None:
    """Keep the changed article and one more revision."""
    amend(session, article)
    _keep_groups(session, article)
    revisions.keep(session, article, author=author, note=note, reviewer=reviewer)


def amend(session: Session, article: Article) -> None:
    """Keep a change of an article that is no revision."""
    session.execute(sa.update(articles).where(articles.c.id == article.id).values(**_row(article)))


def _count(session: Session, wanted: Wanted, *, reader: Reader, now: datetime) -> int:
    found = sa.select(sa.func.count()).where(_readable_by(reader), *_narrowed(wanted, now=now))
    return session.execute(found.select_from(articles)).scalar_one()


def _readable_by(reader: Reader, *, groups: Any = None) -> sa.ColumnElement[bool]:
    if reader.audience == ALL:
        return sa.true()
    plain = articles.c.audience.in_(reader.plain)
    if reader.audience == PUBLIC:
        return plain
    mine = sa.exists().where(
        article_groups.c.article_id == articles.c.id,
        article_groups.c.group_key.in_(reader.groups if groups is None else groups),
    )
    return sa.or_(plain, sa.and_(articles.c.audience == GROUP, mine))


def _narrowed(wanted: Wanted, *, now: datetime) -> list[sa.ColumnElement[bool]]:
    exact: Mapping[str, str | None] = {
        "language": wanted.language,
        "owner": wanted.owner,
        "category": wanted.category,
        "problem": wanted.problem,
    }
    found = [articles.c[name] == value for name, value in exact.items() if value is not None]
    if wanted.statuses:
        found.append(articles.c.status.in_(wanted.statuses))
    found += [
        articles.c.title.icontains(word, autoescape=True) for word in (wanted.q or "").split()
    ]
    if wanted.copies:
        found.append(
            sa.exists().where(
                working_copies.c.article_id == articles.c.id,
                working_copies.c.status.in_(wanted.copies),
            )
        )
    if wanted.review_due:
        found += [articles.c.status == PUBLISHED, articles.c.review_at <= now]
    return found


def _keep_groups(session: Session, article: Article) -> None:
    mine = article_groups.c.article_id == article.id
    session.execute(sa.delete(article_groups).where(mine))
    rows = [{"article_id": article.id, "group_key": group} for group in article.content.groups]
    if rows:
        session.execute(sa.insert(article_groups), rows)


def _row(article: Article) -> dict[str, Any]:
    row = {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if field.name != "content"
    }
    return row | dataclasses.asdict(article.content)


_FACTS = tuple(field.name for field in dataclasses.fields(Article) if field.name != "content")


def _article(row: sa.RowMapping) -> Article:
    return Article(**{name: row[name] for name in _FACTS}, content=revisions.content_of(row))
