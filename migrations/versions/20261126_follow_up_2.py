"""How much harm a breach did, beside the decision on it."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_follow_up_2"
down_revision = "20261126_archive"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "leniency_decision", sa.Column("harm", sa.String(length=20), nullable=False, server_default="none")
    )


def downgrade() -> None:
    op.drop_column("leniency_decision", "harm")
