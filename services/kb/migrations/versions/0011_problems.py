"""Problems, and who is linked to them."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "problems",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="problems_pkey"),
    )
    op.create_index("articles_by_problem", "articles", ["problem"])
    op.create_index("cases_by_number", "cases", ["number"])
