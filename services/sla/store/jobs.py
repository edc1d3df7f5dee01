"""Work over many tickets, done a chunk at a time: how far it is, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from chassis.database import Instant, Transaction
from services.sla.domain.what_if import Verdict
from services.sla.models import jobs, tickets, verdicts

RUNNING: Final = "running"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as kept.

    Attributes:
        spec: what is asked.
        found: what came of the tickets seen so far.
        after: the last ticket seen: its opening and its id.
    """

    job_id: str
    kind: str
    state: str
    spec: Mapping[str, Any]
    found: Mapping[str, Any]
    since: datetime
    until: datetime
    total: int
    seen: int = 0
    after_at: datetime | None = None
    after_id: str = ""
    started_at: datetime
    ended_at: datetime | None = None


_FIELDS: Final = tuple(field.name for field in fields(Job))
_COLUMNS: Final = tuple(jobs.c[name] for name in _FIELDS)
_JOB: Final = sa.select(*_COLUMNS).where(jobs.c.job_id == sa.bindparam("id"))
_LOCKED: Final = _JOB.with_for_update()
_NEWEST: Final = sa.select(jobs.c.job_id).order_by(jobs.c.started_at.desc(), jobs.c.job_id.desc())


def begin(tx: Transaction, job: Job) -> None:
    """Keep a new job."""
    tx.connection.execute(sa.insert(jobs), asdict(job))


def job(tx: Transaction, job_id: str) -> Job | None:
    """Return a job."""
    row = tx.connection.execute(_JOB, {"id": job_id}).mappings().first()
    return Job(**row) if row else None


def locked(tx: Transaction, job_id: str) -> Job | None:
    """Return a job that no other transaction changes until this one ends."""
    row = tx.connection.execute(_LOCKED, {"id": job_id}).mappings().first()
    return Job(**row) if row else None


def save(tx: Transaction, job: Job) -> None:
    """Keep how far a job is."""
    tx.connection.execute(sa.update(jobs).where(jobs.c.job_id == job.job_id), asdict(job))


def running(tx: Transaction) -> int:
    """Count the jobs under way."""
    asked = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.state == RUNNING)
    return tx.connection.scalar(asked) or 0


def forget_all_but(tx: Transaction, *, newest: int) -> None:
    """Forget old jobs with what they found."""
    old = tx.connection.scalars(_NEWEST.where(jobs.c.state != RUNNING).offset(newest)).all()
    tx.connection.execute(sa.delete(verdicts).where(verdicts.c.job_id.in_(old)))
    tx.connection.execute(sa.delete(jobs).where(jobs.c.job_id.in_(old)))


def count_opened(tx: Transaction, *, since: datetime, until: datetime) -> int:
    """Count the tickets opened in `[since, until)`."""
    asked = sa.select(sa.func.count()).select_from(tickets).where(*_opened(since, until))
    return tx.connection.scalar(asked) or 0


def next_opened(tx: Transaction, job: Job, *, limit: int) -> Sequence[tuple[datetime, str]]:
    """Return openings and ids of the tickets that a job sees next, in order."""
    asked = sa.select(tickets.c.opened_at, tickets.c.ticket_id).where(
        *_opened(job.since, job.until)
    )
    if job.after_at is not None:
        here = sa.tuple_(tickets.c.opened_at, tickets.c.ticket_id)
        asked = asked.where(here > sa.tuple_(sa.literal(job.after_at, Instant), job.after_id))
    rows = tx.connection.execute(
        asked.order_by(tickets.c.opened_at, tickets.c.ticket_id).limit(limit)
    )
    return [(opened_at, ticket_id) for opened_at, ticket_id in rows]


def add_verdicts(tx: Transaction, job_id: str, found: Sequence[tuple[str, Verdict]]) -> None:
    """Keep what was judged, with the number of each ticket."""
    rows = [
        {
            "job_id": job_id,
            "number": number,
            "kind": verdict.kind,
            "instance": verdict.instance,
            "was": verdict.was.state,
            "was_elapsed_us": verdict.was.elapsed,
            "was_target_us": verdict.was.target,
            "would_be": verdict.would_be.state,
            "would_be_elapsed_us": verdict.would_be.elapsed,
            "would_be_target_us": verdict.would_be.target,
        }
        for number, verdict in found
    ]
    if rows:
        tx.connection.execute(sa.insert(verdicts).inline(), rows)


def verdicts_of(
    tx: Transaction, job_id: str, *, after: str, limit: int, only_changed: bool
) -> list[dict[str, Any]]:
    """Return the verdicts of the next tickets after a number, all of a ticket together."""
    asked = sa.select(verdicts).where(verdicts.c.job_id == job_id, verdicts.c.number > after)
    if only_changed:
        asked = asked.where(verdicts.c.was != verdicts.c.would_be)
    numbers = asked.with_only_columns(verdicts.c.number).distinct()
    page = numbers.order_by(verdicts.c.number).limit(limit).subquery()
    found = asked.where(verdicts.c.number.in_(sa.select(page.c.number)))
    ordered = found.order_by(verdicts.c.number, verdicts.c.kind, verdicts.c.instance)
    return [dict(row) for row in tx.connection.execute(ordered).mappings()]


def _opened(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (tickets.c.opened_at >= since, tickets.c.opened_at < until)
