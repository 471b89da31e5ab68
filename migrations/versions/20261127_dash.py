"""Figures kept ready for the dashboard, runs of the risk analysis, tasks of the leading group."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261127_dash"
down_revision = "20261126_key_indexes"
branch_labels = None
depends_on = None

NUMBERS = (
    "year",
    "agency_id",
    "enterprise_id",
    "draw_id",
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


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    keep_figures()
    op.create_table(
        "risk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_risk_run_month", "risk_run", ["month"])
    op.create_table(
        "risk_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("warning_id", sa.Integer(), nullable=False),
        sa.Column("special_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["special_id"], ["special_inspection.id"]),
        sa.ForeignKeyConstraint(["warning_id"], ["risk_warning.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("special_id"),
    )
    op.create_index("ix_risk_response_warning_id", "risk_response", ["warning_id"])
    protect(op, "risk_run", "risk_response")
    op.create_table(
        "group_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["group_meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_group_task_meeting_id", "group_task", ["meeting_id"])
    op.create_index("ix_group_task_due_on", "group_task", ["due_on"])
    op.add_column("training_session", sa.Column("examined", sa.Integer(), nullable=True))


def keep_figures() -> None:
    op.create_table(
        "figure_refresh",
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("computed_at", moment(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("claimed_at", moment(), nullable=True),
        sa.Column("asked_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("scope"),
    )
    op.create_table(
        "figure_sheet",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("year", "agency_id"),
    )
    op.create_table(
        "figure_row",
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS],
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=True),
        sa.Column("territory_code", sa.String(length=6), nullable=True),
        sa.Column("division", sa.String(length=2), nullable=True),
        sa.PrimaryKeyConstraint("target_id"),
    )
    for name, column in (
        ("agency", "agency_id"),
        ("district", "territory_code"),
        ("division", "division"),
        ("month", "month"),
    ):
        op.create_index(f"ix_figure_row_{name}", "figure_row", ["year", column, "enterprise_id"])
    op.create_index("ix_figure_row_firm", "figure_row", ["year", "enterprise_id"])
    op.create_table(
        "figure_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "kind", "agency_id", "subject_id"),
    )
    columns = ["year", "kind", "agency_id", "number", "subject_id"]
    op.create_index("ix_figure_count_number", "figure_count", columns)
    op.create_table(
        "figure_deadline",
        sa.Column("record", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("started", moment(), nullable=False),
        sa.Column("warns", moment(), nullable=True),
        sa.Column("due", moment(), nullable=True),
        sa.PrimaryKeyConstraint("record", "key", "kind", "agency_id", "ordinal"),
    )
    op.create_index("ix_figure_deadline_due", "figure_deadline", ["due"])
    op.create_index("ix_figure_deadline_agency", "figure_deadline", ["agency_id", "due"])


def downgrade() -> None:
    op.drop_column("training_session", "examined")
    op.drop_table("group_task")
    unprotect(op, "risk_run", "risk_response")
    op.drop_table("risk_response")
    op.drop_table("risk_run")
    for name in ("deadline", "count", "row", "sheet", "refresh"):
        op.drop_table(f"figure_{name}")
