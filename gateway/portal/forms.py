"""What a form sent: read strictly, and only from one of our own pages.

Limits: a body of `body_bytes` (`FORM_BYTES` where files may come along; checked before this), 100
fields. Fields left empty are left out.
"""

import hmac
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from falcon import Request
from falcon.media import MultipartFormHandler

from chassis.ids import new_id
from contracts.errors import Invalid, NotFound, Unavailable, WireError
from gateway.errors import Forbidden, Unreadable
from gateway.middleware.doorkeeper import check_same_site
from gateway.portal.speech import Speech, message
from gateway.portal.visit import Visit
from gateway.reading import media_type_of

MAX_FIELDS = 100
FORM_BYTES = 33_554_432
"""The longest form with files; room enough to say which files are too large, and keep the text."""
MEDIA_TYPE = "application/x-www-form-urlencoded"
WITH_FILES = "multipart/form-data"
MOST_READ = 3  # times the largest file; more than one message takes is not held in memory
_PARTS = MultipartFormHandler()
_FORM_ID = re.compile(r"[0-9a-zA-Z-]{8,64}\Z")

IN_WORDS = "files"
"""The field that is refused in the reader's own words already."""

Fields = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that came with a form; None for the content of one that is too large to be read."""

    name: str
    content: bytes | None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why what was sent was not done, for the page that shows the form again.

    Attributes:
        text: one sentence for the top of the page.
        errors: sentences by form field.
        form_id: kept when the outcome is unknown: the same form sent again is done once.
    """

    status: int
    text: str
    errors: Mapping[str, tuple[str, ...]]
    form_id: str | None = None


def fields_of(req: Request, visit: Visit) -> Fields:
    """The fields of a form, once it has proved to be ours.

    Raises:
        Forbidden: it came from another site, or not from a page shown to this reader.
        Unreadable: not a form in UTF-8, or a field given twice.
    """
    check_same_site(req)
    if media_type_of(req) != MEDIA_TYPE:
        raise Unreadable("Send the form of the page.")
    return _sealed(_fields(_url_encoded(req)), visit)


def fields_and_files_of(
    req: Request, visit: Visit, *, most_bytes: int
) -> tuple[Fields, tuple[SentFile, ...]]:
    """The fields and files of a form, once it has proved to be ours.

    Args:
        req: the request.
        visit: the reader's.
        most_bytes: a file is read so far; of all together `MOST_READ` times that.

    Raises:
        Forbidden, Unreadable: as `fields_of`.
    """
    if media_type_of(req) != WITH_FILES:
        return fields_of(req, visit), ()
    check_same_site(req)
    pairs, files = _in_parts(req, most_bytes=most_bytes)
    return _sealed(_fields(pairs), visit), files


def _sealed(found: Fields, visit: Visit) -> Fields:
    given = found.pop("form_token", "")
    if not hmac.compare_digest(given.encode(), visit.form_token.encode()):
        raise Forbidden("The form is not of this session.", code="form_expired")
    return found


def _url_encoded(req: Request) -> list[tuple[str, str]]:
    raw = req.bounded_stream.read()
    try:
        return urllib.parse.parse_qsl(
            raw.decode("ascii"), errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Unreadable("The form is not URL-encoded UTF-8.") from None


def _in_parts(
    req: Request, *, most_bytes: int
) -> tuple[list[tuple[str, str]], tuple[SentFile, ...]]:
    """Text and files of a form; what is too large is passed over, not kept."""
    pairs: list[tuple[str, str]] = []
    files: list[SentFile] = []
    room = most_bytes * MOST_READ
    form = _PARTS.deserialize(req.bounded_stream, req.content_type, req.content_length or 0)
    try:
        for part in form:
            if part.filename is None:
                pairs.append((part.name or "", part.get_data().decode()))
                continue
            most = min(most_bytes, room)
            content = part.stream.read(most + 1)
            if part.filename or content:  # a field left empty comes as a file without a name
                fits = len(content) <= most
                files.append(SentFile(name=part.filename, content=content if fits else None))
                room -= len(content) if fits else 0
    except ValueError:
        raise Unreadable("The form is not in UTF-8.") from None
    return [(name, value) for name, value in pairs if value], tuple(files)


def _fields(pairs: list[tuple[str, str]]) -> Fields:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("A field is given twice.")
    # Browsers send line breaks as CR LF; the desk keeps LF.
    return {name: value.replace("\r\n", "\n") for name, value in found.items()}


def key_of(fields: Fields, visit: Visit) -> str:
    """The idempotency key of a form: the reader's own, the same however often it is sent."""
    form_id = fields.pop("form_id", "")
    if not _FORM_ID.match(form_id):
        form_id = new_id()
    return f"{visit.principal.id}:form:{form_id}"


def local_instant(text: str, *, speech: Speech) -> datetime | None:
    """The instant of a `datetime-local` field in the zone the page shows; None for no such time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=speech.zone)
    except ValueError:
        return None


_SENTENCES: Mapping[str, str] = {
    "stale_version": message(
        "Somebody changed this while you were looking at it. You now see its present state;"
        " what you typed is still here."
    ),
    "transition_refused": message("The ticket cannot go there from its present state."),
    "article_transition_refused": message("The article cannot go there from its present state."),
    "article_writing_refused": message("Only leads change what is published."),
    "working_copy_outdated": message(
        "What is on air was changed meanwhile. Compare it with the new version before you publish."
    ),
    "working_copy_refused": message(
        "Only a published article has a new version beside it; this one is not on air."
    ),
    "ticket_closed": message("This ticket is closed. Please open a new one."),
    "not_routed_yet": message("The ticket is still finding its group. Try again in a moment."),
    "idempotency_key_reused": message(
        "This form was already sent once. Look below before you send it again."
    ),
}
_MERGE_SENTENCES: Mapping[str, str] = {
    "has_ended": message("One of the two tickets has ended already, or was merged."),
    "is_resolved": message("That ticket is resolved; reopen it before you merge into it."),
    "other_kind": message("Tickets of different kinds cannot be merged."),
    "not_merged": message("This ticket is not merged any more."),
}
_FIELD_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"No file of yours"),
        message("A file is no longer there. Take its mark away, and choose it again."),
    ),
    (re.compile(r"at most \d+ files"), message("These are too many files, or too large together.")),
    (re.compile(r"There is no ticket"), message("There is no ticket of this number.")),
    (re.compile(r"into itself"), message("A ticket cannot be merged into itself.")),
    (re.compile(r"different requesters"), message("Please confirm that you know this.")),
    (re.compile(r"Needed to move"), message("This is needed before the article can go there.")),
    (re.compile(r"later than now"), message("This must be later than now.")),
    (re.compile(r"with the audience group"), message("Choose groups, or another audience.")),
    (re.compile(r"is no problem of the desk"), message("There is no problem with this number.")),
    (
        re.compile(r"not known, or not yet"),
        message(
            "No problem with this number is known here. If it was opened a moment ago, save again"
            " in a moment."
        ),
    ),
    (re.compile(r"opened by agents only"), message("Only agents open problems.")),
    (re.compile(r"Is given twice"), message("One of these words stands in another row already.")),
    (re.compile(r"Needs a letter"), message("Each word needs a letter or a digit.")),
    (re.compile(r"Missing data|may not be null|Shorter than"), message("Please fill this in.")),
    (re.compile(r"Longer than|Length must be"), message("This is too long or empty.")),
    (re.compile(r"email", re.IGNORECASE), message("This is not an e-mail address.")),
    (re.compile(r"Not a valid (integer|number|datetime)"), message("This cannot be read.")),
)


def refusal(
    error: WireError, *, speech: Speech, renamed: Mapping[str, str], form_id: str | None
) -> Refused:
    """A refused call in the reader's words.

    Args:
        error: what the service said; NotFound is raised again.
        speech: the reader's.
        renamed: form fields by the contract's field path, where they differ.
        form_id: the id of the form that was sent.
    """
    if isinstance(error, Unavailable):
        text = speech.text(
            "The desk cannot be reached right now. What you typed is still here; send it again in a"
            " moment. It is never filed twice."
        )
        return Refused(status=HTTPStatus.SERVICE_UNAVAILABLE, text=text, errors={}, form_id=form_id)
    if isinstance(error, Invalid) and error.code != "idempotency_key_reused":
        errors = _by_field(error, speech=speech, renamed=renamed)
        text = speech.text("Something is missing or not right. Please look at the marked fields.")
        return Refused(status=HTTPStatus.UNPROCESSABLE_ENTITY, text=text, errors=errors)
    if isinstance(error, NotFound):
        raise error
    if error.facts.get("errors"):
        errors = _by_field(error, speech=speech, renamed=renamed)
        text = speech.text("This is not possible yet. Please look at the marked fields.")
        return Refused(status=HTTPStatus.CONFLICT, text=text, errors=errors)
    status = (
        HTTPStatus.PRECONDITION_FAILED if error.code == "stale_version" else HTTPStatus.CONFLICT
    )
    return Refused(status=status, text=_conflict(error, speech=speech), errors={})


def _conflict(error: WireError, *, speech: Speech) -> str:
    reason = str(error.facts.get("reason", ""))
    if error.code == "merge_refused" and reason in _MERGE_SENTENCES:
        return speech.text(_MERGE_SENTENCES[reason])
    if error.code in _SENTENCES:
        return speech.text(_SENTENCES[error.code])
    return speech.text("The desk did not accept this: %(detail)s", detail=error.detail)


def _by_field(
    error: WireError, *, speech: Speech, renamed: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    return {
        renamed.get(path, path.rpartition(".")[2]): (
            " ".join(messages) if path == IN_WORDS else _sentence(messages, speech=speech),
        )
        for path, messages in error.facts.get("errors", {}).items()
    }


def _sentence(messages: list[str], *, speech: Speech) -> str:
    for pattern, text in _FIELD_SENTENCES:
        if any(pattern.search(said) for said in messages):
            return speech.text(text)
    return speech.text("This is not accepted: %(detail)s", detail=" ".join(messages))
