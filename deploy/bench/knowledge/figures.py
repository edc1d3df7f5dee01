"""Quality and speed of one engine after another, on the same articles and questions."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean

from deploy.bench.knowledge import corpus
from deploy.bench.knowledge.corpus import Source
from deploy.bench.knowledge.engines import DEPTH, Engine, Ours
from deploy.bench.load import Measured, summary
from services.kb.domain import ranking
from services.kb.evaluate import HALVES, read_documents, read_questions

LETTER = 2_000
QUESTIONS = 300
LETTERS = 150
_PATIENCE_SECONDS = 12.0  # a slow engine is asked fewer questions


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Means over the questions of one half of one set."""

    engine: str
    set: str
    half: str
    queries: int
    ndcg_at_10: float
    mrr_at_10: float
    recall_at_10: float
    success_at_1: float


@dataclass(frozen=True, kw_only=True)
class Speed:
    """One engine among many articles; times in milliseconds."""

    engine: str
    articles_per_second: float
    search: Measured
    letter: Measured | None = None


@dataclass(kw_only=True)
class Figures:
    """All of a run."""

    articles: int
    load_before: float
    quality: list[Quality] = field(default_factory=list)
    speed: list[Speed] = field(default_factory=list)
    served: dict[str, float] = field(default_factory=dict)
    loads: list[Measured] = field(default_factory=list)
    ratios: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


def measure_quality(engines: Mapping[str, Callable[[], Engine]], *, data: Path) -> list[Quality]:
    """Every engine on every set and half."""
    return [
        _quality(make(), name=name, data=data / f"search-{name}", half=half)
        for name in corpus.SETS
        for half in HALVES
        for make in engines.values()
    ]


def _quality(engine: Engine, *, name: str, data: Path, half: str) -> Quality:
    engine.take_in(read_documents(data / "docs.jsonl"))
    questions = read_questions(data / "queries.jsonl", judgements=data / "qrels.tsv", half=half)
    answers = [(engine.ask(each.text, language=each.language), each) for each in questions]

    def mean(measure: Callable[..., float], depth: int = DEPTH) -> float:
        scores = [measure(found, relevance=each.relevance, depth=depth) for found, each in answers]
        return round(fmean(scores), 4)

    return Quality(
        engine=engine.name,
        set=name,
        half=half,
        queries=len(questions),
        ndcg_at_10=mean(ranking.ndcg),
        mrr_at_10=mean(ranking.reciprocal_rank),
        recall_at_10=mean(ranking.recall),
        success_at_1=mean(ranking.reciprocal_rank, depth=1),
    )


def measure_speed(engine: Engine, *, articles: int, of: Mapping[str, Source]) -> Speed:
    """Take the articles in, then ask."""
    made = list(corpus.articles(articles, of=of))
    began = time.perf_counter()
    engine.take_in(made)
    took = time.perf_counter() - began
    del made
    asked = corpus.questions(QUESTIONS, of=of)
    texts = corpus.letters(LETTERS, of=of, length=LETTER)
    return Speed(
        engine=engine.name,
        articles_per_second=round(articles / took),
        search=timed(
            "search", lambda turn: engine.ask(asked[turn][0], language=asked[turn][1]), len(asked)
        ),
        letter=timed("suggest", lambda turn: engine.suggest(texts[turn]), len(texts))
        if isinstance(engine, Ours)
        else None,
    )


def timed(name: str, ask: Callable[[int], object], count: int) -> Measured:
    """Ask by turns, and sum up how long the answers took; a slow engine is asked fewer times."""
    times: list[float] = []
    began = time.perf_counter()
    for turn in range(count):
        start = time.perf_counter()
        ask(turn)
        times.append(time.perf_counter() - start)
        if times and time.perf_counter() - began > _PATIENCE_SECONDS:
            break
    return summary(name, times, failed=0, seconds=time.perf_counter() - began)
