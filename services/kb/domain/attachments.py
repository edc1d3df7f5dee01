"""Files beside an article: which kinds are kept, known by how they begin."""

from collections.abc import Mapping

MOST_BYTES = 1_048_576
MOST_FILES = 20  # of one article

# Nothing that a browser runs: no HTML, no SVG.
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "application/pdf": (b"%PDF-",),
    "application/zip": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (b"PK\x03\x04",),
}
_TEXTS = frozenset({"text/plain", "text/csv"})
TYPES = (*_BEGINNINGS, *sorted(_TEXTS))


class AttachmentRefused(Exception):
    """A file is not kept; `field` says what is wrong with it."""

    def __init__(self, *, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why


def check_attachment(content: bytes, *, media_type: str) -> None:
    """Refuse what is too large, of another kind, or not of the kind that is said.

    Raises:
        AttachmentRefused: with the field that is wrong.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise AttachmentRefused(field="content", why=f"Must have 1 to {MOST_BYTES} bytes.")
    if media_type not in TYPES:
        raise AttachmentRefused(field="media_type", why=f"Must be one of: {', '.join(TYPES)}.")
    is_so = _is_text(content) if media_type in _TEXTS else _begins_so(content, media_type)
    if not is_so:
        raise AttachmentRefused(field="content", why=f"Is not {media_type}.")


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
