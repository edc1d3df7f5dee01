"""The door: calls and events come in here, and nothing is decided here."""

from collections.abc import Sequence

from chassis.bus import on_timers, rpc, subscribe
from chassis.database import Timer, Transaction
from chassis.providers import Desk
from chassis.settings import ServiceSettings
from contracts import intake
from contracts import sla as contract
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from contracts.grammar import Nothing
from services.sla import handlers, models
from services.sla.schemas import REFUSALS


class SlaService:
    """Promises: calendars, policies, clocks, thresholds and how promises were kept."""

    name = "sla"
    desk: Desk[ServiceSettings] = Desk(
        models.Base.metadata, services=SERVICES, subscriptions=SUBSCRIPTIONS
    )

    @rpc(contract.GET_CLOCKS)
    def get_clocks(self, question: contract.GetClocks, tx: Transaction) -> contract.TicketClocks:
        """The clocks of a ticket."""
        return handlers.get_clocks(question, tx=tx)

    @rpc(contract.EXPLAIN_CLOCKS)
    def explain_clocks(
        self, question: contract.ExplainClocks, tx: Transaction
    ) -> contract.ClocksExplained:
        """Why the clocks of a ticket stand as they do."""
        return handlers.explain_clocks(question, tx=tx)

    @rpc(contract.PUT_CALENDAR, refusals=REFUSALS)
    def put_calendar(
        self, command: contract.CalendarSpec, tx: Transaction
    ) -> contract.CalendarVersion:
        """Save a calendar."""
        return handlers.put_calendar(command, tx=tx)

    @rpc(contract.PUT_POLICY, refusals=REFUSALS)
    def put_policy(self, command: contract.PolicySpec, tx: Transaction) -> contract.PolicyVersion:
        """Save a policy."""
        return handlers.put_policy(command, tx=tx)

    @rpc(contract.LIST_CALENDARS)
    def list_calendars(self, _question: Nothing, tx: Transaction) -> contract.Calendars:
        """Every calendar."""
        return handlers.list_calendars(tx=tx)

    @rpc(contract.LIST_POLICIES)
    def list_policies(self, _question: Nothing, tx: Transaction) -> contract.Policies:
        """Every policy."""
        return handlers.list_policies(tx=tx)

    @rpc(contract.REPORT_PROMISES)
    def report_promises(
        self, question: contract.ReportPromises, tx: Transaction
    ) -> contract.PromiseReport:
        """How promises were kept."""
        return handlers.report_promises(question, tx=tx)

    @rpc(contract.REPORT_TIMES)
    def report_times(self, question: contract.ReportTimes, tx: Transaction) -> contract.TimesReport:
        """How long it took."""
        return handlers.report_times(question, tx=tx)

    @rpc(contract.REPORT_BACKLOG)
    def report_backlog(
        self, question: contract.ReportBacklog, tx: Transaction
    ) -> contract.BacklogReport:
        """What waits."""
        return handlers.report_backlog(question, tx=tx)

    @subscribe(intake.TicketOpened)
    def on_ticket_opened(self, event: intake.TicketOpened, tx: Transaction) -> None:
        """A ticket was opened."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketReplied)
    def on_ticket_replied(self, event: intake.TicketReplied, tx: Transaction) -> None:
        """Somebody wrote."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketAssigned)
    def on_ticket_assigned(self, event: intake.TicketAssigned, tx: Transaction) -> None:
        """Group or assignee changed."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketStatusChanged)
    def on_ticket_status_changed(self, event: intake.TicketStatusChanged, tx: Transaction) -> None:
        """The ticket waits, or is worked on."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketReprioritised)
    def on_ticket_reprioritised(self, event: intake.TicketReprioritised, tx: Transaction) -> None:
        """The priority changed."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketCategorised)
    def on_ticket_categorised(self, event: intake.TicketCategorised, tx: Transaction) -> None:
        """The category was set or corrected."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketResolved)
    def on_ticket_resolved(self, event: intake.TicketResolved, tx: Transaction) -> None:
        """The ticket is said to be solved."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketReopened)
    def on_ticket_reopened(self, event: intake.TicketReopened, tx: Transaction) -> None:
        """It was not solved."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketClosed)
    def on_ticket_closed(self, event: intake.TicketClosed, tx: Transaction) -> None:
        """The ticket ended."""
        handlers.hear(event, tx=tx)

    @on_timers
    def on_thresholds(self, timers: Sequence[Timer], tx: Transaction) -> None:
        """Thresholds are reached now, if nothing happened meanwhile."""
        handlers.look_again(timers, tx=tx)
