"""Random calendars at the dates that hurt."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from services.sla.domain.calendar import Break, Calendar, Closure, ExceptionalOpening, Opening

# Where the clocks change: by an hour, by half an hour, at midnight, twice around Ramadan, and by a
# whole day that never was.
NASTY_DAYS = {
    "UTC": date(2028, 2, 29),
    "Asia/Jakarta": date(2026, 1, 1),
    "Asia/Kathmandu": date(2024, 2, 28),
    "Europe/Berlin": date(2026, 3, 29),
    "Europe/Dublin": date(2026, 10, 25),
    "America/New_York": date(2026, 11, 1),
    "America/Havana": date(2026, 11, 1),
    "America/Sao_Paulo": date(2018, 11, 4),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "Asia/Tehran": date(2021, 9, 22),
    "Africa/Casablanca": date(2026, 2, 15),
    "Pacific/Apia": date(2011, 12, 30),
}


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    start = draw(st.integers(0, 1439) | st.sampled_from([0, 60, 120, 150, 180, 540, 1320]))
    length = draw(st.integers(1, 1440) | st.sampled_from([60, 480, 1440]))
    return Opening(start, start + length)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """A calendar, and a day in whose neighbourhood something happens to its clocks."""
    zone, day = draw(st.sampled_from(sorted(NASTY_DAYS.items())))
    near = st.integers(-2, 3).map(lambda n: day + timedelta(days=n))
    a_day = st.lists(openings(), max_size=3).map(tuple)
    closures = st.builds(
        lambda first, days, yearly: Closure(
            first=first, last=first + timedelta(days=days), yearly=yearly
        ),
        near,
        st.integers(0, 2),
        st.booleans(),
    )
    exceptions = st.builds(
        lambda on, years_ago, openings: ExceptionalOpening(
            on=_years_before(on, years_ago), openings=tuple(openings), yearly=bool(years_ago)
        ),
        near,
        st.integers(0, 2),
        st.lists(openings(), min_size=1, max_size=2),
    )
    breaks = st.builds(
        Break, on=near, hours=st.lists(openings(), min_size=1, max_size=2).map(tuple)
    )
    calendar = Calendar(
        key="any",
        version=1,
        zone=zone,
        week=draw(st.tuples(*[a_day] * 7)),
        closures=tuple(draw(st.lists(closures, max_size=2))),
        exceptions=tuple(draw(st.lists(exceptions, max_size=2))),
        breaks=tuple(draw(st.lists(breaks, max_size=2))),
    )
    return calendar, day


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        years *= 4
    return day.replace(year=day.year - years)


def instants(day: date) -> st.SearchStrategy[datetime]:
    """Instants within some days of a day, to the microsecond."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return st.integers(-3 * 86_400_000_000, 3 * 86_400_000_000).map(
        lambda micros: noon + timedelta(microseconds=micros)
    )
