"""Articles that may already answer a text."""

import dataclasses
from functools import partial

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.analysis import LANGUAGES, guess_language
from services.kb.handlers.showing import CHANGES_BEFORE_A_QUESTION, changes_of, read
from services.kb.index.engine import Found
from services.kb.index.replica import Replica
from services.kb.settings import KbSettings


def suggest(
    question: contract.Suggest, *, tx: Transaction, replica: Replica, settings: KbSettings
) -> contract.Hits:
    """Find articles that may already answer a text; its language is guessed when not said.

    Where that language has none, articles in the other languages are better than nothing.
    """
    text = question.text[: settings.suggest_characters]
    language = question.language or guess_language(text, lexicons=replica.lexicons, default="")
    reader = schemas.reader_of(question)
    replica.catch_up(partial(changes_of, tx), limit=CHANGES_BEFORE_A_QUESTION)
    for languages in ((language,), LANGUAGES):
        found = replica.index.search(
            text,
            audiences=reader,
            languages=languages,
            limit=question.limit * len(languages),
            must_be_named=True,
            most_corrections=0,
        )
        if found.hits:
            break
    near = _near_the_best(found, share=settings.suggest_share_of_best)
    return read(near, reader, limit=question.limit, tx=tx, replica=replica)


def _near_the_best(found: Found, *, share: float) -> Found:
    floor = found.hits[0].score * share if found.hits else 0.0
    near = tuple(hit for hit in found.hits if hit.score >= floor)
    return dataclasses.replace(found, hits=near)
