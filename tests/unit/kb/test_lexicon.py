"""The words are data that people edit; mistakes in them are told."""

from pathlib import Path

import pytest

from services.kb import lexicon
from services.kb.domain.analysis import Analyzer
from services.kb.lexicon import LexiconLineUnreadable


def folder(path: Path, spellings: str) -> Path:
    for language in ("id", "en"):
        (path / f"stop_words_{language}.txt").write_text("di  # in\nke dari\n")
        (path / f"spellings_{language}.txt").write_text(spellings)
    return path


def test_comments_and_blank_lines_are_skipped(tmp_path: Path) -> None:
    found = lexicon.load(folder(tmp_path, "# note\n\npassword: Kata Sandi, pw,\n"))["id"]

    assert found.stop_words == {"di", "ke", "dari"}
    assert found.spellings == {"kata sandi": "password", "pw": "password"}


@pytest.mark.parametrize("line", ["password kata sandi", "password:", ": pw"])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(LexiconLineUnreadable) as refused:
        lexicon.load(folder(tmp_path, line))

    assert (refused.value.file, refused.value.line) == ("spellings_id.txt", line.strip())


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_packaged_spelling_is_read_as_what_it_is_written_like(language: str) -> None:
    words = lexicon.load()[language]
    analyzer = Analyzer(words)

    wrong = {
        variant: written
        for variant, written in words.spellings.items()
        if stems(analyzer, variant) != stems(analyzer, written)
    }

    assert wrong == {}


def stems(analyzer: Analyzer, text: str) -> list[str]:
    return [word.stem for word in analyzer.words(text)]
