"""The tongue: articles and hits, in the words of the contracts.

Contracts carry their own schemas, so nothing is validated here.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Protocol, cast

from chassis.files import FileRefused
from contracts import kb as contract
from contracts.errors import Conflict, Invalid, NotFound, WireError, invalid_field
from contracts.intake import Language
from services.kb.domain.articles import (
    Article,
    Content,
    GroupsRefused,
    Revision,
    Shown,
    tidy_groups,
    tidy_tags,
)
from services.kb.domain.attachments import File
from services.kb.domain.conversation import Chat, Said
from services.kb.domain.copies import TRANSITIONS as COPY_TRANSITIONS
from services.kb.domain.copies import CopyOutdated, CopyRefused, WorkingCopy
from services.kb.domain.deflection import Deflection, Group
from services.kb.domain.life import (
    FieldsMissing,
    TransitionRefused,
    WritingRefused,
    moves_allowed,
)
from services.kb.domain.problems import NoProblem, Problem, ProblemNotKnown
from services.kb.domain.readers import ALL, INTERNAL, Reader
from services.kb.domain.revisions import FieldChange, Line
from services.kb.domain.snippet import Snippet
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


class Asks(Protocol):
    """A question that says who asks."""

    @property
    def audience(self) -> contract.ReaderAudience:
        """As what they read."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The support groups they work in."""


def reader_of(question: Asks) -> Reader:
    """Who asks."""
    return Reader(audience=question.audience, groups=frozenset(question.groups))


def named_article_of(article: Shown) -> contract.NamedArticle:
    """An article by its title."""
    return contract.NamedArticle(
        key=article.key,
        language=cast("Language", article.language),
        title=article.title,
    )


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


def chat_of(chat: Chat, messages: Iterable[Said]) -> contract.Chat:
    """A conversation."""
    return contract.Chat(
        id=chat.id,
        state=cast("contract.ChatState", chat.state),
        language=cast("Language", chat.language),
        subject=chat.subject,
        ticket=chat.ticket,
        messages=tuple(
            contract.ChatMessage(
                number=said.number,
                kind=cast("contract.ChatKind", said.kind),
                is_automatic=said.kind != "message",
                language=cast("Language", said.language),
                text=said.text,
                at=said.said_at,
                articles=tuple(
                    contract.ChatArticle(
                        key=each["key"],
                        language=cast("Language", each["language"]),
                        title=each["title"],
                    )
                    for each in said.articles
                ),
                excerpt=said.excerpt,
                confidence=said.confidence,
                reason=said.reason,
            )
            for said in messages
        ),
    )


def writer_of(
    command: contract.ArticleSpec
    | contract.ChangeArticleStatus
    | contract.AmendArticle
    | contract.PutAttachment
    | contract.RemoveAttachment
    | contract.RestoreRevision
    | contract.WorkingCopySpec
    | contract.ChangeWorkingCopyStatus
    | contract.DraftFromTicket,
) -> Reader:
    """What the writer may read: leads all, agents what their groups may."""
    audience = ALL if command.role == "lead" else INTERNAL
    return Reader(audience=audience, groups=frozenset(command.reader_groups))


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


def working_copy_of(
    copy: WorkingCopy, article: Article, *, outdated: Sequence[str], role: str
) -> contract.WorkingCopy:
    """The next version of an article, with where it can go."""
    moves = moves_allowed(was=copy.status, role=role, moves=COPY_TRANSITIONS)
    return contract.WorkingCopy(
        key=article.key,
        language=cast("Language", article.language),
        **vars(copy.words),
        files=tuple(map(attachment_of, copy.files)),
        status=cast("contract.WorkingCopyStatus", copy.status),
        author=copy.author,
        opened_at=copy.opened_at,
        written_by=copy.written_by,
        updated_at=copy.updated_at,
        based_on=copy.based_on,
        outdated=tuple(outdated),
        article_revision=article.revision,
        article_status=cast("contract.ArticleStatus", article.content.status),
        note=copy.note,
        returned_by=copy.returned_by,
        returned_note=copy.returned_note,
        publish_at=copy.publish_at,
        version=copy.change_number,
        transitions=cast("tuple[contract.WorkingCopyStatus, ...]", moves),
    )


def working_copy_not_found(key: str) -> NotFound:
    """The same answer whether there is no article, a hidden one, or one without a copy."""
    return NotFound("working_copy_not_found", f"{key} has no working copy.", {"key": key})


def diff_fields(fields: Iterable[FieldChange]) -> tuple[contract.DiffField, ...]:
    """Fields that differ."""
    return tuple(contract.DiffField(**vars(field)) for field in fields)


def diff_lines(lines: Iterable[Line]) -> tuple[contract.DiffLine, ...]:
    """Lines that differ."""
    return tuple(contract.DiffLine(**vars(line)) for line in lines)


def revision_of(revision: Revision, *, kept: Container[str] = ()) -> contract.RevisionLine:
    """A revision in an article's history; `kept` are the hashes of contents that are there."""
    files = None
    if revision.files is not None:
        files = tuple(
            contract.RevisionFile(
                name=file.name,
                media_type=file.media_type,
                bytes=file.bytes,
                sha256=file.sha256,
                is_kept=file.sha256 in kept,
            )
            for file in revision.files
        )
    return contract.RevisionLine(
        revision=revision.number,
        author=revision.author,
        written_at=revision.written_at,
        status=cast("contract.ArticleStatus", revision.content.status),
        title=revision.content.title,
        note=revision.note,
        reviewer=revision.reviewer,
        files=files,
    )


def comparison_of(
    was: Revision | None,
    now: Revision,
    *,
    fields: Sequence[FieldChange],
    lines: Sequence[Line],
    kept: Container[str],
) -> contract.Comparison:
    """Two revisions beside each other."""
    return contract.Comparison(
        was=revision_of(was, kept=kept) if was else None,
        now=revision_of(now, kept=kept),
        fields=diff_fields(fields),
        lines=diff_lines(lines),
        body=now.content.body,
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


def article_not_found(key: str) -> NotFound:
    """The same answer for an article that does not exist and for one that is hidden."""
    return NotFound("article_not_found", f"There is no article {key}.", {"key": key})


def stale_version(version: int) -> Conflict:
    """Somebody changed the article since the writer saw it."""
    detail = f"The article was changed meanwhile; its version is {version}."
    return Conflict("stale_version", detail, {"version": version})


def _transition_refused(error: TransitionRefused) -> Conflict:
    detail = f"An article in state {error.was} cannot be moved to {error.wanted} by this role."
    facts = {"from": error.was, "to": error.wanted, "allowed": list(error.allowed)}
    return Conflict("article_transition_refused", detail, facts)


def _fields_missing(error: FieldsMissing) -> Invalid:
    errors = {name: [f"Needed to move to {error.wanted}."] for name in error.missing}
    return Invalid("invalid", f"{error.missing[0]}: needed", {"errors": errors})


def _writing_refused(error: WritingRefused) -> Conflict:
    detail = f"An article in state {error.status} is changed by leads only."
    return Conflict("article_writing_refused", detail, {"status": error.status})


def _copy_refused(error: CopyRefused) -> Conflict:
    detail = f"The article is {error.status}; only a published one has a working copy."
    return Conflict("working_copy_refused", detail, {"status": error.status})


def _copy_outdated(error: CopyOutdated) -> Conflict:
    detail = (
        f"The article says something else than revision {error.based_on}, which the working copy"
        f" was based on; compare them and write it again as based on {error.revision}."
    )
    facts = {"based_on": error.based_on, "revision": error.revision, "fields": [*error.fields]}
    return Conflict("working_copy_outdated", detail, facts)


def _groups_refused(_error: GroupsRefused) -> Invalid:
    return invalid_field("groups", "Needed with the audience group, and only with it.")


def _no_problem(error: NoProblem) -> Invalid:
    return invalid_field("problem", f"{error.number} is no problem of the desk.")


def _problem_not_known(error: ProblemNotKnown) -> Conflict:
    message = f"{error.number} is not known, or not yet; try again in a moment."
    facts = {"number": error.number, "errors": {"problem": [message]}}
    return Conflict("problem_not_known", f"problem: {message}", facts)


REFUSALS: Mapping[type[Exception], Callable[[Any], WireError]] = {
    TransitionRefused: _transition_refused,
    FieldsMissing: _fields_missing,
    WritingRefused: _writing_refused,
    GroupsRefused: _groups_refused,
    FileRefused: lambda error: invalid_field(error.field, error.why),
    CopyRefused: _copy_refused,
    CopyOutdated: _copy_outdated,
    NoProblem: _no_problem,
    ProblemNotKnown: _problem_not_known,
}
