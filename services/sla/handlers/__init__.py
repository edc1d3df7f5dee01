"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

from services.sla.handlers.book import list_calendars, list_policies, put_calendar, put_policy
from services.sla.handlers.clocks import explain_clocks, get_clocks, hear
from services.sla.handlers.hours import get_hours
from services.sla.handlers.jobs import (
    cancel_job,
    get_job,
    list_verdicts,
    ring,
    start_rebuild,
    start_what_if,
)
from services.sla.handlers.rebasing import preview_rebase, rebase_tickets
from services.sla.handlers.reports import report_backlog, report_promises, report_times
from services.sla.handlers.weeks import sum_up_weeks

__all__ = [
    "cancel_job",
    "explain_clocks",
    "get_clocks",
    "get_hours",
    "get_job",
    "hear",
    "list_calendars",
    "list_policies",
    "list_verdicts",
    "preview_rebase",
    "put_calendar",
    "put_policy",
    "rebase_tickets",
    "report_backlog",
    "report_promises",
    "report_times",
    "ring",
    "start_rebuild",
    "start_what_if",
    "sum_up_weeks",
]
