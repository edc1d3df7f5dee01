"""Files that come with a form: handed in at once, so that a form shown again still has them.

A browser does not choose files a second time by itself. So what was handed in is a field of the
form shown again, `attachment.<id>`, with its size and name; taking its mark away leaves it out.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chassis.files import in_base64, media_type_of
from contracts import intake
from contracts.errors import Invalid, WireError, invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.clients import Clients
from gateway.portal.forms import IN_WORDS, Fields, SentFile
from gateway.portal.speech import Speech
from gateway.portal.views.parts import size_of
from gateway.portal.visit import Visit

MOST_BYTES = 4_194_304  # what intake keeps of one file
ENDINGS = ".png,.jpg,.jpeg,.gif,.pdf,.zip,.docx,.xlsx,.pptx,.txt,.csv,.log"
_PREFIX = "attachment."


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A file that waits for the form to be sent.

    Attributes:
        field: the form's field that keeps it.
        value: what that field says.
    """

    field: str
    value: str
    name: str
    size: str


def hand_in(
    clients: Clients, files: tuple[SentFile, ...], fields: Fields, visit: Visit, *, key: str
) -> None:
    """Hand the files of a form in, and note them in its fields.

    Args:
        clients: who are asked.
        files: that came with the form.
        fields: of the form; each file that is kept is added, also when another one is refused.
        visit: the reader's.
        key: of the form; the same file with the same form is handed in once.

    Raises:
        Invalid: some were not kept; named with the reason, in the reader's language.
        WireError: the desk could not be asked.
    """
    refused: list[str] = []
    for file in files:
        try:
            kept = _one(clients, file, visit, key=key)
        except Invalid as error:
            refused.append(_why(error, file, speech=visit.speech))
        else:
            fields[_PREFIX + kept.attachment_id] = f"{kept.bytes} {kept.name}"
    if refused:
        raise invalid_field(IN_WORDS, " ".join(refused))


def _one(clients: Clients, file: SentFile, visit: Visit, *, key: str) -> intake.MessageFile:
    if file.content is None:
        raise invalid_field("size", "Too large.")
    media_type = media_type_of(file.content, name=file.name)
    if media_type is None:
        raise invalid_field("media_type", "Of no kind that is kept.")
    said = {
        "name": file.name[-255:],
        "media_type": media_type,
        "content": in_base64(file.content),
        "actor": to_plain(visit.principal.actor),
        "viewer": visit.principal.viewer,
    }
    command = from_plain(intake.AddMessageFile, said, strict=True)
    digest = hashlib.sha256(file.name.encode() + b"\x00" + file.content).hexdigest()[:32]
    return clients.upload(command, key=f"{key}:{digest}").answer


def _why(error: WireError, file: SentFile, *, speech: Speech) -> str:
    fields = error.facts.get("errors", {})
    if "size" in fields:
        return speech.text("%(name)s is too large: a file has at most 4 MiB.", name=file.name)
    if "media_type" in fields:
        return speech.text("%(name)s is not of a kind that is kept.", name=file.name)
    if not file.content:
        return speech.text("%(name)s is empty.", name=file.name)
    return speech.text("%(name)s was not accepted.", name=file.name)


def attached(fields: Fields) -> list[str]:
    """The ids of the files that a form still has."""
    return [field.removeprefix(_PREFIX) for field in fields if field.startswith(_PREFIX)]


def handed_in(fields: Mapping[str, str], *, speech: Speech) -> tuple[HandedIn, ...]:
    """The files that a form still has, as it shows them."""
    return tuple(_handed_in(fields, speech=speech))


def _handed_in(fields: Mapping[str, str], *, speech: Speech) -> Iterator[HandedIn]:
    for field, value in fields.items():
        if field.startswith(_PREFIX):
            length, _, name = value.partition(" ")
            known = length.isascii() and length.isdigit() and len(length) < 10  # noqa: PLR2004
            size = size_of(int(length), speech=speech) if known else ""
            yield HandedIn(field=field, value=value, name=name, size=size)
