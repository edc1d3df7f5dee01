"""What is kept of tickets and of searches that found nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.models import articles, cases, resolutions, search_log

MOST_NEEDS = 2_000  # of each kind are looked at, the newest


@dataclass(frozen=True, kw_only=True)
class Case:
    """A ticket that was resolved without an article; `words` maps stems to words as written."""

    number: str
    subject: str
    language: str
    category: str | None
    words: Mapping[str, str]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class FailedSearch:
    """A question that found nothing, and how often it was asked."""

    text: str
    language: str | None
    count: int


def keep_case(
    tx: Transaction,
    *,
    ticket_id: str,
    number: str,
    opened_at: datetime,
    subject: str,
    language: str,
    category: str | None,
    words: Mapping[str, str],
) -> None:
    """Remember what a ticket is about."""
    tx.insert_if_absent(
        cases,
        ticket_id=ticket_id,
        number=number,
        opened_at=opened_at,
        subject=subject,
        language=language,
        category=category,
        words=dict(words),
    )


def keep_resolution(
    tx: Transaction,
    *,
    ticket_id: str,
    number: str,
    seq: int,
    resolved_at: datetime,
    article_key: str | None,
    minutes: int,
) -> None:
    """Remember how a ticket was last resolved; an older resolution changes nothing."""
    values: dict[str, Any] = {
        "number": number,
        "seq": seq,
        "resolved_at": resolved_at,
        "article_key": article_key,
        "minutes": minutes,
    }
    if tx.insert_if_absent(resolutions, ticket_id=ticket_id, **values):
        return
    tx.session.execute(
        sa.update(resolutions)
        .where(resolutions.c.ticket_id == ticket_id, resolutions.c.seq < seq)
        .values(**values)
    )


def unanswered(session: Session, *, since: datetime, limit: int) -> list[Case]:
    """Return tickets resolved without an article of which no article was made, newest first."""
    drafted = sa.exists().where(articles.c.ticket == cases.c.number)
    found = (
        sa.select(cases, resolutions.c.minutes)
        .join(resolutions, resolutions.c.ticket_id == cases.c.ticket_id)
        .where(
            resolutions.c.article_key.is_(None),
            resolutions.c.resolved_at >= since,
            sa.not_(drafted),
        )
        .order_by(resolutions.c.resolved_at.desc())
        .limit(limit)
    )
    return [
        Case(
            number=row["number"],
            subject=row["subject"],
            language=row["language"],
            category=row["category"],
            words=row["words"],
            minutes=row["minutes"],
        )
        for row in session.execute(found).mappings()
    ]


def failed_searches(session: Session, *, since: datetime, limit: int) -> list[FailedSearch]:
    """Return the questions that found nothing, most often asked first."""
    asked = sa.func.lower(search_log.c.text)
    found = (
        sa.select(
            asked.label("text"),
            sa.func.max(search_log.c.language).label("language"),
            sa.func.count().label("number"),
        )
        .where(search_log.c.hits == 0, search_log.c.asked_at >= since)
        .group_by(asked)
        .order_by(sa.desc("number"), asked)
        .limit(limit)
    )
    return [
        FailedSearch(text=row.text, language=row.language, count=row.number)
        for row in session.execute(found)
    ]
