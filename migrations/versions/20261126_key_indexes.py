"""Every reference to a record that grows with the city is found through an index."""

from alembic import op

revision = "20261126_key_indexes"
down_revision = "20261126_one_delivery"
branch_labels = None
depends_on = None

INDEXES = (
    ("approval_item", "finding_id"),
    ("visit_approval", "merged_with_id"),
    ("signature", "inspector_id"),
    ("transfer_officer", "inspector_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table)
