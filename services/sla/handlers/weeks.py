"""Weeks of old tickets are summed up in rounds, a week in a transaction, by whichever replica."""

from typing import Final

from chassis.database import Database
from contracts.sla import Rebuild
from services.sla.handlers import jobs
from services.sla.store import weeks

AT_ONCE: Final = 4  # weeks a round; the rest of a second goes to events and thresholds


def sum_up_weeks(database: Database) -> int:
    """Sum up weeks that are old enough, and those whose rows were written since; how many."""
    _announce(database)
    for done in range(AT_ONCE):
        with database.write() as tx:
            week = weeks.next_week(tx)
            if week is None:
                return done
            weeks.sum_up(tx, week)
    return AT_ONCE


def _announce(database: Database) -> None:
    with database.read() as tx:
        news = weeks.unannounced(tx)
        is_incomplete = bool(news) and weeks.lacks_blame(tx)
    if news:
        with database.write() as tx:
            if weeks.announce(tx, news) and is_incomplete:
                jobs.start_rebuild(Rebuild(), tx=tx)
