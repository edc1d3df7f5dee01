"""Small things that all questions share."""

from typing import Any, cast

import sqlalchemy as sa


def table(model: Any) -> sa.Table:
    """The table behind a model."""
    return cast("sa.Table", model.__table__)


def fields(of: sa.Table) -> list["sa.Label[Any]"]:
    """All columns under the names that our values give them."""
    return [column.label(column.key) for column in of.c]
