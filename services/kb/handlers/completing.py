"""How a question that is being typed may go on.

All that is proposed stands in articles that the asker may read and that were read from the database
for this very answer: no word of a hidden or withdrawn article can be among it.
"""

from collections import Counter
from functools import partial

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.analysis import LANGUAGES
from services.kb.domain.articles import Shown
from services.kb.domain.written import written_words
from services.kb.handlers.showing import ask
from services.kb.index.replica import Replica

_ARTICLES = 20
_MOST_WORDS = 5
_IN_TITLE, _IN_TAGS, _IN_BODY = 4, 2, 1


def complete(
    question: contract.Complete, *, tx: Transaction, replica: Replica
) -> contract.Completions:
    """Propose words for the last one begun, and articles found so far."""
    languages = (question.language,) if question.language else LANGUAGES
    reader = schemas.reader_of(question)
    found, readable = ask(
        partial(
            replica.index.search,
            question.q,
            audiences=reader,
            languages=languages,
            limit=_ARTICLES,
            is_typing=True,
            most_corrections=1,
        ),
        reader,
        tx=tx,
        replica=replica,
    )
    articles = [readable[hit.id] for hit in found.hits if hit.id in readable]
    by_key = {article.key: article for article in reversed(articles)}
    best = [article for article in articles if by_key[article.key] is article]
    return contract.Completions(
        words=_words(question.q, articles)[: min(_MOST_WORDS, question.limit)],
        articles=tuple(schemas.named_article_of(each) for each in best[: question.limit]),
    )


def _words(text: str, articles: list[Shown]) -> tuple[str, ...]:
    """Complete the last word by those of the articles that begin so, the commonest first."""
    last = text.rsplit(maxsplit=1)[-1] if text[-1:].isalnum() else ""
    begun = written_words(last)
    if not begun:
        return ()
    worth: Counter[str] = Counter()
    for article in articles:
        fields = (
            (_IN_TITLE, article.title),
            (_IN_TAGS, " ".join(article.tags)),
            (_IN_BODY, article.body),
        )
        for weight, written in fields:
            for word in set(written_words(written)):
                if word.startswith(begun[-1]) and word != begun[-1]:
                    worth[word] += weight
    before = text[: len(text) - len(begun[-1])]
    return tuple(before + word for word in sorted(worth, key=lambda word: (-worth[word], word)))
