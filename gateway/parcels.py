"""Articles as files: Markdown with front matter, alone or many in a zip.

    id/vpn-disconnects.md

    ---
    title: "VPN sering putus"
    status: published
    tags: ["vpn"]
    ---
    ## Gejala …

What a file leaves out comes from its place: the folder is the language, the name the key. Limits of
what is taken in: 500 files, 256 KiB a file once unpacked, 8 KiB of front matter.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, get_args

import yaml

from contracts import kb
from contracts.errors import Invalid
from contracts.grammar import from_plain, to_plain
from contracts.intake import Language
from gateway.schemas import ArticleBody

FENCE = "---\n"
MOST_FILES = 500
MOST_BYTES = 262_144
LONGEST_HEAD = 8_192
_HEAD = ("title", "status", "audience", "groups", "category", "tags", "problem", "owner")
_SUFFIX = ".md"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One file: the article it holds."""

    file: str
    key: str
    language: str
    body: ArticleBody


def markdown_of(article: kb.Article) -> str:
    """An article as a file. JSON is YAML, and needs no guessing of what must be quoted."""
    plain = to_plain(article)
    head = [f"key: {article.key}", f"language: {article.language}"]
    head += [f"{name}: {json.dumps(plain[name], ensure_ascii=False)}" for name in _HEAD]
    if plain["review_at"]:
        head.append(f'review_at: "{plain["review_at"]}"')
    return f"{FENCE}{chr(10).join(head)}\n{FENCE}{article.body.strip()}\n"


def packed(articles: Iterable[kb.Article]) -> bytes:
    """Articles as a zip, a folder for each language; the same articles give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
        for article in articles:
            place = zipfile.ZipInfo(f"{article.language}/{article.key}{_SUFFIX}")
            place.external_attr = 0o644 << 16
            zipped.writestr(place, markdown_of(article), zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def unpacked(raw: bytes) -> list[Parcel]:
    """The articles of a zip.

    Raises:
        Invalid: no zip, too much in it, or a file that is not right; every such file is named.
    """
    errors: dict[str, list[str]] = {}
    found: dict[tuple[str, str], Parcel] = {}
    for file, text in _texts(raw, errors):
        try:
            parcel = parcel_of(text, file=file)
        except Invalid as refused:
            errors |= {f"{file} {path}": said for path, said in refused.errors.items()}
            continue
        first = found.setdefault((parcel.key, parcel.language), parcel)
        if first is not parcel:
            errors[file] = [f"The article of {first.file} again."]
    if not found and not errors:
        errors["body"] = ["No Markdown file in it."]
    if errors:
        raise _wrong(errors)
    return list(found.values())


def parcel_of(text: str, *, file: str) -> Parcel:
    """The article of a file.

    Raises:
        Invalid: its front matter is not right.
    """
    head, body = _parted(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    place = PurePosixPath(file)
    folder = place.parent.name
    said: dict[str, Any] = {"key": place.stem}
    if folder in get_args(Language):
        said["language"] = folder
    said |= head
    key, language = str(said.pop("key")), str(said.pop("language", ""))
    if language not in get_args(Language):
        raise _wrong({"language": [f"Must be one of: {', '.join(get_args(Language))}."]})
    return Parcel(
        file=file,
        key=key,
        language=language,
        body=from_plain(ArticleBody, said | {"body": body}, strict=True),
    )


def _parted(text: str) -> tuple[dict[str, Any], str]:
    if not text.startswith(FENCE):
        raise _wrong({"front matter": ["Must stand first, between two lines of ---."]})
    head, fence, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    if not fence:
        raise _wrong({"front matter": ["Is not closed by ---."]})
    if len(head) > LONGEST_HEAD:
        raise _wrong({"front matter": [f"Longer than {LONGEST_HEAD} characters."]})
    try:
        # The base loader makes texts of everything: a date or `no` is what was written.
        found = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - makes no objects
    except (yaml.YAMLError, RecursionError):
        raise _wrong({"front matter": ["Is not YAML."]}) from None
    if not isinstance(found, Mapping):
        raise _wrong({"front matter": ["Is not a mapping."]})
    given = {str(name): value for name, value in found.items()}
    return {name: value for name, value in given.items() if value not in ("", "null")}, body.strip()


def _texts(raw: bytes, errors: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
            files = [info for info in zipped.infolist() if info.filename.endswith(_SUFFIX)]
            if len(files) > MOST_FILES:
                raise _wrong({"body": [f"More than {MOST_FILES} articles."]})
            contents = [(info.filename, _content(zipped, info)) for info in files]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _wrong({"body": ["Is no zip that can be read."]}) from None
    for file, content in contents:
        if len(content) > MOST_BYTES:
            errors[file] = [f"Longer than {MOST_BYTES} bytes."]
            continue
        try:
            yield file, content.decode()
        except UnicodeDecodeError:
            errors[file] = ["Is not UTF-8."]


def _content(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """What a file holds, to one byte beyond the limit: what a zip says of sizes may be a lie."""
    with zipped.open(info) as opened:
        return opened.read(MOST_BYTES + 1)


def _wrong(errors: dict[str, list[str]]) -> Invalid:
    first = next(iter(errors))
    return Invalid("invalid", f"{first}: {errors[first][0]}", {"errors": errors})
