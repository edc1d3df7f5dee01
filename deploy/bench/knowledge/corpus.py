"""Many articles, made by mixing the sentences of real ones; the same ones in every run."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.articles import read_articles
from services.kb.domain.snippet import plain_text
from services.kb.evaluate import read_documents, read_questions
from services.kb.index.shelf import Document

SETS = ("stackfaq", "covidfaq", "facqa-id", "hasva-id")
WORDS = 190
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_SHORTEST = 20  # characters of a sentence worth mixing
_LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True)
class Source:
    """What articles of one language are mixed from, and what is asked of them."""

    titles: Sequence[str]
    sentences: Sequence[str]
    questions: Sequence[str]


def sources(data: Path | None) -> dict[str, Source]:
    """The public question sets when `data` has them, else the articles of the demo."""
    found = [] if data is None else [data / f"search-{name}" for name in SETS]
    if not found or not all(folder.is_dir() for folder in found):
        return _from_the_demo()
    documents = [each for folder in found for each in read_documents(folder / "docs.jsonl")]
    asked = [
        each
        for folder in found
        for each in read_questions(
            folder / "queries.jsonl", judgements=folder / "qrels.tsv", half=None
        )
    ]
    return {
        language: _source(
            [each for each in documents if each.language == language],
            questions=[each.text for each in asked if each.language == language],
        )
        for language in ("id", "en")
    }


def articles(count: int, *, of: Mapping[str, Source], seed: int = 1) -> Iterator[Document]:
    """`count` articles, the languages by turns."""
    dice = random.Random(seed)
    languages = sorted(of)
    for number in range(count):
        language = languages[number % len(languages)]
        source = of[language]
        yield Document(
            id=f"bench-{number}",
            language=language,
            audience="internal" if number % 10 == 0 else "public",
            title=f"{dice.choice(source.titles)} {_code(dice)}"[:_LONGEST_TITLE],
            body=_body(source, dice),
            tags=(f"tag{dice.randrange(500)}",),
            category=f"category-{number % 20}",
        )


def questions(count: int, *, of: Mapping[str, Source], seed: int = 2) -> list[tuple[str, str]]:
    """Real questions as (text, language)."""
    dice = random.Random(seed)
    every = [(text, language) for language in sorted(of) for text in of[language].questions]
    return [dice.choice(every) for _ in range(count)]


def letters(count: int, *, of: Mapping[str, Source], length: int, seed: int = 3) -> list[str]:
    """Long texts such as people write into a ticket, `length` characters each."""
    dice = random.Random(seed)
    every = [of[language] for language in sorted(of)]
    return [_written(dice.choice(every), dice, length=length) for _ in range(count)]


def _written(source: Source, dice: random.Random, *, length: int) -> str:
    text = dice.choice(source.questions)
    while len(text) < length:
        text = f"{text} {dice.choice(source.sentences)}"
    return text[:length]


def _body(source: Source, dice: random.Random) -> str:
    chosen: list[str] = []
    words = 0
    while words < WORDS:
        sentence = dice.choice(source.sentences)
        chosen.append(sentence)
        words += sentence.count(" ") + 1
    # Numbers of rooms, errors and devices: words that hardly any other article has.
    return f"{' '.join(chosen)} {_code(dice)} {_code(dice)}"


def _code(dice: random.Random) -> str:
    return f"{dice.choice('abcdefgh')}{dice.choice('klmnprst')}{dice.randrange(100_000)}"


def _source(documents: Sequence[Document], *, questions: Sequence[str]) -> Source:
    texts = [plain_text(each.body) for each in documents]
    sentences = [part for text in texts for part in _SENTENCE.split(text) if len(part) > _SHORTEST]
    titles = [each.title for each in documents if each.title] or sentences
    return Source(titles=titles, sentences=sentences, questions=questions or titles)


def _from_the_demo() -> dict[str, Source]:
    documents = [
        Document(
            id=each.key, language=each.lang, audience="public", title=each.title, body=each.body
        )
        for each in read_articles()
    ]
    return {
        language: _source([each for each in documents if each.language == language], questions=())
        for language in ("id", "en")
    }
