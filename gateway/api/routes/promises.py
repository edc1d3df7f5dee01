"""Calls about promises, reports and what the desk told."""

from contracts import intake, sla
from gateway import schemas
from gateway.access import ADMINS, AGENTS, EVERYBODY, LEADS, OPEN
from gateway.api.routes.route import BASE, Route


def reading() -> tuple[Route, ...]:
    """Reports, the log of the desk, and what is open to all."""
    return (
        Route(
            method="GET",
            path=f"{BASE}/reports/promises",
            name="report_promises",
            summary="How promises were kept, for tickets opened in a period.",
            tag="reports",
            roles=LEADS,
            query=schemas.PromisesQuery,
            answer=sla.PromiseReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/reports/times",
            name="report_times",
            summary="How much open time clocks took: mean, median, nine in ten.",
            tag="reports",
            roles=LEADS,
            query=schemas.TimesQuery,
            answer=sla.TimesReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/reports/backlog",
            name="report_backlog",
            summary="What waits now, by age, group and priority.",
            tag="reports",
            roles=LEADS,
            query=schemas.BacklogQuery,
            answer=sla.BacklogReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/events",
            name="export_events",
            summary="The desk's event log from an offset: nothing skipped, nothing twice.",
            tag="events",
            roles=AGENTS,
            query=schemas.EventsQuery,
            answer=intake.LogPage,
        ),
        Route(
            method="GET",
            path=f"{BASE}/stream",
            name="stream",
            summary="Hints of what changes, as server-sent events; requesters name their ticket.",
            tag="events",
            roles=EVERYBODY,
            query=schemas.StreamQuery,
            media=("text/event-stream",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/openapi.json",
            name="describe",
            summary="This description.",
            tag="operations",
            roles=OPEN,
            media=("application/json",),
        ),
    )


def jobs() -> tuple[Route, ...]:
    """Judging again, in the background."""
    tag = "sla"
    what_if, rebuild = f"{BASE}/sla/what-if", f"{BASE}/sla/rebuild"
    return (
        Route(
            method="GET",
            path=f"{BASE}/sla/rebase",
            name="preview_rebase",
            summary="What the present calendars and policies would change for running tickets.",
            tag=tag,
            roles=ADMINS,
            query=sla.Rebasing,
            answer=sla.Rebased,
        ),
        Route(
            method="POST",
            path=f"{BASE}/sla/rebase",
            name="rebase_tickets",
            summary="Judge running tickets by the present calendars and policies from now on.",
            tag=tag,
            roles=ADMINS,
            body=sla.Rebasing,
            answer=sla.Rebased,
        ),
        Route(
            method="POST",
            path=what_if,
            name="start_what_if",
            summary="Judge a period again under other policies or calendars; changes no ticket.",
            tag=tag,
            roles=LEADS,
            body=sla.WhatIf,
            answer=sla.Job,
            status=202,
        ),
        Route(
            method="GET",
            path=f"{what_if}/{{key}}",
            name="get_what_if",
            summary="How far a what-if is, and what it found.",
            tag=tag,
            roles=LEADS,
            answer=sla.Job,
        ),
        Route(
            method="DELETE",
            path=f"{what_if}/{{key}}",
            name="cancel_what_if",
            summary="Stop a what-if.",
            tag=tag,
            roles=LEADS,
            answer=sla.Job,
        ),
        Route(
            method="GET",
            path=f"{what_if}/{{key}}/verdicts",
            name="list_verdicts",
            summary="What a what-if judged, ticket by ticket.",
            tag=tag,
            roles=LEADS,
            query=schemas.VerdictsQuery,
            answer=sla.Verdicts,
        ),
        Route(
            method="POST",
            path=rebuild,
            name="start_rebuild",
            summary="Write anew, from the tickets' logs, what reports read.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
            status=202,
        ),
        Route(
            method="GET",
            path=f"{rebuild}/{{key}}",
            name="get_rebuild",
            summary="How far it is.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
        ),
        Route(
            method="DELETE",
            path=f"{rebuild}/{{key}}",
            name="cancel_rebuild",
            summary="Stop it.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
        ),
    )
