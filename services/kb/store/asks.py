"""Suggestions shown, and what followed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.domain.deflection import Ask
from services.kb.models import articles, asks, cases, readings, resolutions

_SITTING = timedelta(minutes=30)
_MOST_SOLVED = 200


def keep_ask(
    tx: Transaction,
    *,
    asker: str,
    beside: str | None,
    is_held_out: bool,
    shown: Sequence[str],
    now: datetime,
) -> None:
    """Remember what was shown; what follows within half an hour is the same sitting."""
    sitting = (
        sa.select(asks.c.serial, asks.c.shown)
        .where(
            asks.c.asker == asker,
            asks.c.beside.is_(None) if beside is None else asks.c.beside == beside,
            asks.c.ticket_at.is_(None),
            asks.c.last_at > now - _SITTING,
        )
        .order_by(asks.c.asked_at.desc())
        .limit(1)
    )
    before = tx.session.execute(sitting).one_or_none()
    if before is None:
        values = {"asker": asker, "beside": beside, "is_held_out": is_held_out}
        made = sa.insert(asks).values(**values, shown=list(shown), asked_at=now, last_at=now)
        tx.session.execute(made)
        return
    keys = list(dict.fromkeys([*before.shown, *shown]))
    again = sa.update(asks).where(asks.c.serial == before.serial)
    tx.session.execute(again.values(shown=keys, last_at=now))


_FOLLOWED = sa.update(asks).where(
    asks.c.asker == sa.bindparam("of_asker"),
    asks.c.beside.is_(None),
    asks.c.ticket_at.is_(None),
    asks.c.asked_at >= sa.bindparam("since"),
    asks.c.asked_at <= sa.bindparam("until"),
)


def keep_following_ticket(
    tx: Transaction, *, asker: str, number: str, opened_at: datetime, since: datetime
) -> None:
    """Remember which ticket a requester opened after asks that had none yet."""
    period = {"since": since, "until": opened_at}
    followed = {"ticket": number, "ticket_at": opened_at}
    tx.send(_FOLLOWED, {"of_asker": asker, **period, **followed})


def asks_between(session: Session, *, since: datetime, until: datetime) -> list[Ask]:
    """Return what requesters asked in a period, with what they read."""
    period = sa.and_(asks.c.asked_at >= since, asks.c.asked_at < until, asks.c.beside.is_(None))
    rows = session.execute(sa.select(asks).where(period)).mappings().all()
    found = (
        sa.select(readings.c.reader, readings.c.read_at, articles.c.key)
        .join(articles, articles.c.id == readings.c.article_id)
        .where(
            readings.c.reader.in_(sa.select(asks.c.asker).where(period)),
            readings.c.read_at >= since,
            readings.c.read_at < until + timedelta(days=1),
        )
    )
    read: dict[str, list[tuple[datetime, str]]] = {}
    for reader, read_at, key in session.execute(found):
        read.setdefault(reader, []).append((read_at, key))
    return [
        Ask(
            asked_at=row["asked_at"],
            is_held_out=row["is_held_out"],
            shown=tuple(row["shown"]),
            readings=tuple(read.get(row["asker"], ())),
            ticket_at=row["ticket_at"],
        )
        for row in rows
    ]


def solved_by(session: Session, *, keys: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the words of the last tickets that were resolved with each article."""
    found = (
        sa.select(resolutions.c.article_key, cases.c.words)
        .join(cases, cases.c.ticket_id == resolutions.c.ticket_id)
        .where(resolutions.c.article_key.in_(keys))
        .order_by(resolutions.c.resolved_at.desc())
        .limit(_MOST_SOLVED)
    )
    solved: dict[str, list[Mapping[str, Any]]] = {}
    for key, words in session.execute(found):
        solved.setdefault(key, []).append(words)
    return solved
