import pytest

from services.intake.domain.attachments import (
    MIB,
    MOST_BYTES_OF_MESSAGE,
    MOST_BYTES_OF_TICKET,
    MOST_OF_MESSAGE,
    MOST_OF_TICKET,
    check_fit,
)
from services.intake.domain.lifecycle import FieldsRefused


def test_a_message_and_a_ticket_may_be_full_to_the_last_byte() -> None:
    check_fit([MIB] * MOST_OF_MESSAGE, on_ticket=[])
    check_fit([1] * MOST_OF_MESSAGE, on_ticket=[1] * (MOST_OF_TICKET - MOST_OF_MESSAGE))
    check_fit([MIB], on_ticket=[MOST_BYTES_OF_TICKET - MIB])


@pytest.mark.parametrize(
    ("sizes", "on_ticket", "what"),
    [
        ([1] * (MOST_OF_MESSAGE + 1), [], "message"),
        ([MOST_BYTES_OF_MESSAGE, 1], [], "message"),
        ([1], [1] * MOST_OF_TICKET, "ticket"),
        ([1], [MOST_BYTES_OF_TICKET], "ticket"),
    ],
)
def test_one_more_does_not_fit(sizes: list[int], on_ticket: list[int], what: str) -> None:
    with pytest.raises(FieldsRefused) as refused:
        check_fit(sizes, on_ticket=on_ticket)

    assert refused.value.errors["attachments"].startswith(f"A {what}")
