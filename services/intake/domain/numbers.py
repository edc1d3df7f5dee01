"""Ticket numbers: `INC-1042-9` is an incident, 1042 its serial, 6 a check digit.

The check digit is Damm's (H. M. Damm, *Total anti-symmetrische Quasigruppen*, Marburg 2004): unlike
ISO/IEC 7064 MOD 11,10 it sees every mistyped digit and every swap of two neighbours, with digits
alone. Serials are unique across the desk, so the prefix carries no part of the identity; it must
fit all the same.
"""

import re
from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {
    "incident": "INC",
    "service_request": "REQ",
    "problem": "PRB",
}
KINDS: Mapping[str, str] = {prefix: kind for kind, prefix in PREFIXES.items()}
MAX_SERIAL_DIGITS = 18  # what a 64-bit key can hold

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_PREFIX = "|".join(KINDS)
_NUMBER = re.compile(rf"({_PREFIX})-([1-9][0-9]{{0,17}})-([0-9])")
_SOUGHT = re.compile(rf"(?:({_PREFIX})-?)?([1-9][0-9]{{0,17}})")


class NumberMistyped(Exception):
    """The text is not a ticket number: its form or its check digit is wrong."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number)
        self.number = number


def check_digit(serial: int) -> int:
    """Damm's check digit of a serial."""
    interim = 0
    for digit in str(serial):
        interim = _DAMM[interim][int(digit)]
    return interim


def ticket_number(*, kind: str, serial: int) -> str:
    """The number people read, write and say."""
    return f"{PREFIXES[kind]}-{serial}-{check_digit(serial)}"


def read_number(text: str) -> tuple[str, int]:
    """Kind and serial of a ticket number; case and surrounding blanks do not matter.

    Raises:
        NumberMistyped: the form is wrong, or a digit is.
    """
    found = _NUMBER.fullmatch(text.strip().upper())
    if found is None or check_digit(int(found[2])) != int(found[3]):
        raise NumberMistyped(number=text)
    return KINDS[found[1]], int(found[2])


def sought_serials(text: str) -> tuple[str | None, list[range]]:
    """Kind and serials a search text can mean: a whole number, or how a number begins.

    `INC-1042-9` and its like mean one serial. `INC-10` and `10` mean every serial that begins with
    10, as ranges, one for each length. Any other text means none.
    """
    try:
        kind, serial = read_number(text)
    except NumberMistyped:
        begun = _SOUGHT.fullmatch(text.strip().upper())
        return _serials_beginning(begun) if begun else (None, [])
    return kind, [range(serial, serial + 1)]


def _serials_beginning(begun: re.Match[str]) -> tuple[str | None, list[range]]:
    first = int(begun[2])
    spare = MAX_SERIAL_DIGITS - len(begun[2])
    ranges = [range(first * 10**more, (first + 1) * 10**more) for more in range(spare + 1)]
    return KINDS.get(begun[1] or ""), ranges
