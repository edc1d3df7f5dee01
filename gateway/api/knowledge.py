"""Articles: searched, read, written, suggested."""

from falcon import HTTP_204, Request, Response

from contracts import kb
from contracts.grammar import from_plain, to_plain
from gateway.access import Principal
from gateway.api.answers import answer, answer_reply, mark_replay
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of, query_of
from gateway.schemas import ArticleBody, ArticleQuery, ArticlesQuery, ReadingBody, SuggestBody


def audience_of(principal: Principal) -> kb.Audience:
    """Which articles somebody may read."""
    return "public" if principal.is_requester else "internal"


class Articles:
    """All articles."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """Search them."""
        query = query_of(req, ArticlesQuery)
        question = kb.SearchArticles(
            q=query.q,
            language=query.lang,
            category=query.category,
            limit=query.limit,
            audience=audience_of(principal_of(req)),
        )
        answer(resp, self._clients.articles(question))


class Article:
    """One article."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, key: str) -> None:
        """Read it."""
        question = kb.GetArticle(
            key=key,
            language=query_of(req, ArticleQuery).lang,
            audience=audience_of(principal_of(req)),
        )
        answer(resp, self._clients.article(question))


class ArticleInLanguage:
    """One article in one language."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_put(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Write it."""
        body = body_of(req, ArticleBody)
        actor = principal_of(req).actor
        said = to_plain(body) | {"key": key, "language": language, "actor": to_plain(actor)}
        spec = from_plain(kb.ArticleSpec, said, strict=True)
        answer_reply(resp, self._clients.put_article(spec, key=key_of(req)))


class Readings:
    """An article was read."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, key: str) -> None:
        """Remember it."""
        body = body_of(req, ReadingBody)
        command = kb.RecordReading(key=key, reader=principal_of(req).email, **vars(body))
        mark_replay(resp, self._clients.record_reading(command, key=key_of(req)))
        resp.status = HTTP_204


class Suggestions:
    """Articles for a text."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response) -> None:
        """Suggest some."""
        body = body_of(req, SuggestBody)
        question = kb.Suggest(audience=audience_of(principal_of(req)), **vars(body))
        answer(resp, self._clients.suggest(question))
