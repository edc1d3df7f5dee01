"""A zip that somebody sent, opened with care: what it says of itself may be a lie.

Nothing is written to a disk, and nothing is read that no article names. Limits: 1,000 Markdown
files of 256 KiB, 5,000 entries, 64 MiB once unpacked, and no more than 100 times what was sent.
"""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from contracts.errors import Invalid
from gateway.parcels.packing import SUFFIX

MOST_ARTICLES = 1_000
MOST_ENTRIES = 5_000
MOST_BYTES = 262_144
MOST_UNPACKED = 67_108_864
MOST_RATIO = 100
# Below this nobody counts how well something was packed.
SMALL = 4_194_304

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


def wrong(errors: dict[str, list[str]]) -> Invalid:
    """The refusal that names every fault."""
    first = next(iter(errors))
    return Invalid("invalid", f"{first}: {errors[first][0]}", {"errors": errors})


class BadZip(Invalid):
    """The zip as a whole is not right."""

    def __init__(self, why: str) -> None:
        super().__init__("invalid", f"body: {why}", {"errors": {"body": [why]}})


class Unzipped:
    """The entries of a zip by name, read when they are wanted.

    Raises:
        BadZip: no zip, or too many entries.
        Invalid: one is there twice, or leads out of the zip.
    """

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _UNREADABLE:
            raise BadZip("Is no zip that can be read.") from None
        self._left = min(MOST_UNPACKED, max(SMALL, len(raw) * MOST_RATIO))
        entries = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise BadZip(f"More than {MOST_ENTRIES} entries.")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for info in entries:
            # `orig_filename` is what was sent; zipfile itself would cut it at a NUL.
            name = info.orig_filename
            if not is_inside(name):
                raise wrong({name: ["Leads out of the zip."]})
            if name in self._entries:
                raise wrong({name: ["Is in the zip twice."]})
            self._entries[name] = info
        if len(self.articles) > MOST_ARTICLES:
            raise BadZip(f"More than {MOST_ARTICLES} articles.")

    @property
    def articles(self) -> list[str]:
        """The names of all Markdown files, in their order."""
        return [name for name in self._entries if name.endswith(SUFFIX)]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def read(self, name: str, *, most: int) -> bytes:
        """What an entry holds, to one byte beyond `most`.

        Raises:
            BadZip: it cannot be read, or the zip holds too much altogether.
        """
        try:
            with self._zip.open(self._entries[name]) as opened:
                found = opened.read(most + 1)
        except _UNREADABLE:
            raise BadZip("Is no zip that can be read.") from None
        self._left -= len(found)
        if self._left < 0:
            raise BadZip("Holds too much once unpacked.")
        return found


def is_inside(name: str) -> bool:
    """Whether a name stays in its folder, on every system."""
    is_plain = name.isprintable() and "\\" not in name and ":" not in name
    path = PurePosixPath(name)
    return is_plain and bool(path.name) and not path.is_absolute() and ".." not in path.parts
