import re
from typing import get_args

import pytest

from contracts import intake, kb, routing, sla
from gateway.access import RANKS
from gateway.portal import labels
from gateway.portal.catalogue import catalogues, said

_PLACE = re.compile(r"%\((\w+)\)s")


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def test_every_message_is_said_in_every_language() -> None:
    present = {message.id for message in said() if message.id}
    for path, catalogue in catalogues():
        translated = {m.id for m in catalogue if m.id and all(_texts(m.string))}

        assert present - translated == set(), path
        assert translated - present == set(), path


def test_a_translation_fills_the_same_places() -> None:
    for _, catalogue in catalogues():
        for message in catalogue:
            places = {place for text in _texts(message.id) for place in _PLACE.findall(text)}
            for text in _texts(message.string):
                assert set(_PLACE.findall(text)) <= places, message.id
                if isinstance(message.id, str):
                    assert set(_PLACE.findall(text)) == places, message.id


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (get_args(intake.Kind), labels.KINDS),
        (get_args(intake.Kind), labels.NEEDS),
        (get_args(intake.Channel), labels.CHANNELS),
        (get_args(intake.Status), labels.STATUSES),
        (get_args(intake.Priority), labels.PRIORITIES),
        (get_args(intake.Level), labels.IMPACTS),
        (get_args(intake.Level), labels.URGENCIES),
        (get_args(intake.PendingReason), labels.PENDING_REASONS),
        (get_args(intake.SlaState), labels.SLA_STATES),
        (get_args(intake.SortOrder), labels.SORTS),
        (get_args(routing.TransferReason), labels.TRANSFER_REASONS),
        (get_args(routing.EscalationKind), labels.ESCALATIONS),
        (get_args(sla.ClockKind), labels.CLOCKS),
        (get_args(sla.ClockState), labels.CLOCK_STATES),
        (get_args(kb.Audience), labels.AUDIENCES),
        (get_args(kb.ArticleStatus), labels.ARTICLE_STATUSES),
        (get_args(kb.FeedbackReason), labels.FEEDBACK_REASONS),
        (get_args(kb.StaleReason), labels.STALE_REASONS),
        (get_args(kb.ProblemState), labels.PROBLEM_STATES),
        (RANKS, labels.ROLES),
    ],
)
def test_every_code_of_the_contracts_has_a_word(
    codes: tuple[str, ...], table: labels.Labels
) -> None:
    assert set(codes) == set(table)
