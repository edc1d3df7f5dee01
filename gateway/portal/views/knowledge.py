"""Articles and found articles."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from contracts.kb import Article, Attachments, Hits
from gateway.portal import labels, markup
from gateway.portal.speech import LANGUAGE_NAMES, Speech
from gateway.portal.views.parts import Moment, moment, size_of


@dataclass(frozen=True, kw_only=True)
class Found:
    """A found article; `excerpt` is safe HTML with hits marked.

    Attributes:
        solved: what is said of tickets that it solved; empty for none.
    """

    key: str
    language: str
    language_name: str
    title: str
    category: str
    excerpt: Markup
    solved: str


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
    )
