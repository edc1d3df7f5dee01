"""Articles and questions are written one way before they are compared."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.kb import lexicon
from services.kb.domain.analysis import Analyzer, guess_language
from services.kb.domain.written import fold, split_words

LEXICONS = lexicon.load()
INDONESIAN = Analyzer(LEXICONS["id"])
ENGLISH = Analyzer(LEXICONS["en"])


def stems(analyzer: Analyzer, text: str) -> list[str]:
    return [word.stem for word in analyzer.words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mencetak", "dicetak"),
        ("pencetakannya", "cetak"),
        ("terhubung", "menghubungkan"),
        ("pendaftaran", "mendaftar"),
    ],
)
def test_indonesian_affixes_do_not_hide_a_word(one: str, other: str) -> None:
    assert stems(INDONESIAN, one) == stems(INDONESIAN, other)


def test_english_endings_do_not_hide_a_word() -> None:
    assert stems(ENGLISH, "prints printing printed") == ["print"] * 3


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("gak bisa konek", "tidak bisa sambung"),
        ("ngga bs masuk", "tidak bisa masuk"),
        ("lemot", "lambat"),
        ("laptopku lemot bgt", "laptopku lambat bgt"),
        ("lupa kata sandinya", "lupa password"),
        ("lupa pw", "lupa password"),
        ("wi-fi", "wifi"),
        ("Wi Fi", "wifi"),
        ("e-mail", "surel"),
        ("gimana cara nge-print", "bagaimana cara cetak"),
    ],
)
def test_informal_indonesian_is_understood(typed: str, written: str) -> None:
    assert stems(INDONESIAN, typed) == stems(INDONESIAN, written)


def test_a_spelling_does_not_spread_to_a_word_that_only_shares_the_stem() -> None:
    assert stems(INDONESIAN, "pembaruan") == stems(INDONESIAN, "update")
    assert stems(INDONESIAN, "laptop baru") == ["laptop", "baru"]


def test_an_indonesian_prefix_on_an_english_word_is_one_word() -> None:
    assert split_words("di-restart") == ["direstart"]


def test_a_doubled_word_is_one_word() -> None:
    assert split_words("laki-laki") == ["laki"]


def test_a_number_after_a_hyphen_stays_a_word_of_its_own() -> None:
    assert split_words("covid-19") == ["covid", "19"]


@pytest.mark.parametrize("typed", ["can't", "can\u2019t", "cant"])
def test_apostrophes_of_every_keyboard_are_alike(typed: str) -> None:
    assert stems(ENGLISH, typed) == stems(ENGLISH, "cant")


def test_case_and_accents_do_not_matter() -> None:
    assert fold("CAFÉ Ñandú") == "cafe nandu"


def test_stop_words_are_marked_not_dropped() -> None:
    words = INDONESIAN.words("cara reset di kantor")

    assert [word.surface for word in words if word.is_stop_word] == ["di"]


def test_a_term_knows_where_it_stood_also_when_a_phrase_became_one_word() -> None:
    text = "Lupa Kata Sandi?"

    places = {term.word.stem: text[term.start : term.end] for term in INDONESIAN.terms(text)}

    assert places == {"lupa": "Lupa", "password": "Kata Sandi"}


@pytest.mark.parametrize(
    "text",
    [
        "Lupa kata sandi? Kata orang, kata-kata sandi sama dengan password.",
        "kata sandinya di e-mail: ganti pw, covid-19, covid 19.",
        "Di kata",
        "",
    ],
)
def test_places_are_the_wanted_ones_of_all_terms(text: str) -> None:
    stems = {"password", "email", "19", "kata"}

    wanted = [term for term in INDONESIAN.terms(text) if term.word.stem in stems]

    assert INDONESIAN.places(text, stems=stems) == wanted


# Words alone, in phrases, hyphenated, with apostrophes of both kinds, and what is no word.
PIECES = [
    "kata",
    "Sandi",
    "sandinya",
    "pw",
    "covid-19",
    "19",
    "e-mail",
    "mail",
    "jum'at",
    "jum\u2019at",
]
PIECES += ["laki-laki", "caf\u00e9", "KATA", "a", "-", "'", "_", " ", "  ", "\n", "?"]
PIECES += ["\u201c", "\u2014", "\xa0", "\u2018", "\u2026"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(st.lists(TEXTS, max_size=4))
@example(["kata sandi", "kata-kata sandi"])
@example(["e-mail mail", "-mail", "mail-", "e-mail-"])
def test_places_in_several_texts_are_the_wanted_ones_of_all_their_terms(texts: list[str]) -> None:
    stems = {"password", "email", "mail", "19", "kata", "jumat", "laki", "cafe", "a"}

    found = INDONESIAN.places_in(texts, stems=stems)

    assert found == [
        [term for term in INDONESIAN.terms(text) if term.word.stem in stems] for text in texts
    ]


def test_places_are_found_also_when_the_remembered_words_turn_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.kb.domain.analysis._REMEMBERED_WORDS", 9)
    forgetful = Analyzer(LEXICONS["id"])
    texts = [f"kata sandi lupa {word} password {word}{word}" for word in "abcdefghijk"]

    for text in texts:
        found = forgetful.places(text, stems={"password", "lupa"})
        assert [text[term.start : term.end] for term in found] == [
            "kata sandi",
            "lupa",
            "password",
        ]


@given(TEXTS)
@example("kata sandi kata kata sandi")
@example("kata-sandi kata sandi")
def test_a_tally_counts_the_words_in_reading_order(text: str) -> None:
    tally: Counter[object] = Counter()
    for word, count in INDONESIAN.tally(text, with_stop_words=True):
        tally[word] += count

    assert tally == Counter(INDONESIAN.words(text))


def test_text_without_words_has_none() -> None:
    assert ENGLISH.words("?! — 🙂 \n") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gak bisa login vpn dari rumah", "id"),
        ("I cannot log in to the VPN from home", "en"),
        ("laptop saya hang terus setelah update", "id"),
        ("printer error", "?"),
        ("", "?"),
    ],
)
def test_the_language_is_guessed_by_its_small_words(text: str, language: str) -> None:
    assert guess_language(text, lexicons=LEXICONS, default="?") == language
