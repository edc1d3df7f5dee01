"""How a sentence is read, word by word."""

from services.kb import lexicon
from services.kb.domain.analysis import Analyzer, Lexicon
from services.kb.domain.reading import read_words

WORDS = Lexicon(
    language="id",
    stop_words=frozenset({"tidak", "yang"}),
    spellings={"lemot": "lambat", "gak": "tidak", "kata sandi": "password", "komp": "komputer"},
)


def read(text: str) -> list[tuple[str, str, bool, bool]]:
    found = read_words(text, analyzer=Analyzer(WORDS))
    return [(each.text, each.written, each.is_respelt, each.is_stop_word) for each in found]


def test_a_word_is_respelt_a_stop_word_is_named_and_others_stay() -> None:
    assert read("Komp yang LEMOT gak nyala") == [
        ("Komp", "komputer", True, False),
        ("yang", "yang", False, True),
        ("LEMOT", "lambat", True, False),
        ("gak", "tidak", True, True),
        ("nyala", "nyala", False, False),
    ]


def test_a_phrase_is_read_as_one_thing() -> None:
    assert read("lupa kata sandi") == [
        ("lupa", "lupa", False, False),
        ("kata sandi", "password", True, False),
    ]


def test_what_is_looked_for_is_the_stem() -> None:
    (word,) = read_words("menyalakan", analyzer=Analyzer(lexicon.load()["id"]))

    assert word.stems == ("nyala",)


def test_signs_alone_are_no_words() -> None:
    assert read("?! – …") == []
