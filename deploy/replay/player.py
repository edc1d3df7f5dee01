"""Playing a log: every step is one request that says when it happened and who did it.

A ticket's steps follow each other; tickets are played side by side.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from httpx import TransportError

from contracts.grammar import to_plain
from contracts.intake import Actor
from deploy.api import Desk, Refused
from deploy.replay.marks import NOT_PLAYED, Mark, Marks
from deploy.replay.naming import email_of, key_of, requester
from deploy.replay.servicenow import NOT_RECORDED
from deploy.replay.staffing import Staff, group_of
from deploy.replay.story import Amend, Assign, HandOver, Move, Open, Reply, Step

THREADS = 12
LOOK_SECONDS = 0.03
PATIENCE_SECONDS = 60
_CONFLICT = 409
_OVER = frozenset({"closed", "cancelled"})
_SYSTEM = Actor(kind="system", id="replay", name="Replay")
_RESOLUTION = {
    "text": "Resolved, as the log says; it does not say how.",
    "code": "permanent_fix",
    "cause": "not_recorded",
}


class NotSettled(Exception):
    """A service did not hear of a step in time."""

    def __init__(self, number: str) -> None:
        super().__init__(f"{number}: the desk did not follow within {PATIENCE_SECONDS} s")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A ticket that could not be played to its end."""

    ticket: str
    position: int
    problem: str


def endings_last(steps: Sequence[Step]) -> list[Step]:
    """A ticket's steps as a desk can play them whose closed tickets stay closed.

    A closing that was taken back was none: the ticket was resolved until then. A last closing
    waits for what the log tells after it.
    """
    last, final = steps[-1], None
    played: list[Step] = []
    for place, step in enumerate(steps):
        if not isinstance(step, Move) or step.to not in _OVER:
            played.append(step)
        elif not _goes_on(steps[place + 1 :]):
            final = step
        elif step.to == "cancelled":
            played.append(replace(step, to="resolved"))
    if final is not None:
        at = max(final.at, last.at)
        played.append(replace(final, at=at, position=last.position, part=last.part + 1))
    return played


def _goes_on(steps: Sequence[Step]) -> bool:
    return any(isinstance(step, Move) and step.to not in _OVER for step in steps)


class Player:
    """Plays the tickets of one log at one desk."""

    def __init__(self, desk: Desk, *, staff: Staff, marks: Marks, fingerprint: str) -> None:
        self._desk = desk
        self._staff = staff
        self._marks = marks
        self._fingerprint = fingerprint

    def play(
        self, tickets: Iterable[Sequence[Step]], *, on_step: Callable[[], None]
    ) -> list[Failure]:
        """Play what was not played yet; the tickets that the desk refused."""

        def one(steps: Sequence[Step]) -> Failure | None:
            return self._play_ticket(steps, on_step=on_step)

        with ThreadPoolExecutor(THREADS) as pool:
            return [failure for failure in pool.map(one, tickets) if failure]

    def _play_ticket(self, steps: Sequence[Step], *, on_step: Callable[[], None]) -> Failure | None:
        ticket = steps[0].ticket
        mark = self._marks.of(ticket) or NOT_PLAYED
        play = _TicketPlay(self._desk, staff=self._staff, fingerprint=self._fingerprint)
        for step in steps:
            play.follow(step)
            if (step.position, step.part) > (mark.position, mark.part):
                try:
                    number = play.do(step, number=mark.number)
                except (Refused, NotSettled, TransportError) as problem:
                    return Failure(ticket=ticket, position=step.position, problem=str(problem))
                mark = Mark(number=number, position=step.position, part=step.part)
                self._marks.set(ticket, mark)
            on_step()
        return None


class _TicketPlay:
    """One ticket on its way: who has it by the log, and what is asked for at the next step."""

    def __init__(self, desk: Desk, *, staff: Staff, fingerprint: str) -> None:
        self._desk = desk
        self._staff = staff
        self._fingerprint = fingerprint
        self._group = ""
        self._assignee: str | None = None
        self._person = NOT_RECORDED
        self._is_resolved = False

    def follow(self, step: Step) -> None:
        """Know where the ticket is after a step."""
        if isinstance(step, Open):
            self._group = group_of(step)
            self._person = step.requester or NOT_RECORDED
        elif isinstance(step, HandOver):
            self._group, self._assignee = step.group, step.assignee
        elif isinstance(step, Assign):
            self._assignee = step.assignee
        elif isinstance(step, Move):
            self._is_resolved = step.to == "resolved"

    def do(self, step: Step, *, number: str) -> str:
        """Do a step; the ticket's number.

        Raises:
            Refused: the desk says no.
            NotSettled: a service lags behind.
        """
        if isinstance(step, Open):
            number = self._open(step)
        elif isinstance(step, HandOver):
            self._hand_over(step, number=number)
        elif isinstance(step, Assign):
            self._assign(step, number=number, part="assign")
        elif isinstance(step, Amend):
            self._amend(step, number=number)
        elif isinstance(step, Move):
            self._move(step, number=number)
        elif isinstance(step, Reply):
            self._reply(step, number=number)
        return number

    def _open(self, step: Open) -> str:
        body = {
            "kind": "incident",
            "subject": f"{step.ticket} · {step.category or NOT_RECORDED}",
            "body": f"{step.ticket} of a replayed log, which does not keep what was written.",
            "channel": step.channel or "api",
            "requester": to_plain(requester(step.requester)),
            "impact": step.impact,
            "urgency": step.urgency,
            "category": key_of(step.category) if step.category else None,
            "group": key_of(group_of(step)),
            "origin": "replay",
            "attributes": {"replayed_ticket": step.ticket, "replayed_log": self._fingerprint},
        }
        number: str = self._ask("/tickets", body, step, actor=self._requester)["number"]
        self._settle(number)
        return number

    def _hand_over(self, step: HandOver, *, number: str) -> None:
        # The log does not say why; `requested` speaks for nobody's mistake.
        body = {"group": key_of(step.group), "reason_code": "requested", "note": "As logged."}
        self._ask(f"/tickets/{number}/transfer", body, step, part="transfer")
        if step.assignee:
            self._assign(step, number=number, part="assign")
        else:
            self._settle(number)

    def _assign(self, step: HandOver | Assign, *, number: str, part: str) -> None:
        key = self._agent_key() if step.assignee else None
        self._ask(f"/tickets/{number}/assign", {"assignee": key}, step, part=part)
        self._settle(number)

    def _amend(self, step: Amend, *, number: str) -> None:
        changed = {
            "impact": step.impact,
            "urgency": step.urgency,
            "category": key_of(step.category) if step.category else None,
        }
        body = {name: value for name, value in changed.items() if value}
        self._ask(f"/tickets/{number}", body, step, method="PATCH")

    def _move(self, step: Move, *, number: str) -> None:
        body: dict[str, Any] = {"to": step.to}
        if step.to == "pending":
            body["pending_reason"] = step.pending_reason
        elif step.to == "resolved":
            body["resolution"] = _RESOLUTION
        elif step.to in _OVER:
            body["reason"] = "As logged."
        try:
            self._ask(f"/tickets/{number}/transitions", body, step)
        except Refused as refused:
            # A reply may have moved the ticket there before the log says so.
            is_there = refused.status == _CONFLICT and self._status(number) == step.to
            if not is_there:
                raise

    def _reply(self, step: Reply, *, number: str) -> None:
        actor = self._agent if step.author == "agent" else self._requester
        if step.author == "requester" and self._is_resolved:
            actor = _SYSTEM  # their word reopens a ticket, and the log says that it did not
        body = {"body": "The log does not keep what was written.", "public": True}
        self._ask(f"/tickets/{number}/replies", body, step, actor=actor)

    @property
    def _requester(self) -> Actor:
        return Actor(kind="requester", id=email_of(self._person), name=self._person)

    @property
    def _agent(self) -> Actor:
        name = self._assignee or self._group
        return Actor(kind="agent", id=email_of(name), name=name)

    def _agent_key(self) -> str | None:
        return self._assignee and self._staff.agent_key(self._assignee, group=self._group)

    def _ask(
        self,
        path: str,
        body: Mapping[str, Any],
        step: Step,
        *,
        method: str = "POST",
        part: str = "",
        actor: Actor | None = None,
    ) -> Any:
        said = {
            **body,
            "occurred_at": step.at.isoformat(),
            "actor": to_plain(actor or self._agent),
        }
        key = f"replay-{self._fingerprint}-{step.position}-{step.part}{part}"
        ask = self._desk.patch if method == "PATCH" else self._desk.post
        return ask(path, said, key=key)

    def _settle(self, number: str) -> None:
        """Wait until the ticket has its own copy of who works on it.

        The copy is logged no earlier than the ticket's last change: a later step must not come
        before it.
        """
        wanted = key_of(self._group), self._agent_key()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ticket = self._desk.get(f"/tickets/{number}")
            if (ticket["group"], ticket["assignee"]) == wanted:
                return
            time.sleep(LOOK_SECONDS)
        raise NotSettled(number)

    def _status(self, number: str) -> str:
        return str(self._desk.get(f"/tickets/{number}")["status"])
