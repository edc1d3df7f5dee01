"""What came of the tickets, read from the databases and from what was told on the bus.

An eavesdropper's queue keeps every event ever told, so that what was committed, told and handled
can be compared message by message.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from kombu import Connection

from chassis import topology
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from services.intake.domain.numbers import ticket_number
from services.intake.domain.paging import NEVER
from services.routing.domain.escalation import Crossing, Trigger, rule_for
from services.sla.domain.marks import BREACH_PERCENT
from tests.system.house.filing import Filed
from tests.system.house.standing import RETRY_DELAYS_SECONDS, House

EAVESDROPPER = "faults.eavesdropper"
SETTLING_SECONDS = 120
THRESHOLDS = ("target.at_risk.v1", "target.breached.v1")


@dataclass
class Told:
    """One message: what it says, and how often it came over the wire."""

    event: str
    facts: dict[str, Any]
    times: int = 1


@dataclass
class Verdict:
    """What came of everything filed so far.

    Attributes:
        findings: what is not as it must be; empty is what we are here for.
        lost: accepted tickets that are not stored.
        doubled: tickets stored more than once.
        dead: letters in all dead-letter queues.
        repeated: messages that came over the wire more than once.
    """

    findings: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    dead: int = 0
    repeated: int = 0

    def expect(self, holds: object, finding: str) -> None:
        if not holds:
            self.findings.append(finding)

    def same(self, what: str, left: Iterable[Any], right: Iterable[Any]) -> None:
        """Expect two sets to be equal, and show some of what only one of them has."""
        left, right = set(left), set(right)
        if left != right:
            few = [sorted(map(repr, part))[:3] for part in (left - right, right - left)]
            counts = f"{len(left - right)} more, {len(right - left)} fewer"
            self.findings.append(f"{what}: {counts}, such as {few[0]} / {few[1]}")


class Auditor:
    """Looks at everything that was filed since the house was opened."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.filed: dict[str, Filed] = {}
        self.told: dict[str, Told] = {}
        self._eavesdrop()

    def add(self, filed: Mapping[str, Filed]) -> None:
        """Answer for these tickets too."""
        self.filed |= filed

    def verdict(self) -> Verdict:
        """What came of everything, once it has come to rest; time must stand still meanwhile."""
        self._house.wait_until_healthy()
        deadline = time.monotonic() + SETTLING_SECONDS
        while True:
            found = self._look()
            if not found.findings or time.monotonic() > deadline:
                return found
            time.sleep(1)

    def dead(self) -> dict[str, int]:
        """How many dead letters each service has."""
        with Connection(self._house.broker.url) as connection:
            return {name: _waiting(connection, topology.dead_name(name)) for name in SERVICES}

    def _eavesdrop(self) -> None:
        with Connection(self._house.broker.url) as connection:
            channel = connection.default_channel
            channel.queue_declare(
                EAVESDROPPER, durable=True, auto_delete=False, arguments=topology.QUORUM
            )
            for service in SERVICES:
                channel.queue_bind(EAVESDROPPER, topology.events_exchange(service), "#")

    def _hear(self) -> None:
        with Connection(self._house.broker.url) as connection:
            channel = connection.default_channel
            while (message := channel.basic_get(EAVESDROPPER)) is not None:
                known = self.told.get(message.properties["message_id"])
                if known:
                    known.times += 1
                else:
                    facts = json.loads(message.body)
                    told = Told(event=message.properties["type"], facts=facts)
                    self.told[message.properties["message_id"]] = told
                channel.basic_ack(message.delivery_tag)

    def _look(self) -> Verdict:
        found = Verdict()
        self._hear()
        found.repeated = sum(told.times - 1 for told in self.told.values())
        self._rest(found)
        stored = self._tickets(found)
        self._conversations(found, stored)
        self._logs(found, stored)
        self._assignments(found, stored)
        self._clocks(found, stored)
        self._thresholds(found)
        self._bus(found)
        return found

    # each part

    def _rest(self, found: Verdict) -> None:
        """Nothing is under way: outboxes, inboxes and waits are empty, nothing is due."""
        for owner in SERVICES:
            rows = self._rows(owner, "SELECT count(*) AS n FROM outbox")[0].n
            found.expect(rows == 0, f"{owner}: {rows} rows in the outbox")
        now = self._clock()
        for owner in ("routing", "sla"):
            due = self._rows(
                owner, "SELECT count(*) AS n FROM timers WHERE due_at <= :now", now=now
            )
            found.expect(due[0].n == 0, f"{owner}: {due[0].n} timers are due")
        with Connection(self._house.broker.url) as connection:
            for service in SERVICES:
                waits = [topology.wait_name(service, delay) for delay in RETRY_DELAYS_SECONDS]
                for queue in (topology.inbox_name(service), *waits):
                    count = _waiting(connection, queue)
                    found.expect(count == 0, f"{queue}: {count} messages wait")
        found.dead = sum(self.dead().values())
        found.expect(found.dead == 0, f"dead letters: {self.dead()}")

    def _tickets(self, found: Verdict) -> dict[str, Any]:
        """Accepted is stored, none twice."""
        rows = self._rows("intake", "SELECT * FROM tickets")
        times = Counter(row.subject for row in rows)
        stored = {row.subject: row for row in rows}
        found.lost = len(self.filed.keys() - stored.keys())
        found.doubled = sum(count - 1 for count in times.values())
        found.expect(not found.lost, f"{found.lost} accepted tickets are not stored")
        found.expect(not found.doubled, f"{found.doubled} tickets are stored twice")
        numbers = {
            subject: ticket_number(kind=row.kind, serial=row.serial)
            for subject, row in stored.items()
        }
        found.same(
            "numbers",
            ((filed.subject, filed.number) for filed in self.filed.values()),
            numbers.items(),
        )
        for filed in self.filed.values():
            if filed.status and filed.subject in stored:
                status = stored[filed.subject].status
                found.expect(status == filed.status, f"{filed.number}: {status}")
        return {row.ticket_id: row for row in rows}

    def _conversations(self, found: Verdict, stored: dict[str, Any]) -> None:
        """Each accepted message is there once, and no other."""
        bodies = Counter(
            row.body for row in self._rows("intake", "SELECT body FROM messages WHERE seq > 1")
        )
        said = Counter(body for filed in self.filed.values() for body in filed.replies)
        found.expect(bodies == said, f"messages: {_few(bodies - said)} / {_few(said - bodies)}")
        openings = self._rows("intake", "SELECT ticket_id FROM messages WHERE seq = 1")
        found.same("openings", (row.ticket_id for row in openings), stored)

    def _logs(self, found: Verdict, stored: dict[str, Any]) -> None:
        """Each log is 1, 2, … n; it was told entry by entry, and sla holds all of it."""
        log = self.log()
        for ticket_id, entries in _by_ticket(log).items():
            wanted = list(range(1, stored[ticket_id].version + 1))
            found.expect(sorted(each.seq for each in entries) == wanted, f"log of {ticket_id}")
        heard = self._rows("sla", "SELECT ticket_id, seq FROM ticket_log")
        entries = [(row.ticket_id, row.seq) for row in log]
        found.same("logs in sla", ((row.ticket_id, row.seq) for row in heard), entries)
        told = [
            (told.facts["ticket_id"], told.facts["seq"])
            for told in self.told.values()
            if told.event.startswith("ticket.")
        ]
        found.same("log entries told", told, entries)
        found.expect(len(told) == len(set(told)), "a log entry was told as two messages")

    def _assignments(self, found: Verdict, stored: dict[str, Any]) -> None:
        """One first decision a ticket, loads equal what is held, and intake's copy is the truth."""
        decisions = self._rows("routing", "SELECT ticket_id, revision FROM decisions")
        holdings = {row.ticket_id: row for row in self._rows("routing", "SELECT * FROM holdings")}
        firsts = Counter(row.ticket_id for row in decisions if row.revision == 1)
        found.same("tickets with a first decision", firsts, stored)
        found.expect(set(firsts.values()) <= {1}, "a ticket has two first decisions")
        for ticket_id, made in _by_ticket(decisions).items():
            wanted = list(range(1, holdings[ticket_id].revision + 1))
            found.expect(sorted(each.revision for each in made) == wanted, f"of {ticket_id}")
        told = self._told_keys("assignment.made.v1", "ticket_id", "revision")
        found.expect(len(told) == len(set(told)), "a decision was told as two messages")
        found.same("decisions told", told, ((row.ticket_id, row.revision) for row in decisions))
        held = Counter(
            row.assignee for row in holdings.values() if row.assignee and not row.is_done
        )
        loads = self._rows("routing", "SELECT agent, open_tickets FROM agent_loads")
        borne = {row.agent: row.open_tickets for row in loads if row.open_tickets}
        found.same("loads", borne.items(), held.items())
        found.same(
            "copies of assignments",
            (
                (row.ticket_id, row.group, row.assignee, row.assignment_revision, row.tier)
                for row in stored.values()
            ),
            (
                (
                    row.ticket_id,
                    row.group_key,
                    row.assignee,
                    row.revision,
                    self._tiers[row.group_key],
                )
                for row in holdings.values()
            ),
        )
        found.same(
            "copies of escalation levels",
            ((row.ticket_id, row.escalation_level) for row in stored.values()),
            ((row.ticket_id, row.escalation_level) for row in holdings.values()),
        )
        found.same(
            "done tickets",
            (row.ticket_id for row in stored.values() if row.status == "resolved"),
            (row.ticket_id for row in holdings.values() if row.is_done),
        )

    def _clocks(self, found: Verdict, stored: dict[str, Any]) -> None:
        """One set of clocks a ticket, and intake's copy is the truth."""
        clocks = self._rows("sla", "SELECT ticket_id, kind, instance FROM clocks")
        for kind in ("first_response", "resolution"):
            sets = Counter(row.ticket_id for row in clocks if row.kind == kind)
            found.same(f"{kind} clocks", sets, stored)
            found.expect(set(sets.values()) <= {1}, f"a ticket has two {kind} clocks")
        kept = self._rows("sla", "SELECT * FROM tickets")
        found.same(
            "copies of clocks",
            (
                (row.ticket_id, row.clocks_revision, row.sla_state, _instant(row.next_due_at))
                for row in stored.values()
            ),
            (
                (
                    row.ticket_id,
                    row.revision,
                    row.shown["sla_state"],
                    _parsed(row.shown["next_due_at"]),
                )
                for row in kept
            ),
        )
        told = self._told_keys("clocks.changed.v1", "ticket_id", "revision")
        found.expect(len(told) == len(set(told)), "a revision of clocks was told twice")
        highest = {(row.ticket_id, row.revision) for row in kept}
        found.expect(highest <= set(told), "a change of clocks was not told")

    def _thresholds(self, found: Verdict) -> None:
        """What was reached was told once, and routing thought about it once."""
        reached = [
            (row.ticket_id, row.kind, row.version, row.percent)
            for row in self._rows("sla", "SELECT * FROM thresholds WHERE NOT superseded")
        ]
        head = ("ticket_id", "clock", "clock_version", "threshold")
        told = [key for event in THRESHOLDS for key in self._told_keys(event, *head)]
        found.expect(len(reached) == len(set(reached)), "a threshold was reached twice")
        found.expect(len(told) == len(set(told)), "a threshold was told as two messages")
        found.same("thresholds told", told, reached)
        acted = self._rows("routing", "SELECT * FROM escalation_triggers")
        thought = [(row.ticket_id, row.clock, row.clock_version, row.threshold) for row in acted]
        found.same("thresholds thought about", thought, filter(_has_rule, reached))
        climbs = self._rows("routing", "SELECT ticket_id, level FROM escalations")
        raised = self._told_keys("escalation.raised.v1", "ticket_id", "level")
        found.expect(len(raised) == len(set(raised)), "an escalation was told as two messages")
        found.same("escalations told", raised, ((row.ticket_id, row.level) for row in climbs))

    def _bus(self, found: Verdict) -> None:
        """Everything told was handled by everybody who listens to it."""
        for service in SERVICES:
            events = {each.event.NAME for each in SUBSCRIPTIONS if each.listener == service}
            told = {key for key, told in self.told.items() if told.event in events}
            rows = self._rows(service, "SELECT message_id FROM inbox")
            found.same(f"messages handled by {service}", (row.message_id for row in rows), told)

    def log(self) -> list[Any]:
        """Every entry of every ticket's log."""
        return self._rows("intake", "SELECT ticket_id, seq, event FROM ticket_events")

    def reached(self) -> int:
        """How many thresholds were reached and told."""
        rows = self._rows("sla", "SELECT count(*) AS n FROM thresholds WHERE NOT superseded")
        return int(rows[0].n)

    @property
    def _tiers(self) -> dict[str | None, int | None]:
        rows = self._rows("routing", "SELECT key, tier FROM groups")
        return {None: None} | {row.key: row.tier for row in rows}

    def _told_keys(self, event: str, *names: str) -> list[tuple[Any, ...]]:
        told = (told.facts for told in self.told.values() if told.event == event)
        return [tuple(facts[name] for name in names) for facts in told]

    def _rows(self, owner: str, statement: str, **values: Any) -> list[Any]:
        with self._house.engines[owner].connect() as connection:
            return list(connection.execute(sa.text(statement), values))

    def _clock(self) -> datetime:
        return self._house.now()


def _waiting(connection: Connection, queue: str) -> int:
    count: int = connection.default_channel.queue_declare(queue, passive=True).message_count
    return count


def _by_ticket(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.ticket_id].append(row)
    return grouped


def _has_rule(reached: tuple[str, str, int, int]) -> bool:
    """Whether routing has a rule for a threshold; others it does not write down."""
    _, clock, version, percent = reached
    crossing: Crossing = "breached" if percent >= BREACH_PERCENT else "at_risk"
    trigger = Trigger(crossing=crossing, clock=clock, clock_version=version, threshold=percent)
    return rule_for(trigger) is not None


def _few(counts: Counter[Any]) -> list[Any]:
    return list(counts.items())[:3]


def _instant(at: datetime) -> datetime | None:
    return None if at == NEVER else at


def _parsed(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
