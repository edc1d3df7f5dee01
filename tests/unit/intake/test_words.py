"""What of a subject can be searched for."""

from services.intake.domain.words import words_of


def test_case_and_accents_do_not_matter() -> None:
    assert words_of("Café VPN MATI, vpn mati!") == ("cafe", "vpn", "mati")


def test_signs_part_words() -> None:
    assert words_of("laptop/HP-840 gak nyala??") == ("laptop", "hp", "840", "gak", "nyala")


def test_signs_alone_are_no_words() -> None:
    assert words_of("?! –  ") == ()


def test_only_the_first_64_characters_of_a_word_count() -> None:
    assert words_of("a" * 200) == ("a" * 64,)
