"""`./meja bench kb`: knowledge among many articles, beside what anybody could take instead."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.bench.house import standing_bench
from deploy.bench.knowledge import corpus
from deploy.bench.knowledge.engines import Engine, Fts5, Ours, PlainBm25, TsRankCd
from deploy.bench.knowledge.figures import Figures, measure_quality, measure_speed
from deploy.bench.knowledge.served import ServedBench
from deploy.bench.load import Measured
from deploy.local.places import Places, here
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster


@click.command()
@click.option("--articles", default=100_000, show_default=True, help="Articles to find among.")
@click.option("--seconds", default=15.0, show_default=True, help="Length of each load.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the public question sets; without it only speed is measured.",
)
@click.option("--only", type=click.Choice(["quality", "speed", "served"]), help="One part.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def kb(
    *, articles: int, seconds: float, data: Path | None, only: str | None, file: Path | None
) -> None:
    """Measure how well and how fast articles are found.

    The same articles and questions go to our index, plain BM25, SQLite FTS5 and PostgreSQL's
    ts_rank_cd; then a house of its own is asked through its gateway.
    """
    console = Console()
    figures = Figures(articles=articles, load_before=round(os.getloadavg()[0], 1))
    of = corpus.sources(data)
    places = here()
    if only != "served":
        with _engines(places) as engines:
            if data and only != "speed":
                figures.quality = measure_quality(engines, data=data)
                _show_quality(console, figures)
            if only != "quality":
                for name, make in engines.items():
                    console.log(f"{name} among {articles:,}")
                    figures.speed.append(measure_speed(make(), articles=articles, of=of))
                _compare(figures)
                _show_speed(console, figures)
    if only in {None, "served"}:
        with standing_bench(places=places, database="postgresql", say=console.log) as house:
            bench = ServedBench(house, of=of, say=console.log)
            figures.served, figures.loads = bench.run(articles=articles, seconds=seconds)
        _show_served(console, figures)
    if file:
        file.write_text(json.dumps(figures.plain(), indent=1) + "\n")


@contextmanager
def _engines(places: Places) -> Iterator[Mapping[str, Callable[[], Engine]]]:
    """Keep a PostgreSQL of our own up; every engine is made anew for every measurement."""
    home = places.var / "bench-kb"
    cluster = PrivateCluster.at(home / "postgresql", ports=Ports(home / "ports.json"))
    with cluster.running(logs=home / "log"):

        def postgresql() -> Engine:
            return TsRankCd(cluster.url)

        yield {"ours": Ours, "bm25": PlainBm25, "fts5": Fts5, "postgresql": postgresql}
    cluster.drop()


def _compare(figures: Figures) -> None:
    ours, *others = figures.speed
    for other in others:
        name = f"{other.engine} / ours"
        figures.ratios |= {
            f"{name}, search p50": f"{other.search.p50_ms / ours.search.p50_ms:.1f}",
            f"{name}, search p99": f"{other.search.p99_ms / ours.search.p99_ms:.1f}",
        }


def _show_quality(console: Console, figures: Figures) -> None:
    table = Table("set", "half", "engine", "nDCG@10", "MRR@10", "recall@10", "success@1")
    for row in figures.quality:
        values = (row.ndcg_at_10, row.mrr_at_10, row.recall_at_10, row.success_at_1)
        table.add_row(row.set, row.half, row.engine, *(f"{value:.3f}" for value in values))
    console.print(table)


def _show_speed(console: Console, figures: Figures) -> None:
    table = Table("engine", "articles/s", "search p50 ms", "p99 ms", "2,000 letters p50", "p99")
    for row in figures.speed:
        letter = _times(row.letter) if row.letter else ("", "")
        table.add_row(row.engine, f"{row.articles_per_second:g}", *_times(row.search), *letter)
    console.print(table)
    for name, ratio in figures.ratios.items():
        console.print(f"{name}: {ratio}")


def _show_served(console: Console, figures: Figures) -> None:
    for load in figures.loads:
        console.print(
            f"{load.name}: p50 {load.p50_ms:g} ms, p99 {load.p99_ms:g} ms, {load.failed} failed"
        )
    for name, value in figures.served.items():
        console.print(f"{name}: {value:g}")


def _times(measured: Measured) -> tuple[str, str]:
    return f"{measured.p50_ms:g}", f"{measured.p99_ms:g}"
