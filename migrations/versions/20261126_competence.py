"""Competence by level, licences of enterprises, categories by licence."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_competence"
down_revision = "20261126_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enterprise_licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("authority", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enterprise_id", "number"),
    )
    op.create_index("ix_enterprise_licence_enterprise_id", "enterprise_licence", ["enterprise_id"])
    op.create_index("ix_enterprise_licence_name", "enterprise_licence", ["name"])
    op.add_column("target_category", sa.Column("licence_words", sa.String(length=200), nullable=True))
    op.add_column("category_membership", sa.Column("filing_level", sa.String(length=20), nullable=True))
    levels = sa.Column("levels", sa.String(length=40), nullable=False, server_default="city,district")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.add_column(levels)
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.alter_column("levels", server_default=None)


def downgrade() -> None:
    for table, column in (
        ("item_version", "levels"),
        ("category_membership", "filing_level"),
        ("target_category", "licence_words"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_table("enterprise_licence")
