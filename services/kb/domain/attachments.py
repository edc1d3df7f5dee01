"""Files beside an article, and how two sets of them differ."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

_SHOWN_OF_A_HASH = 8


@dataclass(frozen=True, kw_only=True)
class File:
    """What is known of a file without reading it.

    Attributes:
        sha256: What it holds; equal hashes of one article are kept once.
    """

    name: str
    media_type: str
    bytes: int
    sha256: str
    added_by: str
    added_at: datetime

    @property
    def says(self) -> tuple[str, str, str]:
        """What makes it this file, whoever added it."""
        return self.name, self.media_type, self.sha256


def hash_of(content: bytes) -> str:
    """The hash by which a content is known."""
    return sha256(content).hexdigest()


def are_same(some: Collection[File], others: Collection[File]) -> bool:
    """Whether two sets of files hold the same."""
    return {file.says for file in some} == {file.says for file in others}


def with_file(files: Collection[File], file: File) -> tuple[File, ...]:
    """The files with one more, in place of one of the same name; by name."""
    return tuple(sorted((*without(files, file.name), file), key=lambda each: each.name))


def without(files: Collection[File], name: str) -> tuple[File, ...]:
    """The files but the one of this name."""
    return tuple(each for each in files if each.name != name)


def named_difference(was: Collection[File], now: Collection[File]) -> tuple[str, str]:
    """The files that only one of two sets has; with a piece of the hash where a name stays."""
    old, new = {file.says for file in was}, {file.says for file in now}
    stays = {file.name for file in was} & {file.name for file in now}

    def said(files: Collection[File], others: set[tuple[str, str, str]]) -> str:
        return ", ".join(
            f"{file.name} ({file.sha256[:_SHOWN_OF_A_HASH]})" if file.name in stays else file.name
            for file in files
            if file.says not in others
        )

    return said(was, new), said(now, old)
