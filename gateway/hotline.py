"""The hotline as the front door drives it: kb answers, intake gets the ticket, sla knows the hours.

Kb decides that a person is needed; the ticket is opened here, with a key made of the chat's id: it
is opened once, however often that is tried. While intake is away the chat stays `handing_over`, and
the next look at it tries again.
"""

from chassis.rpc_client import RemoteFault
from contracts import intake, kb, sla
from contracts.errors import NotFound, Unavailable
from gateway.access import Principal
from gateway.clients import Clients, Reply
from gateway.house import House

_MOST_TRANSCRIPT = 60_000


class Hotline:
    """Conversations of one person at a time."""

    def __init__(self, house: House) -> None:
        self._clients: Clients = house.clients
        self._readers = house.readers
        self._calendar = house.settings.desk_calendar

    def begin(
        self, principal: Principal, *, language: intake.Language, text: str | None, key: str
    ) -> Reply[kb.Chat]:
        """Begin a conversation, and say the first thing in it."""
        command = kb.OpenChat(requester=principal.email, language=language)
        opened = self._clients.open_chat(command, key=key)
        if text is None:
            return opened
        said = self.say(principal, chat=opened.answer.id, text=text, key=f"{key}:said")
        return Reply(said.answer, opened.replayed)

    def say(self, principal: Principal, *, chat: str, text: str, key: str) -> Reply[kb.Chat]:
        """Say something; a chat that became a ticket passes it on to there."""
        reader = self._readers.of(principal)
        command = kb.SayInChat(
            chat=chat,
            requester=principal.email,
            text=text,
            audience=reader.audience,
            groups=reader.groups,
        )
        said = self._clients.say_in_chat(command, key=key)
        if said.answer.state == "handed_over":
            self._pass_on(principal, said.answer, text=text, key=key)
        return Reply(self._finished(principal, said.answer), said.replayed)

    def show(self, principal: Principal, *, chat: str) -> kb.Chat:
        """The conversation as it stands."""
        found = self._clients.chat(kb.GetChat(chat=chat, requester=principal.email))
        return self._finished(principal, found)

    def _finished(self, principal: Principal, chat: kb.Chat) -> kb.Chat:
        """Finish a handover that kb decided."""
        if chat.state != "handing_over":
            return chat
        try:
            command = _ticket_of(chat, principal)
            ticket = self._clients.open_ticket(command, key=f"chat:{chat.id}").answer
            hours = self._hours()
            told = kb.HandOverChat(
                chat=chat.id,
                requester=principal.email,
                ticket=ticket.number,
                is_open=hours.is_open if hours else None,
                opens_at=hours.opens_at if hours else None,
                zone=hours.zone if hours else None,
            )
            # Another look at the chat may come to other hours: the first that is told counts.
            return self._clients.hand_over_chat(told, key=f"{chat.id}:{_minute(hours)}").answer
        except (Unavailable, RemoteFault):
            return chat

    def _pass_on(self, principal: Principal, chat: kb.Chat, *, text: str, key: str) -> None:
        command = intake.AddReply(
            number=str(chat.ticket),
            body=text,
            public=True,
            actor=principal.actor,
        )
        self._clients.reply(command, key=f"{key}:passed-on")

    def _hours(self) -> sla.Hours | None:
        try:
            return self._clients.start_hours(sla.GetHours(calendar=self._calendar)).result()
        except (Unavailable, NotFound, RemoteFault):
            return None


def _ticket_of(chat: kb.Chat, principal: Principal) -> intake.OpenTicket:
    """The ticket a chat becomes: what was said until then."""
    handed = next(each for each in reversed(chat.messages) if each.kind == "hand_over")
    said = [each for each in chat.messages if each.number <= handed.number]
    own = [each.text for each in said if not each.is_automatic]
    answers = [each.articles[0].key for each in said if each.kind == "answer"]
    return intake.OpenTicket(
        kind="incident",
        channel="chat",
        subject=chat.subject or own[0][:120],
        body="\n\n".join(map(_line, said))[:_MOST_TRANSCRIPT],
        requester=intake.Person(name=principal.name, email=principal.email, language=chat.language),
        actor=principal.actor,
        attributes={
            "chat": chat.id,
            "handed_over": handed.reason,
            "read_articles": list(dict.fromkeys(answers)),
        },
    )


def _line(message: kb.ChatMessage) -> str:
    speaker = "[otomatis | automatic] " if message.is_automatic else ""
    return "\n".join(filter(None, (f"{speaker}{message.text}", message.excerpt)))


def _minute(hours: sla.Hours | None) -> str:
    return f"{hours.as_of:%Y%m%dT%H%M%S%f}" if hours else "unknown"
