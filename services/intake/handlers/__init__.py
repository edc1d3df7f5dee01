"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

from services.intake.handlers.attachments import (
    add_message_file,
    forget_waiting,
    get_message_file,
)
from services.intake.handlers.merging import merge_ticket, split_ticket, unmerge_ticket
from services.intake.handlers.tickets import (
    add_reply,
    amend_ticket,
    change_status,
    copy_assignment,
    copy_clocks,
    copy_escalation,
    get_ticket,
    list_messages,
    list_tickets,
    open_ticket,
    read_log,
)

__all__ = [
    "add_message_file",
    "add_reply",
    "amend_ticket",
    "change_status",
    "copy_assignment",
    "copy_clocks",
    "copy_escalation",
    "forget_waiting",
    "get_message_file",
    "get_ticket",
    "list_messages",
    "list_tickets",
    "merge_ticket",
    "open_ticket",
    "read_log",
    "split_ticket",
    "unmerge_ticket",
]
