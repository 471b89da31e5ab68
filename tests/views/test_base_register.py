"""The register page: what it shows, what it refuses, and what survives a refusal."""

import pytest

from app.messages import sentence_for
from tests.views.workshop import Maker, Mark, TooHeavy, Tool, ToolView


def names_in(answer):
    return {name for name in ("hammer", "saw", "file", "hidden-axe") if f">{name}<" in answer.text}


def test_a_view_without_a_permission_name_is_refused():
    with pytest.raises(TypeError):
        type("Nameless", (ToolView,), {"class_permission_name": None})()


def test_the_list_shows_labels_tags_and_words(worker, tools):
    tools("hammer", colour="red", sharp=True)
    page = worker.get("/tools/list/").text
    assert '<span class="tag ">红</span>' in page or ">红<" in page
    assert ">是<" in page or "yes" in page


def test_rows_outside_the_base_filter_are_not_listed_shown_or_edited(worker, tools):
    hidden = tools("hammer", "hidden-axe")[1]
    assert names_in(worker.get("/tools/list/")) == {"hammer"}
    for address in (f"/tools/show/{hidden.id}", f"/tools/edit/{hidden.id}"):
        assert worker.get(address).status_code == 404
    assert worker.post(f"/tools/edit/{hidden.id}", data={"name": "mine"}).status_code == 404


def test_page_sizes_are_capped(worker, tools):
    tools(*[f"t{number:03}" for number in range(230)])
    assert worker.get("/tools/list/?psize_ToolView=5000").text.count("<tr>") == 201


@pytest.mark.parametrize(
    "query", ["psize_ToolView=abc", "psize_ToolView=-1", "page_ToolView=1e9", "page_ToolView=" + "9" * 20]
)
def test_a_page_that_is_no_number_is_a_bad_request(worker, query):
    assert worker.get(f"/tools/list/?{query}").status_code == 400


def test_a_page_beyond_the_last_says_so(worker, tools):
    tools("hammer")
    assert names_in(worker.get("/tools/list/?page_ToolView=99")) == set()


@pytest.mark.parametrize("column", ["secret", "nope", "maker", "__class__", "name; drop table shop_tool"])
def test_unknown_or_undeclared_sort_columns_are_ignored(worker, tools, column):
    tools("hammer", secret="b")
    tools("saw", secret="a")
    page = worker.get("/tools/list/", query_string={"_oc_ToolView": column, "_od_ToolView": "asc"})
    assert page.status_code == 200
    assert page.text.index("hammer") < page.text.index(">saw<")


def test_declared_columns_sort_both_ways(worker, tools):
    tools("hammer", "saw")
    page = worker.get("/tools/list/?_oc_ToolView=name&_od_ToolView=desc").text
    assert page.index(">saw<") < page.index(">hammer<")


@pytest.mark.parametrize("key", ["abc", "-1", "1.5", "9" * 25, "%00", "'"])
def test_keys_that_are_no_keys_are_not_found(worker, key):
    assert worker.get(f"/tools/show/{key}").status_code == 404
    assert worker.get(f"/tools/edit/{key}").status_code == 404
    assert worker.post(f"/tools/delete/{key}").status_code == 404


def test_nothing_is_deleted_by_get(worker, tools, shop):
    tool = tools("hammer")[0]
    assert worker.get(f"/tools/delete/{tool.id}").status_code == 405
    assert shop.query(Tool).count() == 1
    assert worker.post(f"/tools/delete/{tool.id}").status_code == 302
    assert shop.query(Tool).count() == 0


def test_a_record_in_use_is_not_deleted_and_the_reason_is_said(worker, shop):
    shop.add(Maker(name="Wu"))
    shop.commit()
    assert worker.post(f"/makers/delete/{shop.query(Maker).one().id}").status_code == 404  # may_delete is off
    assert shop.query(Maker).count() == 1


def test_what_was_typed_survives_a_refused_rule(worker, shop):
    answer = worker.post("/tools/add", data={"name": "anvil", "weight": "500"})
    assert answer.status_code == 200
    assert 'value="anvil"' in answer.text
    assert 'value="500"' in answer.text
    assert sentence_for(TooHeavy(weight=500)) in answer.text
    assert shop.query(Tool).count() == 0


def test_what_was_typed_survives_a_key_that_exists(worker, shop, tools):
    tools("hammer", number="7")
    answer = worker.post("/tools/add", data={"name": "saw", "number": "7"})
    assert answer.status_code == 200
    assert 'value="saw"' in answer.text
    assert "UNIQUE" not in answer.text
    assert "INSERT" not in answer.text
    assert shop.query(Tool).count() == 1


def test_nothing_typed_is_nothing_stored(worker, shop):
    for name in ("saw", " file "):
        assert worker.post("/tools/add", data={"name": name, "number": " "}).status_code == 302
    assert [(tool.name, tool.number) for tool in shop.query(Tool)] == [("saw", None), ("file", None)]


def test_a_refused_change_leaves_the_record_as_it_was(worker, shop, tools):
    tool = tools("hammer", weight=5)[0]
    answer = worker.post(f"/tools/edit/{tool.id}", data={"name": "hammer", "weight": "101"})
    assert answer.status_code == 200
    assert 'value="101"' in answer.text
    shop.expire_all()
    assert shop.get(Tool, tool.id).weight == 5


def test_a_record_is_added_with_its_relations(worker, shop):
    shop.add_all([Maker(name="Wu"), Mark(name="new"), Mark(name="red")])
    shop.commit()
    maker, marks = shop.query(Maker).one(), shop.query(Mark).all()
    form = {
        "name": "saw",
        "colour": "blue",
        "made_on": "2026-11-23",
        "maker": maker.id,
        "marks": [m.id for m in marks],
    }
    answer = worker.post("/tools/add", data=form)
    assert answer.status_code == 302
    tool = shop.query(Tool).one()
    assert (tool.maker, tool.marks, tool.colour, tool.made_on.isoformat()) == (
        maker,
        marks,
        "blue",
        "2026-11-23",
    )


@pytest.mark.parametrize(
    "form", [{"maker": "99"}, {"maker": "x"}, {"colour": "green"}, {"made_on": "soon"}, {"name": ""}]
)
def test_values_that_do_not_exist_are_refused_beside_their_field(worker, shop, form):
    answer = worker.post("/tools/add", data={"name": "saw", **form})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert shop.query(Tool).count() == 0


def test_a_ledger_has_no_way_to_write(worker, shop_application):
    routes = {
        rule.endpoint
        for rule in shop_application.url_map.iter_rules()
        if rule.endpoint.startswith("ToolLedger")
    }
    assert routes == {f"ToolLedger.{name}" for name in ("list", "show", "lookup", "action", "action_post")}


def test_related_registers_need_their_own_right(enter, shop):
    shop.add(Maker(name="Wu"))
    shop.commit()
    shop.add(Tool(name="hammer", maker=shop.query(Maker).one()))
    shop.commit()
    address = f"/makers/show/{shop.query(Maker).one().id}"
    assert names_in(enter("worker").get(address)) == {"hammer"}
    assert names_in(enter("visitor").get(address)) == set()


def test_related_registers_show_only_their_own_rows(worker, shop):
    shop.add_all([Tool(name="hammer", maker=Maker(name="Wu")), Tool(name="saw", maker=Maker(name="Li"))])
    shop.commit()
    wu = shop.query(Maker).filter_by(name="Wu").one()
    assert names_in(worker.get(f"/makers/show/{wu.id}")) == {"hammer"}


# actions


def test_an_action_never_touches_rows_outside_the_base_filter(worker, shop, tools):
    open_one, hidden = tools("hammer", "hidden-axe")
    assert worker.post(f"/tools/action/polish/{hidden.id}").status_code == 404
    worker.post("/tools/action_post", data={"action": "polish", "rowid": [open_one.id, hidden.id]})
    shop.expire_all()
    assert [tool.secret for tool in shop.query(Tool).order_by(Tool.id)] == ["polished", None]


def test_an_action_needs_its_own_power(worker, tools):
    tool = tools("hammer")[0]
    assert worker.post(f"/tools/action/melt/{tool.id}").status_code == 403
    assert worker.post("/tools/action_post", data={"action": "melt", "rowid": tool.id}).status_code == 403


def test_actions_are_posts_and_must_exist(worker, tools):
    tool = tools("hammer")[0]
    assert worker.get(f"/tools/action/polish/{tool.id}").status_code == 405
    assert worker.post(f"/tools/action/nope/{tool.id}").status_code == 404
    assert worker.post("/tools/action_post", data={}).status_code == 404
    assert (
        worker.post("/tools/action_post", data={"action": "polish", "rowid": ["x"] * 1001}).status_code == 400
    )
