"""Notices are given: at once, when a shift begins, or as a digest when a window ends."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge

from chassis.database import Transaction
from chassis.ids import new_id
from contracts.grammar import in_iso
from contracts.routing import MAX_TOLD, NoticeGiven
from services.routing import schemas
from services.routing.domain import notices as rules
from services.routing.domain.delivery import Rhythm, Round, fallen_due
from services.routing.domain.directory import Directory
from services.routing.domain.holding import Holding
from services.routing.domain.notices import Notice
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings, notices

WAITING = Gauge("meja_notices_waiting", "Notices that wait for a shift or a digest.")
GIVEN = Counter("meja_notices_given_total", "Notices given, by how: single, digest.", ["how"])
DIGESTS = Counter("meja_notice_digests_total", "Digests given.")
DROPPED = Counter("meja_notices_dropped_total", "Notices not given, by reason.", ["reason"])


def rhythm(settings: RoutingSettings) -> Rhythm:
    """How often somebody is interrupted."""
    return Rhythm(
        most=settings.notices_in_window,
        window=timedelta(minutes=settings.notice_window_minutes),
    )


def arm(recipient: str, at: datetime, *, tx: Transaction) -> None:
    """Look at somebody's notices at an instant."""
    # A timer for each instant: none is moved, so none is lost. An address may be longer than a key.
    who = hashlib.sha256(recipient.encode()).hexdigest()[:32]
    tx.arm(key=f"notices:{who}:{in_iso(at)}", due_at=at, payload={"recipient": recipient})


def look_again(agent: str, *, tx: Transaction) -> None:
    """An agent's hours or presence changed: what waits for their shift may be due, or another's."""
    if notices.hasten(tx, recipient=agent):
        arm(agent, tx.now, tx=tx)


def deliver(recipient: str, *, tx: Transaction, settings: RoutingSettings) -> None:
    """Give somebody what has fallen due and is still worth saying; twice does nothing."""
    directory = directory_store.current(tx)
    post = Post(recipient, tx=tx, directory=directory)
    due = notices.due(tx, recipient=recipient)
    if not due:
        return
    tickets = holdings.of_tickets(tx, ticket_ids={each.ticket_id for each in due if each.ticket_id})
    kept = post.sort_out(due, tickets)
    post.carry_out(
        fallen_due(kept, hours=post.hours, window=post.window, rhythm=rhythm(settings), now=tx.now)
    )
    WAITING.set(notices.waiting(tx))


class Post:
    """What is done with the notices of one recipient, who is ours alone meanwhile."""

    def __init__(self, recipient: str, *, tx: Transaction, directory: Directory) -> None:
        self._recipient = recipient
        self._tx = tx
        self._directory = directory
        agent = directory.agents.get(recipient)
        self.hours = agent.hours if agent else None
        self._email = agent.email if agent else recipient
        self.window = notices.claim_window(tx, recipient=recipient)

    def sort_out(self, due: Sequence[Notice], tickets: Mapping[str, Holding]) -> tuple[Notice, ...]:
        """What is still to be given here: not moot, and nobody else's by now."""
        kept: list[Notice] = []
        dropped: dict[str, list[str]] = defaultdict(list)
        for notice in due:
            holding = tickets.get(notice.ticket_id or "")
            people = rules.recipients(notice, holding, directory=self._directory, at=self._tx.now)
            if reason := rules.moot(holding):
                dropped[reason].append(notice.id)
            elif self._recipient in people:
                kept.append(notice)
            elif not self._pass_on(notice, people):
                dropped["moved"].append(notice.id)
        for reason, ids in dropped.items():
            notices.change(self._tx, ids, state="dropped", reason=reason)
            DROPPED.labels(reason=reason).inc(len(ids))
        return tuple(kept)

    def _pass_on(self, notice: Notice, people: Sequence[str]) -> bool:
        """Let others have a notice; whether the first of them takes it over."""
        for person in people[1:]:
            copy = replace(notice, id=new_id(), recipient=person, state="waiting")
            notices.add(self._tx, replace(copy, deliver_at=self._tx.now))
        for person in people:
            arm(person, self._tx.now, tx=self._tx)
        if notices.has(self._tx, source=notice.source, recipient=people[0]):
            return False
        values = {"recipient": people[0], "state": "waiting", "deliver_at": self._tx.now}
        notices.change(self._tx, [notice.id], **values)
        return True

    def carry_out(self, found: Round) -> None:
        """Keep and tell what a round decided."""
        if found.window != self.window:
            self.window = found.window
            notices.save_window(self._tx, found.window, recipient=self._recipient)
        for notice in found.singles:
            self._give([notice])
        if found.digest:
            self._give(found.digest, digest=new_id())
        later: dict[tuple[str, datetime], list[str]] = defaultdict(list)
        for notice in found.later:
            if notice.deliver_at is not None:
                later[notice.state, notice.deliver_at].append(notice.id)
        for (state, at), ids in later.items():
            notices.change(self._tx, ids, state=state, deliver_at=at)
            arm(self._recipient, at, tx=self._tx)
        if later:
            WAITING.set(notices.waiting(self._tx))

    def _give(self, given: Sequence[Notice], *, digest: str | None = None) -> None:
        now = self._tx.now
        ids = [each.id for each in given]
        notices.change(self._tx, ids, state="given", given_at=now, digest=digest)
        first = sorted(given, key=lambda each: (not each.major, -(each.threshold or 0)))
        told = [replace(each, given_at=now, digest=digest) for each in first[:MAX_TOLD]]
        self._tx.announce(
            NoticeGiven(
                recipient=self._recipient,
                email=self._email,
                given_at=now,
                notices=tuple(schemas.notice(each) for each in told),
                count=len(given),
                digest=digest,
            )
        )
        GIVEN.labels(how="digest" if digest else "single").inc(len(given))
        if digest:
            DIGESTS.inc()
