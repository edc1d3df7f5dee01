"""A what-if as a picture: promises kept and missed as it was and as it would be, and whose time."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

WIDTH: Final = 720
LEFT: Final = 190  # where bars begin
ROW: Final = 26
XMLNS: Final = "http://www.w3.org/2000/svg"
LETTERS: Final = 'font-family="sans-serif" font-size="13" fill="#222"'
HOUR_US: Final = 3_600_000_000
MOST_HOLDERS: Final = 8
KEPT, MISSED, WAS, WOULD_BE = "#2c8a5b", "#cf3f36", "#93989a", "#3c7fc4"

Bar = tuple[str, Sequence[tuple[float, str]], str]  # what it is, lengths with colours, what it says


def drawn(job: Mapping[str, Any], *, title: str) -> str:
    """A picture of a what-if that ended, as SVG."""
    verdicts = [bar for row in job["clocks"] for bar in _verdicts(row)]
    holders = _holders(job["blame_was"], job["blame_would_be"])
    height = 70 + ROW * (len(verdicts) + len(holders) + 3)
    parts = [
        f'<svg xmlns="{XMLNS}" viewBox="0 0 {WIDTH} {height}" role="img" {LETTERS}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(16, 28, title, size=17),
        _text(16, 56, "Promises: kept (green) and missed (red)", size=14),
    ]
    parts += _bars(verdicts, top=66)
    top = 66 + ROW * (len(verdicts) + 1)
    parts.append(_text(16, top, "Hours of missed resolutions: as it was, would be", size=14))
    parts += _bars(holders, top=top + 10)
    return "\n".join([*parts, "</svg>", ""])


def _verdicts(row: Mapping[str, Any]) -> list[Bar]:
    found: list[Bar] = []
    for side, name in (("was", row["clock"].replace("_", " ")), ("would_be", "would be")):
        states = row[side]
        kept, missed = states.get("met", 0), states.get("missed", 0) + states.get("breached", 0)
        judged = kept + missed
        share = f"{100 * kept / judged:.1f} %" if judged else "nothing judged"
        found.append((name, ((kept, KEPT), (missed, MISSED)), f"{share} of {judged:,} kept"))
    return found


def _holders(was: Mapping[str, int], would_be: Mapping[str, int]) -> list[Bar]:
    largest = sorted({*was, *would_be}, key=lambda who: -max(was.get(who, 0), would_be.get(who, 0)))
    found: list[Bar] = []
    for who in largest[:MOST_HOLDERS]:
        for spent, name, colour in ((was, who, WAS), (would_be, "", WOULD_BE)):
            hours = spent.get(who, 0) / HOUR_US
            found.append((name.replace("_", " "), ((hours, colour),), f"{hours:,.0f} h"))
    return found


def _bars(bars: Sequence[Bar], *, top: float) -> list[str]:
    longest = max((sum(length for length, _ in parts) for _, parts, _ in bars), default=0) or 1
    scale = (WIDTH - LEFT - 150) / longest
    found = []
    for place, (name, parts, said) in enumerate(bars):
        y, x = top + place * ROW, float(LEFT)
        found.append(_text(16, y + 16, name))
        for length, colour in parts:
            width = length * scale
            at = f'x="{x:.1f}" y="{y + 3:.1f}" width="{width:.1f}" height="17"'
            found.append(f'<rect {at} fill="{colour}"/>')
            x += width
        found.append(_text(x + 8, y + 16, said))
    return found


def _text(x: float, y: float, said: str, *, size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}">{escape(said)}</text>'
