"""What tickets teach: kept as they are opened and resolved, drafted from, and searched for gaps."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import cast

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import kb as contract
from contracts.errors import invalid_field
from contracts.intake import Language, TicketOpened, TicketResolved
from services.kb import schemas
from services.kb.domain import drafting, gaps, life, problems
from services.kb.domain.analysis import LANGUAGES, Lexicon, guess_language
from services.kb.domain.articles import Article, Content, may_read
from services.kb.domain.readers import INTERNAL, Reader
from services.kb.domain.redaction import redact
from services.kb.handlers.showing import CHANGES_BEFORE_A_QUESTION, changes_of
from services.kb.handlers.writing import answer_of, keep_revision
from services.kb.index.replica import Replica
from services.kb.store import articles
from services.kb.store import problems as problem_store
from services.kb.store import tickets as store

EXAMPLES = 5
_TAIL = 4  # characters of an id, so that two articles of one title have two keys
_SURE_LANGUAGE = "id"
_READ_CHARACTERS = 600
_ENOUGH_WORDS = 2


def keep_opening(event: TicketOpened, *, tx: Transaction, replica: Replica) -> None:
    """Remember what a ticket is about: the telling words of its subject, or else of its body.

    Problems are the desk's own: they are no need that an article could answer.
    """
    if event.kind == problems.PROBLEM:
        return
    body = event.body[:_READ_CHARACTERS]
    language = guess_language(
        f"{event.subject}\n{body}", lexicons=replica.lexicons, default=event.requester.language
    )
    analyzer = replica.index.analyzer(language)
    words = gaps.telling(event.subject, analyzer)
    if len(words) < _ENOUGH_WORDS:
        words |= gaps.telling(body, analyzer)
    store.keep_case(
        tx,
        ticket_id=event.ticket_id,
        number=event.number,
        opened_at=event.occurred_at,
        subject=event.subject,
        language=language,
        category=event.category,
        words=words,
    )


def keep_resolution(event: TicketResolved, *, tx: Transaction) -> None:
    """Remember with which article a ticket was resolved, or that there was none."""
    store.keep_resolution(
        tx,
        ticket_id=event.ticket_id,
        number=event.number,
        seq=event.seq,
        resolved_at=event.occurred_at,
        article_key=event.resolution.article,
        minutes=event.resolution.minutes_spent,
    )


def draft_from_ticket(
    command: contract.DraftFromTicket, *, tx: Transaction, replica: Replica
) -> contract.TicketDraft:
    """Make an internal draft of a resolved ticket; where there is one already, show it.

    Whoever asks for one of a problem knows of it, so it is known here too, heard of or not.
    """
    writer = schemas.writer_of(command)
    number = articles.take_change_number(tx.session)
    before = articles.of_ticket(tx.session, ticket=command.number)
    if before is not None:
        return _drafted(before, writer, command.role, removed={}, is_new=False, tx=tx)
    if command.is_problem:
        problem_store.keep_opening(
            tx, number=command.number, subject=command.subject, opened_at=tx.now, seq=0
        )
    language = command.language or guess_language(
        f"{command.subject}\n{command.body}", lexicons=replica.lexicons, default=_SURE_LANGUAGE
    )
    case = drafting.Case(
        subject=command.subject,
        body=command.body,
        text=command.text,
        steps=command.steps,
        prevention=command.prevention,
        names=command.people,
        is_problem=command.is_problem,
    )
    made = drafting.draft(case, language=language)
    article_id = new_id()
    article = Article(
        id=article_id,
        key=drafting.key_for(made.title, tail=article_id[-_TAIL:]),
        language=language,
        owner=command.actor.id,
        revision=1,
        change_number=number,
        updated_at=tx.now,
        content=Content(
            title=made.title,
            body=made.body,
            status=life.DRAFT,
            audience=INTERNAL,
            category=command.category,
            tags=(),
            problem=command.number if command.is_problem else None,
        ),
        ticket=command.number,
    )
    kept = keep_revision(article, before=None, author=command.actor.id, note=command.number, tx=tx)
    return _drafted(kept, writer, command.role, removed=made.removed, is_new=True, tx=tx)


def report_gaps(
    question: contract.ReportGaps, *, tx: Transaction, replica: Replica
) -> contract.Gaps:
    """Put failed searches and tickets without an article together, by their words."""
    reader = schemas.reader_of(question)
    if not reader.works_here:
        raise invalid_field("audience", "Gaps are for agents.")
    since = tx.now - timedelta(days=question.days)
    cases = store.unanswered(tx.session, since=since, limit=store.MOST_NEEDS)
    searches = store.failed_searches(tx.session, since=since, limit=store.MOST_NEEDS)
    needs = [_case_need(case) for case in cases]
    needs += [_search_need(search, replica=replica) for search in searches]
    found = gaps.find_gaps(needs)
    replica.catch_up(partial(changes_of, tx), limit=CHANGES_BEFORE_A_QUESTION)
    categories = {case.number: case.category for case in cases}
    shown = [
        _shown(gap, reader=reader, categories=categories, tx=tx, replica=replica)
        for gap in found[: question.limit]
    ]
    return contract.Gaps(
        since=since,
        items=tuple(shown),
        tickets=len(cases),
        searches=sum(search.count for search in searches),
        is_complete=max(len(cases), len(searches)) < store.MOST_NEEDS,
    )


def _drafted(
    article: Article,
    writer: Reader,
    role: str,
    *,
    removed: Mapping[str, int],
    is_new: bool,
    tx: Transaction,
) -> contract.TicketDraft:
    if not may_read(article, reader=writer):
        raise schemas.article_not_found(article.key)
    answer = answer_of(article, [article], reader=writer, role=role, tx=tx)
    return contract.TicketDraft(article=answer, removed=removed, is_new=is_new)


def _case_need(case: store.Case) -> gaps.Need:
    return gaps.Need(
        id=case.number,
        text=case.subject,
        language=case.language,
        words=case.words,
        minutes=case.minutes,
        ticket=case.number,
    )


def _search_need(search: store.FailedSearch, *, replica: Replica) -> gaps.Need:
    lexicons: Mapping[str, Lexicon] = replica.lexicons
    language = search.language or guess_language(
        search.text, lexicons=lexicons, default=_SURE_LANGUAGE
    )
    return gaps.Need(
        id=search.text,
        text=redact(search.text, names=(), language=language).text,
        language=language,
        words=gaps.telling(search.text, replica.index.analyzer(language)),
        count=search.count,
    )


def _shown(
    gap: gaps.Gap,
    *,
    reader: Reader,
    categories: Mapping[str, str | None],
    tx: Transaction,
    replica: Replica,
) -> contract.Gap:
    tickets, searches = gap.tickets, gap.searches
    known = Counter(filter(None, (categories[need.id] for need in tickets)))
    return contract.Gap(
        name=gap.name,
        language=cast("Language", gap.language),
        minutes=gap.minutes,
        tickets=len(tickets),
        searches=sum(need.count for need in searches),
        category=min(known, key=lambda key: (-known[key], key), default=None),
        example_tickets=tuple(
            contract.GapTicket(number=need.id, subject=need.text, minutes=need.minutes)
            for need in tickets[:EXAMPLES]
        ),
        example_searches=tuple(
            contract.GapSearch(text=need.text, count=need.count) for need in searches[:EXAMPLES]
        ),
        nearest=_nearest(gap.name, reader=reader, tx=tx, replica=replica),
    )


def _nearest(
    name: str, *, reader: Reader, tx: Transaction, replica: Replica
) -> contract.GapArticle | None:
    found = replica.index.search(
        name, audiences=reader, languages=LANGUAGES, limit=1, must_be_named=True
    )
    read = articles.published(tx.session, ids=[hit.id for hit in found.hits], reader=reader)
    for article in read.values():
        return contract.GapArticle(
            key=article.key,
            language=cast("Language", article.language),
            title=article.content.title,
        )
    return None
