"""National holidays by country and subdivision, from the `holidays` library."""

from collections.abc import Sequence

import holidays

from services.sla.domain.calendar import Closure
from services.sla.domain.errors import Problems


def national_holidays(
    *,
    country: str,
    subdivision: str | None = None,
    categories: Sequence[str] = (),
    first_year: int,
    last_year: int,
    path: str,
    problems: Problems,
) -> tuple[Closure, ...]:
    """The holidays of a country, in its own language, each a closure of one day.

    Unknown countries, subdivisions and categories are noted in `problems` under `path`.
    """
    known = holidays.list_supported_countries()
    if country not in known:
        problems.add(f"{path}.country", "No such country; two letters such as ID.")
        return ()
    if subdivision is not None and subdivision not in known[country]:
        there = ", ".join(known[country]) or "none"
        problems.add(f"{path}.subdivision", f"{country} has: {there}.")
        return ()
    try:
        found = holidays.country_holidays(
            country,
            subdiv=subdivision,
            years=range(first_year, last_year + 1),
            categories=tuple(categories) or None,
            # Else the machine's language decides, and two replicas could disagree.
            language=holidays.country_holidays(country).default_language,
        )
    except ValueError as unknown:
        problems.add(f"{path}.categories", str(unknown))
        return ()
    return tuple(Closure(first=day, last=day, name=name) for day, name in sorted(found.items()))
