"""Working copies as their writers see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts import kb
from gateway.portal import labels
from gateway.portal.speech import Speech, message
from gateway.portal.views.knowledge import File
from gateway.portal.views.parts import Badge, Moment, moment, size_of
from gateway.portal.views.writing import FIELDS, Move, status_of

_STATES: Mapping[str, str] = {
    "draft": message("New version: being written"),
    "review": message("New version: waiting for review"),
}
_MOVES: Mapping[tuple[str, str], str] = {
    ("draft", "review"): message("Ask for review"),
    ("draft", "published"): message("Publish the new version"),
    ("draft", "discarded"): message("Discard the new version"),
    ("review", "draft"): message("Send back to its author"),
    ("review", "published"): message("Publish the new version"),
    ("review", "discarded"): message("Discard the new version"),
}
_WITH_NOTE = {("review", "draft"), ("review", "discarded")}


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What stands beside the editor of a working copy, and above that of its article.

    Attributes:
        on_air: The state of the article itself.
        outdated: What changed on air meanwhile, in words; empty when nothing did.
    """

    href: str
    version: int
    status: Badge
    on_air: Badge
    based_on: int
    article_revision: int
    author: str
    written_by: str
    updated: Moment
    plan: Moment | None
    returned_by: str
    returned_note: str
    outdated: str
    moves: tuple[Move, ...]
    files: tuple[File, ...]


def copy_badge(status: str, *, speech: Speech) -> Badge:
    """The state of a working copy."""
    return Badge(text=speech.text(_STATES[status]), tone="warn" if status == "review" else "info")


def copy_of(found: kb.WorkingCopy, *, speech: Speech, now: datetime) -> Copy:
    """A working copy."""
    where = f"/api/v1/kb/articles/{found.key}/{found.language}/working-copy/attachments"
    moves = [_move(found.status, to, speech=speech) for to in found.transitions]
    outdated = [labels.say(FIELDS, name, speech=speech) for name in found.outdated]
    return Copy(
        href=f"/writing/{found.key}/{found.language}/copy",
        version=found.version,
        status=copy_badge(found.status, speech=speech),
        on_air=status_of(found.article_status, speech=speech),
        based_on=found.based_on,
        article_revision=found.article_revision,
        author=found.author,
        written_by=found.written_by,
        updated=moment(found.updated_at, speech=speech, now=now),
        plan=moment(found.publish_at, speech=speech, now=now) if found.publish_at else None,
        returned_by=found.returned_by or "",
        returned_note=found.returned_note,
        outdated=", ".join(outdated),
        moves=tuple(sorted(moves, key=lambda move: not move.is_main)),
        files=tuple(
            File(
                name=file.name, href=f"{where}/{file.name}", size=size_of(file.bytes, speech=speech)
            )
            for file in found.files
        ),
    )


def _move(was: str, to: str, *, speech: Speech) -> Move:
    return Move(
        to=to,
        text=speech.text(_MOVES[was, to]),
        needs_note=(was, to) in _WITH_NOTE,
        is_main=to in {"review", "published"},
    )
