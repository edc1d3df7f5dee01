"""Working copies: written, reviewed, compared, published beside an article that stays on air."""

from services.kb.handlers.copies.desk import COPY_PLAN, copy_for, open_copy
from services.kb.handlers.copies.life import change_working_copy_status, publish_as_planned
from services.kb.handlers.copies.writing import (
    changed_copy,
    compare_working_copy,
    get_working_copy,
    put_working_copy,
)

__all__ = [
    "COPY_PLAN",
    "change_working_copy_status",
    "changed_copy",
    "compare_working_copy",
    "copy_for",
    "get_working_copy",
    "open_copy",
    "publish_as_planned",
    "put_working_copy",
]
