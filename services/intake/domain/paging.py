"""Paging by key: a cursor says after which ticket the next page starts, in which order.

Between two pages tickets may be opened and changed. A ticket that keeps its place in the order is
seen exactly once; in `-opened` every ticket keeps its place. In `updated` a ticket that was changed
meanwhile is seen again, as it is now; in `-updated` it moves to the front, and in `due` to where
its new due instant stands.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # sorts after every due instant
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEAL_BYTES = 6


@dataclass(frozen=True, kw_only=True)
class Order:
    """A way to sort tickets: by an instant, then by serial, both in the same direction."""

    by: str
    descending: bool


ORDERS: Mapping[str, Order] = {
    "updated": Order(by="updated_at", descending=False),
    "-updated": Order(by="updated_at", descending=True),
    "due": Order(by="next_due_at", descending=False),
    "-opened": Order(by="opened_at", descending=True),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a ticket stands in an order."""

    at: datetime
    serial: int


class CursorWrong(Exception):
    """The text is no cursor of ours, or one of another order."""


def cursor_after(place: Place, *, sort: str) -> str:
    """An opaque, url-safe cursor; the next page starts behind `place`."""
    said = f"{sort} {(place.at - _EPOCH) // timedelta(microseconds=1)} {place.serial}".encode()
    return base64.urlsafe_b64encode(_seal(said) + said).decode().rstrip("=")


def read_cursor(cursor: str, *, sort: str) -> Place:
    """Where the next page starts.

    Raises:
        CursorWrong: it was not made by `cursor_after`, or for another order.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CursorWrong from None
    seal, said = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    # The seal keeps honest callers from building cursors by hand; it hides nothing and guards
    # nothing: what may be seen is decided by the query, not by the cursor.
    if seal != _seal(said):
        raise CursorWrong
    _, at, serial = said.decode().split(" ")
    place = Place(at=_EPOCH + timedelta(microseconds=int(at)), serial=int(serial))
    if cursor_after(place, sort=sort) != cursor:  # of another order
        raise CursorWrong
    return place


def _seal(said: bytes) -> bytes:
    return hashlib.blake2s(said, digest_size=_SEAL_BYTES, person=b"meja.pg1").digest()
