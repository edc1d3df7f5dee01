"""What was asked of the search."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from services.kb.models import search_log


def keep_searches(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep some questions."""
    tx.session.execute(sa.insert(search_log), rows)


def drop_searches(tx: Transaction, *, before: datetime) -> int:
    """Take out the questions asked before an instant; return how many."""
    dropped = tx.session.execute(sa.delete(search_log).where(search_log.c.asked_at < before))
    count: int = dropped.rowcount  # type: ignore[attr-defined]  # a delete has one
    return count
