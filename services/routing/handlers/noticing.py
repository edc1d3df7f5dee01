"""Facts become notices: each is addressed, and filed once for each recipient."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from chassis.database import Transaction
from chassis.ids import new_id
from contracts.kb import ArticleReviewDue
from services.routing import schemas
from services.routing.domain import delivery
from services.routing.domain import notices as rules
from services.routing.domain.directory import Directory
from services.routing.domain.holding import Holding
from services.routing.domain.notices import Notice
from services.routing.handlers import delivering
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings, notices


def on_article_review_due(
    event: ArticleReviewDue, *, tx: Transaction, settings: RoutingSettings
) -> None:
    """Tell the owner of an article that it is to be read again."""
    directory = directory_store.current(tx)
    tell((schemas.review(event),), None, tx=tx, directory=directory, settings=settings)


def hold(notice: Notice, *, tx: Transaction) -> None:
    """Keep a notice until its ticket is routed, for only then is known whom to tell."""
    notices.add(tx, replace(notice, id=new_id(), happened_at=tx.now))


def file_soon(holding: Holding, *, tx: Transaction) -> None:
    """Have what was held of a ticket filed as soon as this transaction is over.

    Several openings may share a transaction, and filing locks what comes after all their locks.
    """
    if not notices.are_held(tx, ticket_id=holding.ticket_id):
        return
    facts = {"ticket": holding.ticket_id, "number": holding.number}
    tx.arm(key=f"held:{holding.ticket_id}", due_at=tx.now, payload=facts)


def file_held(ticket_id: str, number: str, *, tx: Transaction, settings: RoutingSettings) -> None:
    """File what was held of a ticket that is routed now."""
    holding = holdings.claim(tx, ticket_id=ticket_id, number=number)
    held = notices.take_held(tx, ticket_id=ticket_id)
    told = [
        rules.crossed(each.trigger, holding) if each.kind == "threshold" else each for each in held
    ]
    directory = directory_store.current(tx)
    tell(told, holding, tx=tx, directory=directory, settings=settings)


def hurry(holding: Holding, *, tx: Transaction, directory: Directory) -> None:
    """Let what waits about a ticket wait no longer, if it is major now."""
    group = directory.groups.get(holding.group or "")
    if group is not None and holding.priority in group.major_priorities:
        for recipient in notices.make_major(tx, ticket_id=holding.ticket_id):
            delivering.arm(recipient, tx.now, tx=tx)


def tell(
    told: Iterable[Notice],
    holding: Holding | None,
    *,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
) -> None:
    """File notices of one ticket or article that belong together; known ones change nothing.

    The caller has the ticket to itself, and locks nothing after this.
    """
    if holding is not None and holding.is_replayed:
        return
    # The most telling first: what it makes moot is then dropped as it comes.
    ranked = sorted(told, key=lambda each: (each.kind == "threshold", -each.rank))
    fresh = [each for each in ranked if not notices.is_known(tx, source=each.source)]
    letters = [
        letter for each in fresh for letter in _letters(each, holding, tx=tx, directory=directory)
    ]
    # In one order for all, so that two transactions never wait for each other.
    for recipient in sorted({letter.recipient for letter in letters}):
        mine = [letter for letter in letters if letter.recipient == recipient]
        _file(mine, holding, tx=tx, directory=directory, settings=settings)


def _letters(
    notice: Notice, holding: Holding | None, *, tx: Transaction, directory: Directory
) -> list[Notice]:
    addressed = replace(
        notice,
        meant_for=rules.first_choice(notice, holding, directory=directory),
        major=rules.is_major(notice, holding, directory=directory),
        happened_at=tx.now,
        state="waiting",
    )
    people = rules.recipients(notice, holding, directory=directory, at=tx.now)
    return [replace(addressed, id=new_id(), recipient=person) for person in people]


def _file(
    letters: Sequence[Notice],
    holding: Holding | None,
    *,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
) -> None:
    """File one recipient's notices."""
    recipient = letters[0].recipient
    post = delivering.Post(recipient, tx=tx, directory=directory)
    rhythm = delivering.rhythm(settings)
    told_as_authority = any(letter.kind == "escalation" for letter in letters)
    for letter in letters:
        reason = _refusal(letter, holding, tx=tx, settings=settings)
        if not reason and letter.kind == "threshold" and told_as_authority:
            reason = "covered"  # the escalation says it already
        if reason:
            notices.add(tx, replace(letter, state="dropped", reason=reason))
            delivering.DROPPED.labels(reason=reason).inc()
        elif notices.add(tx, letter):
            superseded = notices.supersede(tx, letter)
            delivering.DROPPED.labels(reason="superseded").inc(superseded)
            post.carry_out(
                delivery.arrived(
                    letter, hours=post.hours, window=post.window, rhythm=rhythm, now=tx.now
                )
            )


def _refusal(
    letter: Notice, holding: Holding | None, *, tx: Transaction, settings: RoutingSettings
) -> str:
    if reason := rules.moot(holding):
        return reason
    if notices.is_outranked(tx, letter):
        return "superseded"
    since = tx.now - timedelta(minutes=settings.escalation_cooldown_minutes)
    if letter.kind == "threshold" and notices.was_told(tx, letter, since=since):
        return "cooldown"
    return ""
