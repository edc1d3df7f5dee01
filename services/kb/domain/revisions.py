"""How two revisions of an article differ, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.kb.domain.articles import Content
from services.kb.domain.attachments import File, named_difference

CONTEXT_LINES = 3
# The comparison takes the product of both lengths at worst; beyond this it is one replacement.
MOST_LINES = 2_000

COMPARED = ("title", "status", "audience", "groups", "category", "tags", "problem")


@dataclass(frozen=True)
class Line:
    """A line of a comparison.

    Attributes:
        kind: `same`, `removed`, `added`, or `gap` where equal lines are left out.
        was: Its number in the older text.
        now: Its number in the newer text.
    """

    kind: str
    text: str = ""
    was: int | None = None
    now: int | None = None


@dataclass(frozen=True)
class FieldChange:
    """A field other than the body that changed; lists are joined by commas."""

    field: str
    was: str
    now: str


def changed_fields(old: Content, new: Content) -> tuple[FieldChange, ...]:
    """List the fields, the body aside, in which two contents differ."""
    pairs = ((name, _said(old, name), _said(new, name)) for name in COMPARED)
    return tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)


def with_files(
    changes: tuple[FieldChange, ...], was: Sequence[File], now: Sequence[File]
) -> tuple[FieldChange, ...]:
    """The changes, and which files differ, if any do."""
    old, new = named_difference(was, now)
    return (*changes, FieldChange("files", old, new)) if old or new else changes


def compared_lines(old: str, new: str) -> tuple[Line, ...]:
    """Compare two texts, with a few equal lines around each change."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return tuple(_replaced(before, after, 0, 0)) if before != after else ()
    lines: list[Line] = []
    matcher = SequenceMatcher(None, before, after)
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT_LINES)):
        if number:
            lines.append(Line("gap"))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [Line("same", before[i], i + 1, i - i1 + j1 + 1) for i in range(i1, i2)]
            else:
                lines += _replaced(before[i1:i2], after[j1:j2], i1, j1)
    return tuple(lines)


def _replaced(before: Sequence[str], after: Sequence[str], was: int, now: int) -> Iterator[Line]:
    for number, text in enumerate(before, was + 1):
        yield Line("removed", text, number, None)
    for number, text in enumerate(after, now + 1):
        yield Line("added", text, None, number)


def _said(content: Content, name: str) -> str:
    value = getattr(content, name)
    return ", ".join(value) if isinstance(value, tuple) else value or ""
