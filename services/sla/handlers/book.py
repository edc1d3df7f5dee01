"""Calendars and policies: saved, versioned, listed."""

from datetime import datetime
from typing import Any

from chassis.database import Transaction
from contracts import sla as contract
from contracts.grammar import from_plain, to_plain
from services.sla import schemas
from services.sla.domain.calendar import read_calendar
from services.sla.domain.daysoff import look_up
from services.sla.domain.instants import micros_of
from services.sla.domain.policy import read_policy, refuse_unreachable
from services.sla.store import book


def put_calendar(command: contract.CalendarSpec, *, tx: Transaction) -> contract.CalendarVersion:
    """Save a calendar; one that differs is a new version, and open tickets keep theirs.

    Raises:
        InvalidDefinition: the calendar cannot be meant.
    """
    document = calendar_document(command, now=tx.now)
    book.lock(tx)
    version = _put(tx, "calendars", document)
    found = from_plain(contract.DaysOff, document["days_off"])
    return contract.CalendarVersion(version=version, spec=command, days_off=found)


def calendar_document(spec: contract.CalendarSpec, *, now: datetime) -> dict[str, Any]:
    """Write a calendar as it is kept: with the days off that its holidays come to.

    Raises:
        InvalidDefinition: the calendar cannot be meant.
    """
    document = to_plain(spec)
    read_calendar(document, version=1)
    document["days_off"] = to_plain(schemas.days_off_of(look_up(document, year=now.year)))
    return document


def put_policy(command: contract.PolicySpec, *, tx: Transaction) -> contract.PolicyVersion:
    """Save a policy; one that differs is a new version, and open tickets keep theirs.

    Raises:
        InvalidDefinition: the policy cannot be meant, or its targets can never be due.
    """
    document = to_plain(command)
    read_policy(document, version=1)
    book.lock(tx)
    present = book.compiled(tx, book.latest(tx))
    refuse_unreachable(document, book=present, now=micros_of(tx.now))
    version = _put(tx, "policies", document)
    return contract.PolicyVersion(version=version, spec=command)


def list_calendars(*, tx: Transaction) -> contract.Calendars:
    """Show the newest version of every calendar, by key."""
    found = book.documents(tx, "calendars", book.latest(tx).calendars)
    return contract.Calendars(
        items=tuple(
            contract.CalendarVersion(
                version=saved.version,
                spec=from_plain(contract.CalendarSpec, saved.document),
                days_off=from_plain(contract.DaysOff, saved.document.get("days_off") or {}),
            )
            for _, saved in sorted(found.items())
        )
    )


def list_policies(*, tx: Transaction) -> contract.Policies:
    """Show the newest version of every policy, in the order they are tried."""
    found = book.documents(tx, "policies", book.latest(tx).policies)
    items = [
        contract.PolicyVersion(
            version=saved.version, spec=from_plain(contract.PolicySpec, saved.document)
        )
        for saved in found.values()
    ]
    items.sort(key=lambda item: (item.spec.position, item.spec.key))
    return contract.Policies(items=tuple(items))


def _put(tx: Transaction, shelf: book.Shelf, document: dict[str, Any]) -> int:
    """Save a document unless it is there already; its version."""
    edition = book.latest(tx)
    versions: dict[str, int] = getattr(edition, shelf)
    key = document["key"]
    before = book.documents(tx, shelf, {key: versions[key]}) if key in versions else {}
    if key in before and before[key].document == document:
        return before[key].version
    book.add_version(tx, shelf, document, after=edition)
    return versions.get(key, 0) + 1
