"""What must not get from a ticket into an article: names, addresses, numbers of people and things.

Rules, not guesses: names are those of the people of the ticket, and whoever an honorific names;
everything else is known by its form. A writer reads the draft before anybody else does.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

_HONORIFICS = (
    *("bapak", "pak", "bpk", "ibu", "bu", "mas", "mbak", "mba", "kak", "kakak", "bang"),
    *("sdr", "sdri", "mr", "mrs", "ms", "dear", "yth"),
)
_SHORTEST_NAME_PART = 3
_LETTER = r"[^\W\d_]"

_HEX = r"[0-9a-f]{1,4}"
# In this order: an address holds digits, and a long number must not be read as a telephone's.
# Every form is bounded and starts at a border, so that a long text takes no longer than its length.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(form, re.IGNORECASE))
    for kind, form in (
        ("email", r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
        ("ticket", r"\b(?:INC|REQ)-?\d{1,18}(?:-\d)?\b"),
        ("address", r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"),
        ("address", r"\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?\b"),
        ("address", rf"(?<![\w:])(?:{_HEX}:){{3,7}}{_HEX}(?![\w:])"),
        ("address", rf"(?<![\w:])(?:{_HEX}:){{1,7}}:(?:{_HEX})?(?![\w:])"),
        ("phone", r"(?<![\w.])(?:\+\d{1,3}|\(0\d{1,3}\)|0\d)[\d ().-]{6,16}\d(?!\w|\.\d)"),
        ("number", r"(?<![\w.])(?:\d[ .-]?){8,20}\d\b"),
    )
)
_PLACEHOLDERS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "name": "[nama]",
        "email": "[email]",
        "ticket": "[tiket]",
        "address": "[alamat IP]",
        "phone": "[telepon]",
        "number": "[nomor]",
    },
    "en": {
        "name": "[name]",
        "email": "[e-mail]",
        "ticket": "[ticket]",
        "address": "[IP address]",
        "phone": "[phone]",
        "number": "[number]",
    },
}
_NAME = rf"[A-Z]{_LETTER}{{2,30}}"
_HONOURED = re.compile(
    rf"\b((?i:{'|'.join(_HONORIFICS)})\.?[ \t]{{1,3}})({_NAME}(?:[ \t]{_NAME}){{0,2}})"
)


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, and how much of each kind was taken out."""

    text: str
    removed: Mapping[str, int]


def redact(text: str, *, names: Collection[str], language: str) -> Redacted:
    """Take personal data out of a text.

    Args:
        text: What somebody wrote.
        names: The people of the ticket: their names and e-mail addresses.
        language: Of the words that stand in for what was taken out.
    """
    stand_ins = _PLACEHOLDERS[language]
    removed: Counter[str] = Counter()

    def out(kind: str) -> Callable[[re.Match[str]], str]:
        def replace(_found: re.Match[str]) -> str:
            removed[kind] += 1
            return stand_ins[kind]

        return replace

    for kind, form in _FORMS:
        text = form.sub(out(kind), text)
    for known in _name_forms(names):
        text = known.sub(out("name"), text)

    def unname(found: re.Match[str]) -> str:
        removed["name"] += 1
        return found[1] + stand_ins["name"]

    return Redacted(_HONOURED.sub(unname, text), dict(removed))


def _name_forms(names: Collection[str]) -> list[re.Pattern[str]]:
    """Patterns for whole names, then for their parts.

    A part may be an everyday word (`Bulan`, `May`): by itself it is a name only where it is written
    as one, with a capital.
    """
    whole = {" ".join(_parts(name)) for name in names} - {""}
    every = (part for name in names for part in _parts(name))
    parts = {part for part in every if len(part) >= _SHORTEST_NAME_PART}
    patterns = [
        re.compile(rf"\b{re.escape(name).replace(chr(92) + ' ', r'[ .]+')}\b", re.IGNORECASE)
        for name in sorted(whole, key=len, reverse=True)
        if " " in name
    ]
    patterns += [
        re.compile(rf"\b(?:{re.escape(part.capitalize())}|{re.escape(part.upper())})\b")
        for part in sorted(parts, key=len, reverse=True)
    ]
    return patterns


def _parts(name: str) -> list[str]:
    """The words of a name, or of an address before its @."""
    return [part for part in re.split(r"[\W\d_]+", name.partition("@")[0]) if part]
