"""A first draft of an article, from what is known of a resolved ticket."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.kb.domain.redaction import redact

_LONGEST_TITLE = 200
_LONGEST_KEY = 48
_LONGEST_PART = 15_000  # characters, so that all parts together stay within an article's limit
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
# From this line on a letter says good-bye; names, titles and offices follow.
_CLOSING = re.compile(
    r"^[^\w\n]{0,8}(?:terima ?kasih|makasih|trims|tks|salam|hormat (?:kami|saya)|thanks|thank you|"
    r"thx|(?:best |kind )?regards|cheers)\b[^.?!\n]{0,40}[.,!]?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "body": "Gejala",
        "text": "Penyelesaian",
        "steps": "Langkah",
        "prevention": "Agar tidak terulang",
    },
    "en": {
        "body": "What you see",
        "text": "What to do",
        "steps": "Steps",
        "prevention": "So that it does not happen again",
    },
}
# Of a problem that is not solved there is a workaround, at most; somebody is to write it down.
_HEADINGS_OF_WORKAROUNDS: Mapping[str, str] = {"id": "Solusi sementara", "en": "Workaround"}
_TO_BE_WRITTEN = "…"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A resolved ticket, as far as an article could be made of it.

    Attributes:
        names: The people of the ticket: their names and e-mail addresses.
        is_problem: It is a problem: the draft is its known error.
    """

    subject: str
    body: str
    text: str
    steps: str
    prevention: str
    names: Collection[str]
    is_problem: bool = False


@dataclass(frozen=True)
class Draft:
    """A title and a text without personal data, and how much was taken out."""

    title: str
    body: str
    removed: Mapping[str, int]


def draft(case: Case, *, language: str) -> Draft:
    """Make a draft of a ticket: what was seen, what was done, how to prevent it."""
    removed: Counter[str] = Counter()

    def clean(text: str) -> str:
        found = redact(text, names=case.names, language=language)
        removed.update(found.removed)
        return found.text.strip()

    title = clean(" ".join(case.subject.split()))[:_LONGEST_TITLE].strip()
    parts = []
    for name, heading in _HEADINGS[language].items():
        said = getattr(case, name)
        kept = clean(_without_closing(said) if name == "body" else said)[:_LONGEST_PART]
        if name == "text" and case.is_problem:
            parts.append(f"## {_HEADINGS_OF_WORKAROUNDS[language]}\n\n{kept or _TO_BE_WRITTEN}")
        elif kept:
            parts.append(f"## {heading}\n\n{kept}")
    return Draft(title or "–", "\n\n".join(parts) or "–", dict(removed))


def key_for(title: str, *, tail: str) -> str:
    """A key for a title: its letters without accents, its words joined by hyphens, and a tail."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NOT_IN_A_KEY.sub("-", plain)[:_LONGEST_KEY].strip("-") or "article"
    return f"{words}-{_NOT_IN_A_KEY.sub('', tail.lower())}"


def _without_closing(text: str) -> str:
    """A letter without its good-bye, unless that is all there is."""
    found = _CLOSING.search(text)
    return text[: found.start()] if found and text[: found.start()].strip() else text
