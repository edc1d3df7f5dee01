"""Articles in files: Markdown with front matter, or one JSON object a line.

Both name the same things: `key`, `language`, `title`, `body`, and as wanted `status`, `audience`,
`groups`, `category`, `tags`, `problem`, `owner`, `review_at`, `files`. `lang`, `_id` and `text` are
understood too, so that a collection made for `kb evaluate` can be imported as it is. What Markdown
files leave out comes from their place: `id/vpn.md` is the article `vpn` in Indonesian. An unpacked
export is such a folder.

`files` names files by where they are, seen from the Markdown (or JSON Lines) file, with their type;
they must lie in the folder that is imported. Where it is left out the article's files stay.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from marshmallow import validate

from chassis.files import fault_in
from contracts.errors import Invalid
from contracts.grammar import from_plain, to_plain
from contracts.intake import Body, Email, Key, Language, Subject
from contracts.kb import ArticleStatus, Audience, Groups, ProblemNumber, Tag, kinds

_FENCE = "---"
_OTHER_NAMES = {"_id": "key", "lang": "language", "text": "body"}
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9_.-]+")
_HEADING = re.compile(r"\A#{1,6}[ \t]+(?P<title>[^\n]+)\n*")
_LONGEST_TITLE = 200
_LONGEST_KEY = 64


class FileFault(Exception):
    """A file cannot be imported; the message names file, line and field."""


@dataclass(frozen=True, kw_only=True)
class ArticleFile:
    """An article in one language, and the place it was read from.

    Attributes:
        files: types by path; None: those that the article has stay.
    """

    key: Key
    language: Language
    title: Subject
    body: Body
    place: str = ""
    status: ArticleStatus = "published"
    audience: Audience = "public"
    category: Key | None = None
    tags: Annotated[tuple[Tag, ...], validate.Length(max=50)] = ()
    groups: Groups = ()
    problem: ProblemNumber | None = None
    owner: Email | None = None
    review_at: datetime | None = None
    files: Mapping[str, str] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What is saved at the article's address."""
        where = {"key", "language", "place", "files"}
        return {name: value for name, value in to_plain(self).items() if name not in where}


def read_articles(path: Path) -> tuple[ArticleFile, ...]:
    """Read a folder or a file.

    Raises:
        FileFault: nothing to read, a fault of form, or one article twice.
    """
    root = path if path.is_dir() else path.parent
    read = _from_folder(path) if path.is_dir() else _from_file(path)
    found = tuple(_with_files(article, beside=file.parent, root=root) for file, article in read)
    if not found:
        raise FileFault(f"{path.name}: no article in it")
    places: dict[tuple[str, str], str] = {}
    for article in found:
        first = places.setdefault((article.key, article.language), article.place)
        if first != article.place:
            raise FileFault(f"{article.place}: the article of {first} again")
    return found


def _from_folder(folder: Path) -> Iterator[tuple[Path, ArticleFile]]:
    for file in sorted(folder.rglob("*.md")):
        yield file, _markdown(file, place=str(file.relative_to(folder)))
    for file in sorted(folder.rglob("*.jsonl")):
        for article in _lines(file, place=str(file.relative_to(folder))):
            yield file, article


def _from_file(file: Path) -> Iterator[tuple[Path, ArticleFile]]:
    if file.suffix == ".md":
        yield file, _markdown(file, place=file.name)
    else:
        for article in _lines(file, place=file.name):
            yield file, article


def _with_files(article: ArticleFile, *, beside: Path, root: Path) -> ArticleFile:
    """The article with the paths of its files, each of which may be kept."""
    if article.files is None:
        return article
    if len(article.files) > kinds.MOST_FILES:
        raise FileFault(f"{article.place}: files: more than {kinds.MOST_FILES}")
    found: dict[str, str] = {}
    for said, media_type in article.files.items():
        # A link in the folder may lead out of it too.
        path = (beside / said).resolve()
        if why := _fault_of(path, media_type, root=root.resolve()):
            raise FileFault(f"{article.place}: files: {said}: {why}")
        if path.name in {Path(each).name for each in found}:
            raise FileFault(f"{article.place}: files: {path.name} twice")
        found[str(path)] = media_type
    return replace(article, files=found)


def _fault_of(path: Path, media_type: str, *, root: Path) -> str | None:
    if not path.is_relative_to(root) or not path.is_file():
        return "is no file in the folder"
    if not kinds.is_name(path.name):
        return "letters, digits, dots, hyphens and underscores only, 64 at most"
    with path.open("rb") as opened:
        content = opened.read(kinds.MOST_BYTES + 1)
    fault = fault_in(content, media_type=media_type, most_bytes=kinds.MOST_BYTES)
    return fault.why if fault else None


def _markdown(file: Path, *, place: str) -> ArticleFile:
    head, body = _parted(_text(file, place=place), place=place)
    facts = {"key": file.stem} | head
    if file.parent.name in get_args(Language):
        facts = {"language": file.parent.name} | facts
    return _article(facts | {"body": body}, place=place)


def _parted(text: str, *, place: str) -> tuple[dict[str, Any], str]:
    """Return the front matter, empty when there is none, and the body."""
    first, _, rest = text.partition("\n")
    if first.strip() != _FENCE:
        return {}, text.strip()
    head, fence, body = rest.partition(f"\n{_FENCE}\n")
    if not fence:
        raise FileFault(f"{place}: the front matter is not closed by {_FENCE}")
    try:
        facts = yaml.safe_load(head)
    except yaml.YAMLError as broken:
        raise FileFault(f"{place}: the front matter is not YAML: {broken}") from None
    if not isinstance(facts, dict):
        raise FileFault(f"{place}: the front matter is not a mapping")
    return _with_our_names(facts), body.strip()


def _lines(file: Path, *, place: str) -> Iterator[ArticleFile]:
    for number, line in enumerate(_text(file, place=place).split("\n"), 1):
        if not line.strip():
            continue
        here = f"{place} line {number}"
        try:
            facts = json.loads(line)
        except ValueError as broken:
            raise FileFault(f"{here}: not JSON: {broken}") from None
        if not isinstance(facts, dict):
            raise FileFault(f"{here}: not a JSON object")
        yield _article(_with_our_names(facts), place=here)


def _article(facts: Mapping[str, Any], *, place: str) -> ArticleFile:
    wanted = {name for name in ArticleFile.__dataclass_fields__ if name != "place"}
    said = {name: value for name, value in facts.items() if name in wanted and value is not None}
    said["key"] = _NOT_IN_A_KEY.sub("-", str(said.get("key", "")).lower()).strip("-")[:_LONGEST_KEY]
    if not said.get("title"):
        said["title"], said["body"] = _titled(str(said.get("body", "")))
    try:
        return from_plain(ArticleFile, said | {"place": place}, strict=True)
    except Invalid as refused:
        faults = "; ".join(f"{path}: {texts[0]}" for path, texts in refused.errors.items())
        raise FileFault(f"{place}: {faults}") from None


def _titled(body: str) -> tuple[str, str]:
    """Take the first heading as the title, else repeat the first line."""
    heading = _HEADING.match(body)
    if heading:
        return heading["title"].strip()[:_LONGEST_TITLE], body[heading.end() :] or body
    return body.strip().partition("\n")[0][:_LONGEST_TITLE], body


def _with_our_names(facts: Mapping[Any, Any]) -> dict[str, Any]:
    return {_OTHER_NAMES.get(str(name), str(name)): value for name, value in facts.items()}


def _text(file: Path, *, place: str) -> str:
    try:
        return file.read_text("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as broken:
        raise FileFault(f"{place}: not UTF-8 at byte {broken.start}") from None
