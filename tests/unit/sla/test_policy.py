import pytest

from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.facts import Attributes
from services.sla.domain.instants import DAY, MINUTE, micros_of
from services.sla.domain.marks import Threshold, minutes, percents
from services.sla.domain.policy import Policy, read_policy, refuse_unreachable
from tests.unit.sla.histories import MONDAY, book

DOCUMENT = {
    "key": "gold",
    "name": "Gold",
    "position": 10,
    "targets": [
        {"clock": "first_response", "priority": "P1", "minutes": 15, "calendar": "always"},
        {"clock": "resolution", "priority": "P1", "minutes": 240, "calendar": "office"},
    ],
    "organisations": ["PT  Sentosa"],
    "pause_on": ["vendor"],
    "thresholds": [75, 50],
    "reopen_days": 3,
}


def ticket(**changes: str | None) -> Attributes:
    return Attributes(**{"kind": "incident", "priority": "P1"} | changes)


def test_a_policy_is_read_from_its_document() -> None:
    policy = read_policy(DOCUMENT, version=7)

    assert policy.targets["first_response", "P1"].length == 15 * MINUTE
    assert policy.targets["resolution", "P1"].calendar == "office"
    assert policy.thresholds == percents(50, 75, 100)
    assert policy.reopen_window == 3 * DAY
    assert "requester" not in policy.definitions[1].pauses_while
    assert (policy.version, policy.position) == (7, 10)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"thresholds": [50, 0]}, "thresholds.1"),
        ({"thresholds": [1001]}, "thresholds.0"),
        ({"thresholds": [50, 75, 50]}, "thresholds.2"),
        ({"minute_thresholds": [{"minutes_before": 240}]}, "minute_thresholds.0.minutes_before"),
        ({"minute_thresholds": [{"minutes_after": 5}, {}]}, "minute_thresholds.1"),
        (
            {"minute_thresholds": [{"minutes_before": 5, "minutes_after": 5}]},
            "minute_thresholds.0",
        ),
        ({"minute_thresholds": [{"minutes_before": 5}] * 2}, "minute_thresholds.1"),
        ({"clocks": [{"clock": "resolution", "thresholds": [0]}]}, "clocks.0.thresholds.0"),
        (
            {
                "clocks": [
                    {"clock": "first_response", "minute_thresholds": [{"minutes_before": 20}]}
                ]
            },
            "clocks.0.minute_thresholds.0.minutes_before",
        ),
        (
            {"clocks": [{"clock": "ola", "minute_thresholds": [{"minutes_before": 1}]}]},
            "clocks.0.minute_thresholds.0.minutes_before",
        ),
        ({"targets": [*DOCUMENT["targets"], DOCUMENT["targets"][0]]}, "targets.2"),
        ({"targets": [DOCUMENT["targets"][0] | {"minutes": 0}]}, "targets.0.minutes"),
    ],
    ids=[
        "zero percent",
        "too high",
        "twice",
        "before every start",
        "no minutes",
        "before and after",
        "minutes twice",
        "zero percent of a clock",
        "before every start of a clock",
        "of a clock without a target",
        "two targets for one",
        "no time",
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_naming_the_field(
    change: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        read_policy(DOCUMENT | change, version=1)

    assert list(refused.value.errors) == [path]


def test_a_clock_may_have_thresholds_of_its_own_in_place_of_the_policys() -> None:
    around = [{"minutes_before": 10}, {"minutes_after": 60}]
    own = [
        {"clock": "first_response", "thresholds": [100, 80]},
        {"clock": "resolution", "minute_thresholds": []},
    ]

    policy = read_policy(DOCUMENT | {"minute_thresholds": around, "clocks": own}, version=1)

    assert policy.thresholds == (*percents(50, 75, 100), *minutes(-10, 60))
    assert policy.own_thresholds == {
        "first_response": (*percents(80, 100), *minutes(-10, 60)),
        "resolution": percents(50, 75, 100),
    }


def test_a_threshold_before_the_start_of_a_clock_is_left_out_of_that_clock() -> None:
    document = DOCUMENT | {"minute_thresholds": [{"minutes_before": 15}, {"minutes_before": 14}]}

    marks = read_policy(document, version=1).marks

    assert [mark.threshold for mark in marks["first_response", 15 * MINUTE]] == [
        Threshold(0, -14),
        *percents(50, 75, 100),
    ]
    assert [
        (mark.amount // MINUTE, mark.percent) for mark in marks["resolution", 240 * MINUTE]
    ] == [
        (120, 50),
        (180, 75),
        (225, 93),
        (226, 94),
        (240, 100),
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"calendar": "nowhere"}, "targets.0.calendar"),
        ({"calendar": "never"}, "targets.0.minutes"),
        ({"calendar": "office", "minutes": 700_000}, "targets.0.minutes"),
    ],
    ids=["unknown calendar", "never open", "longer than five years of office hours"],
)
def test_a_target_that_can_never_be_due_is_refused(change: dict[str, object], path: str) -> None:
    targets = [DOCUMENT["targets"][0] | change]

    with pytest.raises(InvalidDefinition) as refused:
        refuse_unreachable(DOCUMENT | {"targets": targets}, book=book(), now=micros_of(MONDAY))

    assert list(refused.value.errors) == [path]


def test_a_target_that_can_be_due_is_accepted() -> None:
    refuse_unreachable(DOCUMENT, book=book(), now=micros_of(MONDAY))


@pytest.mark.parametrize(
    "conditions",
    [
        {"kinds": {"service_request"}},
        {"categories": {"network"}},
        {"services": {"erp"}},
        {"organisations": {"pt sentosa"}},
    ],
    ids=lambda conditions: next(iter(conditions)),
)
def test_every_condition_of_a_policy_must_fit(conditions: dict[str, set[str]]) -> None:
    policy = Policy(key="some", version=1, targets={}, **conditions)

    assert not policy.fits(ticket())
    assert policy.fits(
        ticket(
            kind="service_request", category="network", service="erp", organisation="PT SENTOSA "
        )
    )


def test_a_problem_is_promised_only_by_a_policy_that_names_problems() -> None:
    everything = Policy(key="all", version=1, targets={})
    causes = Policy(key="causes", version=1, targets={}, kinds=frozenset({"problem"}))

    assert book(everything).policy_for(ticket(kind="problem")) is None
    assert book(everything, causes).policy_for(ticket(kind="problem")) is causes
    assert book(causes, everything).policy_for(ticket()) is everything


def test_the_first_policy_that_fits_decides() -> None:
    gold = read_policy(DOCUMENT, version=1)
    rest = Policy(key="rest", version=1, targets={})
    both = book(gold, rest)

    assert both.policy_for(ticket(organisation="pt sentosa")) is gold
    assert both.policy_for(ticket(organisation="PT Lain")) is rest
    assert book(gold).policy_for(ticket()) is None
