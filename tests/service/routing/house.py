"""Routing behind its own door: real service class and database, no broker."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa

from chassis.bus.inbox import Heard
from chassis.database import Database
from chassis.ids import new_id
from chassis.providers import AtTheDesk
from contracts.catalogue import event_named
from contracts.grammar import Event, Operation, from_plain, to_plain
from contracts.intake import (
    Actor,
    Person,
    Resolution,
    TicketClosed,
    TicketMerged,
    TicketOpened,
    TicketReopened,
    TicketReprioritised,
    TicketResolved,
    TicketUnmerged,
)
from contracts.kb import ArticleReviewDue
from contracts.routing import (
    GET_ASSIGNMENT,
    LIST_AGENTS,
    LIST_NOTICES,
    PUT_AGENT,
    PUT_GROUP,
    PUT_RULE,
    Assignment,
    Notice,
    NoticePage,
)
from contracts.sla import TargetAtRisk, TargetBreached
from services.routing.models import Base, NoticeRow
from services.routing.service import RoutingService
from services.routing.settings import RoutingSettings

START = datetime(2027, 12, 31, 16, 59, 59, 500_000, tzinfo=UTC)  # New Year's Eve in Jakarta
LEAD = {"kind": "agent", "id": "lead@desk.example", "name": "Lia"}
REQUESTER = Actor(kind="requester", id="rina@corp.example", name="Rina")


class Clock:
    """Time that moves only when told to, and a microsecond at each look."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())


class House:
    """One replica of routing, as the bus would use it."""

    HEARS: ClassVar = {
        "ticket.opened.v1": "on_ticket_opened",
        "ticket.categorised.v1": "on_ticket_categorised",
        "ticket.reprioritised.v1": "on_ticket_reprioritised",
        "ticket.resolved.v1": "on_ticket_resolved",
        "ticket.closed.v1": "on_ticket_closed",
        "ticket.reopened.v1": "on_ticket_reopened",
        "ticket.merged.v1": "on_ticket_merged",
        "ticket.unmerged.v1": "on_ticket_unmerged",
        "target.at_risk.v1": "on_target_at_risk",
        "target.breached.v1": "on_target_breached",
        "article.review_due.v1": "on_article_review_due",
    }

    def __init__(self, url: str, **settings: Any) -> None:
        self.clock = Clock()
        self.settings = RoutingSettings(amqp_url="", database_url=url, **settings)
        self.database = Database(url, Base.metadata, timekeeper=self.clock)
        self._numbers = itertools.count(1)

    def _service(self, **data: Any) -> RoutingService:
        service = RoutingService()
        service.desk = AtTheDesk(self.database, self.settings, data)  # type: ignore[assignment]
        return service

    def hear(self, event: Event, *, message_id: str | None = None) -> None:
        method = getattr(self._service(), self.HEARS[event.NAME])
        heard = Heard(message_id=message_id or new_id(), body=to_plain(event), headers={})
        for error in method([heard]):
            if error is not None:
                raise error

    def ask(self, operation: Operation[Any, Any], **question: Any) -> Any:
        answered = getattr(self._service(idempotency_key=new_id()), operation.name)(question)
        if answered.refusal:
            raise answered.refusal
        return from_plain(operation.answer, json.loads(answered.body))

    def ring(self) -> int:
        """Fire every timer that is due, and those that come of it."""
        fired = 0
        while rung := self._service().on_timer():
            fired += rung
        return fired

    def told(self, name: str = "") -> list[Any]:
        outbox = self.database.tables.outbox
        with self.database.read() as tx:
            rows = tx.session.execute(sa.select(outbox).order_by(outbox.c.seq)).all()
        return [
            from_plain(event_named(row.name), json.loads(row.body))
            for row in rows
            if row.name.startswith(name)
        ]

    def loads(self) -> dict[str, int]:
        return {each.spec.key: each.open_tickets for each in self.ask(LIST_AGENTS).items}

    def assignment(self, ticket: TicketOpened) -> Assignment:
        found: Assignment = self.ask(GET_ASSIGNMENT, number=ticket.number)
        return found

    def group(self, key: str, tier: int = 1, **parts: Any) -> None:
        manager = f"boss@{key}.example"
        self.ask(PUT_GROUP, key=key, name=key.title(), tier=tier, manager=manager, **parts)

    def agent(self, key: str, *groups: str, **parts: Any) -> None:
        values = {"groups": list(groups or ("desk",)), "capacity": 10}
        email = f"{key}@desk.example"
        self.ask(PUT_AGENT, key=key, name=key.title(), **{"email": email} | values | parts)

    def rule(self, key: str, group: str, *words: str, **parts: Any) -> None:
        values = {"position": 10, "name": key, "words": list(words)} | parts
        self.ask(PUT_RULE, key=key, group=group, **values)

    def ticket(self, subject: str = "Tolong", **parts: Any) -> TicketOpened:
        """An opening that nobody heard yet."""
        number = f"INC-{next(self._numbers)}"
        values: dict[str, Any] = {
            "ticket_id": new_id(),
            "number": number,
            "seq": 1,
            "occurred_at": self.clock.now(),
            "actor": REQUESTER,
            "kind": "incident",
            "channel": "portal",
            "subject": subject,
            "body": "Mohon dibantu.",
            "requester": Person(name="Rina", email="rina@corp.example"),
            "impact": "medium",
            "urgency": "medium",
            "priority": "P3",
        }
        return TicketOpened(**values | parts)

    def opened(self, subject: str = "Tolong", **parts: Any) -> TicketOpened:
        ticket = self.ticket(subject, **parts)
        self.hear(ticket)
        return ticket

    def resolved(self, ticket: TicketOpened, *, seq: int = 2) -> TicketResolved:
        event = TicketResolved(
            **self._head(ticket, seq),
            was="in_progress",
            resolution=Resolution(text="Done.", code="permanent_fix", cause="cable"),
        )
        self.hear(event)
        return event

    def merged(self, ticket: TicketOpened, *, seq: int = 2) -> None:
        self.hear(
            TicketMerged(
                ticket_id=ticket.ticket_id,
                number=ticket.number,
                seq=seq,
                occurred_at=self.clock.at,
                actor=REQUESTER,
                into="INC-9-7",
                into_ticket_id="t-9",
                was="assigned",
            )
        )

    def unmerged(
        self,
        ticket: TicketOpened,
        *,
        seq: int = 3,
        status: str = "assigned",
        category: str = "queued",
    ) -> None:
        self.hear(
            TicketUnmerged(
                ticket_id=ticket.ticket_id,
                number=ticket.number,
                seq=seq,
                occurred_at=self.clock.at,
                actor=REQUESTER,
                out_of="INC-9-7",
                status=status,
                category=category,
            )
        )

    def reprioritised(self, ticket: TicketOpened, priority: Any, *, seq: int = 2) -> None:
        head = self._head(ticket, seq)
        self.hear(
            TicketReprioritised(
                **head, was=ticket.priority, priority=priority, impact="high", urgency="high"
            )
        )

    def reopened(self, ticket: TicketOpened, *, seq: int = 3) -> None:
        self.hear(TicketReopened(**self._head(ticket, seq), status="in_progress"))

    def closed(self, ticket: TicketOpened, *, seq: int = 4) -> None:
        self.hear(TicketClosed(**self._head(ticket, seq), was="resolved", status="closed"))

    def _head(self, ticket: TicketOpened, seq: int) -> dict[str, Any]:
        return {
            "ticket_id": ticket.ticket_id,
            "number": ticket.number,
            "seq": seq,
            "occurred_at": self.clock.now(),
            "actor": REQUESTER,
        }

    def at_risk(self, ticket: TicketOpened, threshold: int = 90, **parts: Any) -> None:
        head = self._clock_head(ticket) | parts
        self.hear(TargetAtRisk(**head, threshold=threshold, crossed_at=self.clock.now()))

    def breached(self, ticket: TicketOpened, threshold: int = 100, **parts: Any) -> None:
        head = self._clock_head(ticket) | parts
        self.hear(TargetBreached(**head, threshold=threshold, breached_at=self.clock.now()))

    def _clock_head(self, ticket: TicketOpened) -> dict[str, Any]:
        return {
            "ticket_id": ticket.ticket_id,
            "number": ticket.number,
            "clock": "resolution",
            "clock_version": 1,
            "priority": "P3",
        }

    def review_due(self, owner: str, *, reminder: int = 1, **parts: Any) -> None:
        values: dict[str, Any] = {
            "key": "vpn-putus",
            "language": "id",
            "title": "VPN putus",
            "review_at": START,
        }
        self.hear(ArticleReviewDue(**values | parts, owner=owner, reminder=reminder))

    def given(self) -> list[tuple[str, int, str]]:
        """What was given so far: to whom, how many at once, and what the first tells of."""
        return [
            (event.recipient, event.count, _brief(event.notices[0]))
            for event in self.told("notice.given")
        ]

    def notices(self, agent: str, **question: Any) -> NoticePage:
        email = f"{agent}@desk.example"
        found: NoticePage = self.ask(LIST_NOTICES, email=email, agent=agent, **question)
        return found

    def fates(self) -> list[tuple[str, str, str]]:
        """Every notice that was filed: to whom, its state and the reason."""
        with self.database.read() as tx:
            asked = sa.select(NoticeRow.recipient, NoticeRow.state, NoticeRow.reason)
            rows = tx.session.execute(asked.order_by(NoticeRow.happened_at, NoticeRow.id)).all()
        return [(to, state, reason) for to, state, reason in rows]


def _brief(notice: Notice) -> str:
    return f"{notice.kind} {notice.threshold or notice.article or notice.level}"
