"""Ticket numbers: a slip of the hand never names another ticket."""

import pytest

from services.intake.domain.numbers import (
    NumberMistyped,
    check_digit,
    read_number,
    sought_serials,
    ticket_number,
)

SERIALS = (1001, 1042, 9999, 10_000, 123_456, 999_999_999_999_999_999)


@pytest.mark.parametrize("serial", SERIALS)
@pytest.mark.parametrize("kind", ["incident", "service_request", "problem"])
def test_a_number_is_read_back_as_what_it_names(kind: str, serial: int) -> None:
    assert read_number(ticket_number(kind=kind, serial=serial)) == (kind, serial)


def test_the_check_digit_is_damms() -> None:
    assert check_digit(572) == 4  # the worked example of Damm's thesis


def test_every_mistyped_digit_of_every_four_digit_number_is_seen() -> None:
    seen = {f"{serial}{check_digit(serial)}" for serial in range(1000, 10_000)}
    for right in seen:
        for at, digit in enumerate(right):
            wrong = {right[:at] + other + right[at + 1 :] for other in "0123456789"} - {right}
            assert not wrong & seen, (right, digit)


def test_every_swap_of_neighbours_in_every_five_digit_number_is_seen() -> None:
    for serial in range(10_000, 100_000):
        right = f"{serial}{check_digit(serial)}"
        for at in range(5):
            swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
            if swapped != right and swapped[0] != "0":
                assert check_digit(int(swapped[:-1])) != int(swapped[-1]), right


def test_case_and_blanks_around_a_number_do_not_matter() -> None:
    assert read_number(" inc-1042-9\n") == ("incident", 1042)


@pytest.mark.parametrize(
    "text",
    ["", "1042", "INC-1042", "INC-1042-8", "INC-01042-9", "XYZ-1042-9", "INC-١٠٤٢-9", "INC--9"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberMistyped):
        read_number(text)


def test_a_whole_number_is_sought_alone() -> None:
    assert sought_serials("inc-1042-9") == ("incident", [range(1042, 1043)])


def test_the_beginning_of_a_number_means_every_longer_one() -> None:
    kind, ranges = sought_serials("REQ-10")

    assert kind == "service_request"
    assert ranges[:3] == [range(10, 11), range(100, 110), range(1000, 1100)]
    assert ranges[-1].stop <= 10**18


def test_digits_alone_mean_every_kind() -> None:
    assert sought_serials("1042")[0] is None


def test_words_are_no_number() -> None:
    assert sought_serials("printer 7") == (None, [])
