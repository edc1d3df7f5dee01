"""Files that people hand in: which kinds are kept, known by how they begin, and by what name.

Nothing is kept that a browser runs: no HTML, no SVG. A file travels as base64 inside a call.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from contracts.errors import invalid_field

MOST_NAME = 120  # characters

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP = (b"PK\x03\x04",)
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "application/pdf": (b"%PDF-",),
    "application/zip": _ZIP,
    f"{_OFFICE}wordprocessingml.document": _ZIP,
    f"{_OFFICE}spreadsheetml.sheet": _ZIP,
    f"{_OFFICE}presentationml.presentation": _ZIP,
}
_TEXTS = frozenset({"text/plain", "text/csv"})
TYPES = (*_BEGINNINGS, *sorted(_TEXTS))
PICTURES = frozenset(kind for kind in _BEGINNINGS if kind.startswith("image/"))
"""What a browser may show in a page: it is drawn and never run."""

# Files that begin alike are told apart by how their names end.
_ENDINGS: Mapping[str, str] = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".csv": "text/csv",
}
_BLANKS = re.compile(r"\s+")


class FileRefused(Exception):
    """A file is not kept; `field` says what is wrong with it."""

    def __init__(self, *, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why


class FileFault(NamedTuple):
    """What is wrong with a file; `field` is content or media_type."""

    field: str
    why: str


def fault_in(content: bytes, *, media_type: str, most_bytes: int) -> FileFault | None:
    """What is wrong: too large, of another kind, or not of the kind that is said; None if fine."""
    if not 0 < len(content) <= most_bytes:
        return FileFault("content", f"Must have 1 to {most_bytes} bytes.")
    if media_type not in TYPES:
        return FileFault("media_type", f"Must be one of: {', '.join(TYPES)}.")
    is_so = _is_text(content) if media_type in _TEXTS else _begins_so(content, media_type)
    return None if is_so else FileFault("content", f"Is not {media_type}.")


def check_file(content: bytes, *, media_type: str, most_bytes: int) -> None:
    """Refuse a file with a fault.

    Raises:
        FileRefused: with the field that is wrong.
    """
    if fault := fault_in(content, media_type=media_type, most_bytes=most_bytes):
        raise FileRefused(field=fault.field, why=fault.why)


def media_type_of(content: bytes, *, name: str) -> str | None:
    """The kind of a file by how it begins and how its name ends; None for one that is not kept."""
    kinds = [kind for kind in _BEGINNINGS if _begins_so(content, kind)]
    if not kinds and _is_text(content):
        kinds = ["text/plain", "text/csv"]
    by_name = _ENDINGS.get(name[name.rfind(".") :].lower())
    return by_name if by_name in kinds else next(iter(kinds), None)


def clean_name(name: str) -> str:
    """A name that is safe to show and to save under: no folders, nothing invisible, not hidden.

    What is too long is cut before its ending. A name of which nothing is left is `file`.
    """
    last = _BLANKS.sub(" ", re.split(r"[/\\]", name)[-1])
    # C: control and formatting characters; some turn the reading direction and hide an ending.
    seen = "".join(char for char in last if not unicodedata.category(char).startswith("C"))
    plain = unicodedata.normalize("NFC", seen).strip(" .") or "file"
    if len(plain) <= MOST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > 10:  # noqa: PLR2004 – no ending, only a dot in a sentence
        return plain[:MOST_NAME].rstrip(" .")
    return stem[: MOST_NAME - len(ending) - 1].rstrip(" .") + dot + ending


def in_base64(content: bytes) -> str:
    """A file as it travels."""
    return base64.b64encode(content).decode()


def from_base64(content: str) -> bytes:
    """A file as it was before it travelled.

    Raises:
        Invalid: it is no base64.
    """
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid_field("content", "Is not base64.") from None


def _begins_so(content: bytes, media_type: str) -> bool:
    return content.startswith(_BEGINNINGS[media_type])


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
