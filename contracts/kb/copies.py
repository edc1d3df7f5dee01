"""Working copies: the next version of a published article, which stays as it is meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake import Actor, Key, Language
from contracts.kb.articles import (
    ArticleNote,
    ArticleStatus,
    DiffField,
    DiffLine,
    Groups,
    Markdown,
    ReaderAudience,
    Tag,
    Title,
    WriterRole,
)
from contracts.kb.attachments import Attachment
from contracts.kb.problems import ProblemNumber

WorkingCopyStatus = Literal["draft", "review", "published", "discarded"]
RevisionNumber = Annotated[int, validate.Range(min=1)]


@dataclass(frozen=True, kw_only=True)
class WorkingCopySpec:
    """Write the next version of a published article, which is opened by the first writing.

    Whom the article is for is no part of it.

    Attributes:
        note: what was changed, for its history.
        based_on: the revision whose words the writer has seen; left out: as it was, the present
            one at first.
        version: the working copy's version that the writer saw, 0 for none yet; a stale one is
            refused with `stale_version`.
    """

    key: Key
    language: Language
    title: Title
    body: Markdown
    actor: Actor
    role: WriterRole
    category: Key | None = None
    tags: Annotated[tuple[Tag, ...], validate.Length(max=50)] = ()
    problem: ProblemNumber | None = None
    note: ArticleNote = ""
    based_on: RevisionNumber | None = None
    version: int | None = None
    reader_groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class ChangeWorkingCopyStatus:
    """Ask for review of a working copy, send it back, publish or discard it.

    It is refused with `working_copy_outdated` when the article says something else than the
    copy was based on.

    Attributes:
        note: why; needed to send it back, and to discard what waits for review.
        publish_at: publish later, at this instant; with `to` published only.
        review_at: when the article must be read again; with `to` published only.
        version: the working copy's version that the writer saw.
    """

    key: Key
    language: Language
    to: WorkingCopyStatus
    actor: Actor
    role: WriterRole
    note: ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None
    version: int | None = None
    reader_groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class GetWorkingCopy:
    """Ask for the working copy of an article; agents may.

    Attributes:
        role: whose moves are told.
    """

    key: Key
    language: Language
    audience: ReaderAudience
    groups: Groups = ()
    role: WriterRole = "agent"


@dataclass(frozen=True, kw_only=True)
class WorkingCopy:
    """The next version of an article.

    Attributes:
        status: `published` and `discarded` are told once, by the move itself.
        author: who opened it.
        written_by: who changed it last.
        based_on: the revision whose words its writer has seen.
        outdated: what the article says otherwise by now: title, body, category, tags, problem,
            files.
        article_revision: the article's own revision now.
        article_status: the article's own state.
        returned_by: who sent it back, and `returned_note` why.
        version: changes with every change of the working copy.
        transitions: states the writer may move it to.
    """

    key: str
    language: Language
    title: str
    body: str
    category: str | None
    tags: tuple[str, ...]
    problem: str | None
    files: tuple[Attachment, ...]
    status: WorkingCopyStatus
    author: str
    opened_at: datetime
    written_by: str
    updated_at: datetime
    based_on: int
    outdated: tuple[str, ...]
    article_revision: int
    article_status: ArticleStatus
    note: str
    returned_by: str | None
    returned_note: str
    publish_at: datetime | None
    version: int
    transitions: tuple[WorkingCopyStatus, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorkingCopyComparison:
    """A working copy beside the article as it is now.

    Attributes:
        fields: what the copy says otherwise, the body aside.
        lines: where its body differs.
        meanwhile_fields: what the article says otherwise than the revision the copy was based on.
        meanwhile_lines: where its body differs from that revision's.
    """

    copy: WorkingCopy
    fields: tuple[DiffField, ...]
    lines: tuple[DiffLine, ...]
    meanwhile_fields: tuple[DiffField, ...] = ()
    meanwhile_lines: tuple[DiffLine, ...] = ()


PUT_WORKING_COPY = Operation("kb", "put_working_copy", WorkingCopySpec, WorkingCopy, mutates=True)
CHANGE_WORKING_COPY_STATUS = Operation(
    "kb", "change_working_copy_status", ChangeWorkingCopyStatus, WorkingCopy, mutates=True
)
GET_WORKING_COPY = Operation("kb", "get_working_copy", GetWorkingCopy, WorkingCopy)
COMPARE_WORKING_COPY = Operation(
    "kb", "compare_working_copy", GetWorkingCopy, WorkingCopyComparison
)

OPERATIONS = (
    PUT_WORKING_COPY,
    CHANGE_WORKING_COPY_STATUS,
    GET_WORKING_COPY,
    COMPARE_WORKING_COPY,
)
