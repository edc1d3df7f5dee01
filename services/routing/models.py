"""The shelves of routing: who there is, who has which ticket, and every decision that led there."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import database

KEY = sa.String(64)
ID = sa.String(36)


class Base(DeclarativeBase):
    """All tables of routing, with the chassis' own beside them."""


database.tables(Base.metadata)


class DirectoryState(Base):
    """One row: an id that changes with every change of groups, agents or rules."""

    __tablename__ = "directory_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[str] = mapped_column(ID)


class GroupRow(Base):
    """A support group."""

    __tablename__ = "groups"

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    tier: Mapped[int] = mapped_column(
        sa.SmallInteger, sa.CheckConstraint("tier BETWEEN 1 AND 3", name="groups_tier")
    )
    manager: Mapped[str] = mapped_column(sa.String(254))
    next_group: Mapped[str | None] = mapped_column(KEY)
    mode: Mapped[str] = mapped_column(sa.String(20))
    active: Mapped[bool]
    major_priorities: Mapped[list[str]] = mapped_column(sa.JSON)


class AgentRow(Base):
    """An agent."""

    __tablename__ = "agents"

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    groups: Mapped[list[str]] = mapped_column(sa.JSON)
    skills: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    languages: Mapped[list[str]] = mapped_column(sa.JSON)
    capacity: Mapped[int]
    away: Mapped[bool]
    active: Mapped[bool]
    hours: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    lead: Mapped[bool]


class RuleRow(Base):
    """A routing rule."""

    __tablename__ = "rules"

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    position: Mapped[int]
    group: Mapped[str] = mapped_column("group_key", sa.ForeignKey("groups.key"), key="group")
    name: Mapped[str] = mapped_column(sa.String(120))
    words: Mapped[list[str]] = mapped_column(sa.JSON)
    kinds: Mapped[list[str]] = mapped_column(sa.JSON)
    categories: Mapped[list[str]] = mapped_column(sa.JSON)
    services: Mapped[list[str]] = mapped_column(sa.JSON)
    impacts: Mapped[list[str]] = mapped_column(sa.JSON)
    category: Mapped[str | None] = mapped_column(KEY)
    skill: Mapped[str | None] = mapped_column(KEY)
    skill_level: Mapped[int] = mapped_column(sa.SmallInteger)
    active: Mapped[bool]


class LoadRow(Base):
    """What an agent has in hand.

    Whoever chooses among the agents of a group first locks their rows here, in key order: two
    replicas choose one after the other, also for an agent who is in two groups.
    """

    __tablename__ = "agent_loads"

    agent: Mapped[str] = mapped_column(KEY, primary_key=True)
    open_tickets: Mapped[int] = mapped_column(
        sa.CheckConstraint("open_tickets >= 0", name="agent_loads_open_tickets")
    )
    last_assigned_at: Mapped[datetime | None] = mapped_column(database.Instant)


class HoldingRow(Base):
    """Who has a ticket now; one row a ticket, from the first event heard of it."""

    __tablename__ = "holdings"

    ticket_id: Mapped[str] = mapped_column(ID, primary_key=True)
    # the ticket an agent names
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    origin: Mapped[str] = mapped_column(sa.String(10))
    language: Mapped[str] = mapped_column(sa.String(8))
    category: Mapped[str | None] = mapped_column(KEY)
    category_seq: Mapped[int]
    skill: Mapped[str | None] = mapped_column(KEY)
    skill_level: Mapped[int] = mapped_column(sa.SmallInteger)
    group: Mapped[str | None] = mapped_column("group_key", KEY, key="group")
    assignee: Mapped[str | None] = mapped_column(KEY)
    revision: Mapped[int]
    queued_at: Mapped[datetime | None] = mapped_column(database.Instant)
    returned_by: Mapped[str | None] = mapped_column(KEY)
    is_done: Mapped[bool]
    life_seq: Mapped[int]
    escalation_level: Mapped[int] = mapped_column(sa.SmallInteger)
    priority: Mapped[str | None] = mapped_column(sa.String(8))
    priority_seq: Mapped[int]

    __table_args__ = (
        # who waits in a group's queue, oldest first
        sa.Index(
            "holdings_waiting",
            "group",
            "queued_at",
            "ticket_id",
            postgresql_where=sa.text("queued_at IS NOT NULL"),
            sqlite_where=sa.text("queued_at IS NOT NULL"),
        ),
        # open tickets by group
        sa.Index(
            "holdings_open",
            "group",
            postgresql_where=sa.text("NOT is_done"),
            sqlite_where=sa.text("NOT is_done"),
        ),
    )


class UnroutedRow(Base):
    """A ticket that came before there was any active group, as it was told."""

    __tablename__ = "unrouted"

    ticket_id: Mapped[str] = mapped_column(ID, primary_key=True)
    told: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class DecisionRow(Base):
    """Why a ticket went where it went.

    `record` holds what the choice looked at: rule, need, weights and every candidate's facts.
    """

    __tablename__ = "decisions"

    ticket_id: Mapped[str] = mapped_column(ID, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decided_at: Mapped[datetime] = mapped_column(database.Instant)
    group: Mapped[str] = mapped_column("group_key", KEY, key="group")
    tier: Mapped[int] = mapped_column(sa.SmallInteger)
    assignee: Mapped[str | None] = mapped_column(KEY)
    reason_code: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    actor: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    record: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ClimbRow(Base):
    """One escalation of a ticket."""

    __tablename__ = "escalations"

    ticket_id: Mapped[str] = mapped_column(ID, primary_key=True)
    level: Mapped[int] = mapped_column(
        sa.SmallInteger,
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="escalations_level"),
        primary_key=True,
        autoincrement=False,
    )
    kind: Mapped[str] = mapped_column(sa.String(20))
    rule: Mapped[str] = mapped_column(sa.String(40))
    trigger: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.Text)
    from_group: Mapped[str] = mapped_column(KEY)
    to_group: Mapped[str | None] = mapped_column(KEY)
    told: Mapped[str | None] = mapped_column(sa.String(254))
    raised_at: Mapped[datetime] = mapped_column(database.Instant)


class TriggerRow(Base):
    """A threshold that was heard of and what came of it; its key lets each act once.

    `outcome` is `held` until the ticket's opening is heard, then `acted` or the guard that stopped.
    """

    __tablename__ = "escalation_triggers"

    ticket_id: Mapped[str] = mapped_column(ID, primary_key=True)
    clock: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    clock_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    threshold: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    crossing: Mapped[str] = mapped_column(sa.String(20))
    outcome: Mapped[str] = mapped_column(sa.String(20))
    heard_at: Mapped[datetime] = mapped_column(database.Instant)


class NoticeRow(Base):
    """What somebody is told, whether it was given or why not; never taken away.

    Who files or gives somebody's notices first locks their row in `notice_windows`.
    """

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(200))
    subject: Mapped[str] = mapped_column(sa.String(160))
    rank: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.String(20))
    major: Mapped[bool]
    recipient: Mapped[str] = mapped_column(sa.String(254))
    meant_for: Mapped[str] = mapped_column(sa.String(254))
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(20))
    ticket_id: Mapped[str | None] = mapped_column(ID)
    number: Mapped[str | None] = mapped_column(sa.String(32))
    group: Mapped[str | None] = mapped_column("group_key", KEY, key="group")
    clock: Mapped[str | None] = mapped_column(sa.String(40))
    instance: Mapped[int]
    clock_version: Mapped[int]
    crossing: Mapped[str | None] = mapped_column(sa.String(20))
    threshold: Mapped[int | None]
    minutes: Mapped[int | None]
    level: Mapped[int | None] = mapped_column(sa.SmallInteger)
    article: Mapped[str | None] = mapped_column(KEY)
    language: Mapped[str | None] = mapped_column(sa.String(8))
    title: Mapped[str | None] = mapped_column(sa.String(200))
    happened_at: Mapped[datetime] = mapped_column(database.Instant)
    deliver_at: Mapped[datetime | None] = mapped_column(database.Instant)
    given_at: Mapped[datetime | None] = mapped_column(database.Instant)
    digest: Mapped[str | None] = mapped_column(ID)
    acknowledged_at: Mapped[datetime | None] = mapped_column(database.Instant)
    acknowledged_by: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))

    __table_args__ = (
        # each fact is told to a person once; and whether it was told to anybody
        sa.UniqueConstraint("source", "recipient", name="notices_once"),
        # what falls due for somebody
        sa.Index(
            "notices_due",
            "recipient",
            "deliver_at",
            postgresql_where=sa.text("state IN ('waiting', 'gathered')"),
            sqlite_where=sa.text("state IN ('waiting', 'gathered')"),
        ),
        # what somebody was given, newest first
        sa.Index(
            "notices_given",
            "recipient",
            "given_at",
            "id",
            postgresql_where=sa.text("given_at IS NOT NULL"),
            sqlite_where=sa.text("given_at IS NOT NULL"),
        ),
        # what of it they did not acknowledge, and how much that is
        sa.Index(
            "notices_unread",
            "recipient",
            "given_at",
            "id",
            postgresql_where=sa.text("given_at IS NOT NULL AND acknowledged_at IS NULL"),
            sqlite_where=sa.text("given_at IS NOT NULL AND acknowledged_at IS NULL"),
        ),
        # what else was said of a clock or an article
        sa.Index("notices_of_subject", "subject", "rank"),
        # of a ticket: those held until it is routed, and the ladders that were acknowledged
        sa.Index("notices_of_ticket", "ticket_id"),
    )


class WindowRow(Base):
    """How much somebody was given lately, and the lock on their notices."""

    __tablename__ = "notice_windows"

    recipient: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    ends_at: Mapped[datetime | None] = mapped_column(database.Instant)
    given: Mapped[int]
    major: Mapped[int]
