"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

from services.kb.handlers.articles import (
    get_article,
    list_articles,
    put_article,
)
from services.kb.handlers.asked import (
    AskedLog,
    asked_here,
    forget_searches,
)
from services.kb.handlers.attachments import (
    get_attachment,
    list_attachments,
    put_attachment,
    remove_attachment,
)
from services.kb.handlers.completing import (
    complete,
)
from services.kb.handlers.copies import (
    change_working_copy_status,
    compare_working_copy,
    get_working_copy,
    put_working_copy,
)
from services.kb.handlers.hotline import (
    get_chat,
    hand_over_chat,
    open_chat,
    say_in_chat,
)
from services.kb.handlers.life import (
    amend_article,
    change_article_status,
    look_at_article,
)
from services.kb.handlers.problems import (
    keep_problem,
    keep_problem_state,
    list_problems,
)
from services.kb.handlers.revisions import (
    compare_revisions,
    list_revisions,
    restore_revision,
)
from services.kb.handlers.search import (
    refresh_index,
    search_articles,
)
from services.kb.handlers.suggestions import (
    keep_what_followed,
    report_deflection,
    suggest,
)
from services.kb.handlers.tickets import (
    draft_from_ticket,
    keep_opening,
    keep_resolution,
    report_gaps,
)
from services.kb.handlers.use import (
    get_article_use,
    record_reading,
    report_stale_articles,
)
from services.kb.handlers.words import (
    get_words,
    put_words,
    read_text,
)

__all__ = [
    "AskedLog",
    "amend_article",
    "asked_here",
    "change_article_status",
    "change_working_copy_status",
    "compare_revisions",
    "compare_working_copy",
    "complete",
    "draft_from_ticket",
    "forget_searches",
    "get_article",
    "get_article_use",
    "get_attachment",
    "get_chat",
    "get_words",
    "get_working_copy",
    "hand_over_chat",
    "keep_opening",
    "keep_problem",
    "keep_problem_state",
    "keep_resolution",
    "keep_what_followed",
    "list_articles",
    "list_attachments",
    "list_problems",
    "list_revisions",
    "look_at_article",
    "open_chat",
    "put_article",
    "put_attachment",
    "put_words",
    "put_working_copy",
    "read_text",
    "record_reading",
    "refresh_index",
    "remove_attachment",
    "report_deflection",
    "report_gaps",
    "report_stale_articles",
    "restore_revision",
    "say_in_chat",
    "search_articles",
    "suggest",
]
