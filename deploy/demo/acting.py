"""Acting: each cue of the story is one request, made by the person whose part it is."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.grammar import to_plain
from contracts.intake import Person
from deploy.api import Desk as Api
from deploy.demo.agenda import Cue
from deploy.demo.cast import Cast
from deploy.demo.desk import Desk
from deploy.demo.journal import Journal
from deploy.demo.tickets import Act, Day, Deed, DemoTicket
from deploy.demo.watching import Lines

Asked = tuple[str, str, dict[str, Any]]  # method, what of the ticket, body

_BY_REQUESTER: frozenset[Deed] = frozenset({"answer", "reopen", "close", "cancel"})


def _reply(act: Act) -> Asked:
    return "POST", "/replies", {"body": act.text, "public": act.do != "note"}


def _pend(act: Act) -> Asked:
    return "POST", "/transitions", {"to": "pending", "pending_reason": act.reason}


def _transfer(act: Act) -> Asked:
    body = {"group": act.group, "reason_code": act.reason_code, "note": act.text}
    return "POST", "/transfer", body


def _escalate(act: Act) -> Asked:
    return "POST", "/escalate", {"kind": act.kind, "reason": act.text}


def _amend(act: Act) -> Asked:
    changed = {"impact": act.impact, "urgency": act.urgency}
    return "PATCH", "", {field: level for field, level in changed.items() if level}


def _resolve(act: Act) -> Asked:
    return "POST", "/transitions", {"to": "resolved", "resolution": to_plain(act.resolution)}


def _move(to: str) -> Callable[[Act], Asked]:
    return lambda act: ("POST", "/transitions", {"to": to, "reason": act.text or ""})


_ASKED: Mapping[Deed, Callable[[Act], Asked]] = {
    "reply": _reply,
    "note": _reply,
    "answer": _reply,
    "pend": _pend,
    "transfer": _transfer,
    "escalate": _escalate,
    "amend": _amend,
    "resolve": _resolve,
    "reopen": _move("in_progress"),
    "close": _move("closed"),
    "cancel": _move("cancelled"),
}


class Actors:
    """The people of the story at work."""

    def __init__(self, *, desk: Desk, day: Day, cast: Cast, journal: Journal) -> None:
        self._desk = desk
        self._day = day
        self._cast = cast
        self._journal = journal
        self._agents = {agent.key: agent for agent in desk.agents}
        self._managers = {group.key: group.manager for group in desk.groups}

    def can_play(self, cue: Cue, *, lines: Lines) -> bool:
        """Whether the desk had time to give the ticket to somebody."""
        return cue.act is None or self._journal.numbers[cue.ticket.key] in lines

    def play(self, cue: Cue, *, lines: Lines) -> None:
        """Do what the cue says; done before with the same key, it is not done again."""
        key = f"demo-{self._journal.on}-{cue.ticket.key}-{cue.part}"
        if cue.act is None:
            self._file(cue.ticket, key=key)
        else:
            self._do(cue.ticket, cue.act, key=key, lines=lines)
            self._journal.done[cue.ticket.key] = cue.part

    def _file(self, ticket: DemoTicket, *, key: str) -> None:
        person = self._day.people[ticket.requester]
        api = self._cast.of(self._filed_by(ticket, person))
        self._take_offer(ticket, person, api)
        body = {
            "kind": ticket.kind,
            "channel": ticket.channel,
            "subject": ticket.subject,
            "body": ticket.body,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "requester": to_plain(person),
        }
        self._journal.numbers[ticket.key] = api.post("/tickets", body, key=key)["number"]

    def _filed_by(self, ticket: DemoTicket, person: Person) -> str:
        # Who calls the desk has their ticket written down by whoever picks up the phone.
        return self._desk.agents[0].email if ticket.channel == "phone" else person.email

    def _take_offer(self, ticket: DemoTicket, person: Person, api: Api) -> None:
        """Remember which article the desk offers before the ticket is sent."""
        text = f"{ticket.subject}\n{ticket.body}"
        body = {"text": text, "language": person.language, "limit": 1}
        for hit in api.post("/kb/suggestions", body)["items"]:
            self._journal.offered[ticket.key] = hit["title"]

    def _do(self, ticket: DemoTicket, act: Act, *, key: str, lines: Lines) -> None:
        number = self._journal.numbers[ticket.key]
        method, what, body = _ASKED[act.do](act)
        api = self._cast.of(self._done_by(ticket, act, lines=lines))
        ask = api.patch if method == "PATCH" else api.post
        ask(f"/tickets/{number}{what}", body, key=key)

    def _done_by(self, ticket: DemoTicket, act: Act, *, lines: Lines) -> str:
        """The requester, or whoever holds the ticket; the group's manager when nobody does."""
        if act.do in _BY_REQUESTER:
            return self._day.people[ticket.requester].email
        line = lines[self._journal.numbers[ticket.key]]
        if line.assignee in self._agents:
            return self._agents[line.assignee].email
        return self._managers[line.group or self._desk.groups[0].key]
