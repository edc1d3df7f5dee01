"""How files beside articles are called, how large they are and how many.

Said here since whoever sends many files wants to know before the first one is kept.
"""

import re

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z"
MOST_BYTES = 1_048_576
MOST_FILES = 20  # of one article


def is_name(text: str) -> bool:
    """Whether a file may be called so."""
    return re.match(NAME, text) is not None
