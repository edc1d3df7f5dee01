"""Tickets as sla needs them: their log, their clocks, and which thresholds fired."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.database import Transaction
from services.sla.domain import facts
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import FIRST_RESPONSE, RESOLUTION
from services.sla.domain.facts import Attributes, Fact
from services.sla.domain.thresholds import Firing, ThresholdKey
from services.sla.domain.weeks import week_of
from services.sla.models import blame, clocks, thresholds, ticket_log, tickets
from services.sla.store import weeks

# A ticket without them is counted as promised nothing.
ALWAYS_COUNTED: Final = (FIRST_RESPONSE, RESOLUTION)
UNPROMISED: Final = "unpromised"
COUNTED_BY: Final = (
    "priority",
    "group",
    "group_changes",
    "reopenings",
    "opened_at",
    "done_at",
)


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What is kept of a ticket beside its log."""

    ticket_id: str
    number: str
    origin: str
    edition: int | None = None
    revision: int = 0
    priority: str | None = None
    group: str | None = None
    group_changes: int = 0
    reopenings: int = 0
    opened_at: datetime | None = None
    done_at: datetime | None = None
    wake_at: datetime | None = None
    rebases: Sequence[Sequence[Any]] = ()  # [seq, at, edition] each, in order
    shown: dict[str, Any]

    @property
    def edition_now(self) -> int | None:
        """The edition it is judged by from the last choice on."""
        return int(self.rebases[-1][2]) if self.rebases else self.edition

    @property
    def counted_by(self) -> tuple[object, ...]:
        """What reports count its clocks by."""
        return tuple(getattr(self, name) for name in COUNTED_BY)

    @property
    def is_replayed(self) -> bool:
        """Whether it is another desk's past: judged, but nobody is told or woken."""
        return self.origin == "replay"


@dataclass(frozen=True)
class Fired:
    """A threshold as recorded."""

    key: ThresholdKey
    crossed_at: datetime
    fired_at: datetime
    superseded: bool


_OF_KIND: Final[Mapping[str, type[Fact]]] = {
    "opened": facts.Opened,
    "replied": facts.Replied,
    "assigned": facts.Assigned,
    "status_changed": facts.StatusChanged,
    "reprioritised": facts.Reprioritised,
    "categorised": facts.Categorised,
    "resolved": facts.Resolved,
    "reopened": facts.Reopened,
    "closed": facts.Closed,
    "cancelled": facts.Cancelled,
    "merged": facts.Merged,
    "unmerged": facts.Unmerged,
    "absorbed": facts.Absorbed,
    "released": facts.Released,
    "noted": facts.Noted,
}
_KIND_OF: Final = {fact: kind for kind, fact in _OF_KIND.items()}
_HEAD: Final = {"seq", "occurred_at"}

_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Ticket))
_COLUMNS: Final = tuple(tickets.c[name] for name in _FIELDS)
_LOCK: Final = (
    sa.select(tickets.c.ticket_id)
    .where(tickets.c.ticket_id == sa.bindparam("id"))
    .with_for_update()
)
_BY_NUMBER: Final = sa.select(*_COLUMNS).where(tickets.c.number == sa.bindparam("number"))
_LOG: Final = (
    sa.select(
        ticket_log.c.seq,
        ticket_log.c.occurred_at,
        ticket_log.c.kind,
        ticket_log.c.facts.label("said"),
    )
    .where(ticket_log.c.ticket_id == sa.bindparam("id"))
    .order_by(ticket_log.c.seq)
)
_ADD_TO_LOG: Final = sa.insert(ticket_log).inline()
_WITH_LOG: Final = (
    sa.select(
        *_COLUMNS,
        ticket_log.c.seq,
        ticket_log.c.occurred_at,
        ticket_log.c.kind,
        ticket_log.c.facts.label("said"),
    )
    .join_from(tickets, ticket_log, ticket_log.c.ticket_id == tickets.c.ticket_id, isouter=True)
    .where(tickets.c.ticket_id == sa.bindparam("id"))
    .order_by(ticket_log.c.seq)
)
_FIRED: Final = (
    sa.select(thresholds)
    .where(thresholds.c.ticket_id == sa.bindparam("id"))
    .order_by(thresholds.c.crossed_at, thresholds.c.percent, thresholds.c.minutes)
)
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_SOME: Final = (
    sa.select(*_COLUMNS).where(tickets.c.ticket_id.in_(_IDS)).order_by(tickets.c.ticket_id)
)
_ALL_LOCKED: Final = _SOME.with_for_update()
_LOGS: Final = (
    sa.select(
        ticket_log.c.ticket_id,
        ticket_log.c.seq,
        ticket_log.c.occurred_at,
        ticket_log.c.kind,
        ticket_log.c.facts,
    )
    .where(ticket_log.c.ticket_id.in_(_IDS))
    .order_by(ticket_log.c.ticket_id, ticket_log.c.seq)
)
_ALL_FIRED: Final = (
    sa.select(thresholds)
    .where(thresholds.c.ticket_id.in_(_IDS))
    .order_by(
        thresholds.c.ticket_id, thresholds.c.crossed_at, thresholds.c.percent, thresholds.c.minutes
    )
)


# Clocks that have not ended; `models.clocks_running` has them and nothing else.
RUNNING: Final = sa.text("state IN ('running', 'paused', 'breached')")


def running(
    tx: Transaction, *, policy: str | None, calendar: str | None, after: str, limit: int
) -> list[str]:
    """Return the ids of tickets with a clock that has not ended, in order, after one."""
    wanted = sa.select(clocks.c.ticket_id).distinct().where(RUNNING, clocks.c.ticket_id > after)
    if policy is not None:
        wanted = wanted.where(clocks.c.policy == policy)
    if calendar is not None:
        wanted = wanted.where(clocks.c.calendar == calendar)
    return list(tx.connection.scalars(wanted.order_by(clocks.c.ticket_id).limit(limit)))


def begin(tx: Transaction, ticket: Ticket) -> bool:
    """Begin a ticket unless it was; whether it was news."""
    return tx.insert_if_absent(tickets, **_values(ticket))


def locked(tx: Transaction, ticket_id: str) -> tuple[Ticket | None, list[Fact]]:
    """Return a ticket that no other transaction changes until this one ends, and its log."""
    tx.send(_LOCK, {"id": ticket_id})
    rows = tx.connection.execute(_WITH_LOG, {"id": ticket_id}).all()
    if not rows:
        return None, []
    ticket = Ticket(**dict(zip(_FIELDS, rows[0], strict=False)))
    return ticket, [
        _fact(seq=row.seq, occurred_at=row.occurred_at, kind=row.kind, said=row.said)
        for row in rows
        if row.seq is not None
    ]


def ticket_by_number(tx: Transaction, number: str) -> Ticket | None:
    """Return a ticket by the number people know."""
    row = tx.connection.execute(_BY_NUMBER, {"number": number}).mappings().first()
    return Ticket(**row) if row else None


def log_of(tx: Transaction, ticket_id: str) -> list[Fact]:
    """Return a ticket's log, in order."""
    return [_fact(**row) for row in tx.connection.execute(_LOG, {"id": ticket_id}).mappings()]


def add_to_log(tx: Transaction, ticket_id: str, fact: Fact) -> None:
    """Keep a fact that is not in the ticket's log yet."""
    tx.send(_ADD_TO_LOG, {"ticket_id": ticket_id, **_entry(fact)})


def some(tx: Transaction, ids: Sequence[str]) -> list[Ticket]:
    """Return those of the tickets that are there, in the order of their ids."""
    rows = tx.connection.execute(_SOME, {"ids": ids}).mappings()
    return [Ticket(**row) for row in rows]


def all_locked(tx: Transaction, ids: Sequence[str]) -> list[Ticket]:
    """Return those of the tickets that are there, in the order of their ids, locked."""
    rows = tx.connection.execute(_ALL_LOCKED, {"ids": ids}).mappings()
    return [Ticket(**row) for row in rows]


def logs_of(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Fact]]:
    """Return the logs of some tickets, by id, each in order."""
    found: dict[str, list[Fact]] = {ticket_id: [] for ticket_id in ids}
    for ticket_id, seq, occurred_at, kind, said in tx.connection.execute(_LOGS, {"ids": ids}):
        found[ticket_id].append(_fact(seq=seq, occurred_at=occurred_at, kind=kind, said=said))
    return found


def fired(tx: Transaction, ticket_id: str) -> list[Fired]:
    """Return the thresholds of a ticket that were recorded, in the order they were crossed."""
    rows = tx.connection.execute(_FIRED, {"id": ticket_id}).mappings()
    return [_fired(row) for row in rows]


def all_fired(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Fired]]:
    """Return the thresholds of some tickets that were recorded, by ticket."""
    found: dict[str, list[Fired]] = {ticket_id: [] for ticket_id in ids}
    for row in tx.connection.execute(_ALL_FIRED, {"ids": ids}).mappings():
        found[row["ticket_id"]].append(_fired(row))
    return found


class Ledger:
    """What becomes of tickets in one transaction, written a table at a time at its end."""

    def __init__(self, tx: Transaction, fired: Mapping[str, Sequence[Fired]]) -> None:
        self.tx = tx
        self._fired = fired
        self._tickets: list[dict[str, Any]] = []
        self._clocks: list[dict[str, Any]] = []
        self._firings: list[dict[str, Any]] = []
        self._blame: dict[str, list[dict[str, Any]]] = {}
        self._weeks: set[int] = set()  # whose rows are written

    def save(self, ticket: Ticket) -> None:
        """Keep what became of a ticket."""
        self._tickets.append(_values(ticket))

    def save_clocks(self, ticket: Ticket, changed: Sequence[Clock]) -> None:
        """Keep clocks, each in its row."""
        self._write(ticket, [_row(ticket, clock) for clock in changed])

    def save_unpromised(self, ticket: Ticket, clocks: Sequence[Clock]) -> None:
        """Let reports count a ticket also where it was promised nothing."""
        promised = {clock.kind for clock in clocks}
        missing = [kind for kind in ALWAYS_COUNTED if kind not in promised]
        self._write(ticket, [_unpromised(ticket, kind) for kind in missing])

    def forget_clocks(self, ticket: Ticket) -> None:
        """Drop what reports read of a ticket, to be written anew."""
        self.tx.send(_FORGET_CLOCKS, {"this": ticket.ticket_id})
        self._blame[ticket.ticket_id] = []
        self._touch(ticket)

    def save_blame(self, ticket: Ticket, *, policy: str, spent: Mapping[str, int]) -> None:
        """Keep whose time a missed resolution was; nothing spent forgets it."""
        self._blame[ticket.ticket_id] = [
            {
                "ticket_id": ticket.ticket_id,
                "holder": holder,
                "spent_us": spent_us,
                "policy": policy,
                "priority": ticket.priority,
                "group": ticket.group,
                "group_changes": ticket.group_changes,
                "opened_at": ticket.opened_at,
            }
            for holder, spent_us in spent.items()
        ]
        self._touch(ticket)

    def fired(self, ticket_id: str) -> Sequence[Fired]:
        """Return the thresholds of a ticket that were recorded before."""
        return self._fired[ticket_id] if ticket_id in self._fired else fired(self.tx, ticket_id)

    def add_fired(self, ticket_id: str, firings: Sequence[Firing]) -> None:
        """Record thresholds, each once."""
        self._firings += [
            {
                "ticket_id": ticket_id,
                **firing.key._asdict(),
                "crossed_at": firing.crossed_at,
                "fired_at": self.tx.now,
                "superseded": firing.superseded,
            }
            for firing in firings
        ]

    def write(self) -> None:
        """Write it."""
        if self._tickets:
            self.tx.send(_upsert(tickets, self.tx.dialect), *self._tickets)
        if self._clocks:
            self.tx.send(_upsert(clocks, self.tx.dialect), *self._clocks)
        if self._blame:
            self.tx.send(_FORGET_BLAME, *({"this": ticket_id} for ticket_id in self._blame))
        if spent := [row for rows in self._blame.values() for row in rows]:
            self.tx.send(_ADD_BLAME, *spent)
        if self._firings:
            self.tx.send(_ADD_FIRED, *self._firings)
        if self._weeks:
            self.tx.send(weeks.TOUCH, *({"this": week} for week in sorted(self._weeks)))

    def _write(self, ticket: Ticket, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._clocks += rows
            self._touch(ticket)

    def _touch(self, ticket: Ticket) -> None:
        if ticket.opened_at is not None:
            self._weeks.add(week_of(ticket.opened_at))


@contextmanager
def ledger(
    tx: Transaction, *, fired: Mapping[str, Sequence[Fired]] | None = None
) -> Iterator[Ledger]:
    """Collect what becomes of tickets, and write it at the end.

    Args:
        tx: the transaction it belongs to.
        fired: thresholds recorded before, by ticket, as far as they were read already.
    """
    found = Ledger(tx, fired or {})
    yield found
    found.write()


_ADD_FIRED: Final = sa.insert(thresholds).inline()
_FORGET_CLOCKS: Final = sa.delete(clocks).where(clocks.c.ticket_id == sa.bindparam("this"))
_ADD_BLAME: Final = sa.insert(blame).inline()
_FORGET_BLAME: Final = sa.delete(blame).where(blame.c.ticket_id == sa.bindparam("this"))


@cache
def _upsert(table: sa.Table, dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).inline()
    key = [column.name for column in table.primary_key]
    fresh = {column.name: insert.excluded[column.name] for column in table.c}
    return insert.on_conflict_do_update(
        index_elements=key, set_={name: value for name, value in fresh.items() if name not in key}
    )


def _fired(row: Mapping[Any, Any]) -> Fired:
    key = ThresholdKey(*(row[name] for name in ThresholdKey._fields))
    return Fired(key, row["crossed_at"], row["fired_at"], row["superseded"])


def _values(ticket: Ticket) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in _FIELDS}


def _entry(fact: Fact) -> dict[str, Any]:
    names = (each.name for each in dataclasses.fields(fact) if each.name not in _HEAD)
    said = {name: getattr(fact, name) for name in names}
    if isinstance(fact, facts.Opened):
        said["attributes"] = dataclasses.asdict(fact.attributes)
    return {
        "seq": fact.seq,
        "occurred_at": fact.occurred_at,
        "kind": _KIND_OF[type(fact)],
        "facts": said,
    }


def _fact(*, seq: int, occurred_at: datetime, kind: str, said: Mapping[str, Any]) -> Fact:
    if kind == "opened":
        said = {**said, "attributes": Attributes(**said["attributes"])}
    return _OF_KIND[kind](seq=seq, occurred_at=occurred_at, **said)


def _row(ticket: Ticket, clock: Clock) -> dict[str, Any]:
    return _counted(ticket) | {
        "ticket_id": ticket.ticket_id,
        "kind": clock.kind,
        "instance": clock.instance,
        "state": clock.state,
        "version": clock.version,
        "target_us": clock.target,
        "elapsed_us": clock.elapsed,
        "started_at": clock.started_at,
        "judged_due_at": clock.judged_due_at,
        "stopped_at": clock.stopped_at,
        "breached_at": clock.breached_at,
        "cause": clock.cause,
        "excused": clock.excused,
        "policy": clock.policy,
        "policy_version": clock.policy_version,
        "calendar": clock.calendar,
        "calendar_version": clock.calendar_version,
        "group": clock.group or ticket.group,
    }


def _unpromised(ticket: Ticket, kind: str) -> dict[str, Any]:
    nothing = Clock(
        kind=kind,
        instance=0,
        state="cancelled",
        version=0,
        target=0,
        elapsed=0,
        started_at=cast("datetime", ticket.opened_at),
        policy_version=0,
        calendar_version=0,
    )
    return _row(ticket, nothing) | {"state": UNPROMISED}


def _counted(ticket: Ticket) -> dict[str, Any]:
    return dict(zip(COUNTED_BY, ticket.counted_by, strict=True))
