"""Groups, agents and rules; read whole, and kept in memory until any of them changes."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from chassis.ids import new_id
from services.routing.domain.directory import Agent, Directory, Group, Rule
from services.routing.domain.hours import Shift, WorkingHours
from services.routing.models import AgentRow, DirectoryState, GroupRow, RuleRow
from services.routing.store.rows import fields, table

_STATE = table(DirectoryState)
_REVISION = sa.select(_STATE.c.revision)
_TABLES: Mapping[type[Any], sa.Table] = {
    Group: table(GroupRow),
    Agent: table(AgentRow),
    Rule: table(RuleRow),
}

# A revision is unique across databases and never comes back, so one slot can serve them all.
_last_read: tuple[str, Directory] | None = None


def current(tx: Transaction) -> Directory:
    """The directory as of this transaction; one statement while nothing changed."""
    global _last_read  # noqa: PLW0603 - replaced whole, so that no reader sees half of it
    if _STATE.name not in tx.known:
        tx.known[_STATE.name] = tx.connection.scalar(_REVISION)
    revision = tx.known[_STATE.name]
    if revision is None:
        return Directory()
    seen = _last_read
    if seen is None or seen[0] != revision:
        seen = (revision, _read(tx))
        _last_read = seen
    return seen[1]


def _read(tx: Transaction) -> Directory:
    groups, agents, rules = (_all(tx, kind) for kind in (Group, Agent, Rule))
    return Directory(
        groups={group.key: group for group in groups},
        agents={agent.key: agent for agent in agents},
        rules=tuple(rules),
    )


def _all(tx: Transaction, kind: type[Any]) -> list[Any]:
    found = tx.connection.execute(sa.select(*fields(_TABLES[kind])))
    return [kind(**_frozen(row._asdict())) for row in found]


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    if found.get("hours") is not None:
        found["hours"] = _hours(found["hours"])
    return found


def _hours(kept: Mapping[str, Any]) -> WorkingHours:
    week = {day: tuple(Shift(**each) for each in shifts) for day, shifts in kept["week"].items()}
    return WorkingHours(zone=kept["zone"], week=week)


def claim(tx: Transaction) -> Directory:
    """The directory, for us alone to change until this transaction ends."""
    tx.insert_if_absent(_STATE, id=1, revision=new_id())
    tx.connection.execute(sa.select(_STATE.c.id).with_for_update())
    tx.known.pop(_STATE.name, None)
    return current(tx)


def put(tx: Transaction, entry: Group | Agent | Rule) -> None:
    """Save an entry under its key, new or changed; after `claim`."""
    into = _TABLES[type(entry)]
    values = _plain(entry)
    if not tx.insert_if_absent(into, **values):
        tx.connection.execute(sa.update(into).where(into.c.key == entry.key).values(**values))
    # Last, so that nobody remembers the old picture under the new revision.
    tx.connection.execute(sa.update(_STATE).values(revision=new_id()))
    tx.known.pop(_STATE.name, None)


def _plain(entry: Group | Agent | Rule) -> dict[str, Any]:
    values = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    return {name: _jsonable(value) for name, value in values.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, WorkingHours):
        return dataclasses.asdict(value)
    return dict(value) if isinstance(value, Mapping) else value
