"""The digest over the contents of an archived file, by which a second filing of the same is known."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_archive"
down_revision = "20261126_roster_coverage"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("archive_file", sa.Column("content_digest", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("archive_file") as batch_op:
        batch_op.drop_column("content_digest")
