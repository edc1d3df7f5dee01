"""Files on messages: how large, how many, and how long one waits for its message."""

from collections.abc import Sequence
from datetime import timedelta

from services.intake.domain.lifecycle import FieldsRefused

MIB = 1_048_576
MOST_BYTES = 4 * MIB
MOST_OF_MESSAGE = 10
MOST_BYTES_OF_MESSAGE = 10 * MIB
MOST_OF_TICKET = 200
MOST_BYTES_OF_TICKET = 100 * MIB
MOST_WAITING = 50  # of one person, so that nobody fills the shelves with what is never sent
WAITS = timedelta(days=1)


def check_fit(sizes: Sequence[int], *, on_ticket: Sequence[int]) -> None:
    """Let only as much through as one message and one ticket hold.

    Args:
        sizes: of the message's files, in bytes.
        on_ticket: of the files that the ticket's messages have already.

    Raises:
        FieldsRefused: too many, or too large together.
    """
    if len(sizes) > MOST_OF_MESSAGE or sum(sizes) > MOST_BYTES_OF_MESSAGE:
        raise FieldsRefused(attachments=_full(MOST_OF_MESSAGE, MOST_BYTES_OF_MESSAGE, "message"))
    together = (*sizes, *on_ticket)
    if len(together) > MOST_OF_TICKET or sum(together) > MOST_BYTES_OF_TICKET:
        raise FieldsRefused(attachments=_full(MOST_OF_TICKET, MOST_BYTES_OF_TICKET, "ticket"))


def _full(files: int, most_bytes: int, what: str) -> str:
    return f"A {what} has at most {files} files of together {most_bytes} bytes."
