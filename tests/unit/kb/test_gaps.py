"""Needs alike in their words, put together and named."""

import random
import time

from services.kb import lexicon
from services.kb.domain.analysis import Analyzer
from services.kb.domain.gaps import Need, find_gaps, telling

ANALYZERS = {language: Analyzer(lex) for language, lex in lexicon.load().items()}


def need(text: str, minutes: int = 0, *, language: str = "id", **facts: object) -> Need:
    words = telling(text, ANALYZERS[language])
    given = {"id": text, "ticket": text if minutes else None} | facts
    return Need(text=text, language=language, words=words, minutes=minutes, **given)  # type: ignore[arg-type]


TEXTS = [
    ("Printer lantai 3 macet kertasnya", 30),
    ("printer macet lagi", 20),
    ("kertas printer macet di lantai 5", 0),
    ("Proyektor ruang rapat mati", 45),
    ("proyektor tidak menyala di ruang rapat", 0),
    ("Cuti bersama tidak muncul di aplikasi HR", 10),
]


def test_what_is_alike_is_one_gap_and_the_dearest_comes_first() -> None:
    found = find_gaps([need(text, minutes) for text, minutes in TEXTS])

    assert [(gap.minutes, len(gap.needs)) for gap in found] == [(50, 3), (45, 2), (10, 1)]


def test_a_gap_is_named_by_its_words_as_people_write_them() -> None:
    printer, projector, _ = find_gaps([need(text, minutes) for text, minutes in TEXTS])

    assert set(printer.name.split()) >= {"printer", "macet"}
    assert set(projector.name.split()) >= {"proyektor", "ruang", "rapat"}


def test_the_order_in_which_needs_come_changes_nothing() -> None:
    needs = [need(text, minutes) for text, minutes in TEXTS]
    names = [gap.name for gap in find_gaps(needs)]

    random.Random(7).shuffle(needs)

    assert [gap.name for gap in find_gaps(needs)] == names


def test_a_need_without_a_telling_word_is_nobodys_gap() -> None:
    assert find_gaps([need("yang di ke 2026 12345")]) == []


def test_searches_are_ranked_by_how_often_they_were_asked() -> None:
    found = find_gaps([need("token hilang"), need("absen sidik jari", count=9)])

    assert [gap.searches[0].count for gap in found] == [9, 1]


def test_words_stand_in_the_order_of_the_dearest_need() -> None:
    assert find_gaps([need("token bank hilang", 5)])[0].name == "token bank hilang"


def test_four_thousand_needs_are_put_together_without_a_long_wait() -> None:
    words = [f"{a}{b}" for a in ("pri", "mo", "ke", "la", "pro") for b in ("nter", "dem", "yboard")]
    pick = random.Random(1)
    needs = [need(" ".join(pick.choices(words, k=5)), 1, id=str(n)) for n in range(4000)]

    begun = time.process_time()
    found = find_gaps(needs)

    assert sum(len(gap.needs) for gap in found) == 4000
    assert time.process_time() - begun < 30  # seconds: a guard against the square, not a measure
