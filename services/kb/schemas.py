"""The tongue: articles and hits, in the words of the contracts.

Contracts carry their own schemas, so nothing is validated here.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import cast

from contracts import kb as contract
from contracts.intake import Language
from services.kb.domain.articles import Article, Content, tidy_tags
from services.kb.domain.snippet import Snippet


def content_of(spec: contract.ArticleSpec) -> Content:
    """What an article is to say."""
    return Content(
        title=spec.title.strip(),
        body=spec.body,
        status=spec.status,
        audience=spec.audience,
        category=spec.category,
        tags=tidy_tags(spec.tags),
    )


def article_of(article: Article, *, languages: Sequence[str]) -> contract.Article:
    """An article as saved."""
    content = article.content
    return contract.Article(
        key=article.key,
        language=cast("Language", article.language),
        title=content.title,
        body=content.body,
        status=cast("contract.ArticleStatus", content.status),
        audience=cast("contract.Audience", content.audience),
        category=content.category,
        tags=content.tags,
        revision=article.revision,
        owner=article.owner,
        updated_at=article.updated_at,
        languages=cast("tuple[Language, ...]", tuple(languages)),
    )


def published_of(article: Article, *, published_at: datetime) -> contract.ArticlePublished:
    """The event that tells a publication."""
    return contract.ArticlePublished(
        key=article.key,
        language=cast("Language", article.language),
        revision=article.revision,
        title=article.content.title,
        audience=cast("contract.Audience", article.content.audience),
        published_at=published_at,
    )


def hit_of(article: Article, *, snippet: Snippet, score: float) -> contract.Hit:
    """A found article."""
    return contract.Hit(
        key=article.key,
        language=cast("Language", article.language),
        title=article.content.title,
        category=article.content.category,
        snippet=safe_html(snippet),
        score=score,
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
