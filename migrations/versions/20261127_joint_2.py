"""Joint inspection: the visits that a frozen roster needs, apart and at once."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_joint_2"
down_revision = "20261127_report"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("separate_visits", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("least_visits", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.drop_column("least_visits")
        batch_op.drop_column("separate_visits")
