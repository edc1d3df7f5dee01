"""Articles going out."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contracts import kb
from contracts.grammar import to_plain

FENCE = "---\n"
SUFFIX = ".md"
HEAD = ("title", "status", "audience", "groups", "category", "tags", "problem", "owner")


@dataclass(frozen=True, kw_only=True)
class ParcelFile:
    """A file beside an article."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def markdown_of(article: kb.Article, files: Sequence[ParcelFile] = ()) -> str:
    """An article as a file. JSON is YAML, and needs no guessing of what must be quoted."""
    plain = to_plain(article)
    head = [f"key: {article.key}", f"language: {article.language}"]
    head += [f"{name}: {json.dumps(plain[name], ensure_ascii=False)}" for name in HEAD]
    if plain["review_at"]:
        head.append(f'review_at: "{plain["review_at"]}"')
    named = {f"{article.key}.files/{file.name}": file.media_type for file in files}
    head.append(f"files: {json.dumps(named)}")
    return f"{FENCE}{chr(10).join(head)}\n{FENCE}{article.body.strip()}\n"


def packed(articles: Iterable[tuple[kb.Article, Sequence[ParcelFile]]]) -> bytes:
    """Articles as a zip, a folder for each language; the same articles give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped:
        for article, files in articles:
            place = f"{article.language}/{article.key}"
            _add(zipped, f"{place}{SUFFIX}", markdown_of(article, files).encode())
            for file in files:
                _add(zipped, f"{place}.files/{file.name}", file.content)
    return whole.getvalue()


def _add(zipped: zipfile.ZipFile, name: str, content: bytes) -> None:
    place = zipfile.ZipInfo(name)
    place.external_attr = 0o644 << 16
    zipped.writestr(place, content, zipfile.ZIP_DEFLATED)
