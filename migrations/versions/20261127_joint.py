"""Joint inspection: offers and joint lines of a plan, parts of a task, confirmations, the outbox."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261127_joint"
down_revision = "20261127_dash"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("joint_answer", "part_reply", "visit_confirmation", "outbox_try")


def upgrade() -> None:
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=120), nullable=True))
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cooperation", sa.String(length=20), nullable=False, server_default="single")
        )
    op.execute(
        "UPDATE plan_line SET cooperation = 'cross_department' WHERE id IN ("
        "SELECT entry.line_id FROM plan_line_item entry"
        " JOIN item_version version ON version.id = entry.version_id"
        " JOIN inspection_item item ON item.id = version.item_id"
        " GROUP BY entry.line_id HAVING COUNT(DISTINCT item.agency_id) > 1)"
    )
    _plan_tables()
    _task_tables()
    _outbox_tables()
    protect(op, *WRITTEN_ONCE)


def downgrade() -> None:
    unprotect(op, *WRITTEN_ONCE)
    for table in (
        "outbox_try",
        "outbox_message",
        "visit_confirmation",
        "part_reply",
        "task_part",
        "joint_answer",
        "joint_member",
        "joint_item",
        "offer_item",
        "line_offer",
        "joint_line",
    ):
        op.drop_table(table)
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.drop_column("cooperation")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("email")


def _key(name: str, target: str, nullable: bool = False) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], [target]),
    ]


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _table(name: str, *parts: object) -> None:
    flat = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    op.create_table(name, sa.Column("id", sa.Integer(), nullable=False), *flat, sa.PrimaryKeyConstraint("id"))


def _plan_tables() -> None:
    _table(
        "joint_line",
        _key("plan_id", "inspection_plan.id"),
        _text("name", 120),
        _text("cooperation", 20),
        _key("lead_agency_id", "agency.id"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _text("state", 20),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("separate", sa.Integer(), nullable=False),
        sa.Column("together", sa.Integer(), nullable=False),
        _key("line_id", "plan_line.id", nullable=True),
        sa.UniqueConstraint("line_id"),
        _text("ending", 300, nullable=True),
        _key("formed_by_id", "ab_user.id"),
        _moment("formed_at"),
        _key("confirmed_by_id", "ab_user.id", nullable=True),
        _moment("confirmed_at", nullable=True),
    )
    op.create_index("ix_joint_line_plan_id", "joint_line", ["plan_id"])
    _table(
        "line_offer",
        _key("plan_id", "inspection_plan.id"),
        _key("agency_id", "agency.id"),
        _text("name", 120),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _text("state", 20),
        _text("reason", 300, nullable=True),
        _key("joint_id", "joint_line.id", nullable=True),
        _key("line_id", "plan_line.id", nullable=True),
        _key("offered_by_id", "ab_user.id"),
        _moment("offered_at"),
    )
    for column in ("plan_id", "joint_id", "line_id"):
        op.create_index(f"ix_line_offer_{column}", "line_offer", [column])
    _table(
        "offer_item",
        _key("offer_id", "line_offer.id"),
        _key("version_id", "item_version.id"),
        sa.Column("ppm", sa.Integer(), nullable=False),
        sa.UniqueConstraint("offer_id", "version_id"),
    )
    _table(
        "joint_item",
        _key("joint_id", "joint_line.id"),
        _key("version_id", "item_version.id"),
        sa.Column("ppm", sa.Integer(), nullable=False),
        sa.UniqueConstraint("joint_id", "version_id"),
    )
    _table(
        "joint_member",
        _key("joint_id", "joint_line.id"),
        _key("agency_id", "agency.id"),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("team_size", sa.Integer(), nullable=False),
        _text("state", 20),
        sa.UniqueConstraint("joint_id", "agency_id"),
    )
    _table(
        "joint_answer",
        _key("member_id", "joint_member.id"),
        _text("state", 20),
        _text("reason", 300),
        _text("document_no", 80),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        _key("by_id", "ab_user.id"),
        _moment("at"),
    )
    op.create_index("ix_joint_answer_member_id", "joint_answer", ["member_id"])


def _task_tables() -> None:
    _table(
        "task_part",
        _key("task_id", "inspection_task.id"),
        _key("agency_id", "agency.id"),
        _text("state", 20),
        _moment("asked_at"),
        sa.UniqueConstraint("task_id", "agency_id"),
    )
    op.create_index("ix_task_part_agency_id", "task_part", ["agency_id"])
    _table(
        "part_reply",
        _key("part_id", "task_part.id"),
        _text("state", 20),
        _text("contact", 60),
        _text("reason", 300),
        _text("document_no", 80),
        _text("carried", 300),
        sa.Column("targets", sa.Integer(), nullable=False),
        _key("by_id", "ab_user.id"),
        _moment("at"),
    )
    op.create_index("ix_part_reply_part_id", "part_reply", ["part_id"])
    _table(
        "visit_confirmation",
        _key("visit_id", "visit.id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("opinion", 300),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        _key("by_id", "ab_user.id"),
        _moment("at"),
        sa.UniqueConstraint("visit_id", "version"),
    )


def _outbox_tables() -> None:
    _table(
        "outbox_message",
        _text("kind", 20),
        _key("agency_id", "agency.id"),
        _text("subject", 200),
        sa.Column("body", sa.Text(), nullable=False),
        _text("record", 40),
        _text("address", 120),
        _text("state", 20),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("made_at"),
        _moment("next_at", nullable=True),
        _moment("sent_at", nullable=True),
    )
    for column in ("agency_id", "record", "state"):
        op.create_index(f"ix_outbox_message_{column}", "outbox_message", [column])
    _table(
        "outbox_try",
        _key("message_id", "outbox_message.id"),
        _moment("at"),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        _text("answer", 300),
    )
    op.create_index("ix_outbox_try_message_id", "outbox_try", ["message_id"])
