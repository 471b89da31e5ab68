"""The rows behind the figures tell of withdrawn parts too; they are computed anew."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_dash_4"
down_revision = "20261127_joint_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("row", "sheet", "refresh"):
        op.execute(f"DELETE FROM figure_{name}")
    op.add_column("figure_row", sa.Column("gone", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("figure_row", "gone")
