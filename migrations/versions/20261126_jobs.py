"""Background work: the table of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_jobs"
down_revision = "20261126_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("rate", sa.Float()),
        sa.Column("message", sa.String(length=60), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("error_code", sa.String(length=60)),
        sa.Column("error_params", sa.JSON()),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("worker", sa.String(length=120)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("committed", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_job_state", "job", ["state"])
    op.create_index("ix_job_owner_queued", "job", ["owner_id", "queued_at"])


def downgrade() -> None:
    op.drop_table("job")
