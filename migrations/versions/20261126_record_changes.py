"""The history of the small registers."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261126_record_changes"
down_revision = "20261126_saved_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("inspector_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_change_enterprise", "record_change", ["enterprise_id", "id"])
    op.create_index("ix_record_change_inspector", "record_change", ["inspector_id", "id"])
    protect(op, "record_change")


def downgrade() -> None:
    unprotect(op, "record_change")
    op.drop_table("record_change")
