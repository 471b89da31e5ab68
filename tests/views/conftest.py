"""The workshop application: the product's frame around a small register of its own."""

import os

import pytest

from app.extensions import db
from tests.conftest import PASSWORD, make_app
from tests.views import workshop


@pytest.fixture(scope="package")
def shop_url(tmp_path_factory, request):
    if os.environ.get("TEST_DATABASE") == "postgresql":
        return request.getfixturevalue("new_database")("shop")
    return f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shop.db'}"


@pytest.fixture(scope="package")
def shop_application(shop_url, tmp_path_factory):
    app = make_app(shop_url, VAR_DIR=str(tmp_path_factory.mktemp("shop_var")))
    workshop.open_workshop(app)
    with app.app_context():
        manager = app.appbuilder.sm
        for name in (workshop.WORKER, workshop.VISITOR):
            manager.add_user(
                name, "三", "张", f"{name}@example.cn", [manager.find_role(name)], password=PASSWORD
            )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def shop(shop_application):
    """The session of an empty workshop."""
    with shop_application.app_context():
        yield db.session
        db.session.remove()
        with db.engine.begin() as connection:
            for table in reversed(workshop.Base.metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture
def enter(shop_application, shop):
    """A client signed in as worker or visitor."""

    def sign(name=workshop.WORKER):
        client = shop_application.test_client()
        client.post("/login/", data={"username": name, "password": PASSWORD})
        return client

    return sign


@pytest.fixture
def worker(enter):
    return enter()


@pytest.fixture
def tools(shop):
    """Add tools by name, with further columns: tools("hammer", "saw", weight=3)."""

    def add(*names, **columns):
        rows = [workshop.Tool(name=name, **columns) for name in names]
        shop.add_all(rows)
        shop.commit()
        return rows

    return add
