"""What is collected on the spot: entries, files, signatures, things taken into keeping; all written once."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_phone"
down_revision = "20261126_risk"
branch_labels = None
depends_on = None

APPEND_ONLY = ("visit_entry", "attachment", "signature", "evidence_hold", "hold_decision")
INDEXED = {
    "visit_entry": ("visit_id", "finding_id"),
    "attachment": ("visit_id", "finding_id", "digest"),
    "signature": ("visit_id",),
    "evidence_hold": ("visit_id",),
}


def upgrade() -> None:
    op.add_column("finding_record", sa.Column("violation_on", sa.Date(), nullable=True))
    op.add_column(
        "finding_record", sa.Column("rests_on", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "visit_entry",
        *_marked(),
        _refers("finding_id", "item_finding.id"),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        *_received(),
    )
    op.create_table(
        "attachment",
        *_marked(),
        _refers("finding_id", "item_finding.id", nullable=True),
        _refers("point_id", "check_point.id", nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("media", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.String(200)),
        sa.Column("dated_on", sa.Date()),
        sa.Column("size", sa.Integer(), nullable=False),
        _kept("digest", nullable=False),
        _kept("small_digest"),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        *_place(),
        *_received(),
    )
    op.create_table(
        "signature",
        *_marked(),
        sa.Column("role", sa.String(20), nullable=False),
        _refers("inspector_id", "inspector.id", nullable=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("refusal", sa.String(200)),
        sa.Column("witness", sa.String(60)),
        sa.Column("strokes", sa.Text()),
        _kept("picture"),
        _kept("content", nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        *_place(),
        *_received(),
    )
    op.create_table(
        "evidence_hold",
        *_marked(),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date()),
        *_received(),
    )
    op.create_table(
        "hold_decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("hold_id", sa.Integer(), sa.ForeignKey("evidence_hold.id"), nullable=False, unique=True),
        sa.Column("outcome", sa.String(300), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *_received(),
    )
    for table, columns in INDEXED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    _write_once()


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    op.drop_column("finding_record", "rests_on")
    op.drop_column("finding_record", "violation_on")


def _marked() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("client_id", sa.String(36), nullable=False, unique=True),
        _refers("visit_id", "visit.id"),
    )


def _received() -> tuple[sa.Column, ...]:
    return (
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _refers("author_id", "ab_user.id"),
    )


def _place() -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Float()) for name in ("latitude", "longitude", "accuracy"))


def _refers(name: str, target: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(target), nullable=nullable)


def _kept(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.String(64), sa.ForeignKey("stored_file.digest"), nullable=nullable)


def _write_once() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        if not on_postgresql:
            body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}")
