"""Whether the desk is open, and when that changes."""

from collections import Counter
from datetime import datetime

from chassis.database import Transaction
from contracts import sla as contract
from contracts.errors import NotFound
from services.sla.domain.instants import NEVER, Never
from services.sla.domain.timetable import Timetable
from services.sla.store import book


def get_hours(question: contract.GetHours, *, tx: Transaction) -> contract.Hours:
    """Look at a calendar as it is now.

    Raises:
        NotFound: there is no such calendar, or none at all.
    """
    present = book.compiled(tx, book.latest(tx))
    uses = Counter(
        target.calendar for policy in present.policies for target in policy.targets.values()
    )
    by_use = sorted(present.timetables, key=lambda key: (-uses[key], key))
    key = question.calendar or next(iter(by_use), "")
    if key not in present.timetables:
        raise NotFound("calendar_not_found", f"There is no calendar {key!r}.", {"calendar": key})
    return _hours(present.timetables[key], at=tx.now)


def _hours(timetable: Timetable, *, at: datetime) -> contract.Hours:
    is_open = timetable.is_open(at)
    return contract.Hours(
        calendar=timetable.calendar.key,
        zone=timetable.calendar.zone,
        as_of=at,
        is_open=is_open,
        opens_at=None if is_open else _known(timetable.next_opening(at)),
        closes_at=_known(timetable.next_closing(at)) if is_open else None,
    )


def _known(at: datetime | Never) -> datetime | None:
    return None if at is NEVER else at
