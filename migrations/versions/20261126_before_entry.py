"""What stands before an entry: approvals, urgent reports, filings, notices, caps; tasks that are not drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "20261126_before_entry"
down_revision = "20261126_jobs"
branch_labels = None
depends_on = None

TABLES = (
    "notice_delivery",
    "approval_item",
    "visit_scan",
    "visit_notice",
    "visit_filing",
    "visit_approval",
    "urgent_report",
    "enterprise_entry",
    "area_assistance",
    "task_trigger",
    "special_item",
    "special_inspection",
    "frequency_cap",
)
APPEND_ONLY = ("visit_scan", "notice_delivery", "enterprise_entry", "approval_item")


def upgrade() -> None:
    _create_registers()
    _create_approvals()
    _create_notices()
    op.add_column("item_version", sa.Column("materials", sa.Text(), nullable=True))
    with _references_kept_aside(), op.batch_alter_table("inspection_task") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="random"))
        batch.add_column(sa.Column("special_id", sa.Integer(), nullable=True))
        batch.alter_column("line_id", existing_type=sa.Integer(), nullable=True)
        batch.create_index("ix_inspection_task_kind", ["kind"])
        batch.create_index("ix_inspection_task_special_id", ["special_id"])
        batch.create_foreign_key(
            "inspection_task_special_id_fkey", "special_inspection", ["special_id"], ["id"]
        )
    with _references_kept_aside(), op.batch_alter_table("visit") as batch:
        batch.alter_column("draw_id", existing_type=sa.Integer(), nullable=True)
    for table in APPEND_ONLY:
        for statement in _triggers(table):
            op.execute(statement)


def downgrade() -> None:
    with _references_kept_aside(), op.batch_alter_table("visit") as batch:
        batch.alter_column("draw_id", existing_type=sa.Integer(), nullable=False)
    with _references_kept_aside(), op.batch_alter_table("inspection_task") as batch:
        batch.drop_constraint("inspection_task_special_id_fkey", type_="foreignkey")
        batch.drop_index("ix_inspection_task_special_id")
        batch.drop_index("ix_inspection_task_kind")
        batch.alter_column("line_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("special_id")
        batch.drop_column("kind")
    op.drop_column("item_version", "materials")
    for table in TABLES:
        op.drop_table(table)


@contextmanager
def _references_kept_aside() -> Iterator[None]:
    """SQLite rebuilds the table: the rows that refer to it must not be asked meanwhile."""
    if op.get_bind().dialect.name == "postgresql":
        yield
        return
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys=OFF")
    yield
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys=ON")


def _triggers(table: str) -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
        for verb in ("update", "delete")
    ]


def _create_registers() -> None:
    op.create_table(
        "frequency_cap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("yearly", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("agency_id", "from_year"),
    )
    op.create_index("ix_frequency_cap_agency_id", "frequency_cap", ["agency_id"])

    op.create_table(
        "special_inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("pool", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("approver", sa.String(length=20), nullable=True),
        sa.Column("approving_organ", sa.String(length=120), nullable=True),
        sa.Column("approval_no", sa.String(length=60), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("filing_no", sa.String(length=60), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_special_inspection_agency_id", "special_inspection", ["agency_id"])
    op.create_index("ix_special_inspection_year", "special_inspection", ["year"])

    op.create_table(
        "special_item",
        sa.Column("special_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["special_id"],
            ["special_inspection.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
        ),
        sa.PrimaryKeyConstraint("special_id", "version_id"),
    )
    op.create_table(
        "task_trigger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("document_name", sa.String(length=120), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
        ),
        sa.ForeignKeyConstraint(
            ["document"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["inspection_task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id"),
    )
    op.create_index("ix_task_trigger_complaint_id", "task_trigger", ["complaint_id"])

    op.create_table(
        "area_assistance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("assisting_body", sa.String(length=120), nullable=False),
        sa.Column("letter_no", sa.String(length=60), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("filing_no", sa.String(length=60), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id"),
    )
    op.create_table(
        "enterprise_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("people", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_enterprise_entry_agency_id", "enterprise_entry", ["agency_id"])
    op.create_index("ix_enterprise_entry_entered_on", "enterprise_entry", ["entered_on"])
    op.create_index("ix_enterprise_entry_enterprise_id", "enterprise_entry", ["enterprise_id"])
    op.create_index("ix_enterprise_entry_visit_id", "enterprise_entry", ["visit_id"])


def _create_approvals() -> None:
    op.create_table(
        "urgent_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reported_to", sa.String(length=60), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "agency_id"),
    )
    op.create_index("ix_urgent_report_agency_id", "urgent_report", ["agency_id"])
    op.create_index("ix_urgent_report_complete_by", "urgent_report", ["complete_by"])
    op.create_index("ix_urgent_report_visit_id", "urgent_report", ["visit_id"])

    op.create_table(
        "visit_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_on_site", sa.Boolean(), nullable=False),
        sa.Column("on_site_reason", sa.String(length=300), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("opinion", sa.String(length=300), nullable=False),
        sa.Column("assistants", sa.String(length=200), nullable=True),
        sa.Column("assistant_count", sa.Integer(), nullable=False),
        sa.Column("is_unannounced", sa.Boolean(), nullable=False),
        sa.Column("unannounced_basis", sa.String(length=300), nullable=True),
        sa.Column("merge", sa.String(length=20), nullable=False),
        sa.Column("merge_reason", sa.String(length=300), nullable=True),
        sa.Column("merged_with_id", sa.Integer(), nullable=True),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("act_number", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("cap_basis", sa.String(length=300), nullable=True),
        sa.Column("is_over_cap", sa.Boolean(), nullable=False),
        sa.Column("is_abnormal", sa.Boolean(), nullable=False),
        sa.Column("counted_apart", sa.Integer(), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_with_id"],
            ["visit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "agency_id", "ordinal"),
    )
    op.create_index("ix_visit_approval_agency_id", "visit_approval", ["agency_id"])
    op.create_index("ix_visit_approval_state", "visit_approval", ["state"])
    op.create_index("ix_visit_approval_visit_id", "visit_approval", ["visit_id"])


def _create_notices() -> None:
    op.create_table(
        "visit_filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("filing_no", sa.String(length=60), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id"),
    )
    op.create_table(
        "visit_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("supervision_phone", sa.String(length=40), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
        sa.UniqueConstraint("visit_id", "version"),
    )
    op.create_index("ix_visit_notice_visit_id", "visit_notice", ["visit_id"])

    op.create_table(
        "visit_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_visit_scan_visit_id", "visit_scan", ["visit_id"])

    op.create_table(
        "approval_item",
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["visit_approval.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.PrimaryKeyConstraint("approval_id", "finding_id"),
    )
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=60), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("refusal_reason", sa.String(length=300), nullable=True),
        sa.Column("witness", sa.String(length=60), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["visit_notice.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_delivery_notice_id", "notice_delivery", ["notice_id"])
