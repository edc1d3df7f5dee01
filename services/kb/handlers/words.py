"""The desk's own words: saved, shown, and learned by each process's index."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.database import Transaction
from contracts import kb as contract
from contracts.errors import Conflict, Invalid
from contracts.intake import Language
from services.kb.domain.analysis import Analyzer, Lexicon, extended
from services.kb.domain.reading import read_words
from services.kb.domain.written import fold
from services.kb.index.replica import Replica
from services.kb.store import words as store


def get_words(
    question: contract.GetWords, *, tx: Transaction, replica: Replica
) -> contract.OwnWords:
    """Show a language's words."""
    return _own_words(question.language, tx=tx, replica=replica)


def put_words(
    command: contract.WordsSpec, *, tx: Transaction, replica: Replica
) -> contract.OwnWords:
    """Save a language's words; what does not differ is no new version.

    Raises:
        Invalid: a variant is given twice, or a word has no letter or digit.
        Conflict: somebody saved them meanwhile.
    """
    spellings = _tidied(command.spellings)
    stop_words = _told_apart(command.stop_words)
    saved = store.own_words_of(tx.session, language=command.language)
    version = saved["version"] if saved else 0
    if command.version not in {None, version}:
        raise _stale(version)
    before = (saved["spellings"], saved["stop_words"]) if saved else ([], [])
    if before != (spellings, stop_words) and not store.save_words(
        tx,
        language=command.language,
        version=version + 1,
        spellings=spellings,
        stop_words=stop_words,
        author=command.actor.id,
        now=tx.now,
    ):
        raise _stale(version + 1)
    return _own_words(command.language, tx=tx, replica=replica)


def read_text(
    question: contract.ReadText, *, tx: Transaction, replica: Replica
) -> contract.TextRead:
    """Show how a sentence is read with the words that are saved now, learned here or not."""
    language = question.language
    lexicon = _extended(
        replica.packaged[language], store.own_words_of(tx.session, language=language)
    )
    read = read_words(question.text, analyzer=Analyzer(lexicon))
    return contract.TextRead(
        language=language, items=tuple(contract.WordRead(**vars(each)) for each in read)
    )


def learn_words(tx: Transaction, *, replica: Replica) -> None:
    """Let this process's index go over to the saved words, if they are not its own already."""
    version = store.words_version(tx.session)
    if version != replica.words_version:
        lexicons = {
            language: _extended(lexicon, store.own_words_of(tx.session, language=language))
            for language, lexicon in replica.packaged.items()
        }
        replica.learn(lexicons, version=version)


def _extended(lexicon: Lexicon, saved: Mapping[Any, Any] | None) -> Lexicon:
    if saved is None:
        return lexicon
    return extended(
        lexicon,
        spellings={
            variant: spelling["written"]
            for spelling in saved["spellings"]
            for variant in spelling["variants"]
        },
        stop_words=saved["stop_words"],
    )


def _tidied(spellings: Iterable[contract.Spelling]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    tidied = []
    for number, spelling in enumerate(spellings):
        variants = [_folded(each) for each in spelling.variants]
        for place, variant in enumerate(variants):
            field = f"spellings.{number}.variants.{place}"
            if not variant:
                raise _wrong(field, "Needs a letter or a digit.")
            if variant in seen:
                raise _wrong(field, "Is given twice.")
            seen.add(variant)
        written = _folded(spelling.written)
        if not written:
            raise _wrong(f"spellings.{number}.written", "Needs a letter or a digit.")
        tidied.append({"written": written, "variants": variants})
    return tidied


def _told_apart(words: Iterable[str]) -> list[str]:
    folded = [_folded(word) for word in words]
    if "" in folded:
        raise _wrong(f"stop_words.{folded.index('')}", "Needs a letter or a digit.")
    return sorted(set(folded))


def _folded(words: str) -> str:
    return " ".join(fold(words).split()) if any(map(str.isalnum, words)) else ""


def _own_words(language: Language, *, tx: Transaction, replica: Replica) -> contract.OwnWords:
    saved = store.own_words_of(tx.session, language=language)
    packaged = replica.packaged[language]
    return contract.OwnWords(
        language=language,
        version=saved["version"] if saved else 0,
        spellings=tuple(map(_spelling, saved["spellings"])) if saved else (),
        stop_words=tuple(saved["stop_words"]) if saved else (),
        updated_at=saved["updated_at"] if saved else None,
        updated_by=saved["updated_by"] if saved else None,
        packaged_spellings=_grouped(packaged.spellings),
        packaged_stop_words=tuple(sorted(packaged.stop_words)),
    )


def _spelling(plain: Mapping[str, Any]) -> contract.Spelling:
    return contract.Spelling(written=plain["written"], variants=tuple(plain["variants"]))


def _grouped(spellings: Mapping[str, str]) -> tuple[contract.Spelling, ...]:
    variants: dict[str, list[str]] = {}
    for variant, written in spellings.items():
        variants.setdefault(written, []).append(variant)
    return tuple(
        contract.Spelling(written=written, variants=tuple(variants[written]))
        for written in sorted(variants)
    )


def _wrong(field: str, message: str) -> Invalid:
    return Invalid("invalid", f"{field}: {message}", {"errors": {field: [message]}})


def _stale(version: int) -> Conflict:
    return Conflict("stale_version", "The words were saved by somebody else.", {"version": version})
