"""From a ticket to a draft article: what kb is told of the ticket, and of its people."""

import contextlib

from chassis.rpc_client import RemoteFault
from contracts import kb
from contracts.errors import Conflict, WireError
from gateway.access import Principal
from gateway.clients import Clients, Reply
from gateway.readership import Readership

MOST_PEOPLE = 200
PROBLEM = "problem"


def draft_of_ticket(
    clients: Clients, *, number: str, principal: Principal, reader: Readership, key: str
) -> Reply[kb.TicketDraft]:
    """Make a draft of a ticket that is resolved, or of a problem.

    Everybody who wrote in it, asked for it or worked on it is named to kb, which takes their names
    out. Routing's names are left out while it is away; its agents are in the conversation.

    Raises:
        Conflict: the ticket is not resolved.
        NotFound: there is none that they may see.
    """
    asked = clients.start_assignment(number=number)
    ticket = clients.ticket(number=number, viewer=principal.viewer)
    resolution = ticket.resolution
    if resolution is None and ticket.kind != PROBLEM:
        raise Conflict("ticket_not_resolved", "An article is made of a resolved ticket.", {})
    people = [ticket.requester.name, ticket.requester.email, principal.name, principal.email]
    for message in clients.conversation(number=number, viewer=principal.viewer).items:
        people += [message.author.name, message.author.id]
    with contextlib.suppress(WireError, RemoteFault):
        people.append(asked.result().assignee_name or "")
    command = kb.DraftFromTicket(
        number=ticket.number,
        subject=ticket.subject,
        body=ticket.body,
        text=resolution.text if resolution else "",
        steps=resolution.steps if resolution else "",
        prevention=resolution.prevention if resolution else "",
        category=ticket.category,
        people=tuple(dict.fromkeys(filter(None, people)))[:MOST_PEOPLE],
        actor=principal.actor,
        role=reader.role,
        reader_groups=reader.groups,
        is_problem=ticket.kind == PROBLEM,
    )
    return clients.draft_from_ticket(command, key=key)
