"""How far the sources cover the roster, as each load counts it."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_roster_coverage"
down_revision = "20261126_competence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_batch") as batch:
        batch.add_column(sa.Column("coverage", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_column("coverage")
