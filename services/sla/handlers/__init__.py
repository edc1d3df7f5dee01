"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

from services.sla.handlers.book import list_calendars, list_policies, put_calendar, put_policy
from services.sla.handlers.clocks import explain_clocks, get_clocks, hear, look_again
from services.sla.handlers.reports import report_backlog, report_promises, report_times

__all__ = [
    "explain_clocks",
    "get_clocks",
    "hear",
    "list_calendars",
    "list_policies",
    "look_again",
    "put_calendar",
    "put_policy",
    "report_backlog",
    "report_promises",
    "report_times",
]
