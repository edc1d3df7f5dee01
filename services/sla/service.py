"""The door: calls and events come in here, and nothing is decided here."""

from collections.abc import Sequence

from chassis.bus import every, on_timers, rpc, subscribe
from chassis.database import Database, Timer, Transaction
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

    @rpc(contract.GET_HOURS)
    def get_hours(self, question: contract.GetHours, tx: Transaction) -> contract.Hours:
        """Whether the desk is open."""
        return handlers.get_hours(question, tx=tx)

    @rpc(contract.PREVIEW_REBASE)
    def preview_rebase(self, question: contract.Rebasing, tx: Transaction) -> contract.Rebased:
        """What the present promises would change for running tickets."""
        return handlers.preview_rebase(question, tx=tx)

    @rpc(contract.REBASE_TICKETS)
    def rebase_tickets(self, command: contract.Rebasing, tx: Transaction) -> contract.Rebased:
        """Judge running tickets by the present promises from now on."""
        return handlers.rebase_tickets(command, tx=tx)

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

    @rpc(contract.START_WHAT_IF, refusals=REFUSALS)
    def start_what_if(self, command: contract.WhatIf, tx: Transaction) -> contract.Job:
        """Judge a period again, under other promises."""
        return handlers.start_what_if(command, tx=tx)

    @rpc(contract.START_REBUILD)
    def start_rebuild(self, command: contract.Rebuild, tx: Transaction) -> contract.Job:
        """Write anew what reports read."""
        return handlers.start_rebuild(command, tx=tx)

    @rpc(contract.GET_JOB)
    def get_job(self, question: contract.GetJob, tx: Transaction) -> contract.Job:
        """How far a job is."""
        return handlers.get_job(question, tx=tx)

    @rpc(contract.CANCEL_JOB)
    def cancel_job(self, command: contract.CancelJob, tx: Transaction) -> contract.Job:
        """Stop a job."""
        return handlers.cancel_job(command, tx=tx)

    @rpc(contract.LIST_VERDICTS)
    def list_verdicts(self, question: contract.ListVerdicts, tx: Transaction) -> contract.Verdicts:
        """What a what-if judged."""
        return handlers.list_verdicts(question, tx=tx)

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

    @subscribe(intake.TicketMerged)
    def on_ticket_merged(self, event: intake.TicketMerged, tx: Transaction) -> None:
        """It goes on in another ticket."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketUnmerged)
    def on_ticket_unmerged(self, event: intake.TicketUnmerged, tx: Transaction) -> None:
        """It goes its own way again."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketAbsorbed)
    def on_ticket_absorbed(self, event: intake.TicketAbsorbed, tx: Transaction) -> None:
        """Another ticket goes on in it."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketReleased)
    def on_ticket_released(self, event: intake.TicketReleased, tx: Transaction) -> None:
        """That one goes its own way again."""
        handlers.hear(event, tx=tx)

    @subscribe(intake.TicketSplit)
    def on_ticket_split(self, event: intake.TicketSplit, tx: Transaction) -> None:
        """Part of it became a ticket of its own."""
        handlers.hear(event, tx=tx)

    @on_timers
    def on_due(self, timers: Sequence[Timer], tx: Transaction) -> None:
        """Thresholds are reached if nothing happened meanwhile; jobs go on."""
        handlers.ring(timers, tx=tx)

    @every(seconds=5)
    def sum_up_weeks(self, database: Database) -> None:
        """Old weeks are summed up, so that reports over years answer at once."""
        handlers.sum_up_weeks(database)
