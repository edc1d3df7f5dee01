"""From text to the terms an index keeps: folded, written one way, stemmed."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, islice
from operator import not_
from typing import NamedTuple

import Stemmer

from services.kb.domain.written import (
    EDGE,
    WORD,
    pieces_of,
    simplified,
    split_words,
    starts_of,
)

LANGUAGES = ("id", "en")
STEMMERS = {"id": "indonesian", "en": "english"}
_SAME_BEGINNING = 3
_REMEMBERED_READS = 8_192
_REMEMBERED_WORDS = 20_000


class Word(NamedTuple):
    """One word as the index keeps it."""

    stem: str
    surface: str
    is_stop_word: bool


class Term(NamedTuple):
    """A word and where in the text it stood."""

    word: Word
    start: int
    end: int


class _Phrase(NamedTuple):
    stems: tuple[str, ...]
    written: tuple[Word, ...]


class _Read(NamedTuple):
    """A word as somebody typed it: its stem, how it is written, the phrases it may begin."""

    stem: str
    written: tuple[Word, ...]
    phrases: tuple[_Phrase, ...]
    reach: frozenset[str]  # all stems it may come to, by itself or in a phrase


class _Entry(NamedTuple):
    """What one piece between blanks adds to a tally."""

    words: tuple[Word, ...]
    stems: tuple[str, ...]
    phrases: tuple[_Phrase, ...]


@dataclass(frozen=True)
class Lexicon:
    """The editable words of one language.

    Attributes:
        language: `id` or `en`.
        stop_words: Words that say little by themselves; titles keep them, bodies do not.
        spellings: Variant → how it is written in the index, each one or more folded words
            (`gak` → `tidak`, `kata sandi` → `password`).
    """

    language: str
    stop_words: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)


def extended(
    lexicon: Lexicon, *, spellings: Mapping[str, str], stop_words: Iterable[str]
) -> Lexicon:
    """Add words to a lexicon; a variant that it knows too is written as the addition says."""
    return Lexicon(
        language=lexicon.language,
        stop_words=lexicon.stop_words.union(stop_words),
        spellings={**lexicon.spellings, **spellings},
    )


class Analyzer:
    """Turns text of one language into words; the same for articles and for questions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.language = lexicon.language
        # In C: a new word costs a microsecond instead of twenty.
        self._stemmer = Stemmer.Stemmer(STEMMERS[lexicon.language])
        self._stop_words = lexicon.stop_words
        self._spellings: dict[str, tuple[Word, ...]] = {}
        self._phrases: dict[str, tuple[_Phrase, ...]] = {}
        self._in_phrases: set[str] = set()
        self._learn(lexicon.spellings)
        self._read = lru_cache(maxsize=_REMEMBERED_READS)(self._read_anew)
        # Most words are one alone, in no phrase; the others are None here. Two generations, so that
        # memory stays bounded; `_forms` are the present ones by the stems they may come to.
        self._plain: dict[str, Word | None] = {}
        self._older: dict[str, Word | None] = {}
        self._forms: dict[str, list[str]] = {}
        self._odd: dict[str, _Entry] = {}  # what those are that are None among the plain ones
        self._longest = max(
            (len(p.stems) for each in self._phrases.values() for p in each), default=1
        )

    def words(self, text: str) -> list[Word]:
        """Return the words of the text in reading order."""
        reads = [read for raw in WORD.findall(text) for read in self._read(raw)]
        return [word for *_, written in _runs(reads) for word in written]

    def tally(self, text: str, *, with_stop_words: bool) -> list[tuple[Word, int]]:
        """Return the words with how often they stand there: `words` counted, but quicker.

        A word written in two ways (`Wi-Fi`, `wifi`) may come twice.
        """
        searched = simplified(text)
        pieces = Counter(pieces_of(searched))
        words = list(map(self._plain.get, pieces))
        tally = [(word, count) for word, count in zip(words, pieces.values(), strict=True) if word]
        if len(tally) < len(pieces):
            counts: Counter[str] = Counter()
            for piece in compress(pieces, map(not_, words)):
                for raw in WORD.findall(piece):
                    counts[raw] += pieces[piece]
            entries = {raw: self._enter(raw) for raw in counts}
            phrases = self._take_phrases(searched, entries, counts) if _has_phrase(entries) else []
            if phrases is None:
                tally = list(Counter(self.words(text)).items())
            else:
                others = [
                    (entry, count) for raw, entry in entries.items() if (count := counts[raw])
                ]
                tally += [(word, count) for entry, count in others for word in entry.words]
                tally += phrases
        return tally if with_stop_words else [each for each in tally if not each[0][2]]

    def _take_phrases(
        self, searched: str, entries: Mapping[str, _Entry], counts: Counter[str]
    ) -> list[tuple[Word, int]] | None:
        """Take the phrases out of what is counted; return what is written there instead.

        None when one of their words is hyphenated into several: then all must be read in order.
        """
        found: list[tuple[Word, int]] = []
        raws = WORD.findall(searched)
        begins = {raw for raw, entry in entries.items() if entry.phrases}
        end = 0
        for place in [place for place, raw in enumerate(raws) if raw in begins]:
            if place < end:
                continue
            parts = [self._read(raw) for raw in raws[place : place + self._longest]]
            if any(len(part) != 1 for part in parts):
                return None
            first, last, written = next(_runs([part[0] for part in parts]))
            if last == first:
                continue
            end = place + last + 1
            counts.subtract(raws[place:end])
            found += [(word, 1) for word in written]
        return found

    def terms(self, text: str) -> list[Term]:
        """Return the words of the text in reading order, with their places."""
        matches = [
            (read, match) for match in WORD.finditer(text) for read in self._read(match.group())
        ]
        return [
            Term(word, matches[first][1].start(), matches[last][1].end())
            for first, last, written in _runs([read for read, _ in matches])
            for word in written
        ]

    def places(self, text: str, *, stems: Collection[str]) -> list[Term]:
        """Return where words with one of the stems stand, in reading order.

        The same as filtering `terms`, but quick when few words of a long text are wanted.
        """
        return self.places_in([text], stems=stems)[0]

    def places_in(self, texts: Sequence[str], *, stems: Collection[str]) -> list[list[Term]]:
        """Return the `places` in each of several texts; a word of many of them is judged once."""
        # Searched as one, between edges that join no words.
        searched = [simplified(text) for text in texts]
        whole = "".join(f"{EDGE}{text}" for text in searched) + EDGE
        written = {piece for text in searched for piece in pieces_of(text)}
        unknown = written.difference(self._plain)
        if len(self._plain) + len(unknown) > _REMEMBERED_WORDS:
            # Now, lest the forms of these very words be forgotten halfway.
            self._turn_over()
            unknown = written.copy()
        for piece in unknown:
            for raw in WORD.findall(piece):
                self._enter(raw)
                written.add(raw)
        wanted = {raw for stem in stems for raw in self._forms.get(stem, ()) if raw in written}
        standing = deque(sorted((start, raw) for raw in wanted for start in starts_of(raw, whole)))
        found, begin = [], 0
        for text in texts:
            begin += len(EDGE)
            end = begin + len(text)
            here = []
            while standing and standing[0][0] < end:
                start, raw = standing.popleft()
                here.append((start - begin, raw))
            found.append(self._places(text, here, stems))
            begin = end
        return found

    def _places(
        self, text: str, candidates: Iterable[tuple[int, str]], stems: Collection[str]
    ) -> list[Term]:
        found: list[Term] = []
        end = 0
        for start, raw in candidates:
            if start < end:
                continue
            # A plain word begins no phrase, so what follows it need not be read.
            if (plain := self._plain.get(raw)) is not None:
                found.append(Term(plain, start, start + len(raw)))
                continue
            here = self._terms_at(text, start, raw)
            end = here[0].end
            found += [term for term in here if term.word.stem in stems]
        return found

    def _terms_at(self, text: str, start: int, raw: str) -> list[Term]:
        """Return the terms that begin with the word at `start`."""
        is_open = any(read.phrases for read in self._read(raw))
        matches = islice(WORD.finditer(text, start), self._longest if is_open else 1)
        reads = [(read, match) for match in matches for read in self._read(match.group())]
        return [
            Term(word, start, reads[last][1].end())
            for first, last, written in _runs([read for read, _ in reads])
            if reads[first][1].start() == start
            for word in written
        ]

    def _read_anew(self, raw: str) -> tuple[_Read, ...]:
        return tuple(self._read_part(part) for part in split_words(raw))

    def _enter(self, raw: str) -> _Entry:
        if (odd := self._odd.get(raw)) is not None:
            return odd
        known = self._plain.get(raw) or self._older.get(raw)
        if known is not None:
            self._remember(raw, known, reach=(known.stem,))
            return _Entry(words=(known,), stems=(), phrases=())
        reads = self._read(raw)
        entry = _Entry(
            words=tuple(word for read in reads for word in read.written),
            stems=tuple(read.stem for read in reads),
            phrases=tuple(phrase for read in reads for phrase in read.phrases),
        )
        is_plain = len(entry.words) == 1 and self._in_phrases.isdisjoint(entry.stems)
        reach = frozenset[str]().union(*(read.reach for read in reads))
        self._remember(raw, entry.words[0] if is_plain else None, reach=reach)
        if not is_plain:
            self._odd[raw] = entry
        return entry

    def _remember(self, raw: str, word: Word | None, *, reach: Iterable[str]) -> None:
        if raw in self._plain:
            return
        if len(self._plain) >= _REMEMBERED_WORDS:
            self._turn_over()
        for stem in reach:
            self._forms.setdefault(stem, []).append(raw)
        self._plain[raw] = word

    def _turn_over(self) -> None:
        """Forget the older words; of the present ones those come back that are still used."""
        self._older, self._plain, self._forms, self._odd = self._plain, {}, {}, {}

    def _read_part(self, surface: str) -> _Read:
        word = self._word(surface)
        written = self._spellings.get(surface) or self._spellings.get(word.stem) or (word,)
        phrases = self._phrases.get(word.stem, ())
        reach = [each.stem for words in (written, *(p.written for p in phrases)) for each in words]
        return _Read(word.stem, written, phrases, frozenset(reach))

    def _word(self, surface: str) -> Word:
        stem: str = self._stemmer.stemWord(surface)
        if stem == surface:
            stem = surface  # one string instead of two alike: most words that are rare are codes
        return Word(stem, surface, surface in self._stop_words)

    def _learn(self, spellings: Mapping[str, str]) -> None:
        phrases: dict[str, list[_Phrase]] = {}
        for variant, written in spellings.items():
            stems = tuple(self._word(word).stem for word in variant.split())
            words = tuple(self._word(word) for word in written.split())
            if len(stems) == 1:
                self._spellings.setdefault(variant, words)
                # "lemotnya" is "lemot" too. But a stem that lost its beginning is another word:
                # what holds for "pembaruan" (update) must not hold for "baru" (new).
                if variant.startswith(stems[0][:_SAME_BEGINNING]):
                    self._spellings.setdefault(stems[0], words)
            else:
                phrases.setdefault(stems[0], []).append(_Phrase(stems, words))
                self._in_phrases.update(stems)
        for first, found in phrases.items():
            self._phrases[first] = tuple(sorted(found, key=lambda phrase: -len(phrase.stems)))


def _has_phrase(entries: Mapping[str, _Entry]) -> bool:
    """Whether all the words of a phrase stand in the text, in whatever order."""
    phrases = [phrase for entry in entries.values() for phrase in entry.phrases]
    if not phrases:
        return False
    stems = {stem for entry in entries.values() for stem in entry.stems}
    return any(stems.issuperset(phrase.stems) for phrase in phrases)


def _runs(reads: Sequence[_Read]) -> Iterator[tuple[int, int, tuple[Word, ...]]]:
    """Return (first, last, what is written there): a phrase takes several words at once."""
    at = 0
    while at < len(reads):
        first, at = at, at + 1
        written = reads[first].written
        for phrase in reads[first].phrases:
            end = first + len(phrase.stems)
            if tuple(read.stem for read in reads[first:end]) == phrase.stems:
                written, at = phrase.written, end
                break
        yield first, at - 1, written


def guess_language(text: str, *, lexicons: Mapping[str, Lexicon], default: str) -> str:
    """Guess the language of a text by which language's own stop words it uses more.

    An informal spelling of a stop word counts as one; a stop word of several languages says
    nothing. With no evidence, or as much on both sides, the answer is `default`.
    """
    raws = Counter(WORD.findall(text.lower() if text.isascii() else text))
    words = [(part, count) for raw, count in raws.items() for part in split_words(raw)]
    votes = dict.fromkeys(lexicons, 0)
    for word, count in words:
        speakers = [
            language
            for language, lexicon in lexicons.items()
            if lexicon.spellings.get(word, word) in lexicon.stop_words
        ]
        if len(speakers) == 1:
            votes[speakers[0]] += count
    best = max(votes.values())
    winners = [language for language, count in votes.items() if count == best]
    return winners[0] if best and len(winners) == 1 else default
