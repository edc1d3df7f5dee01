"""The page of a ticket's life, drawn from the table that rules it."""

from docs.pages import WARNING
from services.intake.domain.lifecycle import TRANSITIONS

_INTRO = """# The states of a ticket

Drawn from the transition table in `services/intake/domain/lifecycle.py`, so that picture and rule
cannot disagree. `POST /api/v1/tickets/{number}/transitions` refuses any other move with 409 and
names those that are allowed.
"""


def page() -> str:
    """The page as Markdown."""
    arrows = dict.fromkeys(f"    {move.was} --> {move.to}" for move in TRANSITIONS)
    drawn = ["```mermaid", "stateDiagram-v2", "    [*] --> new", *arrows, "```", ""]
    return "\n".join([WARNING, _INTRO, *drawn, _table()])


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
