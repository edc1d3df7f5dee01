from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.assignment import (
    Choice,
    Contender,
    Load,
    Need,
    Weights,
    choose,
    contender,
    explain,
)
from services.routing.domain.decision import Decision, chosen_again
from services.routing.domain.directory import Agent

T = datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
NEED = Need(language="id")
WEIGHTS = Weights()


def someone(agent: str = "ayu", **parts: object) -> Contender:
    values: dict[str, object] = {
        "active": True,
        "away": False,
        "open_tickets": 0,
        "capacity": 10,
        "skill_level": 0,
        "speaks_language": True,
        "last_assigned_at": None,
    }
    return Contender(agent=agent, **values | parts)  # type: ignore[arg-type]


def chosen(*them: Contender, need: Need = NEED, weights: Weights = WEIGHTS) -> Choice:
    return choose(them, need=need, weights=weights)


def failures(choice: Choice) -> dict[str, str | None]:
    return {each.contender.agent: each.failed for each in choice.candidates}


def test_the_lowest_share_of_capacity_wins_not_the_lowest_count() -> None:
    busy_expert = someone("budi", open_tickets=5, capacity=50)
    idle_junior = someone("ayu", open_tickets=2, capacity=4)

    assert chosen(idle_junior, busy_expert).assignee == "budi"


def test_nobody_absent_departed_or_full_gets_a_ticket() -> None:
    choice = chosen(
        someone("away", away=True),
        someone("gone", active=False),
        someone("full", open_tickets=10),
        someone("over", open_tickets=12),
    )

    assert choice.assignee is None
    assert failures(choice) == {"away": "away", "gone": "inactive", "full": "full", "over": "full"}


def test_who_gave_the_ticket_back_does_not_get_it_again() -> None:
    choice = chosen(
        someone("ayu"),
        someone("budi", open_tickets=9),
        need=Need(language="id", excluded=("ayu",)),
    )

    assert choice.assignee == "budi"
    assert failures(choice)["ayu"] == "gave_back"


def test_language_outweighs_a_little_load_but_not_much() -> None:
    speaks = someone("ayu", open_tickets=2)
    nearly = someone("budi", open_tickets=0, speaks_language=False)

    assert chosen(speaks, nearly).assignee == "ayu"
    assert chosen(someone("ayu", open_tickets=3), nearly).assignee == "budi"


def test_the_level_that_was_asked_for_keeps_experts_free() -> None:
    need = Need(language="id", skill="vpn", level=1)

    choice = chosen(someone("expert", skill_level=3), someone("junior", skill_level=1), need=need)

    assert choice.assignee == "junior"


def test_where_nobody_knows_enough_a_lower_level_is_accepted_and_said() -> None:
    need = Need(language="en", skill="vpn", level=3)
    them = (
        someone("ayu", skill_level=2, open_tickets=3, speaks_language=False),
        someone("budi", skill_level=1),
        someone("citra", skill_level=3, away=True),
    )

    choice = chosen(*them, need=need)

    assert (choice.assignee, choice.level) == ("ayu", 2)
    assert failures(choice) == {"ayu": None, "budi": "skill", "citra": "away"}
    assert explain(choice, need=need, names={"ayu": "Ayu"}) == (
        "nobody free knows vpn at level 3, so level 2 was accepted; "
        "Ayu is the only one who can take it (3 of 10 open tickets, vpn level 2)"
    )


def test_where_nobody_knows_anything_any_member_will_do_and_it_is_said() -> None:
    need = Need(language="id", skill="vpn", level=2)

    choice = chosen(someone("ayu"), someone("budi"), need=need)

    assert (choice.assignee, choice.level) == ("ayu", 0)
    assert "any member would do" in explain(choice, need=need, names={})


def test_a_tie_goes_to_who_waited_longest_then_by_key() -> None:
    recent = someone("ayu", last_assigned_at=T)
    earlier = someone("budi", last_assigned_at=T - timedelta(microseconds=1))
    never = someone("dewi")

    assert chosen(recent, earlier).assignee == "budi"
    assert chosen(recent, earlier, never).assignee == "dewi"
    assert chosen(someone("zul"), never).assignee == "dewi"


def test_the_parts_of_the_score_add_up() -> None:
    need = Need(language="id", skill="vpn", level=1)

    choice = chosen(someone(open_tickets=3, capacity=7, skill_level=3), need=need)

    parts = dict(choice.candidates[0].parts)
    assert parts == {"load": 0.428571, "skill": 0.333333, "language": -0.25, "total": 0.511904}


def test_an_empty_group_is_said_to_be_empty() -> None:
    assert "no agents" in explain(chosen(), need=NEED, names={})


def test_when_nobody_is_free_each_reason_is_counted() -> None:
    choice = chosen(someone("a", away=True), someone("b", away=True), someone("c", capacity=0))

    assert explain(choice, need=NEED, names={}) == (
        "nobody can take it now (2 away, 1 at capacity), so it waits in the group’s queue"
    )


def test_facts_are_taken_from_the_agent_the_need_and_the_load() -> None:
    agent = Agent(
        key="ayu",
        name="Ayu",
        email="ayu@desk.example",
        groups=("desk",),
        skills={"vpn": 2},
        languages=("en",),
        capacity=7,
    )
    load = Load(open_tickets=3, last_assigned_at=T)

    found = contender(agent, need=Need(language="id", skill="vpn"), load=load)

    assert found == someone(
        open_tickets=3, capacity=7, skill_level=2, speaks_language=False, last_assigned_at=T
    )


contenders = st.lists(
    st.builds(
        Contender,
        agent=st.sampled_from([f"agent-{n}" for n in range(12)]),
        active=st.booleans(),
        away=st.booleans(),
        open_tickets=st.integers(0, 6),
        capacity=st.integers(1, 5),
        skill_level=st.integers(0, 3),
        speaks_language=st.booleans(),
        last_assigned_at=st.none() | st.sampled_from([T, T - timedelta(hours=1)]),
    ),
    max_size=8,
    unique_by=lambda each: each.agent,
)
needs = st.builds(
    Need,
    language=st.just("id"),
    skill=st.none() | st.just("vpn"),
    level=st.integers(1, 3),
    excluded=st.just(()) | st.just(("agent-1",)),
)


@given(them=contenders, need=needs, seed=st.randoms())
def test_the_order_in_which_agents_are_looked_at_changes_nothing(them, need, seed) -> None:
    shuffled = list(them)
    seed.shuffle(shuffled)

    assert chosen(*them, need=need).assignee == chosen(*shuffled, need=need).assignee


@given(them=contenders, need=needs)
def test_the_ticket_goes_to_nobody_only_when_nobody_may_have_it(them, need) -> None:
    choice = chosen(*them, need=need)

    may = [
        each.agent
        for each in them
        if each.active
        and not each.away
        and each.open_tickets < each.capacity
        and each.agent not in need.excluded
    ]
    assert (choice.assignee in may) if may else choice.assignee is None


@given(them=contenders, need=needs)
def test_replaying_a_decision_record_gives_the_same_decision(them, need) -> None:
    first = chosen(*them, need=need)
    record = Decision(
        revision=1,
        decided_at=T,
        group="desk",
        tier=1,
        assignee=first.assignee,
        reason_code="rule",
        reason="",
        need=need,
        weights=WEIGHTS,
        candidates=first.candidates,
    )

    assert chosen_again(record) == first


def test_a_decision_that_chose_among_nobody_replays_to_nobody() -> None:
    by_hand = Decision(
        revision=2,
        decided_at=T,
        group="desk",
        tier=1,
        assignee="ayu",
        reason_code="manual",
        reason="",
    )

    assert chosen_again(by_hand).candidates == ()
