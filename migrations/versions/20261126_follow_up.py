"""Orders to rectify, transfers, notices, objections, penalties and the credit record; holidays by notice."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_follow_up"
down_revision = "20261126_documents"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "rectification_step",
    "transfer_step",
    "transfer_officer",
    "delivery",
    "leniency_decision",
    "escalation",
    "holiday_notice",
)
FEWEST_DAYS = 10
NOTICE = "国务院办公厅通知（随系统提供）"


def upgrade() -> None:
    with op.batch_alter_table("disclosure") as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key("fk_disclosure_replaces", "disclosure", ["replaces_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_disclosure_expires_on"), ["expires_on"])
        batch_op.create_index(batch_op.f("ix_disclosure_replaces_id"), ["replaces_id"])
    op.add_column("finding_record", sa.Column("correction_reason", sa.String(length=300), nullable=True))
    op.add_column("item_finding", sa.Column("disclose_by", sa.Date(), nullable=True))
    op.add_column("item_finding", sa.Column("severity", sa.String(length=20), nullable=True))
    op.add_column("item_finding", sa.Column("closing_note", sa.String(length=300), nullable=True))
    op.create_index(op.f("ix_item_finding_disclose_by"), "item_finding", ["disclose_by"])
    _create_tables()
    _carry_over()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for statement in _triggers(table, on_postgresql):
            op.execute(statement)


def _carry_over() -> None:
    op.execute(
        "UPDATE item_finding SET disclose_by ="
        " (SELECT visit.disclose_by FROM visit WHERE visit.id = item_finding.visit_id)"
    )
    holiday, notice = (
        sa.table("holiday", sa.column("on", sa.Date())),
        sa.table(
            "holiday_notice",
            sa.column("year", sa.Integer()),
            sa.column("document_no", sa.String()),
            sa.column("days", sa.Integer()),
            sa.column("applied_at", sa.DateTime(timezone=True)),
        ),
    )
    connection = op.get_bind()
    days = [row[0] for row in connection.execute(sa.select(holiday.c.on))]
    for year in sorted({day.year for day in days}):
        listed = sum(day.year == year for day in days)
        if listed >= FEWEST_DAYS:  # fewer are single days entered by hand, not a whole year
            row = {"year": year, "document_no": NOTICE, "days": listed, "applied_at": sa.func.now()}
            connection.execute(sa.insert(notice).values(row))


def _create_tables() -> None:
    op.create_table(
        "credit_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("for_serious_only", sa.Boolean(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "holiday_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["applied_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_digest"],
            ["stored_file.digest"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_holiday_notice_year"), "holiday_notice", ["year"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("due", sa.String(length=25), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject", "due"),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("propagated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("propagated_note", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("disclosure_id"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("refusal", sa.String(length=300), nullable=True),
        sa.Column("witness", sa.String(length=60), nullable=True),
        sa.Column("proof_digest", sa.String(length=64), nullable=True),
        sa.Column("proof_name", sa.String(length=200), nullable=True),
        sa.Column("served_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proof_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["served_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_delivery_agency_id"), "delivery", ["agency_id"], unique=False)
    op.create_index(op.f("ix_delivery_subject_id"), "delivery", ["subject_id"], unique=False)
    op.create_index(op.f("ix_delivery_visit_id"), "delivery", ["visit_id"], unique=False)
    op.create_table(
        "address_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("tracking_no", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("fate_on", sa.Date(), nullable=True),
        sa.Column("posted_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["posted_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_address_letter_finding_id"), "address_letter", ["finding_id"], unique=False)
    op.create_table(
        "agency_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_agency_notice_agency_id"), "agency_notice", ["agency_id"], unique=False)
    op.create_index(op.f("ix_agency_notice_finding_id"), "agency_notice", ["finding_id"], unique=False)
    op.create_index(op.f("ix_agency_notice_state"), "agency_notice", ["state"], unique=False)
    op.create_table(
        "case_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=100), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_case_transfer_agency_id"), "case_transfer", ["agency_id"], unique=False)
    op.create_index(op.f("ix_case_transfer_finding_id"), "case_transfer", ["finding_id"], unique=False)
    op.create_index(op.f("ix_case_transfer_state"), "case_transfer", ["state"], unique=False)
    op.create_table(
        "credit_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("is_problem", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("finding_id", "disclosure_id"),
    )
    op.create_index(op.f("ix_credit_record_agency_id"), "credit_record", ["agency_id"], unique=False)
    op.create_index(op.f("ix_credit_record_disclosure_id"), "credit_record", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_credit_record_enterprise_id"), "credit_record", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix_credit_record_expires_on"), "credit_record", ["expires_on"], unique=False)
    op.create_index(op.f("ix_credit_record_finding_id"), "credit_record", ["finding_id"], unique=False)
    op.create_index(op.f("ix_credit_record_state"), "credit_record", ["state"], unique=False)
    op.create_table(
        "leniency_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("is_minor", sa.Boolean(), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_leniency_decision_finding_id"), "leniency_decision", ["finding_id"], unique=False
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_no", sa.String(length=40), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("applicant", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_no"),
    )
    op.create_index(op.f("ix_objection_agency_id"), "objection", ["agency_id"], unique=False)
    op.create_index(op.f("ix_objection_disclosure_id"), "objection", ["disclosure_id"], unique=False)
    op.create_index(op.f("ix_objection_finding_id"), "objection", ["finding_id"], unique=False)
    op.create_index(op.f("ix_objection_state"), "objection", ["state"], unique=False)
    op.create_table(
        "penalty_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=60), nullable=False),
        sa.Column("violated_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("reviewer", sa.String(length=60), nullable=True),
        sa.Column("reviewer_certificate", sa.String(length=60), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("penalties", sa.String(length=60), nullable=True),
        sa.Column("counted_as", sa.String(length=20), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("disclosed_on", sa.Date(), nullable=True),
        sa.Column("disclosed_at_place", sa.String(length=100), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("drop_reason", sa.String(length=300), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_no"),
    )
    op.create_index(op.f("ix_penalty_case_agency_id"), "penalty_case", ["agency_id"], unique=False)
    op.create_index(op.f("ix_penalty_case_finding_id"), "penalty_case", ["finding_id"], unique=False)
    op.create_table(
        "rectification_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("violated_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("violated_rule", sa.String(length=300), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("consequence", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["item_finding.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_rectification_order_agency_id"), "rectification_order", ["agency_id"], unique=False
    )
    op.create_index(op.f("ix_rectification_order_due_on"), "rectification_order", ["due_on"], unique=False)
    op.create_index(
        op.f("ix_rectification_order_finding_id"), "rectification_order", ["finding_id"], unique=False
    )
    op.create_index(op.f("ix_rectification_order_state"), "rectification_order", ["state"], unique=False)
    op.create_table(
        "credit_sanction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["credit_measure.id"],
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["credit_record.id"],
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_credit_sanction_record_id"), "credit_sanction", ["record_id"], unique=False)
    op.create_table(
        "rectification_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_entry", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["rectification_order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "ordinal"),
    )
    op.create_index(op.f("ix_rectification_step_order_id"), "rectification_step", ["order_id"], unique=False)
    op.create_table(
        "transfer_officer",
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspector.id"],
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["case_transfer.id"],
        ),
        sa.PrimaryKeyConstraint("transfer_id", "inspector_id"),
    )
    op.create_table(
        "transfer_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["file_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["case_transfer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("transfer_id", "ordinal"),
    )
    op.create_index(op.f("ix_transfer_step_transfer_id"), "transfer_step", ["transfer_id"], unique=False)


def _triggers(table: str, on_postgresql: bool) -> list[str]:
    if on_postgresql:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
        for verb in ("update", "delete")
    ]


def downgrade() -> None:
    for table in (
        "transfer_step",
        "transfer_officer",
        "rectification_step",
        "credit_sanction",
        "rectification_order",
        "penalty_case",
        "objection",
        "leniency_decision",
        "credit_record",
        "case_transfer",
        "agency_notice",
        "address_letter",
        "delivery",
        "withdrawal",
        "escalation",
        "holiday_notice",
        "credit_measure",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_item_finding_disclose_by"), "item_finding")
    for column in ("closing_note", "severity", "disclose_by"):
        op.drop_column("item_finding", column)
    op.drop_column("finding_record", "correction_reason")
    with op.batch_alter_table("disclosure") as batch_op:
        batch_op.drop_constraint("fk_disclosure_replaces", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_disclosure_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_expires_on"))
        for column in ("expired_at", "expires_on", "replaces_id"):
            batch_op.drop_column(column)
