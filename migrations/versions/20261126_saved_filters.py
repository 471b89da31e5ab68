"""filters of lists that readers keep, and an index for every column by which they sort a long list."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_saved_filters"
down_revision = "20261126_follow_up_2"
branch_labels = None
depends_on = None

SORTED = (
    ("listing", "included_on"),
    ("complaint", "received_on"),
    ("visit", "planned_on"),
    ("visit", "done_on"),
    ("visit", "disclose_by"),
)


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("view", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_usual", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("owner_id", "view", "name"),
    )
    op.create_index("ix_saved_filter_shared", "saved_filter", ["agency_id", "view"])
    for table, column in SORTED:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in SORTED:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_table("saved_filter")
