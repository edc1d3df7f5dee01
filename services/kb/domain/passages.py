"""The passage of an article that answers a question: whole blocks of its own Markdown."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

_HEADING = re.compile(r"^#{1,6}[ \t]+(.*)$", re.MULTILINE)
_LONGEST = 900
_SHORT = 160
_HEADING_WEIGHT = 2.0


def passage(
    markdown: str, *, rarities: Mapping[str, float], stems_of: Callable[[str], set[str]]
) -> str:
    """Return the section that says most of what was asked, its heading included.

    An introduction that is only a sentence or two takes the next section with it. A longer section
    is cut between blocks or list items, and ends with an ellipsis.
    """
    sections = _sections(markdown)
    worth = [_worth(section, rarities=rarities, stems_of=stems_of) for section in sections]
    best = max(range(len(sections)), key=lambda place: (worth[place], -place))
    text = sections[best]
    if len(text) < _SHORT and best + 1 < len(sections):
        text = f"{text}\n\n{sections[best + 1]}"
    return _cut(text)


def _sections(markdown: str) -> list[str]:
    starts = [match.start() for match in _HEADING.finditer(markdown)]
    bounds = [0, *(start for start in starts if start), len(markdown)]
    pieces = [markdown[a:b].strip() for a, b in pairwise(bounds)]
    return [piece for piece in pieces if piece] or [markdown.strip()]


def _worth(
    section: str, *, rarities: Mapping[str, float], stems_of: Callable[[str], set[str]]
) -> float:
    heading = _HEADING.match(section)
    named = stems_of(heading[1]) if heading else set()
    said = stems_of(section)
    return sum(
        rarity * (_HEADING_WEIGHT if stem in named else float(stem in said))
        for stem, rarity in rarities.items()
    )


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    end = max(text.rfind("\n\n", 0, _LONGEST), text.rfind("\n", 0, _LONGEST))
    return f"{text[: end if end > 0 else _LONGEST].rstrip()}\n\n…"
