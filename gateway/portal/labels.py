"""The codes that services use, in words for people. The source text is English; see `speech`.

A code that is not in a table is shown as it is, without its underscores: contracts only grow, and
a page must not fail on a word it has not learnt yet.
"""

from collections.abc import Mapping

from gateway.portal.speech import Speech, message

Labels = Mapping[str, str]

KINDS: Labels = {
    "incident": message("Incident"),
    "service_request": message("Service request"),
    "problem": message("Problem"),
}
NEEDS: Labels = {
    "incident": message("Something does not work"),
    "service_request": message("I need something"),
    "problem": message("A problem: the cause behind incidents"),
}
CHANNELS: Labels = {
    "portal": message("Portal"),
    "api": message("Program"),
    "email": message("E-mail"),
    "chat": message("Chat"),
    "phone": message("Phone"),
}
STATUSES: Labels = {
    "new": message("New"),
    "triaged": message("Sorted"),
    "assigned": message("Assigned"),
    "in_progress": message("In progress"),
    "pending": message("On hold"),
    "verifying": message("Being verified"),
    "resolved": message("Resolved"),
    "closed": message("Closed"),
    "merged": message("Merged"),
    "duplicate": message("Duplicate"),
    "cancelled": message("Cancelled"),
    "spam": message("Spam"),
}
PRIORITIES: Labels = {
    "P1": message("P1 · critical"),
    "P2": message("P2 · high"),
    "P3": message("P3 · medium"),
    "P4": message("P4 · low"),
    "P5": message("P5 · planned"),
}
IMPACTS: Labels = {
    "low": message("Just me"),
    "medium": message("My team"),
    "high": message("Many people or a whole department"),
}
URGENCIES: Labels = {
    "low": message("I can still work"),
    "medium": message("I can work, but with difficulty"),
    "high": message("I cannot work at all"),
}
PENDING_REASONS: Labels = {
    "requester": message("Waiting for the requester"),
    "vendor": message("Waiting for a supplier"),
    "change": message("Waiting for a change"),
    "visit": message("Waiting for a visit"),
    "date": message("Waiting until a date"),
}
TRANSFER_REASONS: Labels = {
    "wrong_group": message("It came to the wrong group"),
    "needs_more_skill": message("It needs more skill"),
    "shift_handover": message("Shift handover"),
    "workload": message("Workload"),
    "requested": message("On request"),
    "vendor": message("A supplier takes over"),
}
ASSIGNMENT_REASONS: Labels = {
    **TRANSFER_REASONS,
    "rule": message("By the desk's rules"),
    "manual": message("By hand"),
    "escalation": message("By escalation"),
}
ESCALATIONS: Labels = {
    "functional": message("To more expertise"),
    "hierarchic": message("To more authority"),
}
SLA_STATES: Labels = {
    "none": message("No promise"),
    "running": message("On time"),
    "at_risk": message("At risk"),
    "breached": message("Overdue"),
    "paused": message("Paused"),
    "met": message("Kept"),
}
CLOCKS: Labels = {
    "first_response": message("First response"),
    "resolution": message("Resolution"),
    "next_response": message("Next response"),
    "periodic_update": message("Regular update"),
    "accept": message("Taking it on"),
    "ola": message("Agreement between groups"),
    "vendor": message("Supplier’s answer"),
}
CLOCK_STATES: Labels = {
    "running": message("Running"),
    "paused": message("Paused"),
    "breached": message("Overdue"),
    "met": message("Kept"),
    "missed": message("Missed"),
    "cancelled": message("Cancelled"),
}
RESOLUTION_CODES: Labels = {
    "permanent_fix": message("Fixed for good"),
    "workaround": message("Workaround"),
}
CAUSES: Labels = {
    "hardware": message("Hardware"),
    "software": message("Software"),
    "network": message("Network"),
    "access": message("Account or access"),
    "configuration": message("Configuration"),
    "usage": message("Use or knowledge"),
    "supplier": message("Supplier"),
    "other": message("Something else"),
}
SORTS: Labels = {
    "due": message("Due first"),
    "-updated": message("Changed last"),
    "updated": message("Longest untouched"),
    "-opened": message("Newest"),
}
ARTICLE_STATUSES: Labels = {
    "draft": message("Draft"),
    "review": message("In review"),
    "published": message("Published"),
    "archived": message("Archived"),
}
FEEDBACK_REASONS: Labels = {
    "outdated": message("It is outdated"),
    "unclear": message("I do not understand it"),
    "wrong": message("It is wrong, or did not work"),
    "not_my_problem": message("It is about something else"),
    "other": message("Something else"),
}
STALE_REASONS: Labels = {
    "review_due": message("to be read again"),
    "problem_solved": message("its problem is solved"),
    "not_helpful": message("does not help most readers"),
    "outdated": message("readers doubt it"),
    "old": message("not changed for a year"),
    "unread": message("not read for half a year"),
}
PROBLEM_STATES: Labels = {
    "open": message("not solved yet"),
    "solved": message("solved"),
    "dropped": message("dropped"),
}
AUDIENCES: Labels = {
    "public": message("For everyone"),
    "internal": message("For agents only"),
    "group": message("For some groups only"),
}
LEFT_OUT: Labels = {
    "inactive": message("no longer active"),
    "away": message("away"),
    "full": message("no capacity left"),
    "gave_back": message("gave it back"),
    "skill": message("lacks the skill needed"),
}
SCORE_PARTS: Labels = {
    "load": message("load"),
    "skill": message("skill"),
    "language": message("language"),
    "total": message("sum"),
}
ROLES: Labels = {
    "requester": message("Requester"),
    "agent": message("Agent"),
    "lead": message("Team lead"),
    "admin": message("Administrator"),
}


def say(labels: Labels, code: str | None, *, speech: Speech) -> str:
    """A code in the reader's language; an unknown one as it is, nothing for none."""
    if code is None:
        return ""
    return speech.text(labels[code]) if code in labels else code.replace("_", " ")
