"""What became of articles: readings."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.models import readings


def keep_reading(
    session: Session, *, article_id: str, reader: str, helpful: bool | None, read_at: datetime
) -> None:
    """Remember that somebody read an article."""
    session.execute(
        sa.insert(readings).values(
            article_id=article_id, reader=reader, helpful=helpful, read_at=read_at
        )
    )
