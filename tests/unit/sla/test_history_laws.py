"""The laws of clocks, on random lives of tickets."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from services.sla.domain.calendar import Calendar, Closure, Opening
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import Fact, Standing
from services.sla.domain.fold import Fold, Rebase, fold
from services.sla.domain.instants import DAY, HOUR
from services.sla.domain.marks import Threshold, minutes, percents
from services.sla.domain.policy import Book, Policy, Target
from services.sla.domain.recorder import known_by
from services.sla.domain.thresholds import ThresholdKey, to_fire, wake_at
from services.sla.domain.timetable import Timetable
from tests.unit.sla.histories import ALWAYS, histories, with_a_note_after
from tests.unit.sla.judge import judge
from tests.unit.sla.laws import uphold, uphold_at_length

BERLIN = Timetable(
    Calendar(
        key="berlin",
        version=1,
        zone="Europe/Berlin",
        week=(*[(Opening(60, 200), Opening(480, 1020))] * 5, (), (Opening(90, 190),)),
        closures=(Closure(first=date(2026, 4, 3), last=date(2026, 4, 6)),),
    )
)
LENGTHS = {"P1": (HOUR, "always"), "P2": (8 * HOUR, "always"), "P3": (8 * HOUR, "berlin")}
TARGETS = {
    (kind, priority): Target(length=length // share, calendar=calendar)
    for kind, share in (("first_response", 4), (RESOLUTION, 1))
    for priority, (length, calendar) in {**LENGTHS, "P5": (30 * HOUR, "berlin")}.items()
}
BOOK = Book(
    edition=1,
    policies=(
        Policy(
            key="standard",
            version=1,
            targets=TARGETS,
            reopen_window=365 * DAY,
            thresholds=(*percents(50, 75, 90, 100, 150), *minutes(-45, 20)),
        ),
    ),
    timetables={"always": ALWAYS, "berlin": BERLIN},
)
# Every kind of clock, with agreements of tiers and groups of their own.
EVERYTHING = Book(
    edition=1,
    policies=(
        Policy(
            key="network",
            version=1,
            targets=TARGETS,
            position=1,
            groups=frozenset({"network"}),
            reopen_window=DAY,
            on_new_target="keep_fraction",
            thresholds=(*percents(100), *minutes(-120, -15)),
            own_thresholds={"ola": minutes(-10, 10)},
        ),
        Policy(
            key="everything",
            version=1,
            targets={
                **TARGETS,
                **{
                    (kind, priority): Target(length=3 * HOUR, calendar=calendar)
                    for kind in ("next_response", "periodic_update", "accept", "ola", "vendor")
                    for priority, (_, calendar) in LENGTHS.items()
                },
                ("ola", "P2", "platform"): Target(length=HOUR, calendar="berlin"),
                ("ola", "P2", 1): Target(length=2 * HOUR, calendar="always"),
            },
            reopen_window=DAY,
            on_transfer="remainder",
            on_merge="earlier_opening",
            own_thresholds={RESOLUTION: (*percents(50, 100), *minutes(-90, 60))},
        ),
    ),
    timetables={"always": ALWAYS, "berlin": BERLIN},
)
BOOKS = st.sampled_from([BOOK, EVERYTHING])
# Other calendars under the same names, other lengths, and a priority on another calendar.
SIESTA = Timetable(
    replace(BERLIN.calendar, version=2, week=((Opening(420, 660), Opening(900, 1200)),) * 7)
)
NIGHTS = Timetable(replace(BERLIN.calendar, key="always", week=((Opening(1200, 1800),),) * 7))
LATER = Book(
    edition=2,
    policies=(
        replace(
            BOOK.policies[0],
            version=2,
            targets={
                key: Target(
                    length=target.length * (2 if key[1] == "P2" else 3) // 2,
                    calendar="berlin" if key[1] == "P2" else target.calendar,
                )
                for key, target in TARGETS.items()
            },
        ),
    ),
    timetables={"always": NIGHTS, "berlin": SIESTA},
)
EVERYTHING_LATER = Book(
    edition=2,
    policies=tuple(replace(one, version=2) for one in EVERYTHING.policies),
    timetables=LATER.timetables,
)
ONE_HOUR = timedelta(hours=1)
AFTERWARDS = st.integers(0, 60 * HOUR).map(lambda micros: timedelta(microseconds=micros))


def law_the_fold_agrees_with_a_search_from_the_definition(data: st.DataObject) -> None:
    facts = data.draw(histories())
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)

    clock = fold(facts, book=BOOK).clocks(now=now)[1]
    verdict = judge(facts, book=BOOK, now=now)

    assert (clock.state, clock.breached_at) == (verdict.state, verdict.breached_at)
    assert (clock.target, clock.elapsed) == (verdict.target, verdict.elapsed)
    assert (clock.stopped_at, clock.due_at) == (verdict.stopped_at, verdict.due_at)
    assert _reached(clock) == verdict.reached


def _reached(clock: Clock) -> dict[Threshold, datetime]:
    return {
        Threshold(0 if one.minutes else one.percent, one.minutes): one.at for one in clock.crossings
    }


@st.composite
def rebases(
    draw: st.DrawFn, facts: list[Fact], books: list[Book], *, present: Book
) -> list[Rebase]:
    """One to three choices of another book than the present one, each between two entries.

    None while the ticket is merged: only running clocks are rebased, and then it has none.
    """
    standing, possible = Standing(), []
    for place, fact in enumerate(facts):
        standing = fact.after(standing)
        if not standing.is_merged:
            possible.append(place)
    places = sorted(draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3)))
    found: list[Rebase] = []
    for place in places:
        since = facts[place].occurred_at
        if found and found[-1].seq == facts[place].seq:
            since = found[-1].at
        until = facts[place + 1].occurred_at if place + 1 < len(facts) else since + 10 * ONE_HOUR
        at = draw(st.sampled_from([since, until]) | st.datetimes(_plain(since), _plain(until)))
        at = at.replace(tzinfo=UTC)
        present = draw(st.sampled_from([book for book in books if book is not present]))
        found.append(Rebase(facts[place].seq, at, present))
    return found


def _plain(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def law_the_fold_of_a_rebased_ticket_agrees_with_a_search_from_the_definition(
    data: st.DataObject,
) -> None:
    facts = data.draw(histories())
    chosen = data.draw(rebases(facts, [BOOK, LATER], present=BOOK))
    now = max(facts[-1].occurred_at, *(one.at for one in chosen)) + data.draw(AFTERWARDS)

    clock = fold(facts, book=BOOK, rebases=chosen).clocks(now=now)[1]
    verdict = judge(facts, book=BOOK, rebases=chosen, now=now)

    assert (clock.state, clock.breached_at) == (verdict.state, verdict.breached_at)
    assert (clock.target, clock.elapsed) == (verdict.target, verdict.elapsed)
    assert clock.stopped_at == verdict.stopped_at
    if clock.state == "running":
        assert clock.due_at == verdict.due_at
    assert _reached(clock) == verdict.reached


def law_a_ticket_rebased_as_it_lives_is_what_its_replay_gives(data: st.DataObject) -> None:
    facts = data.draw(histories())
    chosen = data.draw(rebases(facts, [EVERYTHING_LATER, BOOK, LATER], present=EVERYTHING))
    now = max(facts[-1].occurred_at, *(one.at for one in chosen)) + data.draw(AFTERWARDS)
    live = Fold(EVERYTHING)

    for fact in facts:
        live.apply(fact)
        live.clocks(now=now)
        for rebase in (one for one in chosen if one.seq == fact.seq):
            used = {(one.kind, one.instance): one for one in live.clocks(now=rebase.at)}
            live.rebase(rebase)
            for clock in live.clocks(now=rebase.at):
                before = used.get((clock.kind, clock.instance))
                if before is not None and before.target and clock.target:
                    assert clock.elapsed == before.elapsed

    arrived = data.draw(st.permutations(facts))
    replayed = fold(arrived, book=EVERYTHING, rebases=chosen)
    assert live.clocks(now=now) == replayed.clocks(now=now)
    for one in replayed.recorded(now=now):
        counted = sum(span.open_time for span in one.spans if span.counts)
        assert counted + one.carried == one.clock.elapsed


def law_arrival_order_and_repeats_change_nothing(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)
    arrived = data.draw(st.permutations([*facts, *facts[::2]]))

    assert fold(arrived, book=book).clocks(now=now) == fold(facts, book=book).clocks(now=now)


def law_looking_at_the_clocks_changes_nothing(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)
    watched = Fold(book)

    for fact in facts:
        watched.apply(fact)
        watched.clocks(now=now)
        watched.attribution(now=now)

    assert watched.clocks(now=now) == fold(facts, book=book).clocks(now=now)


def law_an_entry_that_moves_no_clock_changes_nothing(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)
    longer = with_a_note_after(facts, data.draw(st.integers(0, len(facts) - 1)))

    assert fold(longer, book=book).clocks(now=now) == fold(facts, book=book).clocks(now=now)


def law_every_open_microsecond_has_one_holder(data: st.DataObject) -> None:
    facts = data.draw(histories())
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)
    folded = fold(facts, book=BOOK)
    clock = folded.clocks(now=now)[1]
    timetable = BOOK.timetables[clock.calendar]

    until = clock.stopped_at or now
    paused = sum(
        timetable.open_time(start=pause.start, end=pause.end or until)
        for pause in clock.pauses
        if pause.reason not in {"done", "merged"}
    )

    parts = folded.attribution(now=now)
    assert sum(parts.values()) == clock.elapsed + paused
    assert all(spent > 0 for spent in parts.values())


def law_a_verdict_is_never_taken_back(data: st.DataObject) -> None:
    facts = data.draw(histories())
    breached: dict[str, datetime] = {}
    answered: set[str] = set()

    folded = Fold(BOOK)
    for fact in facts:
        folded.apply(fact)
        response, resolution = folded.clocks(now=fact.occurred_at)
        for clock in (response, resolution):
            # Looked at in the very instant it is due, the next fact may still come in time.
            if clock.breached_at is not None and clock.breached_at < fact.occurred_at:
                assert breached.setdefault(clock.kind, clock.breached_at) == clock.breached_at
            assert clock.kind not in breached or clock.breached_at is not None
        assert not answered or response.state in answered
        # Cancelled by a merge it may go on: a merge can be undone.
        if response.state in {"met", "missed"}:
            answered.add(response.state)


def law_waking_at_the_named_instants_tells_each_threshold_once(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    folded, fired, told = Fold(book), set[ThresholdKey](), Counter[ThresholdKey]()
    now = facts[0].occurred_at

    def look(now: datetime) -> None:
        for firing in to_fire(folded.clocks(now=now), fired=fired):
            fired.add(firing.key)
            told[firing.key] += not firing.superseded
            assert firing.crossed_at <= now

    for fact in facts:
        while (wake := wake_at(folded.clocks(now=now))) is not None:
            if wake > fact.occurred_at:
                break
            assert wake > now
            now = wake
            look(now)
        folded.apply(fact)
        now = fact.occurred_at
        look(now)

    assert all(times <= 1 for times in told.values())
    crossed = {
        ThresholdKey(clock.kind, clock.instance, one.version, one.percent, one.minutes)
        for clock in folded.clocks(now=now)
        for one in clock.crossings
    }
    assert crossed <= fired


def law_a_kind_of_clock_runs_once_at_a_time(data: st.DataObject) -> None:
    facts = data.draw(histories())
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)

    by_kind: dict[str, list[Clock]] = {}
    for clock in fold(facts, book=EVERYTHING).clocks(now=now):
        by_kind.setdefault(clock.kind, []).append(clock)

    for clocks in by_kind.values():
        assert [clock.instance for clock in clocks] == sorted({one.instance for one in clocks})
        for before, after in pairwise(clocks):
            assert before.has_ended
            # Without a target any more: it ended then, and nobody asks when.
            assert (before.stopped_at or before.started_at) <= after.started_at


def law_what_the_flight_recorder_counts_is_the_time_used(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    now = facts[-1].occurred_at + data.draw(AFTERWARDS)

    for one in fold(facts, book=book).recorded(now=now):
        counted = sum(span.open_time for span in one.spans if span.counts)
        ends = [span.end for span in one.spans]

        assert counted + one.carried == one.clock.elapsed
        assert [span.start for span in one.spans[1:]] == ends[:-1]
        if one.spans:
            assert one.spans[0].start == one.clock.started_at
            assert ends[-1] == (one.clock.stopped_at or now)


def law_the_past_is_what_was_seen_then(data: st.DataObject) -> None:
    facts, book = data.draw(histories()), data.draw(BOOKS)
    seen_at = data.draw(st.sampled_from(facts)).occurred_at + data.draw(AFTERWARDS)
    live = Fold(book)

    for fact in facts:
        if fact.occurred_at <= seen_at:
            live.apply(fact)

    assert fold(known_by(facts, seen_at), book=book).clocks(now=seen_at) == live.clocks(now=seen_at)


LAWS = [law for name, law in sorted(globals().items()) if name.startswith("law_")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: object) -> None:
    uphold(law, examples=60)


@pytest.mark.nightly
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_at_length(law: object) -> None:
    # Twelve laws: 120,000 lives of tickets in a night.
    uphold_at_length(law, examples=10_000)
