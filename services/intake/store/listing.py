"""Many tickets: filters, orders, pages, and the words of a search."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from contracts.intake import ListTickets, TicketLine
from services.intake.domain.lifecycle import OPEN
from services.intake.domain.numbers import sought_serials, ticket_number
from services.intake.domain.paging import NEVER, ORDERS, Place
from services.intake.domain.ticket import FOR_AGENTS
from services.intake.domain.words import words_of
from services.intake.models import IS_OPEN, ticket_words, tickets

Filter = sa.ColumnElement[bool] | sa.TextClause

NOBODY = "none"  # as a filter of assignees
FEW = 1000  # tickets that a search may name one by one

_LINE = (
    tickets.c.serial,
    tickets.c.subject,
    tickets.c.kind,
    tickets.c.status,
    tickets.c.priority,
    tickets.c.category,
    tickets.c.group,
    tickets.c.assignee,
    tickets.c.requester,
    tickets.c.next_due_at,
    tickets.c.sla_state,
    tickets.c.opened_at,
    tickets.c.updated_at,
    tickets.c.version,
)


class Page(NamedTuple):
    """Some lines, and the place of the last one when more follow."""

    lines: tuple[TicketLine, ...]
    last: Place | None


def page(connection: Connection, *, wanted: ListTickets, after: Place | None) -> Page:
    """The tickets that are wanted, in their order, behind a place."""
    order = ORDERS[wanted.sort]
    by = tickets.c[order.by]
    found: sa.Select[Any] = (
        sa.select(*_LINE).where(*_filters(connection, wanted)).limit(wanted.limit + 1)
    )
    if after is not None:
        here, there = sa.tuple_(by, tickets.c.serial), _place(by, after)
        found = found.where(here < there if order.descending else here > there)
    sort = (by.desc(), tickets.c.serial.desc()) if order.descending else (by, tickets.c.serial)
    rows = connection.execute(found.order_by(*sort)).all()
    shown = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    last = Place(at=shown[-1]._mapping[by], serial=shown[-1].serial) if more else None  # noqa: SLF001
    return Page(lines=tuple(_line(row) for row in shown), last=last)


def _place(by: sa.Column[Any], after: Place) -> sa.Tuple:
    return sa.tuple_(sa.literal(after.at, by.type), sa.literal(after.serial))


def _filters(connection: Connection, wanted: ListTickets) -> list[Filter]:
    columns = {
        tickets.c.status: wanted.status,
        tickets.c.group: wanted.group,
        tickets.c.priority: wanted.priority,
        tickets.c.sla_state: wanted.sla_state,
    }
    filters: list[Filter] = [
        _one_of(column, values) for column, values in columns.items() if values
    ]
    filters += [
        tickets.c.requester == email.strip().lower()
        for email in (wanted.requester, wanted.viewer)
        if email is not None
    ]
    if wanted.viewer is not None:
        filters.append(tickets.c.kind.not_in(FOR_AGENTS))
    if wanted.status and OPEN.issuperset(wanted.status):
        filters.append(IS_OPEN)
    if wanted.assignee:
        filters.append(_held_by(wanted.assignee))
    if wanted.q and wanted.q.strip():
        filters.append(_sought(connection, wanted.q))
    return filters


def _one_of(column: sa.Column[Any], values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    # One value is an equality, so that an index on it gives the rows already in order.
    return column == values[0] if len(values) == 1 else column.in_(values)


def _held_by(assignees: tuple[str, ...]) -> sa.ColumnElement[bool]:
    agents = tuple(key for key in assignees if key != NOBODY)
    held = [_one_of(tickets.c.assignee, agents)] if agents else []
    nobody = [tickets.c.assignee.is_(None)] if NOBODY in assignees else []
    return sa.or_(*held, *nobody)


def _sought(connection: Connection, text: str) -> sa.ColumnElement[bool]:
    """A filter for tickets whose number is or begins with `text`, or whose subject has its words.

    A search that names few tickets is answered from the words, whatever the order of the list. One
    that names many is answered from the order: enough tickets along it have the words.
    """
    kind, ranges = sought_serials(text)
    words = words_of(text)
    if not words:
        return sa.false()
    by_words = sa.and_(*(_has_word(word) for word in words))
    serials = _serials_with_words(words)
    if ranges:
        by_number = _has_number(kind, ranges)
        numbered = sa.select(tickets.c.serial).where(by_number).limit(FEW + 1)
        serials = sa.union(numbered.subquery().select(), serials.subquery().select())
        by_words = sa.or_(by_number, by_words)
    few = connection.scalars(serials).all()
    return tickets.c.serial.in_(few) if len(few) <= FEW else by_words


def _serials_with_words(words: Iterable[str]) -> Any:
    first, *others = words
    wanted = sa.select(ticket_words.c.serial).where(ticket_words.c.word == first)
    for word in others:
        other = ticket_words.alias()
        wanted = wanted.join(
            other, sa.and_(other.c.serial == ticket_words.c.serial, other.c.word == word)
        )
    return wanted.limit(FEW + 1)


def _has_word(word: str) -> sa.ColumnElement[bool]:
    mine = ticket_words.c.serial == tickets.c.serial
    return sa.exists().where(mine, ticket_words.c.word == word)


def _has_number(kind: str | None, ranges: list[range]) -> sa.ColumnElement[bool]:
    serial = tickets.c.serial
    within = sa.or_(*(serial.between(one.start, one.stop - 1) for one in ranges))
    return sa.and_(within, tickets.c.kind == kind) if kind else within


def _line(row: sa.Row[Any]) -> TicketLine:
    return TicketLine(
        number=ticket_number(kind=row.kind, serial=row.serial),
        subject=row.subject,
        kind=row.kind,
        status=row.status,
        priority=row.priority,
        category=row.category,
        group=row.group,
        assignee=row.assignee,
        requester=row.requester,
        next_due_at=None if row.next_due_at == NEVER else row.next_due_at,
        sla_state=row.sla_state,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        version=row.version,
    )
