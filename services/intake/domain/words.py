"""Words: what of a subject can be searched for."""

import re
import unicodedata

MAX_WORD = 64  # characters; the rest of a longer word is not searched
_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """The different words of a text in their order, without case and accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in spread if not unicodedata.combining(char))
    return tuple(dict.fromkeys(word[:MAX_WORD] for word in _WORD.findall(plain)))
