"""What is found, and what suggestions spared."""

from datetime import datetime
from html import escape
from typing import cast

from contracts import kb as contract
from contracts.intake import Language
from services.kb.domain.articles import Shown
from services.kb.domain.deflection import Deflection, Group
from services.kb.domain.readers import Reader
from services.kb.domain.snippet import Snippet


def deflection_of(
    measured: Deflection, *, since: datetime, until: datetime, days: int, percent: float
) -> contract.DeflectionReport:
    """What suggestions spared."""
    effect, low, high = measured.effect or (None, None, None)
    return contract.DeflectionReport(
        since=since,
        until=until,
        days=days,
        hold_out_percent=percent,
        shown=_group_of(measured.shown),
        held_out=_group_of(measured.held_out),
        undecided=measured.undecided,
        effect=effect,
        effect_low=low,
        effect_high=high,
    )


def _group_of(group: Group) -> contract.DeflectionGroup:
    return contract.DeflectionGroup(
        asks=group.asks,
        read=group.read,
        deflected=group.deflected,
        without_ticket=group.without_ticket,
        share_without_ticket=group.share,
    )


def hit_of(article: Shown, reader: Reader, *, snippet: Snippet, score: float) -> contract.Hit:
    """A found article; that it is a known error is for agents."""
    return contract.Hit(
        key=article.key,
        language=cast("Language", article.language),
        title=article.title,
        category=article.category,
        snippet=safe_html(snippet),
        score=score,
        problem=article.problem if reader.works_here else None,
    )


def safe_html(snippet: Snippet) -> str:
    """A snippet as HTML: every character of the article escaped, found words in <mark>."""
    pieces, at = [], 0
    for start, end in snippet.marks:
        pieces += [
            escape(snippet.text[at:start]),
            "<mark>",
            escape(snippet.text[start:end]),
            "</mark>",
        ]
        at = end
    return "".join([*pieces, escape(snippet.text[at:])])
