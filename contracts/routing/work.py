"""Who works on a ticket, why, and when it climbs; groups, agents and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from contracts.grammar import Event, Nothing, Operation, says
from contracts.intake import (
    Actor,
    Email,
    Key,
    Kind,
    Language,
    Level,
    Name,
    Note,
    Origin,
    Priority,
    TicketNumber,
)
from contracts.sla.book import Opening, Weekday

TransferReason = Literal[
    "wrong_group", "needs_more_skill", "shift_handover", "workload", "requested", "vendor"
]
EscalationKind = Literal["functional", "hierarchic"]
Tier = Annotated[int, validate.OneOf([1, 2, 3])]
Skills = Annotated[Mapping[str, int], validate.Length(max=50)]


@says("routing", "assignment.made")
@dataclass(frozen=True, kw_only=True)
class AssignmentMade(Event):
    """A ticket got a group, and an agent when one was eligible.

    Attributes:
        revision: 1 for the first decision on the ticket, one more for each later one.
        reason_code: `rule`, `manual`, `escalation`, or a transfer's reason.
        reason: one sentence for people.
        category: the category the rules chose, when the ticket had none.
    """

    ticket_id: str
    number: str
    revision: int
    decided_at: datetime
    group: str
    tier: int
    reason_code: str
    reason: str
    actor: Actor
    assignee: str | None = None
    category: str | None = None
    origin: Origin = "live"

    def about(self) -> str:
        """The ticket."""
        return self.ticket_id


@says("routing", "escalation.raised")
@dataclass(frozen=True, kw_only=True)
class EscalationRaised(Event):
    """A ticket climbed: functional means more skill, hierarchic means more authority.

    Attributes:
        level: how often this ticket has climbed, 1 and up, at most 5.
        told: e-mail of the manager told, for a hierarchic escalation.
    """

    ticket_id: str
    number: str
    kind: EscalationKind
    level: int
    trigger: str
    reason: str
    from_group: str
    raised_at: datetime
    actor: Actor
    to_group: str | None = None
    told: str | None = None

    def about(self) -> str:
        """The ticket."""
        return self.ticket_id


@dataclass(frozen=True, kw_only=True)
class GroupSpec:
    """A support group.

    Attributes:
        next_group: where a functional escalation goes; left out, it is the group of the next tier
            that shares a category, else there is none.
        manager: who is told by a hierarchic escalation.
        mode: `least_loaded` assigns an agent; `manual` leaves the ticket in the queue to be pulled.
        major_priorities: of tickets whose notices do not wait for anybody's working hours.
    """

    key: Key
    name: Name
    tier: Tier
    manager: Email
    next_group: Key | None = None
    mode: Literal["least_loaded", "manual"] = "least_loaded"
    active: bool = True
    major_priorities: tuple[Priority, ...] = ("P1",)


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """When somebody works, by the wall clock of a zone.

    Attributes:
        zone: a name of the tz database, such as Asia/Jakarta.
        week: shifts by the weekday they begin on; a day that is left out is free.
    """

    zone: Annotated[str, validate.Length(min=1, max=64)]
    week: Mapping[Weekday, Annotated[tuple[Opening, ...], validate.Length(max=24)]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, kw_only=True)
class AgentSpec:
    """An agent. Skill levels are 1 to 3; capacity counts open tickets.

    Attributes:
        hours: outside of them only notices of major tickets are given; left out: always reachable.
        lead: is told of what can be told to nobody else.
    """

    key: Key
    name: Name
    email: Email
    groups: Annotated[tuple[Key, ...], validate.Length(min=1, max=20)]
    skills: Skills = field(default_factory=dict)
    languages: tuple[Language, ...] = ("id",)
    capacity: Annotated[int, validate.Range(min=1, max=1000)] = 20
    away: bool = False
    active: bool = True
    hours: WorkingHours | None = None
    lead: bool = False


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """A routing rule; rules are tried in order of `position`, the first match decides.

    Attributes:
        words: any of these words or phrases in subject or body (case and accents ignored).
        skill: what the agent should know; `skill_level` how well.
    """

    key: Key
    position: Annotated[int, validate.Range(min=0, max=100_000)]
    group: Key
    name: Name
    words: Annotated[tuple[str, ...], validate.Length(max=200)] = ()
    kinds: tuple[Kind, ...] = ()
    categories: tuple[Key, ...] = ()
    services: tuple[Key, ...] = ()
    impacts: tuple[Level, ...] = ()
    category: Key | None = None
    skill: Key | None = None
    skill_level: Annotated[int, validate.Range(min=1, max=3)] = 1
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One agent looked at: the filter that left them out, or the parts of their score."""

    agent: str
    eligible: bool
    failed: str | None = None
    score: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Why a ticket went where it went; the same inputs give the same answer again."""

    revision: int
    decided_at: datetime
    group: str
    tier: int
    assignee: str | None
    reason_code: str
    reason: str
    actor: Actor
    rule: str | None = None
    matched: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One climb of a ticket."""

    kind: EscalationKind
    level: int
    trigger: str
    reason: str
    from_group: str
    raised_at: datetime
    to_group: str | None = None
    told: str | None = None


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who has the ticket now, and why; all empty while routing has not heard of the ticket.

    Attributes:
        decision: the one that led there.
        history: every decision, oldest first, the present one last.
    """

    number: str
    group: str | None
    group_name: str | None
    tier: int | None
    assignee: str | None
    assignee_name: str | None
    decision: Decision | None
    history: tuple[Decision, ...] = ()
    escalations: tuple[Escalation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetAssignment:
    """Ask who has a ticket and why."""

    number: TicketNumber


@dataclass(frozen=True, kw_only=True)
class Assign:
    """Give a ticket to an agent of its group, or back to the queue (`assignee` null)."""

    number: TicketNumber
    actor: Actor
    assignee: Key | None = None
    note: Note = ""
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Move a ticket to another group; the reason code feeds the misroute measure."""

    number: TicketNumber
    group: Key
    reason_code: TransferReason
    actor: Actor
    note: Note = ""
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Raise a ticket by hand."""

    number: TicketNumber
    kind: EscalationKind
    actor: Actor
    reason: Annotated[str, validate.Length(min=1, max=2000)]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group with its present load."""

    spec: GroupSpec
    agents: int
    open_tickets: int


@dataclass(frozen=True, kw_only=True)
class Groups:
    """All groups, by tier and name."""

    items: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An agent with their present load."""

    spec: AgentSpec
    open_tickets: int


@dataclass(frozen=True, kw_only=True)
class Agents:
    """All agents, by name."""

    items: tuple[Agent, ...]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules, in the order they are tried."""

    items: tuple[RuleSpec, ...]


GET_ASSIGNMENT = Operation("routing", "get_assignment", GetAssignment, Assignment)
ASSIGN = Operation("routing", "assign", Assign, Assignment, mutates=True)
TRANSFER = Operation("routing", "transfer", Transfer, Assignment, mutates=True)
ESCALATE = Operation("routing", "escalate", Escalate, Assignment, mutates=True)
PUT_GROUP = Operation("routing", "put_group", GroupSpec, GroupSpec, mutates=True)
PUT_AGENT = Operation("routing", "put_agent", AgentSpec, AgentSpec, mutates=True)
PUT_RULE = Operation("routing", "put_rule", RuleSpec, RuleSpec, mutates=True)
LIST_GROUPS = Operation("routing", "list_groups", Nothing, Groups)
LIST_AGENTS = Operation("routing", "list_agents", Nothing, Agents)
LIST_RULES = Operation("routing", "list_rules", Nothing, Rules)

EVENTS = (AssignmentMade, EscalationRaised)
OPERATIONS = (
    GET_ASSIGNMENT,
    ASSIGN,
    TRANSFER,
    ESCALATE,
    PUT_GROUP,
    PUT_AGENT,
    PUT_RULE,
    LIST_GROUPS,
    LIST_AGENTS,
    LIST_RULES,
)
