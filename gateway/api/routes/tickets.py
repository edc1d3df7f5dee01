"""Calls about tickets."""

from typing import Any

from contracts import intake, routing, sla
from contracts.grammar import Nothing
from gateway import schemas
from gateway.access import AGENTS, EVERYBODY
from gateway.api.routes.route import BASE, Route

MOST_BYTES = 4_194_304  # what intake keeps of one file


def tickets() -> tuple[Route, ...]:
    """Tickets."""
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{BASE}/tickets",
            name="list_tickets",
            summary="List tickets; requesters see their own.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.TicketsQuery,
            answer=intake.TicketPage,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tickets",
            name="open_ticket",
            summary="Open a ticket.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.OpenTicketBody,
            answer=schemas.TicketAnswer,
            status=201,
        ),
        Route(
            method="GET",
            path=one,
            name="get_ticket",
            summary="One ticket with its assignment and clocks.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.WholeTicket,
        ),
        Route(
            method="PATCH",
            path=one,
            name="amend_ticket",
            summary="Change impact, urgency or category.",
            tag=tag,
            roles=AGENTS,
            body=schemas.AmendBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
    )


def conversation() -> tuple[Route, ...]:
    """What was said on a ticket, and what happened to it."""
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{one}/messages",
            name="list_messages",
            summary="The conversation; requesters see its public part.",
            tag=tag,
            roles=EVERYBODY,
            answer=intake.Conversation,
        ),
        Route(
            method="POST",
            path=f"{one}/replies",
            name="add_reply",
            summary="Add a message, public or internal.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.ReplyBody,
            answer=intake.Message,
            status=201,
        ),
        Route(
            method="GET",
            path=f"{one}/timeline",
            name="read_timeline",
            summary="All that happened: log, decisions, escalations, thresholds.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.Timeline,
        ),
        Route(
            method="POST",
            path=f"{one}/transitions",
            name="change_status",
            summary="Move a ticket to another status; 409 names the moves allowed.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.TransitionBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
    )


def files() -> tuple[Route, ...]:
    """Files on messages."""
    tag = "tickets"
    of_ticket = f"{BASE}/tickets/{{number}}/attachments"
    sent: dict[str, Any] = {
        "method": "POST",
        "tag": tag,
        "roles": EVERYBODY,
        "query": schemas.UploadQuery,
        "answer": intake.MessageFile,
        "status": 201,
        "most_bytes": MOST_BYTES,
    }
    return (
        Route(
            path=f"{BASE}/attachments",
            name="add_message_file",
            summary="Hand in a file (the body, of its own type, 4 MiB) for a message to come.",
            **sent,
        ),
        Route(
            path=of_ticket,
            name="add_message_file_for_ticket",
            summary="Hand in a file for a reply to a ticket that you can see.",
            **sent,
        ),
        Route(
            method="GET",
            path=f"{of_ticket}/{{attachment}}",
            name="get_message_file",
            summary="A file of a message, for whoever may read the message.",
            tag=tag,
            roles=EVERYBODY,
            media=("application/octet-stream",),
        ),
    )


def merging() -> tuple[Route, ...]:
    """What becomes of tickets that are about the same, or about two things."""
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="POST",
            path=f"{one}/merge",
            name="merge_ticket",
            summary="Let it go on in another ticket, which then shows its messages.",
            tag=tag,
            roles=AGENTS,
            body=schemas.MergeBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
        Route(
            method="POST",
            path=f"{one}/unmerge",
            name="unmerge_ticket",
            summary="Undo a merge: it is again what it was.",
            tag=tag,
            roles=AGENTS,
            body=schemas.UnmergeBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
        Route(
            method="POST",
            path=f"{one}/split",
            name="split_ticket",
            summary="Make part of it a ticket of its own, for the same requester.",
            tag=tag,
            roles=AGENTS,
            body=schemas.SplitBody,
            answer=schemas.TicketAnswer,
            status=201,
            versioned=True,
        ),
    )


def notices() -> tuple[Route, ...]:
    """What people are told."""
    tag = "notices"
    return (
        Route(
            method="GET",
            path=f"{BASE}/notices",
            name="list_notices",
            summary="What you were told, newest first; everybody sees their own.",
            tag=tag,
            roles=AGENTS,
            query=schemas.NoticesQuery,
            answer=routing.NoticePage,
        ),
        Route(
            method="POST",
            path=f"{BASE}/notices/{{id}}/acknowledge",
            name="acknowledge_notice",
            summary="Say that you know; of an escalation it stops further steps to authority.",
            tag=tag,
            roles=AGENTS,
            body=Nothing,
            answer=routing.NoticesAcknowledged,
        ),
    )


def work() -> tuple[Route, ...]:
    """Who works on a ticket."""
    tag = "work"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{one}/assignment",
            name="get_assignment",
            summary="Who has it, why them and why not another.",
            tag=tag,
            roles=AGENTS,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/assign",
            name="assign",
            summary="Give it to an agent of its group, or back to the queue.",
            tag=tag,
            roles=AGENTS,
            body=schemas.AssignBody,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/transfer",
            name="transfer",
            summary="Move it to another group, with a reason.",
            tag=tag,
            roles=AGENTS,
            body=schemas.TransferBody,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/escalate",
            name="escalate",
            summary="Raise it to more skill or more authority.",
            tag=tag,
            roles=AGENTS,
            body=schemas.EscalateBody,
            answer=routing.Assignment,
        ),
        Route(
            method="GET",
            path=f"{one}/clocks",
            name="get_clocks",
            summary="Every clock: due, remaining, thresholds, attribution; now or as of `at`.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ClocksQuery,
            answer=sla.TicketClocks,
        ),
        Route(
            method="GET",
            path=f"{one}/clocks/explanation",
            name="explain_clocks",
            summary="What was believed of its clocks, which time counted, and why.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ExplanationQuery,
            answer=sla.ClocksExplained,
        ),
    )
