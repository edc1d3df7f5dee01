"""People read what they were told, and say that they know."""

import re
from datetime import UTC, datetime, timedelta

from chassis.database import Transaction
from contracts.errors import NotFound, invalid_field
from contracts.routing import (
    AcknowledgeNotices,
    ListNotices,
    NoticePage,
    NoticesAcknowledged,
)
from services.routing import schemas
from services.routing.domain.notices import Notice
from services.routing.store import directory as directory_store
from services.routing.store import notices

_CURSOR = re.compile(r"([0-9]{1,16})\.([0-9a-f-]{36})\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def list_notices(query: ListNotices, *, tx: Transaction) -> NoticePage:
    """What somebody was given, newest first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    recipients = _recipients(query, tx)
    after = _place(query.cursor) if query.cursor else None
    found = notices.given(
        tx, recipients=recipients, unread=query.unread, after=after, limit=query.limit + 1
    )
    shown = found[: query.limit]
    return NoticePage(
        items=tuple(schemas.notice(each) for each in shown),
        unread=notices.unread(tx, recipients=recipients),
        next_cursor=_cursor(shown[-1]) if len(found) > len(shown) else None,
    )


def acknowledge_notices(command: AcknowledgeNotices, *, tx: Transaction) -> NoticesAcknowledged:
    """Keep that somebody knows; the first time counts.

    Raises:
        NotFound: one of them was not given to this person.
    """
    recipients = _recipients(command, tx)
    found = notices.claim_given(tx, recipients=recipients, ids=command.ids)
    for id_ in command.ids:
        if id_ not in found:
            raise NotFound("notice_unknown", "There is no such notice of yours.", {"id": id_})
    fresh = [key for key, each in found.items() if each.acknowledged_at is None]
    by = schemas.actor_facts(command.actor)
    notices.change(tx, fresh, acknowledged_at=tx.now, acknowledged_by=by)
    now = notices.claim_given(tx, recipients=recipients, ids=command.ids)
    return NoticesAcknowledged(
        items=tuple(schemas.notice(each) for each in now.values()),
        unread=notices.unread(tx, recipients=recipients),
    )


def _recipients(asker: ListNotices | AcknowledgeNotices, tx: Transaction) -> set[str]:
    """The names under which somebody may have been told: their agent's, and their address."""
    directory = directory_store.current(tx)
    own = {asker.email.lower(), directory.person(asker.email)}
    return own | {asker.agent} if asker.agent else own


def _cursor(last: Notice) -> str:
    at = (last.given_at or _EPOCH) - _EPOCH
    return f"{at // timedelta(microseconds=1)}.{last.id}"


def _place(cursor: str) -> tuple[datetime, str]:
    found = _CURSOR.match(cursor)
    if found is None:
        raise invalid_field("cursor", "Is no cursor of this list.")
    return _EPOCH + timedelta(microseconds=int(found[1])), found[2]
