"""What is asked of intake."""

from contracts import intake
from gateway.clients.calls import Client, Pending, Reply


class IntakeClient(Client):
    """Tickets, their conversation, files and log."""

    def open_ticket(self, command: intake.OpenTicket, *, key: str) -> Reply[intake.Ticket]:
        """Open a ticket."""
        return self._tell(intake.OPEN_TICKET, command, key)

    def start_ticket(self, *, number: str, viewer: str | None) -> Pending[intake.Ticket]:
        """Ask for a ticket without waiting."""
        return self._start(intake.GET_TICKET, intake.GetTicket(number=number, viewer=viewer))

    def ticket(self, *, number: str, viewer: str | None) -> intake.Ticket:
        """One ticket; NotFound when the viewer did not open it."""
        return self.start_ticket(number=number, viewer=viewer).result()

    def tickets(self, question: intake.ListTickets) -> intake.TicketPage:
        """Some tickets."""
        return self._ask(intake.LIST_TICKETS, question)

    def reply(self, command: intake.AddReply, *, key: str) -> Reply[intake.Message]:
        """Add a message."""
        return self._tell(intake.ADD_REPLY, command, key)

    def start_conversation(
        self, *, number: str, viewer: str | None
    ) -> Pending[intake.Conversation]:
        """Ask for the messages of a ticket, without waiting and not for long."""
        question = intake.GetTicket(number=number, viewer=viewer)
        return self._start_part(intake.LIST_MESSAGES, question)

    def conversation(self, *, number: str, viewer: str | None) -> intake.Conversation:
        """The messages of a ticket that the viewer may see."""
        return self._ask(intake.LIST_MESSAGES, intake.GetTicket(number=number, viewer=viewer))

    def upload(self, command: intake.AddMessageFile, *, key: str) -> Reply[intake.MessageFile]:
        """Hand in a file for a message to come."""
        return self._tell(intake.ADD_MESSAGE_FILE, command, key)

    def message_file(self, question: intake.GetMessageFile) -> intake.MessageFileContent:
        """A file of a message that the viewer may read."""
        return self._ask(intake.GET_MESSAGE_FILE, question)

    def change_status(self, command: intake.ChangeStatus, *, key: str) -> Reply[intake.Ticket]:
        """Move a ticket to another status."""
        return self._tell(intake.CHANGE_STATUS, command, key)

    def amend(self, command: intake.AmendTicket, *, key: str) -> Reply[intake.Ticket]:
        """Change impact, urgency or category."""
        return self._tell(intake.AMEND_TICKET, command, key)

    def merge(self, command: intake.MergeTicket, *, key: str) -> Reply[intake.Ticket]:
        """Let a ticket go on in another one."""
        return self._tell(intake.MERGE_TICKET, command, key)

    def unmerge(self, command: intake.UnmergeTicket, *, key: str) -> Reply[intake.Ticket]:
        """Undo a merge."""
        return self._tell(intake.UNMERGE_TICKET, command, key)

    def split(self, command: intake.SplitTicket, *, key: str) -> Reply[intake.Ticket]:
        """Make part of a ticket a ticket of its own."""
        return self._tell(intake.SPLIT_TICKET, command, key)

    def start_log(self, question: intake.ReadLog) -> Pending[intake.LogPage]:
        """Ask for the event log, without waiting and not for long."""
        return self._start_part(intake.READ_LOG, question)

    def log(self, question: intake.ReadLog) -> intake.LogPage:
        """The event log, from an offset."""
        return self._ask(intake.READ_LOG, question)
