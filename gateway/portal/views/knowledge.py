"""Articles and found articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from contracts.kb import Article, Attachments, Hits
from gateway.portal import labels, markup
from gateway.portal.speech import LANGUAGE_NAMES, Speech
from gateway.portal.views.parts import Badge, Moment, Tone, moment, size_of

_PROBLEM_TONES: Mapping[str, Tone] = {"open": "warn", "solved": "ok"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """A found article; `excerpt` is safe HTML with hits marked.

    Attributes:
        solved: what is said of tickets that it solved; empty for none.
        known_error: of which problem it is a known error, for agents; empty for none.
    """

    key: str
    language: str
    language_name: str
    title: str
    category: str
    excerpt: Markup
    solved: str
    known_error: str


@dataclass(frozen=True, kw_only=True)
class KnownErrorOf:
    """The problem whose known error an article is.

    Attributes:
        href: empty while nothing is known of it, as of a number somebody once typed.
    """

    number: str
    href: str
    subject: str
    state: Badge


@dataclass(frozen=True, kw_only=True)
class Page:
    """An article to read."""

    key: str
    language: str
    title: str
    body: Markup
    category: str
    tags: tuple[str, ...]
    audience: str
    updated: Moment
    other_languages: tuple[tuple[str, str], ...]
    known_error_of: KnownErrorOf | None


@dataclass(frozen=True, kw_only=True)
class File:
    """A file beside an article."""

    name: str
    href: str
    size: str


def files_of(found: Attachments | None, *, article: Article, speech: Speech) -> tuple[File, ...]:
    """The files of an article; none while they cannot be had."""
    where = f"/api/v1/kb/articles/{article.key}/{article.language}/attachments"
    return tuple(
        File(
            name=each.name,
            href=f"{where}/{each.name}",
            size=size_of(each.bytes, speech=speech),
        )
        for each in (found.items if found else ())
    )


def found_articles(hits: Hits, *, speech: Speech) -> tuple[Found, ...]:
    """Hits in the order of the search; the language is named when it is not the reader's."""
    return tuple(
        Found(
            key=hit.key,
            language=hit.language,
            language_name="" if hit.language == speech.language else LANGUAGE_NAMES[hit.language],
            title=hit.title,
            category=(hit.category or "").replace("-", " "),
            excerpt=markup.snippet(hit.snippet),
            solved=_solved(hit.solved, speech=speech),
            known_error=speech.text("Known error of %(problem)s", problem=hit.problem)
            if hit.problem
            else "",
        )
        for hit in hits.items
    )


def _solved(tickets: int, *, speech: Speech) -> str:
    if not tickets:
        return ""
    return speech.plural("Solved a ticket like this", "Solved %(num)s tickets like this", tickets)


def article_page(article: Article, *, speech: Speech, now: datetime) -> Page:
    """An article as a page."""
    return Page(
        key=article.key,
        language=article.language,
        title=article.title,
        body=markup.article_body(article.body),
        category=(article.category or "").replace("-", " "),
        tags=article.tags,
        audience=""
        if article.audience == "public"
        else labels.say(labels.AUDIENCES, article.audience, speech=speech),
        updated=moment(article.updated_at, speech=speech, now=now),
        other_languages=tuple(
            (language, LANGUAGE_NAMES[language])
            for language in article.languages
            if language != article.language
        ),
        known_error_of=known_error_of(article, speech=speech),
    )


def known_error_of(article: Article, *, speech: Speech) -> KnownErrorOf | None:
    """The problem whose known error an article is, as far as the reader may know of it."""
    if article.problem is None:
        return None
    known = article.known_error_of
    state = known.state if known else ""
    return KnownErrorOf(
        number=article.problem,
        href=f"/tickets/{known.number}" if known else "",
        subject=known.subject if known else "",
        state=Badge(
            text=labels.say(labels.PROBLEM_STATES, state, speech=speech),
            tone=_PROBLEM_TONES.get(state, "muted"),
        ),
    )
