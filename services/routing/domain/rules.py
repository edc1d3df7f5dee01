"""Triage: which group a ticket goes to, by the first routing rule that fits its words and facts."""

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from services.routing.domain.directory import Directory, Rule

_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules may look at.

    Attributes:
        queue: the group the ticket was put into by whoever opened it.
    """

    kind: str
    subject: str
    body: str
    impact: str
    category: str | None = None
    service: str | None = None
    queue: str | None = None


@dataclass(frozen=True, kw_only=True)
class Triage:
    """Where a ticket goes, what its agent should know, and why.

    Attributes:
        category: what the rule says the ticket is about, when it says so.
        rule: key of the rule that fitted.
        matched: the rule's words that were found, as they stand in the rule.
        reason: half a sentence for people, without its full stop.
    """

    group: str
    reason: str
    category: str | None = None
    skill: str | None = None
    skill_level: int = 1
    rule: str | None = None
    matched: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Words without case, accents and punctuation, single spaces around each."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return f" {_NOT_A_WORD.sub(' ', bare).strip()} "


@functools.lru_cache(maxsize=65_536)
def _folded_word(word: str) -> str:
    return fold(word)


def is_findable(word: str) -> bool:
    """Whether a rule's word has any letter or digit to be found by."""
    return bool(fold(word).strip())


def words_found(words: tuple[str, ...], *, folded: str) -> tuple[str, ...]:
    """The words and phrases that stand whole in a folded text."""
    return tuple(word for word in words if _folded_word(word) in folded)


_CONDITIONS: tuple[Callable[[Rule, Facts], bool], ...] = (
    lambda rule, facts: not rule.kinds or facts.kind in rule.kinds,
    lambda rule, facts: not rule.categories or facts.category in rule.categories,
    lambda rule, facts: not rule.services or facts.service in rule.services,
    lambda rule, facts: not rule.impacts or facts.impact in rule.impacts,
)


def first_fit(facts: Facts, *, directory: Directory) -> tuple[Rule | None, tuple[str, ...]]:
    """The first rule in force that fits, with its words that were found."""
    folded = fold(f"{facts.subject}\n{facts.body}")
    for rule in directory.rules_in_force:
        if not all(fits(rule, facts) for fits in _CONDITIONS):
            continue
        matched = words_found(rule.words, folded=folded)
        if matched or not rule.words:
            return rule, matched
    return None, ()


def triage(facts: Facts, *, directory: Directory) -> Triage | None:
    """Where the ticket goes; None while there is no active group at all.

    A queue given by whoever opened the ticket beats the rule's group, yet the rule still says what
    the ticket is about and what its agent should know.
    """
    rule, matched = first_fit(facts, directory=directory)
    group, reason = _group(facts, rule, matched, directory)
    if group is None:
        return None
    if rule is None:
        return Triage(group=group, reason=reason)
    return Triage(
        group=group,
        reason=reason,
        category=rule.category,
        skill=rule.skill,
        skill_level=rule.skill_level,
        rule=rule.key,
        matched=matched,
    )


def _group(
    facts: Facts, rule: Rule | None, matched: tuple[str, ...], directory: Directory
) -> tuple[str | None, str]:
    if facts.queue is not None and directory.is_open(facts.queue):
        return facts.queue, f"Opened in the queue of {directory.groups[facts.queue].name}"
    lost = f"there is no active group “{facts.queue}”, so: " if facts.queue is not None else ""
    if rule is not None:
        found = f" matched {_quoted(matched)}" if matched else " fits"
        name = directory.groups[rule.group].name
        return rule.group, _sentence(f"{lost}rule “{rule.name}”{found}, which goes to {name}")
    if directory.fallback is not None:
        taker = directory.fallback
        return taker.key, _sentence(f"{lost}no rule fits, and {taker.name} takes what none claims")
    return None, ""


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
