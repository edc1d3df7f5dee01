"""Words of tickets: their states and measures, the people on them, and how they are solved."""

from dataclasses import dataclass
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import MAX_TEXT

Kind = Literal["incident", "service_request", "problem"]
Channel = Literal["portal", "api", "email", "chat", "phone"]
Level = Literal["high", "medium", "low"]
Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Language = Literal["id", "en"]
Status = Literal[
    "new",
    "triaged",
    "assigned",
    "in_progress",
    "pending",
    "verifying",
    "resolved",
    "closed",
    "merged",
    "duplicate",
    "cancelled",
    "spam",
]
StatusCategory = Literal["queued", "active", "waiting_requester", "waiting_other", "done"]
PendingReason = Literal["requester", "vendor", "change", "visit", "date"]
ActorKind = Literal["requester", "agent", "system"]
Origin = Literal["live", "replay"]
SlaState = Literal["none", "running", "at_risk", "breached", "paused", "met"]
SortOrder = Literal["updated", "-updated", "due", "-opened"]

Key = Annotated[str, validate.Regexp(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")]
Name = Annotated[str, validate.Length(min=1, max=120)]
Subject = Annotated[str, validate.Length(min=1, max=200)]
Body = Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
Note = Annotated[str, validate.Length(max=2000)]
Email = Annotated[str, validate.Length(max=254), validate.Email()]
TicketNumber = Annotated[str, validate.Length(min=1, max=32)]
AttachmentId = Annotated[str, validate.Length(min=1, max=64)]
AttachmentIds = Annotated[tuple[AttachmentId, ...], validate.Length(max=10)]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A requester. `email` is the identity; the rest is how to speak to them."""

    name: Name
    email: Email
    organisation: Annotated[str, validate.Length(max=120)] = ""
    language: Language = "id"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it. `id` is an e-mail address for people, a service name for the system."""

    kind: ActorKind
    id: Annotated[str, validate.Length(max=254)]
    name: Annotated[str, validate.Length(max=120)] = ""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """How a ticket was solved; what the requester and the next agent need to know.

    Attributes:
        text: what was done, for the requester.
        code: a permanent fix or a workaround.
        cause: cause category.
        steps: steps taken, for the next agent.
        minutes_spent: hands-on minutes.
        prevention: what the requester can do so that it does not happen again.
        article: key of the knowledge article that helped.
    """

    text: Body
    code: Literal["permanent_fix", "workaround"]
    cause: Annotated[str, validate.Length(min=1, max=64)]
    steps: Annotated[str, validate.Length(max=MAX_TEXT)] = ""
    minutes_spent: Annotated[int, validate.Range(min=0, max=100_000)] = 0
    prevention: Note = ""
    article: Annotated[str, validate.Length(max=64)] | None = None
