"""Articles that may already answer a text."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from chassis.database import Transaction
from contracts import kb as contract
from contracts.intake import TicketOpened
from services.kb import schemas
from services.kb.domain.analysis import LANGUAGES, guess_language
from services.kb.domain.articles import Shown
from services.kb.domain.deflection import is_held_out, measure
from services.kb.domain.problems import PROBLEM
from services.kb.domain.ranking import solved_alike, solved_bonus
from services.kb.handlers.asked import AskedLog
from services.kb.handlers.showing import ask, best_of, show, total_of
from services.kb.index.engine import Found, Hit
from services.kb.index.replica import Replica
from services.kb.settings import KbSettings
from services.kb.store import asks as store

_SPARE = 3
_USUAL_DAYS = 90


def suggest(
    question: contract.Suggest,
    *,
    tx: Transaction,
    replica: Replica,
    settings: KbSettings,
    asked: AskedLog,
) -> contract.Hits:
    """Find articles that may already answer a text; its language is guessed when not said.

    Where that language has none, articles in the other languages are better than nothing. What
    solved like tickets before comes earlier. Somebody who is held out is told of none.
    """
    text = question.text[: settings.suggest_characters]
    language = question.language or guess_language(text, lexicons=replica.lexicons, default="")
    reader = schemas.reader_of(question)
    for languages in ((language,), LANGUAGES) if language else (LANGUAGES,):
        found, articles = ask(
            partial(
                replica.index.search,
                text,
                audiences=reader,
                languages=languages,
                limit=(question.limit + _SPARE) * len(languages),
                must_be_named=True,
                most_corrections=0,
            ),
            reader,
            tx=tx,
            replica=replica,
        )
        if found.hits:
            break
    near = _near_the_best(found, share=settings.suggest_share_of_best)
    likely = best_of(near, articles, limit=question.limit + _SPARE)
    solvers = _by_what_they_solved(likely, found, limit=question.limit, tx=tx)
    ranked = [(hit, article) for hit, article, _ in solvers]
    shown = show(ranked, found, reader, replica=replica)
    items = tuple(
        dataclasses.replace(hit, solved=solved)
        for hit, (*_, solved) in zip(shown, solvers, strict=True)
    )
    best = contract.Hits(items=items, total=total_of(near, likely))
    if question.asker is None or not items:
        return best
    held_out = not reader.works_here and is_held_out(
        question.asker, percent=settings.hold_out_percent
    )
    asked.note_ask(
        asker=question.asker,
        beside=question.beside,
        is_held_out=held_out,
        shown=[hit.key for hit in best.items],
    )
    return contract.Hits(items=()) if held_out else best


def keep_what_followed(event: TicketOpened, *, tx: Transaction, settings: KbSettings) -> None:
    """Remember that a ticket followed what was suggested to its requester."""
    if event.kind == PROBLEM:
        return
    store.keep_following_ticket(
        tx,
        asker=event.requester.email,
        number=event.number,
        opened_at=event.occurred_at,
        since=event.occurred_at - timedelta(days=settings.deflection_days),
    )


def report_deflection(
    question: contract.ReportDeflection, *, tx: Transaction, settings: KbSettings
) -> contract.DeflectionReport:
    """Measure what suggestions spare, for the asks of a period."""
    until = question.until or tx.now
    since = question.since or until - timedelta(days=_USUAL_DAYS)
    days = settings.deflection_days
    asks = store.asks_between(tx.session, since=since, until=until)
    measured = measure(asks, days=days, now=tx.now)
    return schemas.deflection_of(
        measured,
        since=since,
        until=until,
        days=days,
        percent=settings.hold_out_percent,
    )


def _by_what_they_solved(
    hits: Sequence[tuple[Hit, Shown]], found: Found, *, limit: int, tx: Transaction
) -> list[tuple[Hit, Shown, int]]:
    """Let articles that solved like tickets come earlier; likeness to the text still leads.

    Returns:
        The best hits, raised, with how many like tickets each solved.
    """
    solved = store.solved_by(tx.session, keys=[article.key for _, article in hits])
    stems = frozenset().union(*found.stems.values())
    raised = []
    for hit, article in hits:
        tickets = solved.get(article.key, ())
        score = round(hit.score * (1 + solved_bonus(stems, tickets)), 4)
        raised.append((Hit(hit.id, score), article, solved_alike(stems, tickets)))
    raised.sort(key=lambda ranked: (-ranked[0].score, ranked[1].key))
    return raised[:limit]


def _near_the_best(found: Found, *, share: float) -> Found:
    floor = found.hits[0].score * share if found.hits else 0.0
    near = tuple(hit for hit in found.hits if hit.score >= floor)
    return dataclasses.replace(found, hits=near)
