"""A snippet shows why an article was found."""

from services.kb import lexicon
from services.kb.domain.analysis import Analyzer
from services.kb.domain.snippet import Snippet, plain_text, snippet

ENGLISH = Analyzer(lexicon.load()["en"])
FILLER = "Nothing of interest stands in this sentence at all. " * 10


def cut(text: str, *stems: str, length: int = 80) -> Snippet:
    return snippet(text, hits=ENGLISH.places(text, stems=stems), length=length)


def marked(found: Snippet) -> list[str]:
    return [found.text[start:end] for start, end in found.marks]


def test_found_words_are_marked_in_whatever_form_they_stand() -> None:
    assert marked(cut("Printing: we print what was PRINTED.", "print")) == [
        "Printing",
        "print",
        "PRINTED",
    ]


def test_the_stretch_with_most_different_words_is_cut() -> None:
    text = f"A printer. {FILLER}The printer needs a driver and a cable. {FILLER}"

    found = cut(text, "printer", "driver", "cabl")

    assert "printer needs a driver and a cable" in found.text
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert len(found.text) <= 80 + len("… " + " …")


def test_without_a_found_word_it_is_the_beginning() -> None:
    found = cut(FILLER, "printer")

    assert found.text.startswith("Nothing of interest")
    assert found.marks == ()


def test_a_short_text_is_shown_whole() -> None:
    assert cut("Press the button.", "button") == Snippet("Press the button.", ((10, 16),))


def test_an_empty_text_has_an_empty_snippet() -> None:
    assert cut("", "printer") == Snippet("", ())


def test_one_endless_word_is_cut_hard() -> None:
    assert len(cut("x" * 1000, "printer").text) <= 84


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    body = "# Reset\n\n1. Open [the portal](https://x.test/a_b?c=d)\n- Press **OK** in `Settings`\n"

    assert plain_text(body) == "Reset Open the portal Press OK in Settings"


def test_underscores_inside_a_name_stay() -> None:
    assert plain_text("run my_tool_name _now_") == "run my_tool_name now"


def test_the_lines_of_a_table_are_not_read() -> None:
    assert plain_text("| a | b |\n|---|:--|\n| c | d |") == "a b c d"


def test_one_blank_stands_for_many_of_whatever_kind() -> None:
    for blank in filter(str.isspace, map(chr, range(0x3001))):
        assert plain_text(f" a{blank}{blank}b{blank}") == "a b", hex(ord(blank))
