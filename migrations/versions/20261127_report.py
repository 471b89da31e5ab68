"""What reports keep: declared figures, layouts of forms, and periods as they were reported."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261127_report"
down_revision = "20261127_joint"
branch_labels = None
depends_on = None

APPEND_ONLY = ("declared_figure", "report_layout", "reported_period")


def upgrade() -> None:
    op.create_table(
        "declared_figure",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_declared_figure_of", "declared_figure", ["year", "agency_id", "name"])
    op.create_index("ix_declared_figure_agency_id", "declared_figure", ["agency_id"])
    op.create_table(
        "report_layout",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("form", "version"),
    )
    _reported()
    protect(op, *APPEND_ONLY)


def _reported() -> None:
    op.create_table(
        "reported_period",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), sa.ForeignKey("agency.id"), nullable=True),
        sa.Column("territory", sa.String(length=12), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("figures_digest", sa.String(length=64), nullable=False),
        sa.Column("rows_digest", sa.String(length=64), sa.ForeignKey("stored_file.digest"), nullable=False),
        sa.Column("file_digest", sa.String(length=64), sa.ForeignKey("stored_file.digest"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("audit_number", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("report", "period", "scope", "edition"),
    )
    op.create_index("ix_reported_period_agency_id", "reported_period", ["agency_id"])
    op.create_index("ix_reported_period_at", "reported_period", ["reported_at"])


def downgrade() -> None:
    unprotect(op, *APPEND_ONLY)
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
