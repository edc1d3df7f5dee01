"""Gaps as a page shows them."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from contracts import kb
from gateway.portal.speech import Speech


@dataclass(frozen=True, kw_only=True)
class GapCard:
    """One need that no article answers.

    Attributes:
        first_ticket: of which a draft can be made; empty when only searches show the gap.
        new_href: an empty draft that begins with the gap's words.
    """

    name: str
    cost: str
    tickets: int
    searches: int
    example_tickets: tuple[kb.GapTicket, ...]
    example_searches: tuple[kb.GapSearch, ...]
    nearest: kb.GapArticle | None
    first_ticket: str
    new_href: str


def gap(found: kb.Gap, *, speech: Speech) -> GapCard:
    """A gap with what can be done about it."""
    asked = "\n".join(f"- {search.text}" for search in found.example_searches)
    begun = {"title": found.name.capitalize(), "category": found.category or "", "body": asked}
    return GapCard(
        name=found.name,
        cost=speech.length(timedelta(minutes=found.minutes)) if found.minutes else "",
        tickets=found.tickets,
        searches=found.searches,
        example_tickets=found.example_tickets,
        example_searches=found.example_searches,
        nearest=found.nearest,
        first_ticket=found.example_tickets[0].number if found.example_tickets else "",
        new_href="/writing/new?" + urlencode({name: said for name, said in begun.items() if said}),
    )
