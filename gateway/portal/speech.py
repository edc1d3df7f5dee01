"""How the portal speaks: a language, a time zone, and the words for lengths and instants.

The source text of every message is its English form; Indonesian comes from a gettext catalogue in
`locale/`, read once. Times are shown in the desk's own zone, which is always named.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import get_args

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from contracts.intake import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES: dict[Language, str] = {"id": "Bahasa Indonesia", "en": "English"}
SOURCE_LANGUAGE: Language = "en"
CATALOGUES = Path(__file__).parent / "locale"

_LOCALES: dict[Language, Locale] = {"id": Locale("id", "ID"), "en": Locale("en", "GB")}
_CLOCK_TIME: dict[Language, str] = {"id": "HH.mm", "en": "HH:mm"}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def message(text: str) -> str:
    """Mark a text for translation that is said later; it comes back as it is."""
    return text


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language; English is the source text itself."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with (CATALOGUES / language / "LC_MESSAGES" / "portal.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Speech:
    """One reader's language and zone. Instants that come in are aware; text goes out."""

    def __init__(self, *, language: Language, zone: tzinfo) -> None:
        self.language = language
        self.zone = zone
        self._locale = _LOCALES[language]
        self._catalogue = translations(language)

    def text(self, text: str, **values: object) -> str:
        """A message in the reader's language, with `%(name)s` places filled."""
        found = self._catalogue.gettext(text)
        return found % values if values else found

    def plural(self, one: str, many: str, number: int) -> str:
        """A counted message; `%(num)s` is the number as the language writes it."""
        return self._catalogue.ngettext(one, many, number) % {"num": self.number(number)}

    def number(self, number: float) -> str:
        """A number with the language's own separators."""
        return format_decimal(number, locale=self._locale)

    def percent(self, percent: float) -> str:
        """A percentage given as 0 to 100, with at most one decimal."""
        return format_percent(percent / 100, format="#,##0.#%", locale=self._locale)

    def instant(self, at: datetime) -> str:
        """A full date and time with the zone named, such as `Sen, 5 Jan 2026 10.05 WIB`."""
        day = format_datetime(
            at, f"EEE, d MMM y {_CLOCK_TIME[self.language]}", tzinfo=self.zone, locale=self._locale
        )
        return f"{day} {self.zone_name(at)}"

    def brief(self, at: datetime, *, now: datetime) -> str:
        """A short date and time: the hour alone today, no year this year; the zone is not named."""
        local, today = at.astimezone(self.zone), now.astimezone(self.zone)
        pattern = _CLOCK_TIME[self.language]
        if local.date() != today.date():
            pattern = "d MMM " + pattern if local.year == today.year else "d MMM y"
        return format_datetime(local, pattern, tzinfo=self.zone, locale=self._locale)

    def day(self, at: datetime) -> str:
        """A date without a time."""
        return format_date(at.astimezone(self.zone), "long", locale=self._locale)

    def period(self, day: date, *, unit: str) -> str:
        """The name of a month, or of the day with which a day or week begins."""
        return format_date(day, "MMM y" if unit == "month" else "d MMM", locale=self._locale)

    def zone_name(self, at: datetime) -> str:
        """The zone's short name on that day, such as `WIB`, or its offset when it has none."""
        local = at.astimezone(self.zone)
        name = local.tzname() or ""
        return name if name.isalpha() else f"UTC{local:%z}"

    def length(self, length: timedelta) -> str:
        """A length in its two largest units, such as `2 jam 10 menit`; under a minute says so."""
        seconds = abs(int(length.total_seconds()))
        parts = _split(seconds)
        if not parts:
            return self.text("less than a minute")
        return " ".join(self._unit(name, count) for name, count in parts)

    def distance(self, at: datetime, *, now: datetime) -> str:
        """How far an instant is from now, such as `2 jam 10 menit lagi`."""
        away = at.astimezone(UTC) - now
        if abs(away) < timedelta(minutes=1):
            return self.text("just now") if away <= timedelta(0) else self.text("in a moment")
        if away > timedelta(0):
            return self.text("in %(length)s", length=self.length(away))
        return self.text("%(length)s ago", length=self.length(away))

    def _unit(self, name: str, count: int) -> str:
        if name == "day":
            return self.plural("%(num)s day", "%(num)s days", count)
        if name == "hour":
            return self.plural("%(num)s hour", "%(num)s hours", count)
        return self.plural("%(num)s minute", "%(num)s minutes", count)


def _split(seconds: int) -> Sequence[tuple[str, int]]:
    """The two largest neighbouring units of a length; minutes are left out beside days."""
    found: list[tuple[str, int]] = []
    for size, name in _UNITS:
        count, seconds = divmod(seconds, size)
        if found and not count:
            break
        if count:
            found.append((name, count))
        if len(found) == 2:  # noqa: PLR2004
            break
    return found


def chosen_language(*, cookie: str | None, account: str | None, accepted: str | None) -> Language:
    """The reader's language: what they switched to, their account's, their browser's, Indonesian.

    Args:
        cookie: the language switched to on this browser.
        account: the language of the signed-in account.
        accepted: the browser's Accept-Language header.
    """
    for wanted in (cookie, account):
        if wanted in LANGUAGES:
            return wanted
    return _accepted(accepted or "") or "id"


def _accepted(header: str) -> Language | None:
    best: tuple[float, Language] | None = None
    for entry in header[:500].split(","):
        tag, _, parameter = entry.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        primary = "id" if primary == "in" else primary  # `in` is the old code of Indonesian
        weight = _weight(parameter)
        if primary in LANGUAGES and weight > 0 and (best is None or weight > best[0]):
            best = (weight, primary)
    return best[1] if best else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
