"""The rows behind the figures lie in the order in which they are grouped; they are computed anew."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_dash_3"
down_revision = "20261127_dash_2"
branch_labels = None
depends_on = None

KEYS = ("year", "enterprise_id", "draw_id", "target_id")
NUMBERS = (
    "agency_id",
    "task_id",
    "item_id",
    "month",
    "is_joint",
    "checked",
    "disclosed",
    "closed",
    "problem",
    "due",
    "punctual",
    "met",
    "joined",
    "is_external",
)
SINGLE = (("agency", "agency_id"), ("district", "territory_code"), ("division", "division"), ("month", "month"))


def columns() -> list[sa.Column]:
    return [
        *[sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in KEYS],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS],
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=True),
        sa.Column("territory_code", sa.String(length=6), nullable=True),
        sa.Column("division", sa.String(length=2), nullable=True),
    ]


def upgrade() -> None:
    op.drop_table("figure_row")
    op.create_table(
        "figure_row", *columns(), sa.PrimaryKeyConstraint(*KEYS), sqlite_with_rowid=False
    )
    op.execute("DELETE FROM figure_sheet")
    op.execute("DELETE FROM figure_refresh")


def downgrade() -> None:
    op.drop_table("figure_row")
    op.create_table("figure_row", *columns(), sa.PrimaryKeyConstraint("target_id"))
    for name, column in SINGLE:
        op.create_index(f"ix_figure_row_{name}", "figure_row", ["year", column, "enterprise_id"])
    op.create_index("ix_figure_row_firm", "figure_row", ["year", "enterprise_id"])
    op.execute("DELETE FROM figure_sheet")
    op.execute("DELETE FROM figure_refresh")
