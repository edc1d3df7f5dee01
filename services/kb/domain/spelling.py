"""How far two written words are apart: for typing mistakes."""

import string

_LETTER_BITS = {letter: 1 << bit for bit, letter in enumerate(string.ascii_lowercase)}
_OTHER_BIT = 1 << len(_LETTER_BITS)
_SHORTEST = 5
_LONG = 8


def allowed_mistakes(word: str) -> int:
    """Return how many typing mistakes a word may carry: none when short or with a digit."""
    if len(word) < _SHORTEST or not word.isalpha():
        return 0
    return 2 if len(word) >= _LONG else 1


def letter_set(word: str) -> int:
    """Return the letters of a word as a bit set: one mistake changes at most two bits."""
    bits = 0
    for letter in word:
        bits |= _LETTER_BITS.get(letter, _OTHER_BIT)
    return bits


def distance(one: str, other: str, *, limit: int) -> int:
    """Count the letters to add, drop, change or swap with a neighbour to make one the other.

    Stops early and returns `limit + 1` when the words are further apart than `limit`.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(
                last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != wanted)
            )
            if _is_swap(one, other, row, column):
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return last[-1]


def _is_swap(one: str, other: str, row: int, column: int) -> bool:
    return (
        row > 1
        and column > 1
        and one[row - 1] == other[column - 2]
        and one[row - 2] == other[column - 1]
    )
