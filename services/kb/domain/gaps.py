"""What people ask for and no article answers: needs alike in their words, put together and named.

A need is a failed search or a ticket that was resolved without an article. Needs are compared by
their telling words, rare ones counting more (cosine of their rarity). Each joins the group that it
is most like, or begins one; the dearest needs come first, so that groups form around what costs
most. The same needs give the same groups, in whatever order they come.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.kb.domain.analysis import Analyzer

ALIKE_ENOUGH = 0.38  # cosine; two of five telling words in common
NAME_WORDS = 4
_SHARE_OF_A_NAME = 0.4  # a word of the name stands in this share of the needs at least
_HEARD_SOON = 50
_MOST_WORDS = 24  # of one need


@dataclass(frozen=True, kw_only=True)
class Need:
    """One failed search, counted, or one ticket.

    Attributes:
        words: Stem → the word as it was written.
        minutes: What it cost agents.
        count: How often it was asked.
        ticket: Its number; None for a search.
    """

    id: str
    text: str
    language: str
    words: Mapping[str, str]
    minutes: int = 0
    count: int = 1
    ticket: str | None = None


@dataclass(kw_only=True)
class Gap:
    """Needs that are alike; the dearest first."""

    needs: list[Need] = field(default_factory=list)
    weights: Counter[str] = field(default_factory=Counter)

    @property
    def minutes(self) -> int:
        """What agents spent on its tickets."""
        return sum(need.minutes for need in self.needs)

    @property
    def tickets(self) -> list[Need]:
        """Its tickets."""
        return [need for need in self.needs if need.ticket]

    @property
    def searches(self) -> list[Need]:
        """Its searches, most frequent first."""
        asked = [need for need in self.needs if not need.ticket]
        return sorted(asked, key=lambda need: (-need.count, need.text))

    @property
    def language(self) -> str:
        """The language that most of its needs are in."""
        counts = Counter(need.language for need in self.needs)
        return min(counts, key=lambda language: (-counts[language], language))

    @property
    def name(self) -> str:
        """Its telling words as people write them, in the order of its dearest need."""
        enough = max(1.0, _SHARE_OF_A_NAME * len(self.needs))
        spread = Counter(stem for need in self.needs for stem in need.words)
        shared = [stem for stem in self.weights if spread[stem] >= enough] or list(self.weights)
        best = sorted(shared, key=lambda stem: (-self.weights[stem], stem))[:NAME_WORDS]
        order = {stem: place for place, stem in enumerate(self.needs[0].words)}
        best.sort(key=lambda stem: order.get(stem, len(order)))
        # One written word may stand for two stems: `reset` for `setel ulang`.
        return " ".join(dict.fromkeys(map(self._written, best)))

    def _written(self, stem: str) -> str:
        forms = Counter(need.words[stem] for need in self.needs if stem in need.words)
        return min(forms, key=lambda form: (-forms[form], form))


def find_gaps(needs: Iterable[Need]) -> list[Gap]:
    """Put needs together that are alike, and rank them by agent minutes, tickets and searches."""
    told = [need for need in needs if need.words]
    told.sort(key=lambda need: (-need.minutes, -need.count, need.id))
    rarity = _rarity(told)
    gaps: list[Gap] = []
    with_stem: defaultdict[str, set[int]] = defaultdict(set)
    for need in told:
        vector = _vector(need, rarity)
        number = _most_alike(vector, gaps, with_stem)
        if number is None:
            number = len(gaps)
            gaps.append(Gap())
        gaps[number].needs.append(need)
        gaps[number].weights.update(vector)
        for stem in vector:
            with_stem[stem].add(number)
    return sorted(gaps, key=_rank)


def telling(text: str, analyzer: Analyzer) -> dict[str, str]:
    """The words that say what a text is about: stem → as written; no numbers, no stop words."""
    found: dict[str, str] = {}
    for word, start, end in analyzer.terms(text):
        is_name = len(word.stem) > 1 and not any(mark.isdigit() for mark in word.stem)
        if is_name and not word.is_stop_word:
            found.setdefault(word.stem, text[start:end].lower())
        if len(found) == _MOST_WORDS:
            break
    return found


def _rank(gap: Gap) -> tuple[int, int, int, str]:
    asked = sum(need.count for need in gap.searches)
    return (-gap.minutes, -len(gap.tickets), -asked, gap.needs[0].id)


def _rarity(needs: Sequence[Need]) -> dict[str, float]:
    spread = Counter(stem for need in needs for stem in need.words)
    # Among a few needs every word is rare; as many again as a desk hears soon keep it in bounds.
    heard = len(needs) + _HEARD_SOON
    return {stem: math.log(1 + heard / count) for stem, count in spread.items()}


def _vector(need: Need, rarity: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(rarity[stem] ** 2 for stem in need.words))
    return {stem: rarity[stem] / length for stem in need.words}


def _most_alike(
    vector: Mapping[str, float], gaps: Sequence[Gap], with_stem: Mapping[str, set[int]]
) -> int | None:
    candidates = {number for stem in vector for number in with_stem.get(stem, ())}
    best, likeness = None, ALIKE_ENOUGH
    for number in sorted(candidates):
        weights = gaps[number].weights
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        found = sum(weight * weights[stem] for stem, weight in vector.items()) / length
        if found > likeness:
            best, likeness = number, found
    return best
