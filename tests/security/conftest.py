"""An application with everything switched on that the ordinary test settings leave out."""

import pytest

from app.extensions import db
from config import Testing
from tests.conftest import empty_tables, make_app


class Guarded(Testing):
    """Forms need their token; every address may try a password five times a minute."""

    WTF_CSRF_ENABLED = True
    RATELIMIT_ENABLED = True
    AUTH_RATE_LIMIT = "5 per minute"


@pytest.fixture(scope="package")
def guarded_application(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    app = make_app(f"sqlite:///{folder / 'guarded.db'}", settings=Guarded, VAR_DIR=str(folder))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def guarded(guarded_application):
    """A client of the guarded application, with fresh rate limits."""
    with guarded_application.app_context():
        guarded_application.appbuilder.sm.limiter.reset()
        yield guarded_application.test_client()
        db.session.remove()
        empty_tables()
