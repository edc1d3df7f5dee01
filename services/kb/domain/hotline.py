"""What the hotline does next: answer, ask back once, or hand over to a person.

A message is first understood (`intent_of`), then the next step follows from it, from how well the
best articles fit and from what was said before. Nothing is made up: an answer is a passage of an
article, chosen in `passages`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.kb.domain.written import written_words

Intent = Literal["person", "thanks", "refusal", "greeting", "question"]
StepKind = Literal["greet", "thank", "answer", "ask_back", "hand_over"]
Reason = Literal["asked", "two_failed", "not_confident"]

CONFIDENT = 0.5
PERHAPS = 0.25
MOST_FAILED = 2
MOST_OPTIONS = 3
_NAMED, _MENTIONED = 1.0, 0.5
_CLOSE = 0.85
_FEW_WORDS = 2


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_PERSONS = {
    "id": _set("orang orangnya manusia petugas petugasnya agen adminnya teknisi staf"),
    "en": _set("human agent person people somebody someone staff representative technician"),
}
_PERSON = _set("admin operator cs").union(*_PERSONS.values())
_CONTACT = _set(
    "bicara berbicara ngobrol ngomong hubungkan sambungkan hubungi dihubungi disambungkan panggil",
    "panggilkan langsung asli talk talking speak connect transfer contact reach real live chat",
)
_THANKS = _set(
    "makasih terimakasih kasih beres sip mantap berhasil selesai membantu",
    "thanks thank thx tq solved works worked fixed resolved perfect great",
)
_NO = _set(
    "tidak tak gak ga nggak ngga enggak engga belum blm masih tetap gagal bukan salah",
    "no not nope still doesnt didnt isnt wrong fail failed cant cannot",
)
_ABOUT_THE_ANSWER = _set(
    "bisa bs berhasil membantu bantu sama juga itu ini yang jawabannya jawaban jalan masalah",
    "help helped helping helpful work works working worked same answer luck problem solved",
)
_GREETING = _set(
    "halo hai pagi siang sore malam selamat assalamualaikum permisi tes",
    "hello hi hey morning afternoon evening good test ping",
)
_WISHES = _set("butuh perlu mau ingin minta tolong dong sama saja", "need want like please")
_ORDINALS = {"1": 0, "2": 1, "3": 2, "pertama": 0, "kedua": 1, "ketiga": 2, "first": 0, "second": 1}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An article that may answer, and how sure that is, 0 to 1."""

    id: str
    score: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What matters of what was said before.

    Attributes:
        failed: answers that did not help.
        has_asked_back: the one question back was asked.
        has_answered: the last thing the desk said was an answer, or asked for more after one.
        options: how many articles the last question back named.
    """

    failed: int = 0
    has_asked_back: bool = False
    has_answered: bool = False
    options: int = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the hotline does.

    Attributes:
        chosen: places of candidates: the one that answers, or those that are asked about.
        choice: which of the articles asked about was picked.
        reason: why it hands over.
    """

    kind: StepKind
    chosen: tuple[int, ...] = ()
    choice: int | None = None
    reason: Reason | None = None


def intent_of(text: str, *, has_answered: bool, small_words: Collection[str]) -> Intent:
    """Understand what kind of message it is.

    Args:
        text: The message.
        has_answered: The message follows an answer, so that "no" is about that.
        small_words: The stop words of all languages.
    """
    words = {word.replace("'", "").replace("’", "") for word in written_words(text)}
    telling = words.difference(small_words, _WISHES)
    if words & _PERSON and (words & _CONTACT or telling <= _PERSON):
        return "person"
    if has_answered and words & _NO and telling <= _NO | _ABOUT_THE_ANSWER:
        return "refusal"
    if words & _THANKS and telling <= _THANKS | _GREETING and not words & _NO:
        return "thanks"
    if telling <= _GREETING:
        return "greeting"
    return "question"


def language_of_person(text: str) -> str | None:
    """The language in which a message names a person; None when it names none."""
    words = set(written_words(text))
    return next((language for language, names in _PERSONS.items() if words & names), None)


def choice_of(text: str, *, options: int) -> int | None:
    """Which of the numbered articles a message picks; None when it picks none."""
    picked = {_ORDINALS[word] for word in written_words(text) if word in _ORDINALS}
    place = picked.pop() if len(picked) == 1 else None
    return place if place is not None and place < options else None


def confidence_of(
    *, rarities: Mapping[str, float], named: Collection[str], mentioned: Collection[str]
) -> float:
    """How much of what a question says an article is about, rare words counting more.

    Args:
        rarities: The question's telling stems, with how much each says.
        named: The stems of the article's title and tags.
        mentioned: The stems of its body.
    """
    total = sum(rarities.values())
    if not total:
        return 0.0
    met = sum(
        rarity * (_NAMED if stem in named else _MENTIONED if stem in mentioned else 0.0)
        for stem, rarity in rarities.items()
    )
    return round(met / total, 2)


def next_step(
    *, intent: Intent, talk: Talk, candidates: Sequence[Candidate], telling: int, choice: int | None
) -> Step:
    """Decide.

    Args:
        intent: What kind of message it is.
        talk: What was said before.
        candidates: The articles found, best first.
        telling: How many telling words the question has.
        choice: Which of the articles asked about was picked, if any.
    """
    if intent == "person":
        return Step(kind="hand_over", reason="asked")
    if intent == "thanks":
        return Step(kind="thank")
    if intent == "refusal":
        return after_a_failure(talk)
    if choice is not None:
        return Step(kind="answer", choice=choice)
    if intent == "greeting":
        return Step(kind="greet")
    return _for_a_question(talk, candidates, telling=telling)


def after_a_failure(talk: Talk) -> Step:
    """What follows an answer that did not help, said or shown by asking the same again."""
    if talk.failed + 1 >= MOST_FAILED:
        return Step(kind="hand_over", reason="two_failed")
    if talk.has_asked_back:
        return Step(kind="hand_over", reason="not_confident")
    return Step(kind="ask_back")


def _for_a_question(talk: Talk, candidates: Sequence[Candidate], *, telling: int) -> Step:
    best = candidates[0].confidence if candidates else 0.0
    near = tuple(
        place
        for place, each in enumerate(candidates[:MOST_OPTIONS])
        if each.confidence >= PERHAPS and each.score >= _CLOSE * candidates[0].score
    )
    is_vague = telling < _FEW_WORDS and len(near) > 1
    if best >= CONFIDENT and not (is_vague and not talk.has_asked_back):
        return Step(kind="answer", chosen=(0,))
    if not talk.has_asked_back and best >= PERHAPS:
        options = near if len(near) > 1 else tuple(range(min(MOST_OPTIONS, len(candidates))))
        return Step(kind="ask_back", chosen=options)
    return Step(kind="hand_over", reason="not_confident")
