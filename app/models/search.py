"""The index by which enterprises are found: one row of tokens each, and on SQLite a full-text table over it.

PostgreSQL searches the column itself (`tsvector` under GIN). SQLite keeps the same tokens as text and an FTS5
table, fed by triggers, that holds nothing but the index. Neither needs an extension.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, ForeignKey, Table, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db

WORDS: Final = "enterprise_words"
QUEUE_TABLES: Final = "huey_"  # made by huey where the queue stands in PostgreSQL
WORDS_TABLE: Final = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5(tokens, content='enterprise_search', "
    "content_rowid='enterprise_id', tokenize='ascii', detail='none', columnsize=0)"
)
_ENTER = f"INSERT INTO {WORDS}(rowid, tokens) VALUES (new.enterprise_id, new.tokens);"
_TAKE_OUT = f"INSERT INTO {WORDS}({WORDS}, rowid, tokens) VALUES ('delete', old.enterprise_id, old.tokens);"
WORDS_TRIGGERS: Final = {
    f"{WORDS}_inserted": f"AFTER INSERT ON enterprise_search BEGIN {_ENTER} END",
    f"{WORDS}_deleted": f"AFTER DELETE ON enterprise_search BEGIN {_TAKE_OUT} END",
    f"{WORDS}_updated": f"AFTER UPDATE ON enterprise_search BEGIN {_TAKE_OUT} {_ENTER} END",
}
TOKENS_INDEX: Final = "ix_enterprise_search_tokens"
TOKENS_INDEX_MADE: Final = f"CREATE INDEX {TOKENS_INDEX} ON enterprise_search USING gin (tokens)"


class EnterpriseSearch(db.Model):
    """The tokens of one enterprise; written by `services.search` alone."""

    __tablename__ = "enterprise_search"

    enterprise_id: Mapped[int] = mapped_column(
        ForeignKey("enterprise.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


def trigger_statements() -> list[str]:
    """The statements that make the triggers of SQLite."""
    return [f"CREATE TRIGGER {name} {body}" for name, body in WORDS_TRIGGERS.items()]


def in_models(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic should look for this in the models: not what statements make, nor the tables of the queue."""
    elsewhere = kind == "table" and name is not None and name.startswith((WORDS, QUEUE_TABLES))
    return not elsewhere and name != TOKENS_INDEX


def _furnish(table: Table) -> None:
    made = {"sqlite": [WORDS_TABLE, *trigger_statements()], "postgresql": [TOKENS_INDEX_MADE]}
    for dialect, statements in made.items():
        for statement in statements:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))
    event.listen(table, "before_drop", DDL(f"DROP TABLE IF EXISTS {WORDS}").execute_if(dialect="sqlite"))


_furnish(EnterpriseSearch.__table__)  # type: ignore[arg-type]
