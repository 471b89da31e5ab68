"""The records of a month are found through an index: the analysis of risks reads one month among years."""

from alembic import op

revision = "20261127_dash_2"
down_revision = "20261127_joint_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_finding_record_checked_on", "finding_record", ["checked_on"])


def downgrade() -> None:
    op.drop_index("ix_finding_record_checked_on", "finding_record")
