"""Work over many tickets: begun by a call, done a chunk at a time by a timer, seen and cancelled.

Each chunk is one transaction, so that a job survives whatever ends its process, moves between
replicas, and leaves room for events and thresholds in between.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from chassis import context
from chassis.database import Timer, Transaction
from chassis.ids import new_id
from contracts import sla as contract
from contracts.errors import Conflict, NotFound, invalid_field
from contracts.grammar import to_plain
from services.sla.domain.calendar import read_calendar
from services.sla.domain.instants import micros_of
from services.sla.domain.policy import read_policy, refuse_unreachable
from services.sla.domain.what_if import Rejudged, Tally, rejudge
from services.sla.handlers import clocks
from services.sla.handlers.book import calendar_document
from services.sla.store import book, jobs, tickets
from services.sla.store.jobs import RUNNING, Job

WHAT_IF: Final = "what_if"
REBUILD: Final = "rebuild"
KEY: Final = "job:"
CHUNK: Final = 100  # tickets a transaction; some tens of milliseconds of a process
MOST_AT_ONCE: Final = 3
MOST_TICKETS: Final = 1_000_000  # of a what-if, which keeps a row for each clock
KEPT: Final = 20  # of the jobs that ended


def start_what_if(command: contract.WhatIf, *, tx: Transaction) -> contract.Job:
    """Begin to judge the tickets of a period again, under other policies or calendars.

    Raises:
        Invalid: nothing to change, a period the wrong way round or with too many tickets.
        InvalidDefinition: a policy or calendar that cannot be meant.
        Conflict: too many jobs are under way.
    """
    if not command.policies and not command.calendars:
        raise invalid_field("policies", "Name a policy or a calendar to judge by.")
    if command.until <= command.since:
        raise invalid_field("until", "Must be later than since.")
    calendars = [calendar_document(spec, now=tx.now) for spec in command.calendars]
    policies = [to_plain(spec) for spec in command.policies]
    spec = {"calendars": calendars, "policies": policies}
    _refuse_unusable(spec, tx=tx)
    begun = _begin(WHAT_IF, spec, since=command.since, until=command.until, tx=tx)
    if begun.total > MOST_TICKETS:
        raise invalid_field("since", f"More than {MOST_TICKETS:,} tickets; ask for less at once.")
    return _shown(begun)


def start_rebuild(_command: contract.Rebuild, *, tx: Transaction) -> contract.Job:
    """Begin to write anew what reports read, from the tickets' logs.

    Raises:
        Conflict: too many jobs are under way.
    """
    always = datetime(1970, 1, 1, tzinfo=tx.now.tzinfo)
    return _shown(_begin(REBUILD, {}, since=always, until=tx.now + timedelta(days=1), tx=tx))


def get_job(question: contract.GetJob, *, tx: Transaction) -> contract.Job:
    """Show how far a job is, and what it found so far.

    Raises:
        NotFound: no such job, or it is forgotten.
    """
    found = jobs.job(tx, question.id)
    if found is None:
        raise NotFound("job_not_found", facts={"id": question.id})
    return _shown(found)


def cancel_job(command: contract.CancelJob, *, tx: Transaction) -> contract.Job:
    """Stop a job after the chunk in hand; one that ended stays as it is.

    Raises:
        NotFound: no such job, or it is forgotten.
    """
    found = jobs.locked(tx, command.id)
    if found is None:
        raise NotFound("job_not_found", facts={"id": command.id})
    if found.state == RUNNING:
        found = replace(found, state="cancelled", ended_at=tx.now)
        jobs.save(tx, found)
        tx.disarm(key=KEY + found.job_id)
    return _shown(found)


def list_verdicts(question: contract.ListVerdicts, *, tx: Transaction) -> contract.Verdicts:
    """Show what a what-if judged, ticket by ticket.

    Raises:
        NotFound: no such job, or it is forgotten.
    """
    get_job(contract.GetJob(id=question.id), tx=tx)
    rows = jobs.verdicts_of(
        tx,
        question.id,
        after=question.after,
        limit=question.limit,
        only_changed=question.only_changed,
    )
    items = tuple(
        contract.Verdict(
            clock=row.pop("kind"), **{name: row[name] for name in row if name != "job_id"}
        )
        for row in rows
    )
    is_last = len({item.number for item in items}) < question.limit
    return contract.Verdicts(items=items, next_after=None if is_last else items[-1].number)


def ring(timers: Sequence[Timer], *, tx: Transaction) -> None:
    """Look at tickets whose thresholds are reached; go on with jobs."""
    going = [timer for timer in timers if timer.key.startswith(KEY)]
    if len(going) < len(timers):
        clocks.look_again([timer for timer in timers if timer not in going], tx=tx)
    for timer in sorted(going, key=lambda one: one.key):
        with context.caused_by_timer(timer.key):
            go_on(timer, tx=tx)


def go_on(timer: Timer, *, tx: Transaction) -> None:
    """Do the next chunk of a job."""
    job = jobs.locked(tx, timer.payload["job_id"])
    if job is None or job.state != RUNNING:
        return
    chunk = jobs.next_opened(tx, job, limit=CHUNK)
    ids = [ticket_id for _, ticket_id in chunk]
    found = _rejudge_all(job, ids, tx=tx) if job.kind == WHAT_IF else _rebuild(ids, tx=tx)
    after = replace(job, seen=job.seen + len(chunk), found=found)
    if len(chunk) < CHUNK:
        after = replace(after, state="done", ended_at=tx.now)
    else:
        after_at, after_id = chunk[-1]
        after = replace(after, after_at=after_at, after_id=after_id)
        tx.arm(key=timer.key, due_at=tx.now, payload=timer.payload)
    jobs.save(tx, after)


def _begin(
    kind: str, spec: dict[str, Any], *, since: datetime, until: datetime, tx: Transaction
) -> Job:
    if jobs.running(tx) >= MOST_AT_ONCE:
        raise Conflict("too_many_jobs", f"{MOST_AT_ONCE} jobs are under way; wait for one.")
    jobs.forget_all_but(tx, newest=KEPT - 1)
    job = Job(
        job_id=new_id(),
        kind=kind,
        state=RUNNING,
        spec=spec,
        found={},
        since=since,
        until=until,
        total=jobs.count_opened(tx, since=since, until=until),
        started_at=tx.now,
    )
    jobs.begin(tx, job)
    tx.arm(key=KEY + job.job_id, due_at=tx.now, payload={"job_id": job.job_id})
    return job


def _refuse_unusable(spec: dict[str, Any], *, tx: Transaction) -> None:
    for document in spec["calendars"]:
        read_calendar(document, version=0)
    other = book.otherwise(tx, book.latest_number(tx), calendars=spec["calendars"], policies=())
    for document in spec["policies"]:
        read_policy(document, version=0)
        refuse_unreachable(document, book=other, now=micros_of(tx.now))


def _rejudge_all(job: Job, ids: list[str], *, tx: Transaction) -> dict[str, Any]:
    logs = tickets.logs_of(tx, ids)
    tally = {kind: Tally(**said) for kind, said in job.found.get("clocks", {}).items()}
    blame = {side: dict(job.found.get(side, {})) for side in ("blame_was", "blame_would_be")}
    verdicts = []
    for ticket in tickets.some(tx, ids):
        edition = ticket.edition or 0
        rejudged = rejudge(
            logs[ticket.ticket_id],
            book=book.book(tx, edition),
            other=book.otherwise(tx, edition, **job.spec, job_id=job.job_id),
            now=job.started_at,
            is_replayed=ticket.is_replayed,
        )
        verdicts += [(ticket.number, verdict) for verdict in rejudged.verdicts]
        for verdict in rejudged.verdicts:
            tally.setdefault(verdict.kind, Tally()).add(verdict)
        _add_blame(blame, rejudged)
    jobs.add_verdicts(tx, job.job_id, verdicts)
    counted = {
        kind: {
            "was": one.was,
            "would_be": one.would_be,
            "newly_missed": one.newly_missed,
            "newly_kept": one.newly_kept,
        }
        for kind, one in tally.items()
    }
    return {"clocks": counted, **blame}


def _add_blame(blame: dict[str, dict[str, int]], rejudged: Rejudged) -> None:
    both = (("blame_was", rejudged.blame_was), ("blame_would_be", rejudged.blame_would_be))
    for side, spent in both:
        for holder, length in spent.items():
            blame[side][holder] = blame[side].get(holder, 0) + length


def _rebuild(ids: list[str], *, tx: Transaction) -> dict[str, Any]:
    clocks.write_anew(ids, tx=tx)
    return {}


def _shown(job: Job) -> contract.Job:
    found = job.found
    return contract.Job(
        id=job.job_id,
        kind=cast("Any", job.kind),
        state=cast("Any", job.state),
        total=max(job.total, job.seen),
        seen=job.seen,
        since=job.since,
        until=job.until,
        started_at=job.started_at,
        ended_at=job.ended_at,
        clocks=tuple(
            contract.WhatIfRow(clock=kind, **said)
            for kind, said in sorted(found.get("clocks", {}).items())
        ),
        blame_was=found.get("blame_was", {}),
        blame_would_be=found.get("blame_would_be", {}),
    )
