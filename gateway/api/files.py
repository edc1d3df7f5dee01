"""Articles carried in and out, as files."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from falcon import Request, Response

from chassis.files import from_base64, in_base64
from contracts import kb
from contracts.errors import invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer
from gateway.api.routes import BASE
from gateway.clients import Pending
from gateway.house import House
from gateway.parcels import Parcel, ParcelFile, packed, unpacked
from gateway.readership import Readership
from gateway.reading import key_of, principal_of, query_of, raw_of
from gateway.schemas import ExportQuery, ImportAnswer, ImportedArticle

ZIP = "application/zip"
IMPORT = f"{BASE}/kb/import"
MOST_EXPORTED = 1_000
# What goes out must come in again: `import_bytes` leaves room for the articles themselves.
MOST_FILE_BYTES = 14_680_064
_AT_ONCE = 20
_PAGE = 200
Q = TypeVar("Q")
A = TypeVar("A")


class Export:
    """Articles as a zip of Markdown files, with the files beside them."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response) -> None:
        """Those that the caller may read, narrowed as wanted."""
        query = query_of(req, ExportQuery)
        reader = self._readers.of(principal_of(req))
        articles = self._articles(self._lines(query, reader), reader)
        files = self._files(articles, reader)
        resp.content_type = ZIP
        resp.downloadable_as = "articles.zip"
        resp.data = packed(zip(articles, files, strict=True))

    def _lines(self, query: ExportQuery, reader: Readership) -> list[kb.ArticleLine]:
        found: list[kb.ArticleLine] = []
        cursor = None
        while True:
            page = self._clients.writings(
                kb.ListArticles(
                    audience=reader.audience,
                    groups=reader.groups,
                    status=query.status,
                    language=query.lang,
                    category=query.category,
                    cursor=cursor,
                    limit=_PAGE,
                )
            )
            found += page.items
            cursor = page.next_cursor
            if len(found) > MOST_EXPORTED:
                message = f"More than {MOST_EXPORTED} articles; narrow it by category or language."
                raise invalid_field("category", message)
            if cursor is None:
                return sorted(found, key=lambda line: (line.language, line.key))

    def _articles(self, lines: list[kb.ArticleLine], reader: Readership) -> list[kb.Article]:
        questions = [
            kb.GetArticle(key=line.key, language=line.language, exactly=True, **vars(reader))
            for line in lines
        ]
        return _side_by_side(self._clients.start_article, questions)

    def _files(self, articles: list[kb.Article], reader: Readership) -> list[list[ParcelFile]]:
        questions = [
            kb.ListAttachments(
                key=article.key,
                language=article.language,
                audience=reader.audience,
                groups=reader.groups,
            )
            for article in articles
        ]
        lists = _side_by_side(self._clients.start_attachment_list, questions)
        if sum(file.bytes for each in lists for file in each.items) > MOST_FILE_BYTES:
            message = f"More than {MOST_FILE_BYTES} bytes of files; narrow it."
            raise invalid_field("category", message)
        wanted = [
            kb.GetAttachment(
                key=article.key,
                language=article.language,
                name=file.name,
                audience=reader.audience,
                groups=reader.groups,
            )
            for article, each in zip(articles, lists, strict=True)
            for file in each.items
        ]
        contents = iter(_side_by_side(self._clients.start_attachment, wanted))
        return [[_parcel_file(next(contents)) for _ in each.items] for each in lists]


class Import:
    """A zip of Markdown files saved as articles, with the files they name."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_post(self, req: Request, resp: Response) -> None:
        """All of them, once every file was found to be right.

        What is the same already stays as it is, so that an import which broke off is simply sent
        again.
        """
        parcels = unpacked(raw_of(req, media_type=ZIP))
        principal = principal_of(req)
        reader = self._readers.of(principal)
        key = key_of(req)
        who = {
            "actor": to_plain(principal.actor),
            "role": reader.role,
            "reader_groups": list(reader.groups),
        }
        saved = [self._save(parcel, reader, who=who, key=key) for parcel in parcels]
        answer(resp, ImportAnswer(items=tuple(saved)))

    def _save(
        self, parcel: Parcel, reader: Readership, *, who: dict[str, Any], key: str
    ) -> ImportedArticle:
        where = {"key": parcel.key, "language": parcel.language}
        spec = from_plain(kb.ArticleSpec, to_plain(parcel.body) | where | who, strict=True)
        article = self._clients.put_article(spec, key=_key(key, parcel.file)).answer
        changed = self._bring_files(parcel, reader, who=where | who, key=key)
        return ImportedArticle(
            file=parcel.file,
            key=article.key,
            language=article.language,
            revision=article.revision + changed,
            files=changed,
        )

    def _bring_files(
        self, parcel: Parcel, reader: Readership, *, who: dict[str, Any], key: str
    ) -> int:
        """Let the article have the files that are named and no others; how many changed."""
        if parcel.named is None:
            return 0
        asked = {
            "key": parcel.key,
            "language": parcel.language,
            "audience": reader.audience,
            "groups": list(reader.groups),
        }
        found = self._clients.attachments(from_plain(kb.ListAttachments, asked, strict=True))
        there = {file.name: (file.media_type, file.sha256) for file in found.items}
        gone = sorted(there.keys() - {file.name for file in parcel.files})
        for name in gone:
            command = from_plain(kb.RemoveAttachment, who | {"name": name}, strict=True)
            self._clients.remove_attachment(command, key=_key(key, parcel.file, name, "gone"))
        new = [file for file in parcel.files if there.get(file.name) != _said(file)]
        for file in new:
            content = in_base64(file.content)
            facts = {"name": file.name, "media_type": file.media_type, "content": content}
            put = from_plain(kb.PutAttachment, who | facts, strict=True)
            self._clients.put_attachment(put, key=_key(key, parcel.file, file.name))
        return len(gone) + len(new)


def _side_by_side(start: Callable[[Q], Pending[A]], questions: Sequence[Q]) -> list[A]:
    """Ask some questions at once, and the next ones when these are answered."""
    return [
        pending.result()
        for begin in range(0, len(questions), _AT_ONCE)
        for pending in [start(question) for question in questions[begin : begin + _AT_ONCE]]
    ]


def _parcel_file(found: kb.AttachmentContent) -> ParcelFile:
    content = from_base64(found.content)
    return ParcelFile(name=found.name, media_type=found.media_type, content=content)


def _said(file: ParcelFile) -> tuple[str, str]:
    return file.media_type, hashlib.sha256(file.content).hexdigest()


def _key(key: str, *parts: str) -> str:
    """The idempotency key of one of many changes that are asked for at once."""
    return f"{key}:{hashlib.blake2s('/'.join(parts).encode(), digest_size=8).hexdigest()}"
