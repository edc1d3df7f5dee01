"""Articles, the files beside them, and what is told of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from contracts import kb as contract
from contracts.intake import Language
from services.kb.domain.articles import Article, Content, Shown, tidy_groups, tidy_tags
from services.kb.domain.attachments import File
from services.kb.domain.life import moves_allowed
from services.kb.domain.problems import Problem
from services.kb.domain.readers import Reader
from services.kb.domain.use import Use, popularity


def content_of(spec: contract.ArticleSpec) -> Content:
    """What an article is to say."""
    return Content(
        title=spec.title.strip(),
        body=spec.body,
        status=spec.status,
        audience=spec.audience,
        category=spec.category,
        tags=tidy_tags(spec.tags),
        groups=tidy_groups(spec.groups, audience=spec.audience),
        problem=spec.problem,
    )


def named_article_of(article: Shown) -> contract.NamedArticle:
    """An article by its title."""
    return contract.NamedArticle(
        key=article.key,
        language=cast("Language", article.language),
        title=article.title,
    )


def known_problem_of(problem: Problem) -> contract.KnownProblem:
    """A problem as it was last heard of."""
    return contract.KnownProblem(
        number=problem.number,
        subject=problem.subject,
        state=cast("contract.ProblemState", problem.state),
    )


def article_of(
    article: Article,
    *,
    languages: Iterable[str],
    reader: Reader,
    role: str,
    problem: Problem | None,
) -> contract.Article:
    """An article as saved; where it came from and where it can go is for agents."""
    content = article.content
    moves = moves_allowed(was=content.status, role=role) if reader.works_here else ()
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
        version=article.change_number,
        groups=content.groups if reader.works_here else (),
        problem=content.problem if reader.works_here else None,
        review_at=article.review_at,
        publish_at=article.publish_at,
        published_at=article.published_at,
        ticket=article.ticket if reader.works_here else None,
        transitions=cast("tuple[contract.ArticleStatus, ...]", moves),
        reviewed_at=article.reviewed_at if reader.works_here else None,
        reviewed_by=article.reviewed_by if reader.works_here else None,
        known_error_of=known_problem_of(problem) if problem else None,
    )


def line_of(article: Article, *, copy: str | None) -> contract.ArticleLine:
    """An article in a writer's list."""
    content = article.content
    return contract.ArticleLine(
        key=article.key,
        language=cast("Language", article.language),
        title=content.title,
        status=cast("contract.ArticleStatus", content.status),
        audience=cast("contract.Audience", content.audience),
        groups=content.groups,
        category=content.category,
        problem=content.problem,
        owner=article.owner,
        revision=article.revision,
        version=article.change_number,
        updated_at=article.updated_at,
        review_at=article.review_at,
        publish_at=article.publish_at,
        working_copy=cast("contract.OpenCopy | None", copy),
    )


def attachment_of(file: File) -> contract.Attachment:
    """A file beside an article."""
    return contract.Attachment(**vars(file))


def published_of(article: Article, *, published_at: datetime) -> contract.ArticlePublished:
    """The event that tells a publication."""
    return contract.ArticlePublished(
        key=article.key,
        language=cast("Language", article.language),
        revision=article.revision,
        title=article.content.title,
        audience=cast("contract.Audience", article.content.audience),
        published_at=published_at,
        groups=article.content.groups,
    )


def review_due_of(
    article: Article, *, review_at: datetime, reminder: int
) -> contract.ArticleReviewDue:
    """The event that reminds of a review."""
    return contract.ArticleReviewDue(
        key=article.key,
        language=cast("Language", article.language),
        title=article.content.title,
        owner=article.owner,
        review_at=review_at,
        reminder=reminder,
    )


def stale_of(
    article: Article, use: Use, *, reasons: Sequence[str], now: datetime
) -> contract.StaleArticle:
    """An article that somebody should look at."""
    return contract.StaleArticle(
        key=article.key,
        language=cast("Language", article.language),
        title=article.content.title,
        owner=article.owner,
        reasons=cast("tuple[contract.StaleReason, ...]", tuple(reasons)),
        updated_at=article.updated_at,
        review_at=article.review_at,
        last_read_at=use.last_read_at,
        reads=use.reads,
        helpful=use.helpful,
        unhelpful=use.unhelpful,
        popularity=popularity(use.heat, now=now),
    )
