"""The demo articles: complete in both languages, in the desk's own categories, fit to be read."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.grammar import from_plain
from contracts.kb import ArticleSpec
from deploy.demo.content import HERE
from deploy.demo.desk import read_desk

LANGUAGES = ("id", "en")
FILES = sorted((HERE / "articles").glob("*/*.md"))


@cache
def read(path: Path) -> tuple[dict[str, Any], str]:
    empty, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert empty == ""
    return yaml.safe_load(front), body.strip()


def test_every_article_stands_in_both_languages_with_the_same_facts() -> None:
    facts: dict[str, dict[str, tuple[str, str]]] = {language: {} for language in LANGUAGES}
    for path in FILES:
        front, _ = read(path)
        facts[front["lang"]][front["key"]] = (front["category"], front["audience"])

    assert facts["id"] == facts["en"]
    assert len(facts["id"]) >= 40


def test_the_articles_use_the_categories_of_the_demo_desk() -> None:
    known = {category.key for category in read_desk().categories}

    assert {read(path)[0]["category"] for path in FILES} <= known


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_article_is_where_it_says_and_can_be_put(path: Path) -> None:
    front, body = read(path)

    assert (front["key"], front["lang"]) == (path.stem, path.parent.name)
    from_plain(
        ArticleSpec,
        {
            "key": front["key"],
            "language": front["lang"],
            "title": front["title"],
            "body": body,
            "actor": {"kind": "agent", "id": "grace@nusantara-sentosa.example"},
            "audience": front["audience"],
            "category": front["category"],
            "tags": front["tags"],
        },
        strict=True,
    )
    assert 120 <= len(body.split()) <= 260
