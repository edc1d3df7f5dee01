"""What-ifs and rebuilds: work over many tickets that changes none of them."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from chassis.bus.alarms import fire_batch
from contracts import sla
from contracts.errors import Conflict, Invalid, NotFound
from services.sla import handlers, models
from services.sla.domain.errors import InvalidDefinition
from services.sla.handlers import jobs
from tests.service.sla.house import HOUR, OFFICE, House, Ticket, at, policy

STRICT = policy(
    targets=(
        sla.TargetSpec(clock="resolution", priority="P3", minutes=60, calendar="always"),
        sla.TargetSpec(clock="first_response", priority="P3", minutes=60, calendar="always"),
    )
)


def ask(house: House, **changes: object) -> sla.Job:
    command = sla.WhatIf(**{"since": at(-1), "until": at(48), "policies": (STRICT,)} | changes)
    with house.database.write() as tx:
        return handlers.start_what_if(command, tx=tx)


def work(house: House, *, chunks: int = 100) -> None:
    for _ in range(chunks):
        if not fire_batch(house.database, lambda due, tx: handlers.ring(due, tx=tx), limit=9):
            return


def seen(house: House, job: sla.Job) -> sla.Job:
    with house.database.read() as tx:
        return handlers.get_job(sla.GetJob(id=job.id), tx=tx)


def a_quiet_day(house: House, *, tickets: int = 3) -> None:
    """Tickets solved after half an hour, one and a half, two and a half, …"""
    house.promise()
    for n in range(tickets):
        ticket = Ticket(f"INC-{n}")
        house.hear(ticket.opened(), ticket.assigned(0.1), ticket.resolved(0.5 + n))
    house.clock.at = at(40)


def everything(house: House) -> dict[str, list[object]]:
    kept = {name for name in models.Base.metadata.tables if name not in {"jobs", "verdicts"}}
    with house.database.read() as tx:
        return {
            name: list(tx.connection.execute(sa.select(models.Base.metadata.tables[name])))
            for name in kept
        }


def test_a_what_if_judges_every_ticket_of_the_period_again_and_changes_none(house: House) -> None:
    a_quiet_day(house)
    before = everything(house)

    job = ask(house)
    work(house)

    found = seen(house, job)
    assert (found.state, found.seen, found.total) == ("done", 3, 3)
    resolution = next(row for row in found.clocks if row.clock == "resolution")
    assert resolution.was == {"met": 3}
    assert resolution.would_be == {"met": 1, "missed": 2}
    assert (resolution.newly_missed, resolution.newly_kept) == (2, 0)
    assert found.blame_was == {}
    assert found.blame_would_be == {"tier1:service-desk": 3.8 * HOUR, "unassigned": 0.2 * HOUR}
    assert everything(house) == before


def test_a_what_if_shows_each_ticket_with_both_verdicts(house: House) -> None:
    a_quiet_day(house)
    job = ask(house)
    work(house)

    with house.database.read() as tx:
        changed = handlers.list_verdicts(sla.ListVerdicts(id=job.id, limit=1), tx=tx)
        rest = handlers.list_verdicts(sla.ListVerdicts(id=job.id, after="INC-1"), tx=tx)
        both = handlers.list_verdicts(sla.ListVerdicts(id=job.id, only_changed=False), tx=tx)

    last = changed.items[-1]
    assert {one.number for one in changed.items} == {changed.next_after} == {"INC-1"}
    assert (last.was, last.would_be) == ("met", "missed")
    assert (last.was_target_us, last.would_be_target_us) == (10 * HOUR, HOUR)
    assert last.was_elapsed_us == last.would_be_elapsed_us == 1.5 * HOUR
    assert ({one.number for one in rest.items}, rest.next_after) == ({"INC-2"}, None)
    assert len(both.items) == 6


def test_another_calendar_stands_in_place_of_its_like(house: House) -> None:
    house.promise(policy("office"))
    ticket = Ticket()
    house.hear(ticket.opened(), ticket.resolved(30))  # eight office hours, then five and a half
    house.clock.at = at(40)
    always = {day: (sla.Opening(start="00:00", end="24:00"),) for day in ("mon", "tue")}

    job = ask(house, policies=(), calendars=(replace(OFFICE, week=always),))
    work(house)

    resolution = next(row for row in seen(house, job).clocks if row.clock == "resolution")
    assert (resolution.was, resolution.would_be) == ({"missed": 1}, {"missed": 1})
    with house.database.read() as tx:
        listed = handlers.list_verdicts(sla.ListVerdicts(id=job.id, only_changed=False), tx=tx)
    found = next(one for one in listed.items if one.clock == "resolution")
    assert found.would_be_elapsed_us == 30 * HOUR
    assert found.was_elapsed_us < 30 * HOUR


def test_a_job_of_several_chunks_sees_every_ticket_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    a_quiet_day(house, tickets=5)

    job = ask(house)
    work(house)

    found = seen(house, job)
    resolution = next(row for row in found.clocks if row.clock == "resolution")
    assert (found.state, found.seen) == ("done", 5)
    assert sum(resolution.was.values()) == 5


def test_a_job_goes_on_chunk_by_chunk_and_can_be_cancelled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    a_quiet_day(house, tickets=5)
    job = ask(house)

    work(house, chunks=1)
    half = seen(house, job)
    with house.database.write() as tx:
        cancelled = handlers.cancel_job(sla.CancelJob(id=job.id), tx=tx)
    work(house)

    assert (half.state, half.seen, half.total) == ("running", 2, 5)
    assert (cancelled.state, cancelled.seen) == ("cancelled", 2)
    assert seen(house, job) == cancelled
    assert [key for key, _ in house.timers() if key.startswith("job:")] == []


def test_a_what_if_that_cannot_be_meant_is_refused(house: House) -> None:
    house.promise()
    lost = policy("nowhere")

    with pytest.raises(Invalid, match="policies"):
        ask(house, policies=())
    with pytest.raises(Invalid, match="until"):
        ask(house, until=at(-2))
    with pytest.raises(InvalidDefinition, match="no such calendar"):
        ask(house, policies=(lost,))
    with house.database.read() as tx, pytest.raises(NotFound):
        handlers.get_job(sla.GetJob(id="none"), tx=tx)


def test_only_so_many_jobs_are_under_way_at_once(house: House) -> None:
    house.promise()
    for _ in range(jobs.MOST_AT_ONCE):
        ask(house)

    with pytest.raises(Conflict):
        ask(house)


def test_what_reports_read_is_written_anew_from_the_logs(house: House) -> None:
    a_quiet_day(house)
    late = Ticket("INC-9")
    house.hear(late.opened(), late.assigned(1), late.assigned(2, "network"))
    house.wait(39)
    with house.database.write() as tx:
        handlers.start_rebuild(sla.Rebuild(), tx=tx)
    work(house)
    before = everything(house)
    with house.database.write() as tx:
        tx.connection.execute(sa.delete(models.blame))
        tx.connection.execute(sa.update(models.clocks).values(state="met", priority=None))
        tx.connection.execute(sa.delete(models.clocks).where(models.clocks.c.kind == "resolution"))

    with house.database.write() as tx:
        handlers.start_rebuild(sla.Rebuild(), tx=tx)
    work(house)

    after = everything(house)
    assert [sorted(after[name], key=repr) for name in ("clocks", "blame", "tickets")] == [
        sorted(before[name], key=repr) for name in ("clocks", "blame", "tickets")
    ]
    assert before["blame"]
