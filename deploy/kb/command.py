"""`kb evaluate` and `kb import`."""

import hashlib
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from contracts.errors import Invalid
from deploy.api import Desk, Refused
from deploy.kb.reading import ArticleFile, FileFault, read_articles
from deploy.local import opening
from deploy.local.places import here
from deploy.local.tokens import create_token
from gateway.parcels import unpacked
from services.kb import evaluate as measuring

_SIDE_BY_SIDE = 4


@click.group()
def kb() -> None:
    """Measure the search, and bring articles in."""


@kb.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def evaluate(*, words: Sequence[str]) -> None:
    """Measure the search on judged questions: nDCG@10, MRR@10, recall@10, success@1."""
    sys.exit(measuring.main(words))


@kb.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--url", help="Address of a desk; the house that stands here when left out.")
@click.option("--token", help="A lead's or admin's API token for --url.")
@click.option("--check", is_flag=True, help="Only read the files and say what is wrong.")
def import_(*, path: Path, url: str | None, token: str | None, check: bool) -> None:
    """Bring in articles: a folder or a zip of Markdown with front matter, or a JSON Lines file.

    Files that front matter names come in beside them. Everything is read before the first article
    is saved. Importing again changes only what differs.
    """
    if path.suffix.lower() == ".zip":
        _import_zip(path, url=url, token=token, is_check=check)
        return
    try:
        articles = read_articles(path)
    except FileFault as fault:
        raise click.ClickException(str(fault)) from fault
    if check:
        click.echo(f"{len(articles)} articles can be imported")
        return
    refused = _save(articles, desk=_desk(url, token))
    for line in refused:
        click.echo(line, err=True)
    click.echo(f"{len(articles) - len(refused)} articles imported, {len(refused)} refused")
    sys.exit(1 if refused else 0)


def _import_zip(path: Path, *, url: str | None, token: str | None, is_check: bool) -> None:
    content = path.read_bytes()
    try:
        number = len(unpacked(content))
        if not is_check:
            _desk(url, token).post_file("/kb/import", content, media_type="application/zip")
    except Invalid as fault:
        faults = [
            f"{path}: {place}: {why}" for place, every in fault.errors.items() for why in every
        ]
        raise click.ClickException("\n".join(faults)) from fault
    except Refused as fault:
        raise click.ClickException(f"{path}: {fault}") from fault
    click.echo(f"{number} articles {'can be imported' if is_check else 'imported, 0 refused'}")


def _desk(url: str | None, token: str | None) -> Desk:
    if bool(url) != bool(token):
        raise click.UsageError("give both --url and --token, or neither")
    if url and token:
        return Desk(url.rstrip("/"), token)
    places = here()
    standing = opening.standing(places)
    if standing is None or standing.url is None:
        raise opening.NotOpen
    made = create_token(role="admin", name="kb import", standing=standing, places=places)
    return Desk(standing.url, made)


def _save(articles: Sequence[ArticleFile], *, desk: Desk) -> list[str]:
    """Save all; return a line for each that the desk refused."""

    def save(article: ArticleFile) -> str | None:
        try:
            desk.put(f"/kb/articles/{article.key}/{article.language}", article.content)
            _bring_files(article, desk=desk)
        except Refused as refusal:
            return f"{article.place}: {refusal}"
        return None

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as saving:
        return [line for line in saving.map(save, articles) if line]


def _bring_files(article: ArticleFile, *, desk: Desk) -> None:
    """Let the article have the files it names and no others."""
    if article.files is None:
        return
    where = f"/kb/articles/{article.key}/{article.language}/attachments"
    there = {
        file["name"]: (file["media_type"], file["sha256"]) for file in desk.get(where)["items"]
    }
    paths = {Path(path).name: (Path(path), kind) for path, kind in article.files.items()}
    for name in sorted(there.keys() - paths.keys()):
        desk.delete(f"{where}/{name}")
    for name, (path, kind) in paths.items():
        content = path.read_bytes()
        if there.get(name) != (kind, hashlib.sha256(content).hexdigest()):
            desk.put_file(f"{where}/{name}", content, media_type=kind)
