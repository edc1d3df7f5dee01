"""A house of fakes: services that answer what a test says, and what they were asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from contracts import intake, kb, routing, sla
from contracts.errors import NotFound, Unavailable
from contracts.grammar import Operation, from_plain, to_plain

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
AGENT = intake.Actor(kind="agent", id="sari@nusantara.example", name="Sari")


@dataclass
class Asked:
    operation: str
    question: Any
    key: str | None


@dataclass
class FakePending:
    outcome: Any
    replayed: bool = False

    def result(self) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@dataclass
class FakeCaller:
    """Answers by operation name; a function gets the question, an exception is raised."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    is_connected: bool = True
    replays: bool = False

    def start_call(
        self,
        operation: Operation[Any, Any],
        question: Any,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> FakePending:
        # As on the wire: what cannot be said in JSON, or breaks the contract, fails here too.
        from_plain(operation.request, to_plain(question), strict=True)
        assert (key is not None) == operation.mutates
        self.asked.append(Asked(operation.name, question, key))
        if operation.service in self.down:
            return FakePending(Unavailable("unavailable", f"{operation.service} is away"))
        found = self.answers.get(operation.name, NotFound("not_found", "There is no such thing."))
        try:
            outcome = found(question) if isinstance(found, Callable) else found  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 – carried to the caller as on the wire
            outcome = error
        return FakePending(outcome, replayed=self.replays)

    def last(self, operation: str) -> Any:
        return next(a for a in reversed(self.asked) if a.operation == operation)


def ticket(**changes: Any) -> intake.Ticket:
    values: dict[str, Any] = {
        "ticket_id": "0194f6a0-0000-7000-8000-000000000001",
        "number": "INC-1042-7",
        "version": 3,
        "kind": "incident",
        "subject": "VPN putus",
        "body": "VPN saya putus sejak pagi.",
        "channel": "portal",
        "status": "assigned",
        "status_category": "active",
        "pending_reason": None,
        "pending_until": None,
        "priority": "P3",
        "impact": "medium",
        "urgency": "medium",
        "category": "network",
        "service": None,
        "requester": intake.Person(name="Budi", email="budi@nusantara.example"),
        "group": "network",
        "tier": 2,
        "assignee": "dewi",
        "next_due_at": NOW,
        "sla_state": "running",
        "opened_at": NOW,
        "updated_at": NOW,
        "resolved_at": None,
        "closed_at": None,
        "reopen_count": 0,
        "escalation_level": 0,
        "resolution": None,
        "attributes": {},
        "transitions": ("in_progress", "pending", "resolved"),
    }
    return intake.Ticket(**values | changes)


def line(**changes: Any) -> intake.TicketLine:
    values = to_plain(ticket()) | {"requester": "budi@nusantara.example"}
    names = intake.TicketLine.__dataclass_fields__
    return from_plain(intake.TicketLine, {name: values[name] for name in names} | changes)


def decision(**changes: Any) -> routing.Decision:
    values: dict[str, Any] = {
        "revision": 1,
        "decided_at": NOW,
        "group": "network",
        "tier": 2,
        "assignee": "dewi",
        "reason_code": "rule",
        "reason": "Rule network: the word “vpn”.",
        "actor": intake.Actor(kind="system", id="routing"),
        "candidates": (routing.Candidate(agent="dewi", eligible=True, score={"load": 0.2}),),
    }
    return routing.Decision(**values | changes)


def assignment(**changes: Any) -> routing.Assignment:
    values: dict[str, Any] = {
        "number": "INC-1042-7",
        "group": "network",
        "group_name": "Jaringan",
        "tier": 2,
        "assignee": "dewi",
        "assignee_name": "Dewi Lestari",
        "decision": decision(),
        "history": (decision(),),
    }
    return routing.Assignment(**values | changes)


def clocks(**changes: Any) -> sla.TicketClocks:
    clock = sla.Clock(
        kind="resolution",
        state="running",
        version=1,
        target_us=28_800_000_000,
        elapsed_us=0,
        remaining_us=28_800_000_000,
        started_at=NOW,
        due_at=NOW,
    )
    fired = sla.ThresholdFired(
        clock="resolution", clock_version=1, threshold=50, crossed_at=NOW, fired_at=NOW
    )
    values: dict[str, Any] = {
        "number": "INC-1042-7",
        "as_of": NOW,
        "sla_state": "running",
        "next_due_at": NOW,
        "clocks": (clock,),
        "thresholds": (fired,),
    }
    return sla.TicketClocks(**values | changes)


def article(**changes: Any) -> kb.Article:
    values: dict[str, Any] = {
        "key": "vpn-putus",
        "language": "id",
        "title": "VPN putus",
        "body": "# VPN\nSambungkan lagi.",
        "status": "published",
        "audience": "public",
        "category": "network",
        "tags": ("vpn",),
        "revision": 1,
        "owner": "sari@nusantara.example",
        "updated_at": NOW,
        "languages": ("id", "en"),
    }
    return kb.Article(**values | changes)


def hits() -> kb.Hits:
    return kb.Hits(
        items=(
            kb.Hit(
                key="vpn-putus",
                language="id",
                title="VPN putus",
                category="network",
                snippet="<mark>VPN</mark> putus",
                score=2.5,
            ),
        )
    )


def full_house() -> FakeCaller:
    """Services that know one ticket, one group, one of everything."""
    return FakeCaller(
        answers={
            "open_ticket": ticket(status="new", version=1),
            "get_ticket": ticket(),
            "list_tickets": intake.TicketPage(items=(line(),), next_cursor="abc"),
            "get_assignment": assignment(),
            "get_clocks": clocks(),
        }
    )
