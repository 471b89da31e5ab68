"""Sources of the roster, what each claims, where they disagree, and every change of an enterprise."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_roster_sources"
down_revision = "20261126_phone"
branch_labels = None
depends_on = None

FIELD = sa.String(length=30)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "roster_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "source_rank",
        sa.Column("field", FIELD, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["roster_source.id"]),
        sa.PrimaryKeyConstraint("field", "source_id"),
    )
    op.create_table(
        "source_claim",
        sa.Column("enterprise_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stated", sa.Integer(), nullable=False),
        sa.Column("line_hash", sa.BigInteger(), nullable=True),
        sa.Column("first_batch_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("gone_batch_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("enterprise_id", "source_id"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("import_batch") as batch:
        batch.add_column(sa.Column("gone", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("conflicts", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("is_indexed", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("layout_key", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("samples", sa.JSON(), nullable=True))
        batch.create_foreign_key("import_batch_source_id_fkey", "roster_source", ["source_id"], ["id"])
    op.create_index("ix_import_batch_source_id", "import_batch", ["source_id"])
    op.create_table(
        "source_dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("field", FIELD, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["roster_source.id"]),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"]),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enterprise_id", "field", "source_id"),
    )
    op.create_index("ix_source_dissent_open", "source_dissent", ["field", "decided_at", "id"])
    op.create_table(
        "enterprise_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("field", FIELD, nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["roster_source.id"]),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"]),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_enterprise_change_enterprise", "enterprise_change", ["enterprise_id", "id"])
    op.create_index("ix_enterprise_change_batch", "enterprise_change", ["batch_id"])
    for statement in _append_only("enterprise_change", op.get_bind().dialect.name == "postgresql"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("enterprise_change", "source_dissent"):
        op.drop_table(table)
    op.drop_index("ix_import_batch_source_id", "import_batch")
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_constraint("import_batch_source_id_fkey", type_="foreignkey")
        for column in ("samples", "layout_key", "source_id", "is_indexed", "is_whole", "conflicts", "gone"):
            batch.drop_column(column)
    for table in ("source_claim", "source_rank", "roster_source"):
        op.drop_table(table)


def _append_only(table: str, on_postgresql: bool) -> list[str]:
    if on_postgresql:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
        for verb in ("update", "delete")
    ]
