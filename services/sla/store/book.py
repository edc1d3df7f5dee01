"""The book of promises: calendars and policies, their versions and editions.

A version and an edition never change, so each is read and compiled once a process.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from chassis.database import Transaction
from services.sla.domain.calendar import read_calendar
from services.sla.domain.policy import Book, Policy, read_policy
from services.sla.domain.timetable import Timetable
from services.sla.models import calendars, editions, policies

BOOKS_KEPT: Final = 64  # editions a process remembers; older ones are read again when needed

Document = Mapping[str, Any]
Shelf = Literal["calendars", "policies"]
_TABLES: Final[Mapping[Shelf, sa.Table]] = {"calendars": calendars, "policies": policies}


@dataclass(frozen=True)
class Edition:
    """Which versions belong together; number 0 is the empty book before anything was saved."""

    number: int
    calendars: Mapping[str, int]
    policies: Mapping[str, int]


@dataclass(frozen=True)
class Saved:
    """A document as saved."""

    version: int
    document: Document


_LATEST: Final = sa.select(editions).order_by(editions.c.number.desc()).limit(1)
_NEWEST: Final = "newest edition"
_LATEST_NUMBER: Final = sa.select(sa.func.max(editions.c.number))
_EDITION: Final = sa.select(editions).where(editions.c.number == sa.bindparam("number"))


def lock(tx: Transaction) -> None:
    """Let no other transaction change the book until this one ends; SQLite has one writer."""
    if tx.dialect == "postgresql":
        tx.connection.exec_driver_sql("LOCK TABLE editions IN SHARE ROW EXCLUSIVE MODE")


def latest(tx: Transaction) -> Edition:
    """Return the newest edition."""
    return _edition(tx.connection.execute(_LATEST).mappings().first())


def latest_number(tx: Transaction) -> int:
    """Return the newest edition's number; events that share a transaction share an edition."""
    if _NEWEST not in tx.known:
        tx.known[_NEWEST] = tx.connection.scalar(_LATEST_NUMBER) or 0
    number: int = tx.known[_NEWEST]
    return number


def documents(tx: Transaction, shelf: Shelf, versions: Mapping[str, int]) -> dict[str, Saved]:
    """Return the given versions of calendars or policies, by key."""
    table = _TABLES[shelf]
    wanted = sa.tuple_(table.c.key, table.c.version).in_(list(versions.items()))
    found = tx.connection.execute(sa.select(table).where(wanted)).mappings() if versions else ()
    return {row["key"]: Saved(row["version"], row["document"]) for row in found}


def add_version(tx: Transaction, shelf: Shelf, document: Document, *, after: Edition) -> Edition:
    """Save the next version of a calendar or policy, and the edition that has it."""
    before: Mapping[str, int] = getattr(after, shelf)
    key, version = document["key"], before.get(document["key"], 0) + 1
    row = {"key": key, "version": version, "saved_at": tx.now, "document": document}
    tx.connection.execute(sa.insert(_TABLES[shelf]), row)
    edition = replace(after, number=after.number + 1, **{shelf: {**before, key: version}})
    tx.connection.execute(sa.insert(editions), {"saved_at": tx.now, **asdict(edition)})
    return edition


def book(tx: Transaction, number: int) -> Book:
    """Return an edition, ready to judge by."""
    kept = _kept(tx)
    found = kept.books.get(number)
    if found is None:
        row = tx.connection.execute(_EDITION, {"number": number}).mappings().first()
        found = compiled(tx, _edition(row))
        kept.keep(found)
    return found


def compiled(tx: Transaction, edition: Edition) -> Book:
    """Return an edition's active policies in the order they are tried, and its calendars."""
    read = [
        (saved.document.get("active", True), read_policy(saved.document, version=saved.version))
        for saved in documents(tx, "policies", edition.policies).values()
    ]
    active = [policy for is_active, policy in read if is_active]
    return Book(
        edition=edition.number,
        policies=tuple(sorted(active, key=_order)),
        timetables=_timetables(tx, edition.calendars),
    )


def otherwise(
    tx: Transaction,
    number: int,
    *,
    calendars: Sequence[Document],
    policies: Sequence[Document],
    job_id: str | None = None,
) -> Book:
    """Return an edition as if these calendars and policies stood in it in place of their likes.

    What is kept by `job_id` is not read again while the same job goes on.
    """
    kept = _kept(tx)
    if job_id is not None and (job_id, number) in kept.others:
        return kept.others[job_id, number]
    row = tx.connection.execute(_EDITION, {"number": number}).mappings().first()
    edition = _edition(row)
    # A policy may count by a calendar that is younger than the ticket.
    versions = {**latest(tx).calendars, **edition.calendars}
    timetables = _timetables(tx, versions) | {
        document["key"]: Timetable(read_calendar(document, version=0)) for document in calendars
    }
    replaced = {document["key"] for document in policies}
    present = [one for one in compiled(tx, edition).policies if one.key not in replaced]
    wanted = [
        read_policy(document, version=0) for document in policies if document.get("active", True)
    ]
    found = Book(
        edition=number,
        policies=tuple(sorted([*present, *wanted], key=_order)),
        timetables=timetables,
    )
    if job_id is not None:
        kept.keep_other(job_id, found)
    return found


def _order(policy: Policy) -> tuple[int, str]:
    return policy.position, policy.key


def _timetables(tx: Transaction, versions: Mapping[str, int]) -> dict[str, Timetable]:
    known = _kept(tx).timetables
    missing = {key: version for key, version in versions.items() if (key, version) not in known}
    for key, saved in documents(tx, "calendars", missing).items():
        known[key, saved.version] = Timetable(read_calendar(saved.document, version=saved.version))
    return {key: known[key, version] for key, version in versions.items()}


def _edition(row: Mapping[Any, Any] | None) -> Edition:
    if row is None:
        return Edition(0, {}, {})
    return Edition(row["number"], row["calendars"], row["policies"])


class _Kept:
    """What a process remembers of one database."""

    def __init__(self) -> None:
        self.books: dict[int, Book] = {}
        self.timetables: dict[tuple[str, int], Timetable] = {}
        self.others: dict[tuple[str, int], Book] = {}

    def keep_other(self, job_id: str, book: Book) -> None:
        if len(self.others) >= BOOKS_KEPT:
            self.others = {}
        self.others[job_id, book.edition] = book

    def keep(self, book: Book) -> None:
        if len(self.books) >= BOOKS_KEPT:
            self.books, self.timetables = {}, {}
        self.books[book.edition] = book


_by_engine: WeakKeyDictionary[sa.Engine, _Kept] = WeakKeyDictionary()
_guard = threading.Lock()


def _kept(tx: Transaction) -> _Kept:
    with _guard:
        return _by_engine.setdefault(tx.connection.engine, _Kept())
