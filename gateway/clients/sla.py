"""What is asked of sla."""

from datetime import datetime

from contracts import sla
from contracts.grammar import Nothing
from gateway.clients.calls import Client, Pending, Reply


class SlaClient(Client):
    """Clocks, promises, reports and jobs."""

    def start_clocks(self, *, number: str) -> Pending[sla.TicketClocks]:
        """Ask for the clocks of a ticket, without waiting and not for long."""
        return self._start_part(sla.GET_CLOCKS, sla.GetClocks(number=number))

    def clocks(self, *, number: str, at: datetime | None = None) -> sla.TicketClocks:
        """The clocks of a ticket, now or as believed at an instant."""
        return self._ask(sla.GET_CLOCKS, sla.GetClocks(number=number, at=at))

    def explained_clocks(self, question: sla.ExplainClocks) -> sla.ClocksExplained:
        """Why the clocks of a ticket stand as they do."""
        return self._ask(sla.EXPLAIN_CLOCKS, question)

    def start_hours(self, question: sla.GetHours) -> Pending[sla.Hours]:
        """Ask whether the desk is open, without waiting and not for long."""
        return self._start_part(sla.GET_HOURS, question)

    def calendars(self) -> sla.Calendars:
        """All calendars."""
        return self._ask(sla.LIST_CALENDARS, Nothing())

    def put_calendar(self, spec: sla.CalendarSpec, *, key: str) -> Reply[sla.CalendarVersion]:
        """Save a calendar."""
        return self._tell(sla.PUT_CALENDAR, spec, key)

    def previewed_rebase(self, question: sla.Rebasing) -> sla.Rebased:
        """What the present promises would change for running tickets."""
        return self._ask(sla.PREVIEW_REBASE, question)

    def rebase_tickets(self, command: sla.Rebasing, *, key: str) -> Reply[sla.Rebased]:
        """Judge running tickets by the present promises from now on."""
        return self._tell(sla.REBASE_TICKETS, command, key)

    def policies(self) -> sla.Policies:
        """All policies."""
        return self._ask(sla.LIST_POLICIES, Nothing())

    def put_policy(self, spec: sla.PolicySpec, *, key: str) -> Reply[sla.PolicyVersion]:
        """Save a policy."""
        return self._tell(sla.PUT_POLICY, spec, key)

    def promises(self, question: sla.ReportPromises) -> sla.PromiseReport:
        """How promises were kept."""
        return self._ask(sla.REPORT_PROMISES, question)

    def times(self, question: sla.ReportTimes) -> sla.TimesReport:
        """How long it took."""
        return self._ask(sla.REPORT_TIMES, question)

    def backlog(self, question: sla.ReportBacklog) -> sla.BacklogReport:
        """What waits."""
        return self._ask(sla.REPORT_BACKLOG, question)

    def start_what_if(self, command: sla.WhatIf, *, key: str) -> Reply[sla.Job]:
        """Judge a period again, under other promises."""
        return self._tell(sla.START_WHAT_IF, command, key)

    def start_rebuild(self, *, key: str) -> Reply[sla.Job]:
        """Write anew what reports read."""
        return self._tell(sla.START_REBUILD, sla.Rebuild(), key)

    def job(self, *, job_id: str) -> sla.Job:
        """How far a job is."""
        return self._ask(sla.GET_JOB, sla.GetJob(id=job_id))

    def cancel_job(self, *, job_id: str, key: str) -> Reply[sla.Job]:
        """Stop a job."""
        return self._tell(sla.CANCEL_JOB, sla.CancelJob(id=job_id), key)

    def verdicts(self, question: sla.ListVerdicts) -> sla.Verdicts:
        """What a what-if judged."""
        return self._ask(sla.LIST_VERDICTS, question)
