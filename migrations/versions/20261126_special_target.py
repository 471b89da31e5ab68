"""The enterprises of a special inspection, each with the ground on which it was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_special_target"
down_revision = "20261126_roster_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "special_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("special_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"]),
        sa.ForeignKeyConstraint(["special_id"], ["special_inspection.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id"),
    )
    op.create_index("ix_special_target_enterprise_id", "special_target", ["enterprise_id"])
    op.create_index("ix_special_target_special_id", "special_target", ["special_id"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("update", "delete"):
        if on_postgresql:
            body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        else:
            body = "BEGIN SELECT RAISE(ABORT, 'special_target is append-only'); END"
        op.execute(f"CREATE TRIGGER special_target_no_{verb} BEFORE {verb.upper()} ON special_target {body}")


def downgrade() -> None:
    op.drop_table("special_target")
