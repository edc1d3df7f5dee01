"""Problems that were heard of."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from services.kb.domain.problems import OPEN, SOLVED, Problem
from services.kb.models import cases, problems

_UNHEARD = ""  # the subject, until the opening is heard


def keep_opening(
    tx: Transaction, *, number: str, subject: str, opened_at: datetime, seq: int
) -> None:
    """Remember a problem; one whose end was heard of first gets its subject."""
    values = {"subject": subject, "opened_at": opened_at}
    if tx.insert_if_absent(problems, number=number, state=OPEN, seq=seq, **values):
        return
    mine = sa.and_(problems.c.number == number, problems.c.subject == _UNHEARD)
    tx.session.execute(sa.update(problems).where(mine).values(**values))


def keep_state(tx: Transaction, *, number: str, state: str, seq: int, at: datetime) -> bool:
    """Remember a problem's state unless a later one was heard; whether it is another one now."""
    if tx.insert_if_absent(
        problems, number=number, subject=_UNHEARD, state=state, seq=seq, opened_at=at
    ):
        return True
    before = sa.select(problems.c.state, problems.c.seq).where(problems.c.number == number)
    was = tx.session.execute(before.with_for_update()).one()
    if was.seq >= seq:
        return False
    mine = problems.c.number == number
    tx.session.execute(sa.update(problems).where(mine).values(state=state, seq=seq))
    return bool(was.state != state)


def by_number(session: Session, number: str) -> Problem | None:
    """Return a problem, if it was heard of."""
    row = session.execute(sa.select(problems).where(problems.c.number == number)).one_or_none()
    return _problem(row) if row else None


def is_other_ticket(session: Session, number: str) -> bool:
    """Whether a number is that of a ticket of another kind."""
    found = sa.exists().where(cases.c.number == number)
    return bool(session.execute(sa.select(found)).scalar_one())


def solved_among(session: Session, numbers: Collection[str]) -> set[str]:
    """Return those of the numbers that are solved problems'."""
    found = sa.select(problems.c.number).where(
        problems.c.number.in_(numbers), problems.c.state == SOLVED
    )
    return set(session.scalars(found))


def page(session: Session, *, q: str, limit: int) -> list[Problem]:
    """Return problems, open ones first, the newest first."""
    wanted = [
        sa.or_(
            problems.c.subject.icontains(word, autoescape=True),
            problems.c.number.icontains(word, autoescape=True),
        )
        for word in q.split()
    ]
    found = (
        sa.select(problems)
        .where(*wanted)
        .order_by(problems.c.state != OPEN, problems.c.opened_at.desc(), problems.c.number)
        .limit(limit)
    )
    return [_problem(row) for row in session.execute(found)]


def _problem(row: sa.Row[Any]) -> Problem:
    return Problem(number=row.number, subject=row.subject, state=row.state)
