"""Issued documents, their templates and delivery, archived files; what an agency prints on its papers."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_documents"
down_revision = "20261126_filters"
branch_labels = None
depends_on = None

APPEND_ONLY = ("document_template", "issued_document", "document_void", "document_delivery", "archive_file")


def upgrade() -> None:
    op.create_table(
        "document_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["stored_file.digest"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "version"),
    )
    op.create_table(
        "archive_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(length=20), nullable=False),
        sa.Column("retention_reason", sa.String(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number", "version"),
        sa.UniqueConstraint("visit_id", "version"),
    )
    with op.batch_alter_table("archive_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_file_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_archive_file_filed_at"), ["filed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_archive_file_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_archive_file_retention"), ["retention"], unique=False)
        batch_op.create_index(batch_op.f("ix_archive_file_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "issued_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("template_digest", sa.String(length=64), nullable=False),
        sa.Column("word_digest", sa.String(length=64), nullable=False),
        sa.Column("pdf_digest", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"],
            ["ab_user.id"],
        ),
        sa.ForeignKeyConstraint(
            ["pdf_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["issued_document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["document_template.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["word_digest"],
            ["stored_file.digest"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("replaces_id"),
        sa.UniqueConstraint("series", "year", "serial"),
    )
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_document_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_document_issued_at"), ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_document_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_document_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_document_visit_id"), ["visit_id"], unique=False)

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
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["issued_document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proof_digest"],
            ["stored_file.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("document_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_delivery_document_id"), ["document_id"], unique=False)

    op.create_table(
        "document_void",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("voided_by_id", sa.Integer(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["issued_document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"],
            ["ab_user.id"],
        ),
        sa.PrimaryKeyConstraint("document_id"),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_mark", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("contact", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("oversight_phone", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("review_authority", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("court", sa.String(length=60), nullable=True))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for statement in _triggers(table, on_postgresql):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("court")
        batch_op.drop_column("review_authority")
        batch_op.drop_column("oversight_phone")
        batch_op.drop_column("phone")
        batch_op.drop_column("contact")
        batch_op.drop_column("document_mark")

    op.drop_table("document_void")
    with op.batch_alter_table("document_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_delivery_document_id"))

    op.drop_table("document_delivery")
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_document_visit_id"))
        batch_op.drop_index(batch_op.f("ix_issued_document_subject_id"))
        batch_op.drop_index(batch_op.f("ix_issued_document_kind"))
        batch_op.drop_index(batch_op.f("ix_issued_document_issued_at"))
        batch_op.drop_index(batch_op.f("ix_issued_document_enterprise_id"))

    op.drop_table("issued_document")
    with op.batch_alter_table("archive_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_archive_file_visit_id"))
        batch_op.drop_index(batch_op.f("ix_archive_file_retention"))
        batch_op.drop_index(batch_op.f("ix_archive_file_number"))
        batch_op.drop_index(batch_op.f("ix_archive_file_filed_at"))
        batch_op.drop_index(batch_op.f("ix_archive_file_enterprise_id"))

    op.drop_table("archive_file")
    op.drop_table("document_template")


def _triggers(table: str, on_postgresql: bool) -> list[str]:
    if on_postgresql:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
        for verb in ("update", "delete")
    ]
