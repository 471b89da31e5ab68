"""Exchange: keys of departments, packages taken in, answers given once, the other platform's numbers."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261126_exchange"
down_revision = "20261126_import_profile"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inspection_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_plan_no", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("external_task_no", sa.String(length=80), nullable=True))
        batch_op.create_unique_constraint("inspection_task_external_task_no_key", ["external_task_no"])
    op.create_table(
        "agency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("prefix"),
    )
    op.create_index("ix_agency_key_agency_id", "agency_key", ["agency_id"])
    op.create_table(
        "exchange_intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["inspection_task.id"]),
        sa.ForeignKeyConstraint(["taken_by_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_exchange_intake_task_id", "exchange_intake", ["task_id"])
    op.create_index("ix_exchange_intake_digest", "exchange_intake", ["digest"])
    op.create_table(
        "call_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency_id", "idempotency_key"),
    )
    protect(op, "exchange_intake", "call_receipt")


def downgrade() -> None:
    unprotect(op, "exchange_intake", "call_receipt")
    op.drop_table("call_receipt")
    op.drop_table("exchange_intake")
    op.drop_table("agency_key")
    with op.batch_alter_table("inspection_task", schema=None) as batch_op:
        batch_op.drop_constraint("inspection_task_external_task_no_key", type_="unique")
        batch_op.drop_column("external_task_no")
        batch_op.drop_column("external_plan_no")
