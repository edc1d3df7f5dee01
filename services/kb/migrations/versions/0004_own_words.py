"""The desk's own words: spellings and stop words of each language."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("spellings", sa.JSON, nullable=False),
        sa.Column("stop_words", sa.JSON, nullable=False),
        sa.Column("updated_by", sa.String(254), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("language", name="own_words_pkey"),
    )
