"""What was used before a rebase stays as it was counted, whatever happens to the ticket later."""

from services.sla.domain.calendar import Calendar, Opening
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import OLA, RESOLUTION, standard_definitions
from services.sla.domain.fold import Rebase, fold
from services.sla.domain.instants import HOUR
from services.sla.domain.policy import Book, Policy, Target
from services.sla.domain.timetable import Timetable
from tests.unit.sla.histories import ALWAYS, OFFICE, Life, at, policy

# Eight to five with a break of an hour; after the edit eight to ten only.
MORNINGS = Timetable(
    Calendar(key="office", version=5, zone="Asia/Jakarta", week=((Opening(480, 600),),) * 7)
)
LENGTHS = {"P2": (None, 12 * HOUR), "P3": (None, 10 * HOUR), "P1": (None, 3 * HOUR)}
STANDARD = policy(LENGTHS, calendar="office")
NEWER = policy(LENGTHS, calendar="office", version=3)


def editions(before: Policy = STANDARD, after: Policy = NEWER) -> tuple[Book, Book]:
    return (
        Book(edition=1, policies=(before,), timetables={"office": OFFICE, "always": ALWAYS}),
        Book(edition=2, policies=(after,), timetables={"office": MORNINGS, "always": ALWAYS}),
    )


def after_the_edit(
    life: Life, hours: float, *, seq: int, chosen: float, books: tuple[Book, Book] | None = None
) -> Clock:
    """The last clock of a life that was rebased after entry `seq` at `chosen`."""
    old, new = books or editions()
    folded = fold(life.facts, book=old, rebases=[Rebase(seq=seq, at=at(chosen), book=new)])
    return folded.clocks(now=at(hours))[-1]


def test_a_new_priority_after_a_rebase_keeps_the_time_before_as_it_was_counted() -> None:
    life = Life().reprioritised(25, "P2")

    # Four hours of Monday morning by the old calendar, one of Tuesday's by the new one.
    clock = after_the_edit(life, 25, seq=1, chosen=4)

    assert (clock.elapsed, clock.target) == (5 * HOUR, 12 * HOUR)
    # Seven are left: one on Tuesday, two a day until Friday at ten.
    assert clock.due_at == at(4 * 24 + 2)


def test_a_raised_priority_breaches_by_the_time_as_it_was_counted() -> None:
    life = Life().reprioritised(5, "P1")

    clock = after_the_edit(life, 5, seq=1, chosen=4)

    assert (clock.elapsed, clock.breached_at, clock.cause) == (4 * HOUR, at(5), "reprioritised")


def test_a_pause_before_the_rebase_stays_a_pause_by_the_rules_of_then() -> None:
    patient = policy(
        LENGTHS, calendar="office", version=3, definitions=standard_definitions(["vendor"])
    )
    life = Life().pending(2).working(3).reprioritised(25, "P2")

    # Waiting for the requester paused when it happened; by the newer rules it would not.
    clock = after_the_edit(life, 25, seq=3, chosen=4, books=editions(after=patient))

    assert clock.elapsed == 4 * HOUR


def test_a_ticket_solved_before_the_rebase_and_reopened_goes_on_with_what_was_counted() -> None:
    life = Life().resolved(4).reopened(24)

    clock = after_the_edit(life, 25, seq=2, chosen=20)

    assert (clock.elapsed, clock.due_at) == (5 * HOUR, at(3 * 24 + 2))


def test_a_target_that_moved_to_another_calendar_counts_by_each_in_its_time() -> None:
    around_the_clock = policy(LENGTHS, calendar="always", version=3)
    life = Life().reprioritised(25, "P2")

    clock = after_the_edit(life, 25, seq=1, chosen=24, books=editions(after=around_the_clock))

    # Eight hours of Monday by the office, one of Tuesday by the clock.
    assert (clock.elapsed, clock.due_at) == (9 * HOUR, at(28))


def test_a_priority_that_had_no_target_then_counts_by_the_calendar_of_then() -> None:
    poor = policy({"P3": (None, 10 * HOUR)}, calendar="office")
    life = Life().reprioritised(25, "P2")

    clock = after_the_edit(life, 25, seq=1, chosen=4, books=editions(before=poor))

    assert clock.elapsed == 5 * HOUR


def test_after_two_rebases_each_stretch_stays_counted_by_its_own_book() -> None:
    old, new = editions()
    newest = Book(
        edition=3,
        policies=(policy(LENGTHS, calendar="always", version=4),),
        timetables=new.timetables,
    )
    life = Life().noted(24).reprioritised(27, "P2")
    chosen = [Rebase(1, at(4), new), Rebase(2, at(26), newest)]

    clock = fold(life.facts, book=old, rebases=chosen).clocks(now=at(27))[-1]

    # Four hours of Monday, Tuesday from eight to ten, and one round the clock.
    assert clock.elapsed == 7 * HOUR


def test_a_group_that_got_the_remainder_keeps_it_when_the_priority_changes_after_a_pause() -> None:
    targets = {
        (OLA, p): Target(length=length[1], calendar="always") for p, length in LENGTHS.items()
    }
    shared = policy(targets=targets, on_transfer="remainder")
    life = Life().assigned(0, "desk").assigned(1, "network").pending(2).working(3)

    (_, ola) = life.reprioritised(4, "P2").fold(shared).clocks(now=at(4))

    # An hour of the desk's, and two of its own beside the pause.
    assert (ola.group, ola.elapsed) == ("network", 3 * HOUR)


def test_a_clock_that_begins_after_the_rebase_knows_nothing_of_it() -> None:
    targets = {
        (kind, "P3"): Target(length=8 * HOUR, calendar="office") for kind in (RESOLUTION, OLA)
    }
    books = editions(policy(targets=targets), policy(targets=targets, version=3))
    life = Life().assigned(1, "desk").assigned(24, "network")

    clock = after_the_edit(life, 25, seq=2, chosen=4, books=books)

    assert (clock.kind, clock.group, clock.elapsed) == (OLA, "network", HOUR)


def test_whose_time_it_was_adds_up_to_what_was_counted_before_and_after_a_rebase() -> None:
    old, new = editions()
    life = Life().assigned(0, "desk").reprioritised(25, "P2").assigned(26, "network")
    folded = fold(life.facts, book=old, rebases=[Rebase(seq=2, at=at(4), book=new)])

    # Four hours of Monday by the old calendar; of Tuesday's two by the new one, none is left at 26.
    assert folded.attribution(now=at(49)) == {"tier1:desk": 6 * HOUR, "tier1:network": HOUR}
    assert folded.clocks(now=at(49))[-1].elapsed == 7 * HOUR


def test_whose_time_it_was_stays_counted_by_the_calendar_that_a_breach_was_judged_by() -> None:
    old, new = editions()
    life = Life(priority="P1").assigned(0, "desk")
    folded = fold(life.facts, book=old, rebases=[Rebase(seq=2, at=at(5), book=new)])
    clock = folded.clocks(now=at(30))[-1]

    assert clock.state == "breached"
    assert sum(folded.attribution(now=at(30)).values()) == clock.elapsed
