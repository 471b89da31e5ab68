"""Options come twenty at a time; no form ever reads a related table whole."""

import inspect

import pytest
from flask_appbuilder.fields import QuerySelectField
from sqlalchemy import event

from app.extensions import db
from app.views.base.fields import RemoteField
from app.views.base.interface import BIG_TABLES
from tests.views.workshop import Maker, Tool


@pytest.fixture
def makers(shop):
    shop.add_all([Maker(name=f"maker {number:03}") for number in range(300)])
    shop.commit()


def test_at_most_twenty_options_are_sent(worker, makers):
    found = worker.get("/tools/lookup/maker?q=").json["results"]
    assert len(found) == 20


def test_options_begin_with_what_was_typed_then_contain_it(worker, makers, shop):
    shop.add_all([Maker(name="29 begins"), Maker(name="a 29")])
    shop.commit()
    found = [option["text"] for option in worker.get("/tools/lookup/maker?q=29").json["results"]]
    assert found[0] == "29 begins"
    assert {"a 29", "maker 029", "maker 290"} <= set(found)


@pytest.mark.parametrize("term", ["%", "_", "\\", "'", "x" * 500])
def test_wildcards_are_only_characters(worker, makers, term):
    assert worker.get("/tools/lookup/maker", query_string={"q": term}).json["results"] == []


def test_only_relations_have_options(worker):
    assert worker.get("/tools/lookup/secret").status_code == 404
    assert worker.get("/tools/lookup/nope").status_code == 404


def test_options_need_the_right_of_the_register(enter, shop_application):
    assert enter("visitor").get("/tools/lookup/maker").status_code == 403
    assert shop_application.test_client().get("/tools/lookup/maker").status_code == 401


@pytest.mark.parametrize("address", ["/tools/add", "/tools/list/"])
def test_a_form_or_list_reads_no_related_table(worker, makers, shop_application, address):
    statements = []

    def note(*given):
        statements.append(given[2])

    with shop_application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert worker.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    assert not [sql for sql in statements if "FROM shop_maker" in sql]


def test_the_edit_form_carries_only_what_was_chosen(worker, makers, shop):
    tool = Tool(name="saw", maker=shop.query(Maker).first())
    shop.add(tool)
    shop.commit()
    page = worker.get(f"/tools/edit/{tool.id}").text
    assert page.count("maker 0") == 1


def forms_of(app):
    for view in app.appbuilder.baseviews:
        for kind in ("add_form", "edit_form", "search_form"):
            form = getattr(view, kind, None)
            if form is not None:
                yield view, form


def test_no_form_of_the_product_offers_a_big_table_as_a_plain_list(application):
    offered = []
    with application.test_request_context():
        for view, form in forms_of(application):
            for name, field in inspect.getmembers(form, lambda each: hasattr(each, "field_class")):
                if issubclass(field.field_class, QuerySelectField):
                    table = view.datamodel.get_related_model(name).__tablename__
                    offered += [(type(view).__name__, name)] if table in BIG_TABLES else []
    assert offered == []


def test_every_relation_of_the_product_is_a_remote_field(application):
    for view, form in forms_of(application):
        for name, field in inspect.getmembers(form, lambda each: hasattr(each, "field_class")):
            if view.datamodel.is_relation(name):
                assert issubclass(field.field_class, RemoteField), f"{type(view).__name__}.{name}"
