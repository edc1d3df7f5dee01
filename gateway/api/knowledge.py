"""Articles: searched, read, suggested."""

from falcon import HTTP_204, Request, Response

from contracts import kb
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer, answer_reply, mark_replay, set_version
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of, query_of
from gateway.schemas import (
    ArticleQuery,
    ArticlesQuery,
    CompleteQuery,
    DeflectionQuery,
    ReadingBody,
    ReadTextQuery,
    SuggestBody,
    WordsBody,
)


class Articles:
    """All articles."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response) -> None:
        """Search them."""
        query = query_of(req, ArticlesQuery)
        reader = self._readers.of(principal_of(req))
        question = kb.SearchArticles(
            q=query.q,
            language=query.lang,
            category=query.category,
            tag=query.tag,
            limit=query.limit,
            audience=reader.audience,
            groups=reader.groups,
        )
        answer(resp, self._clients.articles(question))


class Article:
    """One article."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response, key: str) -> None:
        """Read it."""
        language = query_of(req, ArticleQuery).lang
        reader = self._readers.of(principal_of(req))
        question = kb.GetArticle(key=key, language=language, **vars(reader))
        article = self._clients.article(question)
        set_version(resp, article.version)
        answer(resp, article)


class Readings:
    """An article was read."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_post(self, req: Request, resp: Response, key: str) -> None:
        """Remember it."""
        body = body_of(req, ReadingBody)
        principal = principal_of(req)
        reader = self._readers.of(principal)
        command = kb.RecordReading(
            key=key,
            reader=principal.email,
            audience=reader.audience,
            groups=reader.groups,
            **vars(body),
        )
        mark_replay(resp, self._clients.record_reading(command, key=key_of(req)))
        resp.status = HTTP_204


class Suggestions:
    """Articles for a text."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_post(self, req: Request, resp: Response) -> None:
        """Suggest some."""
        body = body_of(req, SuggestBody)
        principal = principal_of(req)
        reader = self._readers.of(principal)
        said = vars(body) | {
            "audience": reader.audience,
            "groups": reader.groups,
            # An agent's own texts are no requests; beside a ticket they look for an answer.
            "asker": principal.email if principal.is_requester or body.beside else None,
        }
        question = kb.Suggest(**said)
        answer(resp, self._clients.suggest(question))


class Deflection:
    """What suggestions spared."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """Report it."""
        query = query_of(req, DeflectionQuery)
        question = kb.ReportDeflection(since=query.from_, until=query.to)
        answer(resp, self._clients.deflection(question))


class Completion:
    """How a question may go on."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response) -> None:
        """Propose words and articles."""
        query = query_of(req, CompleteQuery)
        reader = self._readers.of(principal_of(req))
        question = kb.Complete(
            q=query.q,
            language=query.lang,
            limit=query.limit,
            audience=reader.audience,
            groups=reader.groups,
        )
        answer(resp, self._clients.complete(question))


class OwnWords:
    """The desk's own words of a language."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, _req: Request, resp: Response, language: str) -> None:
        """Show them, beside those that come with the desk."""
        question = from_plain(kb.GetWords, {"language": language}, strict=True)
        answer(resp, self._clients.words(question))

    def on_put(self, req: Request, resp: Response, language: str) -> None:
        """Save them."""
        body = body_of(req, WordsBody)
        said = to_plain(body) | {
            "language": language,
            "actor": to_plain(principal_of(req).actor),
        }
        spec = from_plain(kb.WordsSpec, said, strict=True)
        answer_reply(resp, self._clients.put_words(spec, key=key_of(req)))


class TextRead:
    """A sentence, read with the words of a language."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, language: str) -> None:
        """How it is read."""
        said = {"language": language, "text": query_of(req, ReadTextQuery).text}
        answer(resp, self._clients.text_read(from_plain(kb.ReadText, said, strict=True)))
