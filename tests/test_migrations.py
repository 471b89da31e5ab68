"""The schema belongs to Alembic: one head, models equal migrations, append-only tables stay so."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

import config
from app import create_app
from app.extensions import db
from app.models import AuditEvent
from app.models.search import in_models

MIGRATIONS = str(config.ROOT / "migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def migrated(request, tmp_path):
    """An empty database brought to the newest version by the migrations alone."""
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_database")("migrated")
    app = create_app(config.Testing({"DATABASE_URL": url, "VAR_DIR": str(tmp_path)}))
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_there_is_one_head():
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_migrations_build_exactly_the_models(migrated):
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": in_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []


def test_the_audit_trail_cannot_be_rewritten(migrated):
    row = {
        "number": 1,
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "actor_name": "a",
        "tag": "t",
        "subject": "s",
        "data": "{}",
        "previous_hash": "0" * 64,
        "event_hash": "1" * 64,
    }
    db.session.execute(insert(AuditEvent).values(row))
    db.session.commit()
    for statement in ("UPDATE audit_event SET tag = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


@pytest.mark.parametrize(
    "table", ["visit_entry", "attachment", "signature", "evidence_hold", "hold_decision", "finding_record"]
)
def test_what_is_collected_on_the_spot_is_written_once(schema, table):
    assert {f"{table}_no_update", f"{table}_no_delete"} <= schema


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def schema(request, tmp_path_factory):
    """The names of all triggers that the migrations make."""
    folder = tmp_path_factory.mktemp("schema")
    url = f"sqlite:///{folder / 'schema.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        server.psql("CREATE DATABASE triggers")
        url = server.get_uri("triggers")
    app = create_app(config.Testing({"DATABASE_URL": url, "VAR_DIR": str(folder)}))
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        source = (
            "SELECT tgname FROM pg_trigger"
            if request.param == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        names = set(db.session.scalars(text(source)))
        db.session.remove()
        db.engine.dispose()
    return names
