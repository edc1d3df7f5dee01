"""Articles carried in and out, as files."""

import hashlib

from falcon import Request, Response

from contracts import kb
from contracts.errors import invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer
from gateway.house import House
from gateway.parcels import packed, unpacked
from gateway.readership import Readership
from gateway.reading import key_of, principal_of, query_of, raw_of
from gateway.schemas import ExportQuery, ImportAnswer, ImportedArticle

ZIP = "application/zip"
MOST_EXPORTED = 1_000
_AT_ONCE = 20
_PAGE = 200


class Export:
    """Articles as a zip of Markdown files."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response) -> None:
        """Those that the caller may read, narrowed as wanted."""
        query = query_of(req, ExportQuery)
        reader = self._readers.of(principal_of(req))
        lines = self._lines(query, reader)
        resp.content_type = ZIP
        resp.downloadable_as = "articles.zip"
        resp.data = packed(self._articles(lines, reader))

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
        found: list[kb.Article] = []
        for begin in range(0, len(lines), _AT_ONCE):
            asked = [
                self._clients.start_article(
                    kb.GetArticle(
                        key=line.key, language=line.language, exactly=True, **vars(reader)
                    )
                )
                for line in lines[begin : begin + _AT_ONCE]
            ]
            found += [pending.result() for pending in asked]
        return found


class Import:
    """A zip of Markdown files saved as articles."""

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
        saved = []
        for parcel in parcels:
            said = to_plain(parcel.body) | {
                "key": parcel.key,
                "language": parcel.language,
                "actor": to_plain(principal.actor),
                "role": reader.role,
                "reader_groups": list(reader.groups),
            }
            spec = from_plain(kb.ArticleSpec, said, strict=True)
            tail = hashlib.blake2s(parcel.file.encode(), digest_size=8).hexdigest()
            article = self._clients.put_article(spec, key=f"{key}:{tail}").answer
            saved.append(
                ImportedArticle(
                    file=parcel.file,
                    key=article.key,
                    language=article.language,
                    revision=article.revision,
                )
            )
        answer(resp, ImportAnswer(items=tuple(saved)))
