import pytest
import sqlalchemy as sa

from contracts.errors import Invalid
from contracts.routing import LIST_AGENTS, LIST_GROUPS, LIST_RULES
from services.routing.models import DirectoryState


def revision(house) -> str | None:
    with house.database.read() as tx:
        return tx.session.scalar(sa.select(DirectoryState.revision))


def refused(call) -> list[str]:
    with pytest.raises(Invalid) as found:
        call()
    return list(found.value.errors)


def test_saving_the_same_again_changes_nothing(staffed) -> None:
    before = revision(staffed)

    staffed.group("desk", 1, next_group="network")
    staffed.agent("ayu", "desk")
    staffed.rule("vpn", "network", "vpn", category="net", skill="vpn", skill_level=2)

    assert revision(staffed) == before


def test_a_change_is_seen_by_the_next_decision(staffed) -> None:
    staffed.opened("vpn")

    staffed.rule("vpn", "desk", "vpn")

    assert staffed.assignment(staffed.opened("vpn")).group == "desk"
    assert len(staffed.ask(LIST_RULES).items) == 1


def test_a_group_names_what_is_wrong_with_its_next_one(staffed) -> None:
    assert refused(lambda: staffed.group("new", next_group="ghosts")) == ["next_group"]
    assert refused(lambda: staffed.group("new", next_group="new")) == ["next_group"]
    assert refused(lambda: staffed.group("new", 3, next_group="desk")) == ["next_group"]


def test_an_agent_names_every_unknown_group_and_wrong_level(staffed) -> None:
    wrong = refused(
        lambda: staffed.agent("eka", "desk", "ghosts", "other", skills={"vpn": 4, "erp": 1})
    )

    assert wrong == ["groups.1", "groups.2", "skills.vpn"]


def test_a_rule_names_its_unknown_group_and_words_that_cannot_be_found(staffed) -> None:
    assert refused(lambda: staffed.rule("r", "ghosts", "ok", "…", "x" * 101)) == [
        "group",
        "words.1",
        "words.2",
    ]


def test_a_refused_entry_leaves_no_trace(staffed) -> None:
    before = revision(staffed)

    refused(lambda: staffed.agent("eka", "ghosts"))

    assert revision(staffed) == before
    assert "eka" not in staffed.loads()


def test_groups_are_listed_by_tier_and_name_with_what_they_have_in_hand(staffed) -> None:
    staffed.group("walk-in", 1)
    staffed.opened()
    staffed.resolved(staffed.opened())
    staffed.opened("vpn", group="network", origin="replay")

    listed = staffed.ask(LIST_GROUPS).items

    assert [(each.spec.key, each.agents, each.open_tickets) for each in listed] == [
        ("desk", 2, 1),
        ("walk-in", 0, 0),
        ("network", 1, 1),
    ]


def test_agents_and_rules_are_listed_as_they_were_saved(staffed) -> None:
    staffed.agent("citra", "network", skills={"vpn": 2}, languages=["en", "id"], capacity=3)
    staffed.rule("a", "desk", position=5, kinds=["incident"], impacts=["high"], active=False)

    citra = next(each.spec for each in staffed.ask(LIST_AGENTS).items if each.spec.key == "citra")
    first, second = staffed.ask(LIST_RULES).items

    assert (citra.languages, citra.capacity, dict(citra.skills)) == (("en", "id"), 3, {"vpn": 2})
    assert (first.key, first.kinds, first.impacts, first.active) == (
        "a",
        ("incident",),
        ("high",),
        False,
    )
    assert second.key == "vpn"


def test_a_group_named_twice_counts_once(staffed) -> None:
    staffed.agent("ayu", "desk", "desk")

    assert staffed.ask(LIST_AGENTS).items[0].spec.groups == ("desk",)
