"""The room without its door: events, timers and calls straight to the handlers."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.bus.alarms import fire
from chassis.database import Database
from chassis.ids import new_id
from contracts import intake, sla
from contracts.grammar import Event, from_plain, to_plain
from services.sla import handlers

MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)  # eight in the morning in Jakarta
HOUR = 3_600_000_000
AGENT = intake.Actor(kind="agent", id="budi@example.com", name="Budi")
REQUESTER = intake.Actor(kind="requester", id="ani@example.com", name="Ani")
ANI = intake.Person(name="Ani", email="ani@example.com", organisation="Keuangan")
ALL_DAY = (sla.Opening(start="00:00", end="24:00"),)
OFFICE_DAY = (sla.Opening(start="08:00", end="12:00"), sla.Opening(start="13:00", end="17:00"))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ALWAYS = sla.CalendarSpec(
    key="always", name="Always", zone="UTC", week=dict.fromkeys(WEEKDAYS, ALL_DAY)
)
OFFICE = sla.CalendarSpec(
    key="office", name="Office", zone="Asia/Jakarta", week=dict.fromkeys(WEEKDAYS[:5], OFFICE_DAY)
)


def at(hours: float) -> datetime:
    """So many hours after Monday morning."""
    return MONDAY + timedelta(hours=hours)


def policy(calendar: str = "always", **changes: Any) -> sla.PolicySpec:
    """P1 in 15 minutes and 4 hours, P3 in one hour and ten."""
    lengths = (("P1", 15, 240), ("P3", 60, 600))
    return sla.PolicySpec(
        **{
            "key": "standard",
            "name": "Standard",
            "targets": tuple(
                sla.TargetSpec(clock=clock, priority=priority, minutes=minutes, calendar=calendar)
                for priority, response, resolution in lengths
                for clock, minutes in (("first_response", response), ("resolution", resolution))
            ),
        }
        | changes
    )


class MovableClock:
    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())


class Ticket:
    """Makes the events of one ticket, in order."""

    def __init__(self, number: str = "INC-1001", *, origin: intake.Origin = "live") -> None:
        self.ticket_id = new_id()
        self.number = number
        self._origin = origin
        self._seq = 0

    def _head(self, hours: float, actor: intake.Actor = AGENT) -> dict[str, Any]:
        self._seq += 1
        return {
            "ticket_id": self.ticket_id,
            "number": self.number,
            "seq": self._seq,
            "occurred_at": at(hours),
            "actor": actor,
            "origin": self._origin,
        }

    def opened(
        self, hours: float = 0, *, priority: str = "P3", **changes: Any
    ) -> intake.TicketOpened:
        return intake.TicketOpened(
            **{
                "kind": "incident",
                "channel": "portal",
                "subject": "VPN putus",
                "body": "Tidak bisa konek sejak pagi.",
                "requester": ANI,
                "impact": "medium",
                "urgency": "medium",
                "priority": priority,
            }
            | changes,
            **self._head(hours, REQUESTER),
        )

    def replied(
        self, hours: float, *, by: intake.Actor = AGENT, public: bool = True
    ) -> intake.TicketReplied:
        return intake.TicketReplied(**self._head(hours, by), message_id=new_id(), public=public)

    def assigned(
        self, hours: float, group: str = "service-desk", *, tier: int = 1, to: str | None = "budi"
    ) -> intake.TicketAssigned:
        return intake.TicketAssigned(**self._head(hours), group=group, tier=tier, assignee=to)

    def pending(self, hours: float, reason: str = "requester") -> intake.TicketStatusChanged:
        waiting = "waiting_requester" if reason == "requester" else "waiting_other"
        return intake.TicketStatusChanged(
            **self._head(hours),
            was="in_progress",
            status="pending",
            category=waiting,
            pending_reason=reason,
        )

    def working(self, hours: float) -> intake.TicketStatusChanged:
        return intake.TicketStatusChanged(
            **self._head(hours), was="pending", status="in_progress", category="active"
        )

    def reprioritised(self, hours: float, priority: str) -> intake.TicketReprioritised:
        return intake.TicketReprioritised(
            **self._head(hours), was="P3", priority=priority, impact="high", urgency="high"
        )

    def categorised(self, hours: float, category: str) -> intake.TicketCategorised:
        return intake.TicketCategorised(**self._head(hours), category=category)

    def resolved(self, hours: float) -> intake.TicketResolved:
        solution = intake.Resolution(text="Reset", code="permanent_fix", cause="config")
        return intake.TicketResolved(**self._head(hours), was="in_progress", resolution=solution)

    def reopened(self, hours: float) -> intake.TicketReopened:
        return intake.TicketReopened(**self._head(hours, REQUESTER), status="in_progress")

    def closed(self, hours: float, status: intake.Status = "closed") -> intake.TicketClosed:
        return intake.TicketClosed(**self._head(hours), was="resolved", status=status)

    def merged(self, hours: float) -> intake.TicketMerged:
        head = self._head(hours)
        return intake.TicketMerged(**head, into="INC-9", into_ticket_id="t-9", was="assigned")

    def unmerged(self, hours: float) -> intake.TicketUnmerged:
        head = self._head(hours)
        return intake.TicketUnmerged(
            **head, out_of="INC-9", status="in_progress", category="active"
        )

    def absorbed(self, hours: float, opened: float) -> intake.TicketAbsorbed:
        return intake.TicketAbsorbed(
            **self._head(hours), source="INC-8", source_ticket_id="t-8", source_opened_at=at(opened)
        )

    def released(self, hours: float) -> intake.TicketReleased:
        return intake.TicketReleased(**self._head(hours), source="INC-8", source_ticket_id="t-8")

    def split(self, hours: float) -> intake.TicketSplit:
        return intake.TicketSplit(**self._head(hours), child="INC-7", child_ticket_id="t-7")


class House:
    """The room with its database, and time in hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock: MovableClock = database.timekeeper  # type: ignore[assignment]

    def promise(self, *policies: sla.PolicySpec) -> None:
        with self.database.write() as tx:
            handlers.put_calendar(ALWAYS, tx=tx)
            handlers.put_calendar(OFFICE, tx=tx)
        for spec in policies or (policy(),):
            with self.database.write() as tx:
                handlers.put_policy(spec, tx=tx)

    def hear(self, *events: intake.TicketEvent) -> None:
        """Events arrive as they do from the bus, at the instant they happened or later."""
        for event in events:
            self.clock.at = max(self.clock.at, event.occurred_at)
            arrived = from_plain(type(event), json.loads(json.dumps(to_plain(event))))
            with self.database.write() as tx:
                handlers.hear(arrived, tx=tx)

    def timers(self) -> list[tuple[str, datetime]]:
        table = self.database.tables.timers
        with self.database.read() as tx:
            due = sa.select(table.c.key, table.c.due_at).order_by(table.c.due_at)
            return [(key, due_at) for key, due_at in tx.connection.execute(due)]

    def wait(self, hours: float, *, asleep: bool = False) -> None:
        """Let time pass; timers ring as they fall due, or late when the service is asleep."""
        if asleep:
            self.clock.at = at(hours)
        while (due := [one for one in self.timers() if one[1] <= at(hours)]) != []:
            key, due_at = due[0]
            self.clock.at = max(self.clock.at, due_at)
            fire(self.database, key, due_at, lambda timers, tx: handlers.ring(timers, tx=tx))
        self.clock.at = at(hours)

    def clocks(self, number: str = "INC-1001") -> sla.TicketClocks:
        with self.database.read() as tx:
            return handlers.get_clocks(sla.GetClocks(number=number), tx=tx)

    def clock_named(self, kind: str, number: str = "INC-1001") -> sla.Clock:
        return next(clock for clock in self.clocks(number).clocks if clock.kind == kind)

    def said(self, *kinds: type[Event]) -> list[Any]:
        """What was announced and not relayed yet, in order."""
        outbox = self.database.tables.outbox
        named = {kind.NAME: kind for kind in kinds or sla.EVENTS}
        with self.database.read() as tx:
            rows: Sequence[Any] = tx.connection.execute(
                sa.select(outbox.c.name, outbox.c.body).order_by(outbox.c.seq)
            ).all()
        return [from_plain(named[name], json.loads(body)) for name, body in rows if name in named]
