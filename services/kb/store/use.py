"""What became of articles: readings, verdicts, and what they add up to."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.domain.use import Use
from services.kb.models import article_use, articles, readings

SAME_VISIT = timedelta(hours=4)  # a verdict within it is no second reading
MOST_FEEDBACK = 50
_DOUBTS = ("outdated", "wrong")
_KEPT = ("reads", "helpful", "unhelpful", "heat", "last_read_at")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a reader said of an article."""

    at: datetime
    helpful: bool
    reason: str | None
    comment: str


def keep_reading(
    session: Session,
    *,
    article_id: str,
    reader: str,
    helpful: bool | None,
    reason: str | None,
    comment: str,
    read_at: datetime,
) -> None:
    """Remember that somebody read an article, and what they said of it."""
    session.execute(
        sa.insert(readings).values(
            article_id=article_id,
            reader=reader,
            helpful=helpful,
            reason=reason,
            comment=comment,
            read_at=read_at,
        )
    )


def locked_use(tx: Transaction, *, article_id: str) -> Use:
    """Return what became of an article; others who count wait until this transaction ends."""
    tx.insert_if_absent(article_use, article_id=article_id, **_numbers(Use()))
    found = sa.select(article_use).where(article_use.c.article_id == article_id)
    return use_from(tx.session.execute(found.with_for_update()).mappings().one())


def use_of(session: Session, *, article_id: str) -> Use:
    """Return what became of an article."""
    found = sa.select(article_use).where(article_use.c.article_id == article_id)
    row = session.execute(found).mappings().one_or_none()
    return use_from(row) if row else Use()


def keep_use(session: Session, use: Use, *, article_id: str) -> None:
    """Keep what became of an article."""
    mine = article_use.c.article_id == article_id
    session.execute(sa.update(article_use).where(mine).values(**_numbers(use)))


def last_verdict(session: Session, *, article_id: str, reader: str) -> bool | None:
    """Return whether a reader said that an article helped, when they last said anything."""
    found = (
        sa.select(readings.c.helpful)
        .where(
            readings.c.article_id == article_id,
            readings.c.reader == reader,
            readings.c.helpful.is_not(None),
        )
        .order_by(readings.c.serial.desc())
        .limit(1)
    )
    return session.execute(found).scalar_one_or_none()


def was_read(session: Session, *, article_id: str, reader: str, since: datetime) -> bool:
    """Whether a reader has read an article since an instant."""
    found = sa.exists().where(
        readings.c.article_id == article_id,
        readings.c.reader == reader,
        readings.c.read_at >= since,
    )
    return bool(session.execute(sa.select(found)).scalar_one())


def feedback(session: Session, *, article_id: str) -> list[Said]:
    """Return verdicts with a reason or a comment, newest first."""
    found = (
        sa.select(readings)
        .where(
            readings.c.article_id == article_id,
            readings.c.helpful.is_not(None),
            sa.or_(readings.c.reason.is_not(None), readings.c.comment != ""),
        )
        .order_by(readings.c.serial.desc())
        .limit(MOST_FEEDBACK)
    )
    return [
        Said(at=row.read_at, helpful=row.helpful, reason=row.reason, comment=row.comment)
        for row in session.execute(found)
    ]


def doubts(session: Session) -> dict[str, int]:
    """Count the readers who doubt an article, as it was last changed, by article."""
    found = (
        sa.select(readings.c.article_id, sa.func.count(readings.c.reader.distinct()).label("many"))
        .join(articles, articles.c.id == readings.c.article_id)
        .where(readings.c.reason.in_(_DOUBTS), readings.c.read_at >= articles.c.updated_at)
        .group_by(readings.c.article_id)
    )
    return {row.article_id: row.many for row in session.execute(found)}


def use_from(row: sa.RowMapping) -> Use:
    """Read what became of an article; nothing yet where there is no row."""
    if row["reads"] is None:
        return Use()
    return Use(**{name: row[name] for name in _KEPT})


def _numbers(use: Use) -> dict[str, object]:
    plain = dataclasses.asdict(use)
    return {name: plain[name] for name in _KEPT}
