"""What became of articles: readings and resolutions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.models import readings, resolutions


def keep_reading(
    session: Session, *, article_id: str, reader: str, helpful: bool | None, read_at: datetime
) -> None:
    """Remember that somebody read an article."""
    session.execute(
        sa.insert(readings).values(
            article_id=article_id, reader=reader, helpful=helpful, read_at=read_at
        )
    )


def keep_resolution(
    tx: Transaction,
    *,
    ticket_id: str,
    number: str,
    seq: int,
    resolved_at: datetime,
    article_key: str | None,
) -> None:
    """Remember how a ticket was last resolved; an older resolution changes nothing."""
    values: dict[str, Any] = {
        "number": number,
        "seq": seq,
        "resolved_at": resolved_at,
        "article_key": article_key,
    }
    if tx.insert_if_absent(resolutions, ticket_id=ticket_id, **values):
        return
    tx.session.execute(
        sa.update(resolutions)
        .where(resolutions.c.ticket_id == ticket_id, resolutions.c.seq < seq)
        .values(**values)
    )
