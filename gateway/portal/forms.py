"""What a form sent: read strictly, and only from one of our own pages.

Limits: a body of `body_bytes` (checked before this), 100 fields. Fields left empty are left out.
"""

import hmac
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from falcon import Request

from chassis.ids import new_id
from contracts.errors import Invalid, NotFound, Unavailable, WireError
from gateway.errors import Forbidden, Unreadable
from gateway.middleware.doorkeeper import check_same_site
from gateway.portal.speech import Speech, message
from gateway.portal.visit import Visit

MAX_FIELDS = 100
MEDIA_TYPE = "application/x-www-form-urlencoded"
_FORM_ID = re.compile(r"[0-9a-zA-Z-]{8,64}\Z")

Fields = dict[str, str]


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
    found = _read(req)
    given = found.pop("form_token", "")
    if not hmac.compare_digest(given.encode(), visit.form_token.encode()):
        raise Forbidden("The form is not of this session.", code="form_expired")
    return found


def _read(req: Request) -> Fields:
    if (req.content_type or "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Unreadable("Send the form of the page.")
    raw = req.bounded_stream.read()
    try:
        pairs = urllib.parse.parse_qsl(
            raw.decode("ascii"), errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Unreadable("The form is not URL-encoded UTF-8.") from None
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
    "ticket_closed": message("This ticket is closed. Please open a new one."),
    "not_routed_yet": message("The ticket is still finding its group. Try again in a moment."),
    "idempotency_key_reused": message(
        "This form was already sent once. Look below before you send it again."
    ),
}
_FIELD_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Needed to move"), message("This is needed before the article can go there.")),
    (re.compile(r"later than now"), message("This must be later than now.")),
    (re.compile(r"with the audience group"), message("Choose groups, or another audience.")),
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
    status = (
        HTTPStatus.PRECONDITION_FAILED if error.code == "stale_version" else HTTPStatus.CONFLICT
    )
    return Refused(status=status, text=_conflict(error, speech=speech), errors={})


def _conflict(error: WireError, *, speech: Speech) -> str:
    if error.code in _SENTENCES:
        return speech.text(_SENTENCES[error.code])
    return speech.text("The desk did not accept this: %(detail)s", detail=error.detail)


def _by_field(
    error: Invalid, *, speech: Speech, renamed: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    return {
        renamed.get(path, path.rpartition(".")[2]): (_sentence(messages, speech=speech),)
        for path, messages in error.errors.items()
    }


def _sentence(messages: list[str], *, speech: Speech) -> str:
    for pattern, text in _FIELD_SENTENCES:
        if any(pattern.search(said) for said in messages):
            return speech.text(text)
    return speech.text("This is not accepted: %(detail)s", detail=" ".join(messages))
