"""Measure the search on an organisation's own questions.

    ./meja kb evaluate --docs docs.jsonl --queries queries.jsonl --qrels qrels.tsv

Documents and questions are JSON Lines with `_id`, `text`, `lang` (`id` or `en`, guessed from the
text where it is left out) and, for documents, `title` and `tags` (a list), both optional. The
judgements are tab-separated: question, document, relevance (0 = not relevant). A first line without
a number is a heading. The documents go into a scratch index in memory and the questions through the
search that the service itself uses.
"""

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from services.kb import lexicon
from services.kb.domain import ranking
from services.kb.domain.analysis import LANGUAGES, guess_language
from services.kb.index.engine import SearchIndex
from services.kb.index.shelf import Document

DEPTH = 10
HALVES = ("tuning", "report")
_AUDIENCE = "public"
_LEXICONS = lexicon.load()


class InputUnusable(Exception):
    """A file given to the evaluation cannot be used."""


@dataclass(frozen=True)
class Question:
    """One judged question; `relevance` maps document ids to grades."""

    id: str
    text: str
    language: str
    relevance: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """Means over the questions, each 0 to 1."""

    queries: int
    documents: int
    ndcg_at_10: float
    mrr_at_10: float
    recall_at_10: float
    success_at_1: float


def evaluate(*, documents: Sequence[Document], questions: Sequence[Question]) -> Report:
    """Index the documents, ask the questions, compare with the judgements.

    Raises:
        InputUnusable: no question has a relevant document.
    """
    if not questions:
        raise InputUnusable("no question has a relevant document in the judgements")
    index = SearchIndex(_LEXICONS)
    for document in documents:
        index.put(document)
    rankings = [(_ask(index, question), question.relevance) for question in questions]

    def mean(measure: Callable[..., float], depth: int = DEPTH) -> float:
        scores = (measure(ranked, relevance=wanted, depth=depth) for ranked, wanted in rankings)
        return round(fmean(scores), 4)

    return Report(
        queries=len(questions),
        documents=len(documents),
        ndcg_at_10=mean(ranking.ndcg),
        mrr_at_10=mean(ranking.reciprocal_rank),
        recall_at_10=mean(ranking.recall),
        success_at_1=mean(ranking.reciprocal_rank, depth=1),
    )


def read_documents(path: Path) -> list[Document]:
    """Read the documents.

    Raises:
        InputUnusable: a line is no JSON object or lacks a field; names file, line and field.
    """
    return [
        Document(
            id=_field(row, "_id", place=place),
            body=_field(row, "text", place=place),
            language=_language(row, place=place),
            audience=_AUDIENCE,
            title=str(row.get("title") or ""),
            tags=tuple(map(str, row.get("tags") or ())),
        )
        for place, row in _rows(path)
    ]


def read_questions(path: Path, *, judgements: Path, half: str | None) -> list[Question]:
    """Read the questions that have a relevant document; `half` takes one fixed half of them."""
    relevance = _read_judgements(judgements)
    questions = (
        Question(
            id=question_id,
            text=_field(row, "text", place=place),
            language=_language(row, place=place),
            relevance=relevance[question_id],
        )
        for place, row in _rows(path)
        if any(relevance.get(question_id := _field(row, "_id", place=place), {}).values())
    )
    return [question for question in questions if half in (None, half_of(question.id))]


def half_of(question_id: str) -> str:
    """Return the half a question belongs to: the same on every machine, for ever."""
    return HALVES[zlib.crc32(question_id.encode()) % 2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when measured, 2 when a file cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        report = evaluate(
            documents=read_documents(options.docs),
            questions=read_questions(options.queries, judgements=options.qrels, half=options.half),
        )
    except (InputUnusable, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"kb evaluate: {error}\n")
        return 2
    sys.stdout.write(_as_json(report) if options.json else _as_table(report))
    return 0


def _ask(index: SearchIndex, question: Question) -> list[str]:
    found = index.search(
        question.text, audiences={_AUDIENCE}, languages={question.language}, limit=DEPTH
    )
    return [hit.id for hit in found.hits]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        place = f"{path.name} line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputUnusable(f"{place}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise InputUnusable(f"{place}: not a JSON object")
        yield place, row


def _field(row: Mapping[str, Any], name: str, *, place: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise InputUnusable(f"{place}: field {name!r} must be a text")
    return value


def _language(row: Mapping[str, Any], *, place: str) -> str:
    if "lang" not in row:
        return guess_language(str(row["text"]), lexicons=_LEXICONS, default=LANGUAGES[0])
    language = _field(row, "lang", place=place)
    if language not in LANGUAGES:
        raise InputUnusable(f"{place}: field 'lang' must be one of {', '.join(LANGUAGES)}")
    return language


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    relevance: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(_lines(path), 1):
        columns = line.split("\t")
        if len(columns) == 3 and columns[2].strip().isdecimal():  # noqa: PLR2004
            relevance[columns[0]][columns[1]] = int(columns[2])
        elif number > 1:
            raise InputUnusable(
                f"{path.name} line {number}: expected question, document, relevance"
            )
    return dict(relevance)


def _lines(path: Path) -> Iterable[str]:
    return (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _named(report: Report) -> dict[str, float]:
    """The figures under the names that people in the field know."""
    return {
        "documents": report.documents,
        "queries": report.queries,
        "nDCG@10": report.ndcg_at_10,
        "MRR@10": report.mrr_at_10,
        "recall@10": report.recall_at_10,
        "success@1": report.success_at_1,
    }


def _as_json(report: Report) -> str:
    return json.dumps(_named(report)) + "\n"


def _as_table(report: Report) -> str:
    return "".join(
        f"{name:<10} {value:>8}\n" if isinstance(value, int) else f"{name:<10} {value:>8.4f}\n"
        for name, value in _named(report).items()
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kb evaluate", description="Measure the search on judged questions."
    )
    parser.add_argument("--docs", type=Path, required=True, help="documents, JSON Lines")
    parser.add_argument("--queries", type=Path, required=True, help="questions, JSON Lines")
    parser.add_argument("--qrels", type=Path, required=True, help="judgements, tab-separated")
    parser.add_argument("--half", choices=HALVES, help="ask one fixed half of the questions only")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


if __name__ == "__main__":
    sys.exit(main())
