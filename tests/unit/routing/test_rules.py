import pytest

from services.routing.domain.directory import Directory, Group, Rule
from services.routing.domain.rules import Facts, first_fit, fold, is_findable, triage

DESK = Group(key="desk", name="Service Desk", tier=1, manager="m@desk.example")
NETWORK = Group(key="network", name="Network", tier=2, manager="m@network.example")


def directory(*rules: Rule, groups: tuple[Group, ...] = (DESK, NETWORK)) -> Directory:
    return Directory(groups={group.key: group for group in groups}, rules=rules)


def rule(key: str = "vpn", **parts: object) -> Rule:
    values = {"position": 10, "group": "network", "name": "VPN", "words": ("vpn",)} | parts
    return Rule(key=key, **values)  # type: ignore[arg-type]


def facts(subject: str = "Help", body: str = "please", **parts: object) -> Facts:
    values = {"kind": "incident", "impact": "medium"} | parts
    return Facts(subject=subject, body=body, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("vpn", "VPN is down", True),
        ("vpn", "the (vpn)!", True),
        ("vpn", "openvpnd", False),
        ("gak bisa", "gak\n  bisa konek", True),
        ("gak bisa", "gak lagi bisa", False),
        ("wi-fi", "the wi fi", True),
        ("wifi", "the wi-fi", False),
        ("cafe", "the Café is offline", True),
        ("café", "CAFE", True),
        ("café", "cafe\u0301", True),
        ("strasse", "Straße 5", True),
        ("job_1424", "job 1424 failed", True),
        ("ﬁle", "file server", True),
    ],
)
def test_words_match_whole_without_case_accents_and_punctuation(
    word: str, text: str, is_found: bool
) -> None:
    found, _ = first_fit(facts(body=text), directory=directory(rule(words=(word,))))

    assert (found is not None) is is_found


def test_a_phrase_may_cross_from_subject_to_body_never_into_a_word() -> None:
    fits = directory(rule(words=("kata sandi",)))

    assert first_fit(facts("Lupa kata", "sandi saya"), directory=fits)[0] is not None
    assert first_fit(facts("Lupa kata", "sandiwara"), directory=fits)[0] is None


def test_every_word_that_was_found_is_named_as_the_rule_writes_it() -> None:
    fits = directory(rule(words=("VPN", "Wi-Fi", "printer")))

    _, matched = first_fit(facts("vpn and wi-fi"), directory=fits)

    assert matched == ("VPN", "Wi-Fi")


@pytest.mark.parametrize(
    ("condition", "ticket", "fits"),
    [
        ({"kinds": ("service_request",)}, {}, False),
        ({"kinds": ("service_request", "incident")}, {}, True),
        ({"kinds": ("problem",)}, {"kind": "problem"}, True),
        ({"categories": ("network",)}, {"category": "network"}, True),
        ({"categories": ("network",)}, {"category": None}, False),
        ({"services": ("erp",)}, {"service": "mail"}, False),
        ({"impacts": ("high",)}, {"impact": "high"}, True),
        ({"impacts": ("high",), "services": ("erp",)}, {"impact": "high"}, False),
    ],
)
def test_all_conditions_that_are_given_must_fit(
    condition: dict[str, object], ticket: dict[str, object], fits: bool
) -> None:
    found, _ = first_fit(facts(**ticket), directory=directory(rule(words=(), **condition)))

    assert (found is not None) is fits


def test_the_lowest_position_decides_and_the_key_breaks_a_tie() -> None:
    rules = directory(rule("c", position=20), rule("b"), rule("a"))

    found, _ = first_fit(facts("vpn"), directory=rules)

    assert found is not None
    assert found.key == "a"


def test_inactive_rules_and_rules_to_inactive_groups_are_passed_over() -> None:
    closed = Group(key="old", name="Old", tier=2, manager="m@x.example", active=False)
    rules = directory(
        rule("off", active=False),
        rule("closed", group="old"),
        rule("last"),
        groups=(DESK, NETWORK, closed),
    )

    found, _ = first_fit(facts("vpn"), directory=rules)

    assert found is not None
    assert found.key == "last"


def test_a_rule_gives_group_category_and_skill_with_its_reason() -> None:
    fits = rule(category="net", skill="cisco", skill_level=2)

    found = triage(facts("VPN mati"), directory=directory(fits))

    assert found is not None
    assert (found.group, found.category, found.skill, found.skill_level) == (
        "network",
        "net",
        "cisco",
        2,
    )
    assert (found.rule, found.matched) == ("vpn", ("vpn",))
    assert found.reason == "Rule “VPN” matched “vpn”, which goes to Network"


def test_what_no_rule_claims_goes_to_the_first_active_group_of_the_lowest_tier() -> None:
    groups = (
        NETWORK,
        Group(key="b", name="B", tier=1, manager="m@b.example"),
        Group(key="a", name="A", tier=1, manager="m@a.example", active=False),
        Group(key="c", name="C", tier=1, manager="m@c.example"),
    )

    found = triage(facts(), directory=directory(groups=groups))

    assert found is not None
    assert (found.group, found.rule) == ("b", None)
    assert found.reason == "No rule fits, and B takes what none claims"


def test_a_queue_given_by_the_opener_beats_the_rule_but_keeps_its_need() -> None:
    found = triage(facts("vpn", queue="desk"), directory=directory(rule(skill="cisco")))

    assert found is not None
    assert (found.group, found.skill, found.rule) == ("desk", "cisco", "vpn")
    assert found.reason == "Opened in the queue of Service Desk"


def test_an_unknown_queue_is_said_and_the_rules_decide() -> None:
    found = triage(facts("vpn", queue="ghosts"), directory=directory(rule()))

    assert found is not None
    assert found.group == "network"
    assert found.reason.startswith("There is no active group “ghosts”, so: rule “VPN”")


def test_without_any_active_group_there_is_no_answer() -> None:
    assert triage(facts(), directory=directory(groups=())) is None


def test_a_word_of_punctuation_alone_cannot_be_found() -> None:
    assert not is_findable("… !")
    assert is_findable("c++")
    assert fold("  ") == "  "
