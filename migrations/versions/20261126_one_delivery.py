"""Deliveries are recorded with what is delivered; the documents keep no table of their own for them."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect

revision = "20261126_one_delivery"
down_revision = "20261126_record_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("document_delivery")


def downgrade() -> None:
    op.create_table(
        "document_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("receiver", sa.String(length=60), nullable=False),
        sa.Column("relation", sa.String(length=60), nullable=False),
        sa.Column("refusal", sa.String(length=200), nullable=False),
        sa.Column("witness", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("proof_digest", sa.String(length=64), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"]),
        sa.ForeignKeyConstraint(["proof_digest"], ["stored_file.digest"]),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_document_delivery_document_id", "document_delivery", ["document_id"])
    protect(op, "document_delivery")
