"""the search index: tokens under GIN on PostgreSQL, under FTS5 on SQLite; codes and names sorted by character."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "20261126_search"
down_revision = "20261126_number_series"
branch_labels = None
depends_on = None

WORDS = "enterprise_words"
ENTER = f"INSERT INTO {WORDS}(rowid, tokens) VALUES (new.enterprise_id, new.tokens);"
TAKE_OUT = f"INSERT INTO {WORDS}({WORDS}, rowid, tokens) VALUES ('delete', old.enterprise_id, old.tokens);"
SQLITE = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5(tokens, content='enterprise_search', "
    "content_rowid='enterprise_id', tokenize='ascii', detail='none', columnsize=0)",
    f"CREATE TRIGGER {WORDS}_inserted AFTER INSERT ON enterprise_search BEGIN {ENTER} END",
    f"CREATE TRIGGER {WORDS}_deleted AFTER DELETE ON enterprise_search BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER {WORDS}_updated AFTER UPDATE ON enterprise_search BEGIN {TAKE_OUT} {ENTER} END",
)
SORTED_BY_CHARACTER = {"identifier": 22, "name": 200, "territory_code": 12}


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "enterprise_search",
        sa.Column("enterprise_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enterprise_id"),
    )
    if not on_postgresql:
        for statement in SQLITE:
            op.execute(statement)
        return
    op.create_index("ix_enterprise_search_tokens", "enterprise_search", ["tokens"], postgresql_using="gin")
    for column, length in SORTED_BY_CHARACTER.items():
        op.execute(f'ALTER TABLE enterprise ALTER {column} TYPE varchar({length}) COLLATE "C"')


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP TABLE {WORDS}")
    else:
        for column, length in SORTED_BY_CHARACTER.items():
            op.execute(f'ALTER TABLE enterprise ALTER {column} TYPE varchar({length}) COLLATE "default"')
    op.drop_table("enterprise_search")
