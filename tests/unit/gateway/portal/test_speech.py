from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.portal.speech import Speech, chosen_language

NOW = datetime(2026, 1, 5, 3, 5, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
INDONESIAN = Speech(language="id", zone=JAKARTA)
ENGLISH = Speech(language="en", zone=JAKARTA)


@pytest.mark.parametrize(
    ("cookie", "account", "accepted", "language"),
    [
        pytest.param("en", "id", "id", "en", id="switched-on-this-browser"),
        pytest.param(None, "en", "id", "en", id="of-the-account"),
        pytest.param(None, None, "de, en-GB;q=0.8, id;q=0.5", "en", id="best-accepted"),
        pytest.param(None, None, "in-ID", "id", id="old-code-of-indonesian"),
        pytest.param(None, None, "en;q=0, de", "id", id="refused-english"),
        pytest.param(None, None, "en;q=nonsense", "id", id="broken-weight"),
        pytest.param("fr", None, None, "id", id="unknown-cookie"),
    ],
)
def test_the_readers_language_is_chosen(
    cookie: str | None, account: str | None, accepted: str | None, language: str
) -> None:
    assert chosen_language(cookie=cookie, account=account, accepted=accepted) == language


def test_an_instant_names_its_zone() -> None:
    assert INDONESIAN.instant(NOW) == "Sen, 5 Jan 2026 10.05 WIB"
    assert ENGLISH.instant(NOW) == "Mon, 5 Jan 2026 10:05 WIB"


def test_a_zone_without_a_name_is_shown_by_its_offset() -> None:
    speech = Speech(language="en", zone=ZoneInfo("America/Sao_Paulo"))

    assert speech.instant(NOW).endswith("UTC-0300")


def test_a_day_that_begins_in_jakarta_before_utc_is_today() -> None:
    late = datetime(2026, 1, 4, 17, 30, tzinfo=UTC)  # 00.30 on the 5th in Jakarta

    assert INDONESIAN.brief(late, now=NOW) == "00.30"
    assert INDONESIAN.brief(late - timedelta(hours=1), now=NOW) == "4 Jan 23.30"
    assert INDONESIAN.brief(late - timedelta(days=9), now=NOW) == "27 Des 2025"


@pytest.mark.parametrize(
    ("length", "indonesian", "english"),
    [
        (timedelta(hours=2, minutes=10), "2 jam 10 menit lagi", "in 2 hours 10 minutes"),
        (timedelta(days=1, minutes=5), "1 hari lagi", "in 1 day"),
        (timedelta(days=1200, hours=1), "1.200 hari 1 jam lagi", "in 1,200 days 1 hour"),
        (timedelta(seconds=59), "sebentar lagi", "in a moment"),
        (timedelta(0), "baru saja", "just now"),
        (-timedelta(minutes=1), "1 menit yang lalu", "1 minute ago"),
    ],
)
def test_a_distance_is_told_in_its_two_largest_units(
    length: timedelta, indonesian: str, english: str
) -> None:
    assert INDONESIAN.distance(NOW + length, now=NOW) == indonesian
    assert ENGLISH.distance(NOW + length, now=NOW) == english


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert (INDONESIAN.number(12345.5), ENGLISH.number(12345.5)) == ("12.345,5", "12,345.5")
    assert (INDONESIAN.percent(97.25), ENGLISH.percent(100)) == ("97,2%", "100%")
