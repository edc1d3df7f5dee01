"""The tongue: articles and hits, in the words of the contracts.

Contracts carry their own schemas, so nothing is validated here.
"""

from services.kb.schemas.articles import (
    article_of,
    attachment_of,
    content_of,
    known_problem_of,
    line_of,
    named_article_of,
    published_of,
    review_due_of,
    stale_of,
)
from services.kb.schemas.copies import working_copy_of
from services.kb.schemas.hotline import chat_of
from services.kb.schemas.readers import Asks, reader_of, writer_of
from services.kb.schemas.refusals import (
    REFUSALS,
    article_not_found,
    stale_version,
    working_copy_not_found,
)
from services.kb.schemas.revisions import comparison_of, diff_fields, diff_lines, revision_of
from services.kb.schemas.search import deflection_of, hit_of, safe_html

__all__ = [
    "REFUSALS",
    "Asks",
    "article_not_found",
    "article_of",
    "attachment_of",
    "chat_of",
    "comparison_of",
    "content_of",
    "deflection_of",
    "diff_fields",
    "diff_lines",
    "hit_of",
    "known_problem_of",
    "line_of",
    "named_article_of",
    "published_of",
    "reader_of",
    "review_due_of",
    "revision_of",
    "safe_html",
    "stale_of",
    "stale_version",
    "working_copy_not_found",
    "working_copy_of",
    "writer_of",
]
