"""Notices: what people are told, each fact to each person once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from services.routing.domain.delivery import Window
from services.routing.domain.notices import Notice
from services.routing.models import NoticeRow, WindowRow
from services.routing.store.rows import fields, table

_NOTICES = table(NoticeRow)
_WINDOWS = table(WindowRow)
_NAMES = tuple(each.name for each in fields_of(Notice))

_WAITS = _NOTICES.c.state.in_(("waiting", "gathered"))
_LADDERS = ("escalation", "unreached")
_NEWEST_FIRST = (_NOTICES.c.given_at.desc(), _NOTICES.c.id.desc())


def claim_window(tx: Transaction, *, recipient: str) -> Window:
    """What somebody was given lately; their notices are ours alone until this transaction ends."""
    tx.insert_if_absent(_WINDOWS, recipient=recipient, ends_at=None, given=0, major=0)
    asked = sa.select(_WINDOWS.c.ends_at, _WINDOWS.c.given, _WINDOWS.c.major)
    row = tx.connection.execute(
        asked.where(_WINDOWS.c.recipient == recipient).with_for_update()
    ).one()
    return Window(**row._asdict())


def save_window(tx: Transaction, window: Window, *, recipient: str) -> None:
    """Keep what somebody was given."""
    where = _WINDOWS.c.recipient == recipient
    tx.connection.execute(sa.update(_WINDOWS).where(where).values(**vars(window)))


def add(tx: Transaction, notice: Notice) -> bool:
    """Keep a notice; False when its recipient has one of this source."""
    values = {name: getattr(notice, name) for name in _NAMES}
    return tx.insert_if_absent(_NOTICES, **values)


def is_known(tx: Transaction, *, source: str) -> bool:
    """Whether anybody was to be told of this before."""
    return _exists(tx, _NOTICES.c.source == source)


def has(tx: Transaction, *, source: str, recipient: str) -> bool:
    """Whether somebody was to be told of this before."""
    return _exists(tx, _NOTICES.c.source == source, _NOTICES.c.recipient == recipient)


def is_outranked(tx: Transaction, notice: Notice) -> bool:
    """Whether its recipient was to be told of more of the same subject."""
    return _exists(
        tx,
        _NOTICES.c.subject == notice.subject,
        _NOTICES.c.rank > notice.rank,
        _NOTICES.c.recipient == notice.recipient,
    )


def was_told(tx: Transaction, notice: Notice, *, since: datetime) -> bool:
    """Whether anybody is told of the same threshold since an instant, of another version."""
    return _exists(
        tx,
        _NOTICES.c.subject == notice.subject,
        _NOTICES.c.threshold == notice.threshold,
        _NOTICES.c.minutes.is_not_distinct_from(notice.minutes),
        _NOTICES.c.source != notice.source,
        _NOTICES.c.state != "dropped",
        _NOTICES.c.happened_at > since,
    )


def is_acknowledged(tx: Transaction, *, ticket_id: str, clock: str) -> bool:
    """Whether somebody with authority knows that this clock let the ticket climb."""
    return _exists(
        tx,
        _NOTICES.c.ticket_id == ticket_id,
        _NOTICES.c.clock == clock,
        _NOTICES.c.kind.in_(_LADDERS),
        _NOTICES.c.acknowledged_at.is_not(None),
    )


def _exists(tx: Transaction, *where: "sa.ColumnElement[bool]") -> bool:
    asked = sa.select(_NOTICES.c.id).where(*where).limit(1)
    return tx.connection.scalar(asked) is not None


def supersede(tx: Transaction, notice: Notice) -> int:
    """Drop what waits of the same subject and says less; how many that were."""
    less = sa.update(_NOTICES).where(
        _NOTICES.c.subject == notice.subject,
        _NOTICES.c.rank < notice.rank,
        _NOTICES.c.recipient == notice.recipient,
        _WAITS,
    )
    return tx.connection.execute(less.values(state="dropped", reason="superseded")).rowcount


def are_held(tx: Transaction, *, ticket_id: str) -> bool:
    """Whether notices wait until this ticket is routed."""
    mine = sa.and_(_NOTICES.c.ticket_id == ticket_id, _NOTICES.c.state == "held")
    return tx.connection.scalar(sa.select(sa.exists().where(mine))) or False


def take_held(tx: Transaction, *, ticket_id: str) -> list[Notice]:
    """Notices that were held until their ticket was routed; they are ours to file now."""
    mine = sa.and_(_NOTICES.c.ticket_id == ticket_id, _NOTICES.c.state == "held")
    asked = _select().where(mine).order_by(_NOTICES.c.rank)
    held = _all(tx, asked.with_for_update())
    tx.connection.execute(sa.delete(_NOTICES).where(mine))
    return held


def due(tx: Transaction, *, recipient: str) -> list[Notice]:
    """What has fallen due for somebody whose window is claimed, oldest first."""
    return _all(
        tx,
        _select()
        .where(_NOTICES.c.recipient == recipient, _NOTICES.c.deliver_at <= tx.now, _WAITS)
        .order_by(_NOTICES.c.happened_at, _NOTICES.c.id),
    )


def change(tx: Transaction, ids: Sequence[str], **values: Any) -> None:
    """Keep what became of notices."""
    if ids:
        tx.connection.execute(sa.update(_NOTICES).where(_NOTICES.c.id.in_(ids)).values(**values))


def hasten(tx: Transaction, *, recipient: str) -> bool:
    """Let what waits for somebody's shift be looked at now; whether anything does."""
    mine = sa.and_(_NOTICES.c.recipient == recipient, _NOTICES.c.state == "waiting")
    changed = sa.update(_NOTICES).where(mine, _WAITS).values(deliver_at=tx.now)
    return tx.connection.execute(changed).rowcount > 0


def make_major(tx: Transaction, *, ticket_id: str) -> set[str]:
    """Let what waits about a ticket wait no longer; whose it is."""
    mine = sa.and_(_NOTICES.c.ticket_id == ticket_id, _WAITS)
    asked = sa.select(_NOTICES.c.recipient).where(mine, ~_NOTICES.c.major).distinct()
    found = set(tx.connection.scalars(asked))
    if found:
        values = {"major": True, "deliver_at": tx.now}
        tx.connection.execute(sa.update(_NOTICES).where(mine).values(**values))
    return found


def waiting(tx: Transaction) -> int:
    """How many wait, for anybody."""
    return tx.connection.scalar(sa.select(sa.func.count()).where(_WAITS)) or 0


def given(
    tx: Transaction,
    *,
    recipients: Iterable[str],
    unread: bool,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Notice]:
    """What somebody was given, newest first, behind a place."""
    asked = _select().where(_NOTICES.c.recipient.in_(list(recipients)), _is_given(unread=unread))
    if after is not None:
        asked = asked.where(sa.tuple_(_NOTICES.c.given_at, _NOTICES.c.id) < sa.tuple_(*_at(after)))
    return _all(tx, asked.order_by(*_NEWEST_FIRST).limit(limit))


def _at(place: tuple[datetime, str]) -> "tuple[sa.BindParameter[Any], sa.BindParameter[Any]]":
    at, key = place
    return sa.literal(at, _NOTICES.c.given_at.type), sa.literal(key)


def unread(tx: Transaction, *, recipients: Iterable[str]) -> int:
    """How much of what somebody was given they did not acknowledge."""
    mine = _NOTICES.c.recipient.in_(list(recipients))
    asked = sa.select(sa.func.count()).select_from(_NOTICES).where(mine, _is_given(unread=True))
    return tx.connection.scalar(asked) or 0


def _is_given(*, unread: bool) -> "sa.ColumnElement[bool]":
    was_given = _NOTICES.c.given_at.is_not(None)
    return sa.and_(was_given, _NOTICES.c.acknowledged_at.is_(None)) if unread else was_given


def claim_given(
    tx: Transaction, *, recipients: Iterable[str], ids: Iterable[str]
) -> Mapping[str, Notice]:
    """Those of these notices that somebody was given, by id, ours alone."""
    asked = _select().where(
        _NOTICES.c.id.in_(list(ids)),
        _NOTICES.c.recipient.in_(list(recipients)),
        _is_given(unread=False),
    )
    return {each.id: each for each in _all(tx, asked.order_by(*_NEWEST_FIRST).with_for_update())}


def _select() -> "sa.Select[Any]":
    return sa.select(*fields(_NOTICES))


def _all(tx: Transaction, asked: "sa.Select[Any]") -> list[Notice]:
    return [Notice(**row._asdict()) for row in tx.connection.execute(asked)]
