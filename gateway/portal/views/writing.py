"""Articles as their writers see them: lists, the editor's side, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts import kb
from contracts.intake import Language
from contracts.routing import Groups
from gateway.portal import labels
from gateway.portal.speech import LANGUAGE_NAMES, Speech, message
from gateway.portal.views.knowledge import KnownErrorOf, known_error_of
from gateway.portal.views.parts import Badge, Choice, Moment, Tone, moment

_TONES: Mapping[str, Tone] = {"draft": "info", "review": "warn", "published": "ok"}
_MOVES: Mapping[tuple[str, str], str] = {
    ("draft", "review"): message("Ask for review"),
    ("draft", "published"): message("Publish"),
    ("draft", "archived"): message("Archive"),
    ("review", "draft"): message("Send back to its author"),
    ("review", "published"): message("Publish"),
    ("review", "archived"): message("Archive"),
    ("published", "draft"): message("Withdraw"),
    ("published", "archived"): message("Archive"),
    ("archived", "draft"): message("Take out of the archive"),
}
_WITH_NOTE = {("review", "draft"), ("review", "archived"), ("published", "draft")}
_WITH_NOTE |= {("published", "archived")}
_OPINIONS = 10
FIELDS: Mapping[str, str] = {
    "title": message("Title"),
    "status": message("State"),
    "audience": message("For whom"),
    "groups": message("Groups"),
    "category": message("Category"),
    "tags": message("Tags"),
    "problem": message("Problem"),
    "body": message("Text"),
    "files": message("Files"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """An article in a list."""

    href: str
    title: str
    language: str
    language_name: str
    status: Badge
    audience: str
    category: str
    problem: str
    owner: str
    updated: Moment
    plan: Moment | None
    review: Moment | None
    is_review_due: bool
    copy: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """A state the article can be moved to."""

    to: str
    text: str
    needs_note: bool
    is_main: bool


@dataclass(frozen=True, kw_only=True)
class Side:
    """What stands beside the editor: where the article is in its life, and where it can go."""

    key: str
    language: str
    version: int
    revision: int
    status: Badge
    owner: str
    updated: Moment
    published: Moment | None
    plan: Moment | None
    review: Moment | None
    is_published: bool
    ticket: str
    moves: tuple[Move, ...]
    other: str
    other_name: str
    has_other: bool
    reviewed: Moment | None
    reviewed_by: str
    may_care: bool
    known_error_of: KnownErrorOf | None


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a reader said."""

    at: Moment
    reason: str
    comment: str
    is_helpful: bool


@dataclass(frozen=True, kw_only=True)
class Use:
    """What became of an article."""

    reads: int
    helpful: int
    unhelpful: int
    last_read: Moment | None
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, kw_only=True)
class Stale:
    """An article that somebody should look at."""

    href: str
    title: str
    language: str
    owner: str
    reasons: tuple[str, ...]
    reads: int
    helpful: int
    unhelpful: int
    updated: Moment


@dataclass(frozen=True, kw_only=True)
class Past:
    """A revision."""

    number: int
    author: str
    written: Moment
    status: Badge
    note: str
    is_now: bool
    is_was: bool
    reviewer: str
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field beside the body that changed."""

    name: str
    was: str
    now: str


def status_of(status: str, *, speech: Speech) -> Badge:
    """A state of an article."""
    text = labels.say(labels.ARTICLE_STATUSES, status, speech=speech)
    return Badge(text=text, tone=_TONES.get(status, "muted"))


def line(shown: kb.ArticleLine, *, speech: Speech, now: datetime) -> Line:
    """An article in a writer's list."""
    is_due = shown.status == "published" and shown.review_at is not None and shown.review_at <= now
    return Line(
        href=f"/writing/{shown.key}/{shown.language}",
        title=shown.title,
        language=shown.language,
        language_name=LANGUAGE_NAMES[shown.language],
        status=status_of(shown.status, speech=speech),
        audience=audience_of(shown.audience, speech=speech),
        category=(shown.category or "").replace("-", " "),
        problem=shown.problem or "",
        owner=shown.owner,
        updated=moment(shown.updated_at, speech=speech, now=now),
        plan=_moment(shown.publish_at, speech=speech, now=now),
        review=_moment(shown.review_at, speech=speech, now=now),
        is_review_due=is_due,
        copy=shown.working_copy or "",
    )


def side(article: kb.Article, *, may_care: bool, speech: Speech, now: datetime) -> Side:
    """What stands beside the editor; `may_care` who looks after it."""
    other: Language = "en" if article.language == "id" else "id"
    moves = [_move(article.status, to, speech=speech) for to in article.transitions]
    return Side(
        key=article.key,
        language=article.language,
        version=article.version,
        revision=article.revision,
        status=status_of(article.status, speech=speech),
        owner=article.owner,
        updated=moment(article.updated_at, speech=speech, now=now),
        published=_moment(article.published_at, speech=speech, now=now),
        plan=_moment(article.publish_at, speech=speech, now=now),
        review=_moment(article.review_at, speech=speech, now=now),
        is_published=article.status == "published",
        ticket=article.ticket or "",
        moves=tuple(sorted(moves, key=lambda move: not move.is_main)),
        other=other,
        other_name=LANGUAGE_NAMES[other],
        has_other=other in article.languages,
        reviewed=_moment(article.reviewed_at, speech=speech, now=now),
        reviewed_by=article.reviewed_by or "",
        may_care=may_care,
        known_error_of=known_error_of(article, speech=speech),
    )


def use_of(found: kb.ArticleUse, *, speech: Speech, now: datetime) -> Use:
    """What became of an article, with the ten newest opinions."""
    return Use(
        reads=found.reads,
        helpful=found.helpful,
        unhelpful=found.unhelpful,
        last_read=_moment(found.last_read_at, speech=speech, now=now),
        opinions=tuple(
            Opinion(
                at=moment(each.at, speech=speech, now=now),
                reason=labels.say(labels.FEEDBACK_REASONS, each.reason, speech=speech),
                comment=each.comment,
                is_helpful=each.helpful,
            )
            for each in found.feedback[:_OPINIONS]
        ),
    )


def stale(found: kb.StaleArticle, *, speech: Speech, now: datetime) -> Stale:
    """An article that somebody should look at."""
    return Stale(
        href=f"/writing/{found.key}/{found.language}",
        title=found.title,
        language=found.language,
        owner=found.owner,
        reasons=tuple(
            labels.say(labels.STALE_REASONS, reason, speech=speech) for reason in found.reasons
        ),
        reads=found.reads,
        helpful=found.helpful,
        unhelpful=found.unhelpful,
        updated=moment(found.updated_at, speech=speech, now=now),
    )


def history(
    found: kb.Revisions, *, was: int | None, current: int, speech: Speech, now: datetime
) -> tuple[Past, ...]:
    """All revisions, newest first, with the two that are compared."""
    return tuple(
        Past(
            number=each.revision,
            author=each.author,
            written=moment(each.written_at, speech=speech, now=now),
            status=status_of(each.status, speech=speech),
            note=each.note,
            is_now=each.revision == current,
            is_was=each.revision == was,
            reviewer=each.reviewer or "",
            files=tuple(
                file.name
                if file.is_kept
                else speech.text("%(name)s (no longer kept)", name=file.name)
                for file in each.files or ()
            ),
        )
        for each in found.items
    )


def changes(fields: Sequence[kb.DiffField], *, speech: Speech) -> tuple[Change, ...]:
    """The fields that changed, in words."""
    words = {"status": labels.ARTICLE_STATUSES, "audience": labels.AUDIENCES}

    def said(name: str, code: str) -> str:
        table = words.get(name)
        return labels.say(table, code, speech=speech) if table and code else code

    return tuple(
        Change(
            name=labels.say(FIELDS, each.field, speech=speech),
            was=said(each.field, each.was),
            now=said(each.field, each.now),
        )
        for each in fields
    )


def audience_of(audience: str, *, speech: Speech) -> str:
    """Whom it is for, unless it is for everybody."""
    if audience == "public":
        return ""
    return labels.say(labels.AUDIENCES, audience, speech=speech)


def group_choices(groups: Groups | None, *, chosen: Sequence[str]) -> tuple[Choice, ...]:
    """The support groups to choose from; chosen ones that nobody knows stay."""
    known = {item.spec.key: item.spec.name for item in groups.items} if groups else {}
    named = known | {key: key for key in chosen if key not in known}
    return tuple(Choice(value=key, text=name, chosen=key in chosen) for key, name in named.items())


def _move(was: str, to: str, *, speech: Speech) -> Move:
    said = _MOVES.get((was, to))
    return Move(
        to=to,
        text=speech.text(said) if said else labels.say(labels.ARTICLE_STATUSES, to, speech=speech),
        needs_note=(was, to) in _WITH_NOTE,
        is_main=to in {"review", "published"},
    )


def _moment(at: datetime | None, *, speech: Speech, now: datetime) -> Moment | None:
    return moment(at, speech=speech, now=now) if at else None
