"""Offers and joint lines say how they are divided and in how many batches they are drawn."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_joint_3"
down_revision = "20261127_dash_3"
branch_labels = None
depends_on = None

TABLES = ("line_offer", "joint_line")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(
                    "stratification", sa.String(length=20), nullable=False, server_default="attention"
                )
            )
            batch_op.add_column(sa.Column("batches", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("batches")
            batch_op.drop_column("stratification")
