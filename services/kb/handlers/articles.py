"""An article's life: written, revised, read."""

from collections.abc import Iterable

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import kb as contract
from contracts.errors import NotFound
from services.kb import schemas
from services.kb.domain.articles import Article, Content, may_read, preferred
from services.kb.store import articles as store


def put_article(command: contract.ArticleSpec, *, tx: Transaction) -> contract.Article:
    """Write an article or its next revision; content that does not differ changes nothing."""
    content = schemas.content_of(command)
    number = store.take_change_number(tx.session)
    versions = store.versions(tx.session, key=command.key)
    before = next((each for each in versions if each.language == command.language), None)
    if before is not None and before.content == content:
        return _answer(before, versions, audience="internal")
    after = _next_revision(command, content, before, number=number, tx=tx)
    keep = store.add if before is None else store.change
    keep(tx.session, after, author=command.actor.id)
    if after.is_published:
        tx.announce(schemas.published_of(after, published_at=tx.now))
    others = [each for each in versions if each.language != command.language]
    return _answer(after, [*others, after], audience="internal")


def get_article(question: contract.GetArticle, *, tx: Transaction) -> contract.Article:
    """Show an article in the wanted language, or in another one when there is none.

    Raises:
        NotFound: there is none, or none that the asker may know of.
    """
    versions = store.versions(tx.session, key=question.key)
    shown = preferred(versions, language=question.language, audience=question.audience)
    if shown is None:
        raise NotFound(
            "article_not_found", f"There is no article {question.key}.", {"key": question.key}
        )
    return _answer(shown, versions, audience=question.audience)


def _next_revision(
    command: contract.ArticleSpec,
    content: Content,
    before: Article | None,
    *,
    number: int,
    tx: Transaction,
) -> Article:
    return Article(
        id=before.id if before else new_id(),
        key=command.key,
        language=command.language,
        owner=before.owner if before else command.actor.id,
        revision=before.revision + 1 if before else 1,
        change_number=number,
        updated_at=tx.now,
        content=content,
    )


def _answer(shown: Article, versions: Iterable[Article], *, audience: str) -> contract.Article:
    languages = sorted(
        version.language for version in versions if may_read(version, audience=audience)
    )
    return schemas.article_of(shown, languages=languages)
