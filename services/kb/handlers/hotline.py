"""The hotline: conversations answered from articles, until a person takes over."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import kb as contract
from contracts.errors import Conflict, NotFound
from services.kb import schemas
from services.kb.domain import hotline
from services.kb.domain.analysis import LANGUAGES, guess_language
from services.kb.domain.articles import Article
from services.kb.domain.conversation import Chat, Said
from services.kb.domain.hotline import Candidate, Step, Talk
from services.kb.domain.passages import passage
from services.kb.domain.phrases import phrase, spoken
from services.kb.domain.readers import Reader
from services.kb.handlers.showing import CHANGES_BEFORE_A_QUESTION, changes_of
from services.kb.handlers.use import count_reading
from services.kb.index.engine import Found
from services.kb.index.replica import Replica
from services.kb.store import articles as article_store
from services.kb.store import chats as store

_CANDIDATES = 5
_LEANING = 1.3
_LONGEST_SUBJECT = 120


@dataclass(frozen=True, kw_only=True)
class _Best:
    """The articles that fit a question best."""

    candidates: tuple[Candidate, ...] = ()
    articles: tuple[Article, ...] = ()
    found: Found | None = None

    @property
    def telling(self) -> int:
        """How many telling words the question has, in the language where it has most."""
        rarities = self.found.rarities.values() if self.found else ()
        return max(map(len, rarities), default=0)


def open_chat(command: contract.OpenChat, *, tx: Transaction) -> contract.Chat:
    """Begin a conversation."""
    chat = Chat(
        id=new_id(),
        requester=command.requester,
        state="open",
        language=command.language,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    store.add_chat(tx.session, chat)
    _say(chat, [], kind="welcome", text=phrase("welcome", language=chat.language), tx=tx)
    return _shown(chat, tx=tx)


def get_chat(question: contract.GetChat, *, tx: Transaction) -> contract.Chat:
    """Show a conversation.

    Raises:
        NotFound: there is none of this requester.
    """
    chat = _chat(question.chat, requester=question.requester, tx=tx)
    return _shown(chat, tx=tx)


def say_in_chat(command: contract.SayInChat, *, tx: Transaction, replica: Replica) -> contract.Chat:
    """Hear a message and say what follows.

    Raises:
        NotFound: there is no such conversation of this requester.
    """
    chat = _chat(command.chat, requester=command.requester, tx=tx, for_update=True)
    before = store.messages_of(tx.session, chat_id=chat.id)
    guessed = guess_language(command.text, lexicons=replica.lexicons, default="")
    language = guessed or hotline.language_of_person(command.text) or chat.language
    chat = dataclasses.replace(chat, language=language, updated_at=tx.now)
    heard = _say(chat, before, kind="message", text=command.text, tx=tx)
    if chat.ticket is not None:
        text = phrase("relayed", language=language, number=chat.ticket)
        _say(chat, [*before, heard], kind="relayed", text=text, tx=tx)
    elif chat.state != "handing_over":
        chat = _go_on(chat, [*before, heard], command, tx=tx, replica=replica)
    store.change_chat(tx.session, chat)
    return _shown(chat, tx=tx)


def hand_over_chat(command: contract.HandOverChat, *, tx: Transaction) -> contract.Chat:
    """Say which ticket it became, and when somebody is there.

    Raises:
        NotFound: there is no such conversation of this requester.
        Conflict: it is not to be handed over.
    """
    chat = _chat(command.chat, requester=command.requester, tx=tx, for_update=True)
    if chat.ticket == command.ticket:
        return _shown(chat, tx=tx)
    if chat.state != "handing_over":
        raise Conflict("chat_not_handed_over", f"The chat is {chat.state}.", {"state": chat.state})
    before = store.messages_of(tx.session, chat_id=chat.id)
    chat = dataclasses.replace(chat, state="handed_over", ticket=command.ticket, updated_at=tx.now)
    _say(chat, before, kind="handed_over", text=_of_the_hours(command, chat.language), tx=tx)
    store.change_chat(tx.session, chat)
    return _shown(chat, tx=tx)


def _go_on(
    chat: Chat,
    said: Sequence[Said],
    command: contract.SayInChat,
    *,
    tx: Transaction,
    replica: Replica,
) -> Chat:
    last = said[-2]
    talk = Talk(
        failed=chat.failed,
        has_asked_back=chat.has_asked_back,
        has_answered=last.kind == "answer" or _asks_about_a_failure(last),
        options=len(last.articles) if last.kind == "ask_back" else 0,
    )
    small = frozenset().union(*(each.stop_words for each in replica.lexicons.values()))
    intent = hotline.intent_of(command.text, has_answered=talk.has_answered, small_words=small)
    # What follows a question back is about the same thing, said more exactly.
    asked_before = chat.subject if last.kind == "ask_back" else ""
    text = f"{asked_before} {command.text}".strip()
    reader = schemas.reader_of(command)
    best = _Best()
    if intent == "question":
        best = _best(text, reader, language=chat.language, tx=tx, replica=replica)
    step = hotline.next_step(
        intent=intent,
        talk=talk,
        candidates=best.candidates,
        telling=best.telling,
        choice=hotline.choice_of(command.text, options=talk.options),
    )
    if intent == "question" and not asked_before:
        chat = dataclasses.replace(chat, subject=command.text[:_LONGEST_SUBJECT])
    if step.choice is not None:
        best = _picked(last.articles[step.choice], text, reader, tx=tx, replica=replica)
        step = Step(kind="answer", chosen=(0,)) if best.articles else Step(kind="ask_back")
    was_refused = intent == "refusal"
    if step.kind == "answer" and _is_repeated(step, said, best, replica=replica):
        step, was_refused = hotline.after_a_failure(talk), True
    return _take(step, chat, said, best, was_refused=was_refused, tx=tx, replica=replica)


def _asks_about_a_failure(last: Said) -> bool:
    """Whether it asked for more after an answer that did not help: "no" is still about that."""
    return last.kind == "ask_back" and not last.articles


def _is_repeated(step: Step, said: Sequence[Said], best: _Best, *, replica: Replica) -> bool:
    """Whether the very same passage was an answer before: whoever asks again was not helped."""
    article = best.articles[step.chosen[0]]
    excerpt = _passage(article, best, replica=replica)
    return any(
        before.kind == "answer"
        and before.excerpt == excerpt
        and before.articles[0]["key"] == article.key
        for before in said
    )


def _take(
    step: Step,
    chat: Chat,
    said: Sequence[Said],
    best: _Best,
    *,
    was_refused: bool,
    tx: Transaction,
    replica: Replica,
) -> Chat:
    language = chat.language
    chosen = [best.articles[place] for place in step.chosen]
    state, failed = "open", chat.failed + was_refused
    text, excerpt, confidence = phrase("greet", language=language), "", None
    if step.kind == "answer":
        text = phrase("answer", language=language, title=chosen[0].content.title)
        excerpt = _passage(chosen[0], best, replica=replica)
        confidence = best.candidates[step.chosen[0]].confidence
        count_reading(chosen[0], reader=chat.requester, tx=tx)
    elif step.kind == "ask_back":
        text = phrase("options" if chosen else "more", language=language)
    elif step.kind == "thank":
        text, state = phrase("thank", language=language), "solved"
    elif step.kind == "hand_over":
        text, state = phrase(str(step.reason), language=language), "handing_over"
    _say(
        chat,
        said,
        kind=step.kind,
        text=text,
        tx=tx,
        articles=chosen,
        excerpt=excerpt,
        confidence=confidence,
        reason=step.reason,
    )
    return dataclasses.replace(
        chat,
        state=state,
        failed=failed,
        has_asked_back=chat.has_asked_back or step.kind == "ask_back",
    )


def _best(text: str, reader: Reader, *, language: str, tx: Transaction, replica: Replica) -> _Best:
    """Find what fits; in the language of the text first, if it can be told.

    A text that could be of any language, such as "vpn", leans to that of the conversation.
    """
    replica.catch_up(partial(changes_of, tx), limit=CHANGES_BEFORE_A_QUESTION)
    guessed = guess_language(text, lexicons=replica.lexicons, default="")
    for languages in ((guessed,), LANGUAGES):
        found = replica.index.search(
            text,
            audiences=reader,
            languages=languages,
            limit=_CANDIDATES * len(languages),
            must_be_named=True,
        )
        if found.hits:
            break
    readable = article_store.published(
        tx.session, ids=[hit.id for hit in found.hits], reader=reader
    )
    scores = {
        hit.id: hit.score * (_LEANING if readable[hit.id].language == language else 1.0)
        for hit in found.hits
        if hit.id in readable
    }
    articles = [readable[name] for name in sorted(scores, key=lambda name: (-scores[name], name))]
    first = {article.key: article for article in reversed(articles)}
    articles = [article for article in articles if first[article.key] is article]
    return _Best(
        candidates=tuple(
            Candidate(
                id=article.id,
                score=scores[article.id],
                confidence=_confidence(article, found, replica=replica),
            )
            for article in articles
        ),
        articles=tuple(articles),
        found=found,
    )


def _picked(
    named: dict[str, str], text: str, reader: Reader, *, tx: Transaction, replica: Replica
) -> _Best:
    """The article that was picked from those asked about, if it may still be read."""
    versions = article_store.versions(tx.session, key=named["key"])
    ids = [each.id for each in versions if each.language == named["language"]]
    readable = article_store.published(tx.session, ids=ids, reader=reader)
    found = replica.index.search(text, audiences=reader, languages={named["language"]}, limit=1)
    return _Best(
        candidates=tuple(Candidate(id=each, score=1.0, confidence=1.0) for each in readable),
        articles=tuple(readable.values()),
        found=found,
    )


def _confidence(article: Article, found: Found, *, replica: Replica) -> float:
    content = article.content
    return hotline.confidence_of(
        rarities=found.rarities.get(article.language, {}),
        named=_stems(f"{content.title} {' '.join(content.tags)}", article, replica=replica),
        mentioned=_stems(content.body, article, replica=replica),
    )


def _passage(article: Article, best: _Best, *, replica: Replica) -> str:
    rarities = best.found.rarities.get(article.language, {}) if best.found else {}
    return passage(
        article.content.body,
        rarities=rarities,
        stems_of=lambda text: _stems(text, article, replica=replica),
    )


def _stems(text: str, article: Article, *, replica: Replica) -> set[str]:
    return {word.stem for word in replica.index.analyzer(article.language).words(text)}


def _of_the_hours(command: contract.HandOverChat, language: str) -> str:
    if command.is_open:
        return phrase("open", language=language, number=command.ticket)
    if command.is_open is None or command.opens_at is None:
        return phrase("unknown", language=language, number=command.ticket)
    at = spoken(command.opens_at, zone=command.zone or "UTC", language=language)
    return phrase("closed", language=language, number=command.ticket, at=at)


def _say(
    chat: Chat,
    before: Sequence[Said],
    *,
    kind: str,
    text: str,
    tx: Transaction,
    articles: Iterable[Article] = (),
    excerpt: str = "",
    confidence: float | None = None,
    reason: str | None = None,
) -> Said:
    said = Said(
        number=len(before) + 1,
        kind=kind,
        language=chat.language,
        text=text,
        said_at=tx.now,
        articles=tuple(
            {"key": each.key, "language": each.language, "title": each.content.title}
            for each in articles
        ),
        excerpt=excerpt,
        confidence=confidence,
        reason=reason,
    )
    store.add_message(tx.session, said, chat_id=chat.id)
    return said


def _chat(chat_id: str, *, requester: str, tx: Transaction, for_update: bool = False) -> Chat:
    found = store.chat_of(tx.session, chat_id=chat_id, requester=requester, for_update=for_update)
    if found is None:
        raise NotFound("chat_not_found", f"There is no chat {chat_id}.", {"chat": chat_id})
    return found


def _shown(chat: Chat, *, tx: Transaction) -> contract.Chat:
    return schemas.chat_of(chat, store.messages_of(tx.session, chat_id=chat.id))
