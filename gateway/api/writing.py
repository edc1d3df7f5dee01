"""Articles as their writers see them: in any state, with their history."""

from falcon import Request, Response

from contracts import kb
from contracts.errors import invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer, mark_replay, set_version
from gateway.clients import Reply
from gateway.house import House
from gateway.reading import body_of, expected_version, key_of, principal_of, query_of
from gateway.schemas import (
    ArticleAmendBody,
    ArticleBody,
    ArticleTransitionBody,
    ComparisonQuery,
    ProblemsQuery,
    RestoreBody,
    StaleArticlesQuery,
    WritingsQuery,
)


def answer_article(resp: Response, reply: Reply[kb.Article]) -> None:
    """A changed article with its version."""
    mark_replay(resp, reply)
    set_version(resp, reply.answer.version)
    answer(resp, reply.answer)


class AboutAnArticle:
    """What resources about an article know of who reads or writes it."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def _command(self, req: Request, key: str, language: str) -> dict[str, object]:
        """What every change says beside its body."""
        principal = principal_of(req)
        reader = self._readers.of(principal)
        return {
            "key": key,
            "language": language,
            "actor": to_plain(principal.actor),
            "role": reader.role,
            "reader_groups": list(reader.groups),
            "version": expected_version(req),
        }

    def _question(self, req: Request, key: str, language: str) -> dict[str, object]:
        reader = self._readers.of(principal_of(req))
        said = {"key": key, "language": language, "audience": reader.audience}
        return said | {"groups": list(reader.groups)}


class Writings(AboutAnArticle):
    """All articles, in any state."""

    def on_get(self, req: Request, resp: Response) -> None:
        """A page of them."""
        query = vars(query_of(req, WritingsQuery))
        reader = self._readers.of(principal_of(req))
        said = {name: value for name, value in query.items() if name != "lang"}
        question = kb.ListArticles(
            **said, language=query["lang"], audience=reader.audience, groups=reader.groups
        )
        answer(resp, self._clients.writings(question))


class Problems(AboutAnArticle):
    """Problems, whose known errors articles are."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Open ones first."""
        query = query_of(req, ProblemsQuery)
        answer(resp, self._clients.problems(kb.ListProblems(**vars(query))))


class ArticleInLanguage(AboutAnArticle):
    """One article in one language."""

    def on_put(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Write it."""
        said = to_plain(body_of(req, ArticleBody)) | self._command(req, key, language)
        spec = from_plain(kb.ArticleSpec, said, strict=True)
        answer_article(resp, self._clients.put_article(spec, key=key_of(req)))

    def on_patch(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Change who looks after it, or its next review."""
        body = body_of(req, ArticleAmendBody)
        if body == ArticleAmendBody():
            raise invalid_field("body", "Give owner, review_at or still_right.")
        said = to_plain(body) | self._command(req, key, language)
        command = from_plain(kb.AmendArticle, said, strict=True)
        answer_article(resp, self._clients.amend_article(command, key=key_of(req)))


class ArticleTransitions(AboutAnArticle):
    """An article's life."""

    def on_post(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Move it to another state."""
        said = to_plain(body_of(req, ArticleTransitionBody)) | self._command(req, key, language)
        command = from_plain(kb.ChangeArticleStatus, said, strict=True)
        answer_article(resp, self._clients.change_article_status(command, key=key_of(req)))


class ArticleUse(AboutAnArticle):
    """What became of an article."""

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Readings, verdicts and what readers said."""
        question = from_plain(kb.GetArticleUse, self._question(req, key, language), strict=True)
        answer(resp, self._clients.article_use(question))


class StaleArticles(AboutAnArticle):
    """Published articles that somebody should look at."""

    def on_get(self, req: Request, resp: Response) -> None:
        """The most popular first."""
        query = query_of(req, StaleArticlesQuery)
        reader = self._readers.of(principal_of(req))
        question = kb.ReportStaleArticles(
            limit=query.limit, audience=reader.audience, groups=reader.groups
        )
        answer(resp, self._clients.stale_articles(question))


class Revisions(AboutAnArticle):
    """An article's history."""

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """All revisions, newest first."""
        question = from_plain(kb.ListRevisions, self._question(req, key, language), strict=True)
        answer(resp, self._clients.revisions(question))


class Comparison(AboutAnArticle):
    """Two revisions."""

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """How they differ."""
        query = query_of(req, ComparisonQuery)
        said = self._question(req, key, language) | {"was": query.from_, "now": query.to}
        question = from_plain(kb.CompareRevisions, said, strict=True)
        answer(resp, self._clients.comparison(question))


class Restoring(AboutAnArticle):
    """An older revision."""

    def on_post(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Make it the newest one."""
        said = to_plain(body_of(req, RestoreBody)) | self._command(req, key, language)
        command = from_plain(kb.RestoreRevision, said, strict=True)
        answer_article(resp, self._clients.restore_revision(command, key=key_of(req)))
