"""The demo's knowledge articles: Markdown with YAML front matter, one file for each language."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from marshmallow import validate

from contracts.intake import Body, Key, Language, Subject
from contracts.kb import Audience, Tag
from deploy.demo.content import HERE, ContentFault, parse, shaped

FENCE = "---\n"


@dataclass(frozen=True, kw_only=True)
class DemoArticle:
    """An article in one language."""

    key: Key
    lang: Language
    title: Subject
    body: Body
    category: Key | None = None
    tags: Annotated[tuple[Tag, ...], validate.Length(max=50)] = ()
    audience: Audience = "public"

    @property
    def content(self) -> dict[str, Any]:
        """What is saved at the article's address."""
        said = asdict(self)
        return {name: said[name] for name in ("title", "body", "category", "tags", "audience")}


def read_articles(folder: Path = HERE / "articles") -> tuple[DemoArticle, ...]:
    """All articles, by language and key.

    Raises:
        ContentFault: a file whose front matter is not right, or not the one its name promises.
    """
    return tuple(_read(file) for file in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*/*.md"))


def _read(path: Path) -> DemoArticle:
    file = f"{path.parent.name}/{path.name}"
    head, fence, body = path.read_text("utf-8").removeprefix(FENCE).partition(f"\n{FENCE}")
    if not fence:
        raise ContentFault(file=file, errors={"front matter": ["Is not closed by ---."]})
    said = parse(head, file=file) | {"body": body.strip()}
    article = shaped(DemoArticle, said, file=file)
    if (article.lang, article.key) != (path.parent.name, path.stem):
        raise ContentFault(file=file, errors={"key": ["Is not what the file's place says."]})
    return article
