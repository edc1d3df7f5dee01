"""Problems: heard of, linked to articles, and their known errors read again when one is solved."""

import dataclasses
from datetime import datetime

from chassis.database import Transaction
from contracts import kb as contract
from contracts.intake import TicketClosed, TicketOpened, TicketReopened, TicketResolved
from services.kb import schemas
from services.kb.domain import problems as rules
from services.kb.domain.articles import Article
from services.kb.handlers.writing import set_timers
from services.kb.store import articles
from services.kb.store import problems as store

TicketEnd = TicketResolved | TicketReopened | TicketClosed


def keep_problem(event: TicketOpened, *, tx: Transaction) -> None:
    """Remember a problem that was opened."""
    if event.kind == rules.PROBLEM:
        store.keep_opening(
            tx,
            number=event.number,
            subject=event.subject,
            opened_at=event.occurred_at,
            seq=event.seq,
        )


def keep_problem_state(event: TicketEnd, *, tx: Transaction) -> None:
    """Remember that a problem was solved, came back or was dropped.

    The known errors of one that is solved are to be read again: their workaround may be needed no
    more.
    """
    if event.kind != rules.PROBLEM:
        return
    # First of all: whoever links an article to it meanwhile waits, or is waited for and seen.
    number = articles.take_change_number(tx.session)
    state = _state_after(event)
    is_news = store.keep_state(
        tx, number=event.number, state=state, seq=event.seq, at=event.occurred_at
    )
    if not is_news or state != rules.SOLVED:
        return
    for article in articles.known_errors(tx.session, problem=event.number):
        if article.review_at is None or article.review_at > event.occurred_at:
            _bring_up(article, at=event.occurred_at, number=number, by=event.actor.id, tx=tx)
            number = articles.take_change_number(tx.session)


def list_problems(question: contract.ListProblems, *, tx: Transaction) -> contract.KnownProblems:
    """List problems that an article can be linked to."""
    found = store.page(tx.session, q=question.q, limit=question.limit)
    return contract.KnownProblems(items=tuple(map(schemas.known_problem_of, found)))


def linked(named: str | None, *, before: str | None, tx: Transaction) -> str | None:
    """The number of the problem that an article names, checked; one it had is not.

    Raises:
        NoProblem: what it names is no problem.
        ProblemNotKnown: it was not heard of, perhaps not yet.
    """
    if named is None or named == before:
        return named
    number = rules.tidy_number(named)
    rules.check_link(
        number,
        is_known=store.by_number(tx.session, number) is not None,
        is_other_ticket=store.is_other_ticket(tx.session, number),
    )
    return number


def _state_after(event: TicketEnd) -> str:
    if isinstance(event, TicketReopened):
        return rules.OPEN
    if isinstance(event, TicketResolved):
        return rules.SOLVED
    return rules.state_of_end(event.status)


def _bring_up(article: Article, *, at: datetime, number: int, by: str, tx: Transaction) -> None:
    after = dataclasses.replace(article, review_at=at, change_number=number)
    articles.amend(tx.session, after)
    set_timers(after, before=article, by=by, tx=tx)
