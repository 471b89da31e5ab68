"""Rows of the draw log, the results and the audit trail are written once: the database itself refuses the rest."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "log_entry",
    "drawn_target",
    "draw_step",
    "target_replacement",
    "audit_event",
    "finding_record",
    "finding_result",
    "finding_disposal",
    "finding_method",
    "point_result",
)

POSTGRESQL_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(POSTGRESQL_FUNCTION)
    for table in APPEND_ONLY:
        for statement in _triggers(table, on_postgresql):
            op.execute(statement)


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            on_table = f" ON {table}" if on_postgresql else ""
            op.execute(f"DROP TRIGGER {table}_no_{verb}{on_table}")
    if on_postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _triggers(table: str, on_postgresql: bool) -> list[str]:
    if on_postgresql:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
        for verb in ("update", "delete")
    ]
