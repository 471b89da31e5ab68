"""The schema belongs to Alembic: one head, models equal migrations, append-only tables stay so."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

import config
from app.extensions import db
from app.models import AuditEvent
from app.models.search import in_models

MIGRATIONS = str(config.ROOT / "migrations")


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def migrated(request, migrated_application):
    """An empty database brought to the newest version by the migrations alone."""
    app = migrated_application(request.param, "migrations")
    with app.app_context():
        yield app


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


@pytest.mark.parametrize("table", ["joint_answer", "part_reply", "visit_confirmation", "outbox_try"])
def test_R73_what_departments_answer_is_written_once(schema, table):
    assert {f"{table}_no_update", f"{table}_no_delete"} <= schema


def test_R31_what_a_model_calls_append_only_is_written_once(schema):
    models = [mapper.class_ for mapper in db.Model.registry.mappers]
    once = {each.__tablename__ for each in models if "append-only" in (each.__doc__ or "").lower()}
    open_to_change = {name for name in once if not {f"{name}_no_update", f"{name}_no_delete"} <= schema}
    assert len(once) > 25
    assert open_to_change == set()


@pytest.fixture(params=KINDS)
def schema(request, migrated_application):
    """The names of all triggers that the migrations make."""
    source = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with migrated_application(request.param, "triggers").app_context():
        return set(db.session.scalars(text(source[request.param])))
