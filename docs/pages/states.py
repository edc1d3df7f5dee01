"""The page of a ticket's life, drawn from the table that rules it."""

from collections.abc import Iterable

from docs.pages import WARNING
from services.intake.domain.lifecycle import TRANSITIONS

_INTRO = """# The states of a ticket

Drawn from the transition table in `services/intake/domain/lifecycle.py`, so that picture and rule
cannot disagree. `POST /api/v1/tickets/{number}/transitions` refuses any other move with 409 and
names those that are allowed.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([WARNING, _INTRO, *_drawing(), _table()])


def _drawing() -> list[str]:
    moves = dict.fromkeys((move.was, move.to) for move in TRANSITIONS)
    going_on = {was for was, _ in moves}
    open_ones = {was for was, to in moves if to == "cancelled"}
    # One arrow for what every open status may do, and one box for the ends among them.
    for_all = [
        to
        for to in dict.fromkeys(to for _, to in moves)
        if to not in open_ones and _from(moves, to) == open_ones
    ]
    ends = [to for to in for_all if to not in going_on]
    inside = [(was, to) for was, to in moves if was != to and {was, to} <= open_ones]
    beside = [(was, to) for was, to in moves if to not in for_all and not {was, to} <= open_ones]
    return [
        "```mermaid",
        "stateDiagram-v2",
        f'    state "{" · ".join(ends)}" as ends',
        "    state open {",
        "        [*] --> new",
        *(f"        {was} --> {to}" for was, to in inside),
        "    }",
        *(f"    open --> {to}" for to in for_all if to not in ends),
        "    open --> ends",
        *(f"    {was} --> {to}" for was, to in beside),
        "```",
        "",
    ]


def _from(moves: Iterable[tuple[str, str]], status: str) -> set[str]:
    return {was for was, to in moves if to == status}


def _table() -> str:
    rows = ["| From | To | Who | Needs | May have | Event |", "|---|---|---|---|---|---|"]
    for move in TRANSITIONS:
        cells = (
            f"`{move.was}`",
            f"`{move.to}`",
            ", ".join(sorted(move.roles)),
            _named(move.needs),
            _named(move.takes),
            f"`ticket.{move.event}.v1`",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _named(fields: tuple[str, ...]) -> str:
    return ", ".join(f"`{field}`" for field in fields)
