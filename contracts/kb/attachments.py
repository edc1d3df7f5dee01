"""Files beside an article."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts.grammar import Nothing, Operation
from contracts.intake import Actor, Key, Language
from contracts.kb.articles import Groups, ReaderAudience, WriterRole
from contracts.kb.kinds import NAME

FileName = Annotated[str, validate.Regexp(NAME)]
MediaType = Annotated[str, validate.Length(min=1, max=100)]


@dataclass(frozen=True, kw_only=True)
class PutAttachment:
    """Keep a file beside an article; the same name replaces it, and that is a revision.

    Attributes:
        working_copy: beside the article's working copy instead; `version` is the copy's then.
        media_type: png, jpeg, gif, pdf, zip, Office documents, plain text or CSV; what it says is
            compared with how the file begins.
        content: base64; at most 1 MiB of file.
        role: who may change the article's words may change its files.
    """

    key: Key
    language: Language
    name: FileName
    media_type: MediaType
    content: Annotated[str, validate.Length(min=1, max=1_400_000)]
    actor: Actor
    role: WriterRole
    version: int | None = None
    reader_groups: Groups = ()
    working_copy: bool = False


@dataclass(frozen=True, kw_only=True)
class RemoveAttachment:
    """Take a file away from an article; one that is not there is fine.

    Attributes:
        working_copy: from the article's working copy instead.
    """

    key: Key
    language: Language
    name: FileName
    actor: Actor
    role: WriterRole
    version: int | None = None
    reader_groups: Groups = ()
    working_copy: bool = False


@dataclass(frozen=True, kw_only=True)
class ListAttachments:
    """Ask which files stand beside an article, or (agents) beside its working copy."""

    key: Key
    language: Language
    audience: ReaderAudience = "public"
    groups: Groups = ()
    working_copy: bool = False


@dataclass(frozen=True, kw_only=True)
class GetAttachment:
    """Ask for a file of an article, or (agents) of its working copy."""

    key: Key
    language: Language
    name: FileName
    audience: ReaderAudience = "public"
    groups: Groups = ()
    working_copy: bool = False


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file beside an article.

    Attributes:
        sha256: what it holds, hexadecimal; empty from a service of an earlier version.
    """

    name: str
    media_type: str
    bytes: int
    added_by: str
    added_at: datetime
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachments:
    """The files of an article, by name; 20 at most."""

    items: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class AttachmentContent:
    """A file; `content` is base64."""

    name: str
    media_type: str
    content: str


PUT_ATTACHMENT = Operation("kb", "put_attachment", PutAttachment, Attachment, mutates=True)
REMOVE_ATTACHMENT = Operation("kb", "remove_attachment", RemoveAttachment, Nothing, mutates=True)
LIST_ATTACHMENTS = Operation("kb", "list_attachments", ListAttachments, Attachments)
GET_ATTACHMENT = Operation("kb", "get_attachment", GetAttachment, AttachmentContent)

OPERATIONS = (PUT_ATTACHMENT, REMOVE_ATTACHMENT, LIST_ATTACHMENTS, GET_ATTACHMENT)
