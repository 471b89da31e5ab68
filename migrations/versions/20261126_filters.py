"""one index for every combination of the filters of the roster."""

from alembic import op

revision = "20261126_filters"
down_revision = "20261126_special_target"
branch_labels = None
depends_on = None

FILTERS = (
    "territory_code",
    "status",
    "risk_class",
    "kind",
    "in_jurisdiction",
    "territory_guessed",
    "industry_guessed",
)


def upgrade() -> None:
    op.drop_index("ix_enterprise_territory_status", "enterprise")
    op.create_index("ix_enterprise_filters", "enterprise", FILTERS)


def downgrade() -> None:
    op.drop_index("ix_enterprise_filters", "enterprise")
    op.create_index("ix_enterprise_territory_status", "enterprise", ["territory_code", "status"])
