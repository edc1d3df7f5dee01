"""A ticket was opened: the first decision."""

from dataclasses import replace

from chassis.database import Transaction
from contracts.grammar import to_plain
from contracts.intake import TicketOpened
from services.routing import schemas
from services.routing.domain.decision import Decision
from services.routing.domain.directory import Directory
from services.routing.domain.holding import Holding
from services.routing.domain.rules import Triage, triage
from services.routing.handlers import climbing
from services.routing.handlers.deciding import decided, pick, tell
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings, loads


def on_ticket_opened(event: TicketOpened, *, tx: Transaction, settings: RoutingSettings) -> None:
    """Find the ticket's group and agent; a repeat changes nothing."""
    loads.queue_for(tx)
    directory = directory_store.current(tx)
    found = triage(schemas.facts(event), directory=directory)
    if found is None:
        holdings.keep_unrouted(tx, ticket_id=event.ticket_id, told=to_plain(event))
        return
    opening = _Opening(event, found, tx=tx, directory=directory, settings=settings)
    if not opening.of_new_ticket():
        opening.of_marked_ticket()


class _Opening:
    """One opening with all that its decision needs."""

    def __init__(
        self,
        event: TicketOpened,
        triaged: Triage,
        *,
        tx: Transaction,
        directory: Directory,
        settings: RoutingSettings,
    ) -> None:
        self._event = event
        self._triaged = triaged
        self._tx = tx
        self._directory = directory
        self._settings = settings

    def of_new_ticket(self) -> bool:
        """Decide on a ticket nobody spoke of before; False when somebody did."""
        # The choice comes first and the row after it, so that one insert keeps both.
        event = self._event
        before = self._heard(Holding(ticket_id=event.ticket_id, number=event.number))
        after, decision = self._decide(before)
        if not holdings.add(self._tx, after):
            return False
        self._tell(before, after, decision)
        return True

    def of_marked_ticket(self) -> None:
        """Decide on a ticket of which later events were heard already."""
        event = self._event
        known = holdings.claim(self._tx, ticket_id=event.ticket_id, number=event.number)
        if known.is_routed:
            return
        before = self._heard(known)
        after, decision = self._decide(before)
        holdings.save(self._tx, after)
        self._tell(before, after, decision)
        climbing.act_on_held(after, tx=self._tx, directory=self._directory, settings=self._settings)

    def _heard(self, known: Holding) -> Holding:
        event, triaged = self._event, self._triaged
        heard = replace(
            known,
            origin=event.origin,
            language=event.requester.language,
            skill=triaged.skill,
            skill_level=triaged.skill_level,
        ).prioritised(priority=event.priority, seq=event.seq)
        category = event.category or triaged.category
        return heard if category is None else heard.categorised(category=category, seq=event.seq)

    def _decide(self, before: Holding) -> tuple[Holding, Decision]:
        triaged = self._triaged
        group = self._directory.groups[triaged.group]
        picked = pick(
            self._tx,
            group=group,
            holding=before,
            directory=self._directory,
            settings=self._settings,
        )
        return decided(
            before,
            group=group,
            picked=picked,
            reason_code="rule",
            reason=f"{triaged.reason}; {picked.why}.",
            now=self._tx.now,
            decided_at=self._event.occurred_at if before.is_replayed else None,
            rule=triaged.rule,
            matched=triaged.matched,
        )

    def _tell(self, before: Holding, after: Holding, decision: Decision) -> None:
        chosen = self._triaged.category
        is_ours = self._event.category is None and after.category == chosen
        tell(
            self._tx,
            before=before,
            after=after,
            decision=decision,
            directory=self._directory,
            category=chosen if is_ours else None,
        )
