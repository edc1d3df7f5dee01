"""Thresholds in open minutes before or after due, beside those in percent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = ["ticket_id", "kind", "instance", "version", "percent", "minutes"]


def upgrade() -> None:
    with op.batch_alter_table("thresholds") as table:
        table.add_column(sa.Column("minutes", sa.Integer, nullable=False, server_default="0"))
        table.drop_constraint("thresholds_pkey", type_="primary")
        table.create_primary_key("thresholds_pkey", KEY)
