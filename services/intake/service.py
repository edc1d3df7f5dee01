"""The door: calls and events come in here, and nothing is decided here."""

from chassis.bus import every, rpc, subscribe
from chassis.database import Database, Transaction
from chassis.providers import Desk
from chassis.settings import ServiceSettings
from contracts import intake as contract
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from contracts.routing import AssignmentMade, EscalationRaised
from contracts.sla import ClocksChanged
from services.intake import handlers, models
from services.intake.schemas import REFUSALS


class IntakeService:
    """Tickets: opening, conversation and its files, life cycle, lists and log."""

    name = "intake"
    desk: Desk[ServiceSettings] = Desk(
        models.Base.metadata, services=SERVICES, subscriptions=SUBSCRIPTIONS
    )

    @rpc(contract.OPEN_TICKET, refusals=REFUSALS)
    def open_ticket(self, command: contract.OpenTicket, tx: Transaction) -> contract.Ticket:
        """Accept a ticket."""
        return handlers.open_ticket(command, tx=tx)

    @rpc(contract.GET_TICKET, refusals=REFUSALS)
    def get_ticket(self, question: contract.GetTicket, tx: Transaction) -> contract.Ticket:
        """One ticket."""
        return handlers.get_ticket(question, tx=tx)

    @rpc(contract.LIST_TICKETS, refusals=REFUSALS)
    def list_tickets(self, question: contract.ListTickets, tx: Transaction) -> contract.TicketPage:
        """Some tickets."""
        return handlers.list_tickets(question, tx=tx)

    @rpc(contract.ADD_REPLY, refusals=REFUSALS)
    def add_reply(self, command: contract.AddReply, tx: Transaction) -> contract.Message:
        """Add a message."""
        return handlers.add_reply(command, tx=tx)

    @rpc(contract.LIST_MESSAGES, refusals=REFUSALS)
    def list_messages(self, question: contract.GetTicket, tx: Transaction) -> contract.Conversation:
        """The conversation of a ticket."""
        return handlers.list_messages(question, tx=tx)

    @rpc(contract.ADD_MESSAGE_FILE, refusals=REFUSALS)
    def add_message_file(
        self, command: contract.AddMessageFile, tx: Transaction
    ) -> contract.MessageFile:
        """Hand in a file."""
        return handlers.add_message_file(command, tx=tx)

    @rpc(contract.GET_MESSAGE_FILE, refusals=REFUSALS)
    def get_message_file(
        self, question: contract.GetMessageFile, tx: Transaction
    ) -> contract.MessageFileContent:
        """A file of a message."""
        return handlers.get_message_file(question, tx=tx)

    @rpc(contract.CHANGE_STATUS, refusals=REFUSALS)
    def change_status(self, command: contract.ChangeStatus, tx: Transaction) -> contract.Ticket:
        """Move a ticket to another status."""
        return handlers.change_status(command, tx=tx)

    @rpc(contract.AMEND_TICKET, refusals=REFUSALS)
    def amend_ticket(self, command: contract.AmendTicket, tx: Transaction) -> contract.Ticket:
        """Correct impact, urgency or category."""
        return handlers.amend_ticket(command, tx=tx)

    @rpc(contract.MERGE_TICKET, refusals=REFUSALS)
    def merge_ticket(self, command: contract.MergeTicket, tx: Transaction) -> contract.Ticket:
        """Let a ticket go on in another one."""
        return handlers.merge_ticket(command, tx=tx)

    @rpc(contract.UNMERGE_TICKET, refusals=REFUSALS)
    def unmerge_ticket(self, command: contract.UnmergeTicket, tx: Transaction) -> contract.Ticket:
        """Undo a merge."""
        return handlers.unmerge_ticket(command, tx=tx)

    @rpc(contract.SPLIT_TICKET, refusals=REFUSALS)
    def split_ticket(self, command: contract.SplitTicket, tx: Transaction) -> contract.Ticket:
        """Make part of a ticket a ticket of its own."""
        return handlers.split_ticket(command, tx=tx)

    @rpc(contract.READ_LOG, refusals=REFUSALS)
    def read_log(self, question: contract.ReadLog, tx: Transaction) -> contract.LogPage:
        """What happened, in order."""
        return handlers.read_log(question, tx=tx)

    @subscribe(AssignmentMade)
    def on_assignment_made(self, event: AssignmentMade, tx: Transaction) -> None:
        """Somebody works on a ticket."""
        handlers.copy_assignment(event, tx=tx)

    @subscribe(ClocksChanged)
    def on_clocks_changed(self, event: ClocksChanged, tx: Transaction) -> None:
        """A ticket's promises moved."""
        handlers.copy_clocks(event, tx=tx)

    @subscribe(EscalationRaised)
    def on_escalation_raised(self, event: EscalationRaised, tx: Transaction) -> None:
        """A ticket climbed."""
        handlers.copy_escalation(event, tx=tx)

    @every(seconds=600)
    def forget_waiting(self, database: Database) -> None:
        """A file that was handed in and never sent is nobody's business."""
        handlers.forget_waiting(database)
