"""Work over many tickets, and what a what-if judged."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("found", sa.JSON, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("after_at", Instant),
        sa.Column("after_id", sa.String(36), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.PrimaryKeyConstraint("job_id", name="jobs_pkey"),
    )
    op.create_table(
        "verdicts",
        sa.Column("job_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("instance", sa.Integer, nullable=False),
        sa.Column("was", sa.String(20), nullable=False),
        sa.Column("was_elapsed_us", sa.BigInteger, nullable=False),
        sa.Column("was_target_us", sa.BigInteger, nullable=False),
        sa.Column("would_be", sa.String(20), nullable=False),
        sa.Column("would_be_elapsed_us", sa.BigInteger, nullable=False),
        sa.Column("would_be_target_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", "kind", "instance", name="verdicts_pkey"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.job_id"], name="verdicts_job_id_fkey"),
    )
