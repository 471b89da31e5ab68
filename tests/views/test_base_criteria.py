"""The search form: one comparison for each kind of column, values remembered, nonsense ignored."""

from datetime import date

import pytest

from tests.views.workshop import Maker, Mark, Tool

QUERIES = [
    ("name=amm", {"hammer"}),
    ("name=AMM%", set()),
    ("name=_", set()),
    ("number=A", {"hammer"}),
    ("number=1", set()),
    ("colour=blue", {"saw"}),
    ("colour=green", {"hammer", "saw", "file"}),
    ("sharp=1", {"saw"}),
    ("sharp=0", {"hammer", "file"}),
    ("made_on_from=2026-01-01", {"saw", "file"}),
    ("made_on_to=2026-01-01", {"hammer", "saw"}),
    ("made_on_from=2026-01-01&made_on_to=2026-01-01", {"saw"}),
    ("made_on_from=soon", {"hammer", "saw", "file"}),
    ("weight=3", {"hammer"}),
    ("weight=99999999999999999999999", {"hammer", "saw", "file"}),
    ("secret=s", {"hammer", "saw", "file"}),
    ("name=amm&colour=blue", set()),
]


@pytest.fixture
def stock(shop):
    shop.add_all(
        [
            Tool(name="hammer", number="A1", colour="red", made_on=date(2025, 5, 1), weight=3, secret="s"),
            Tool(
                name="saw",
                number="B1",
                colour="blue",
                sharp=True,
                made_on=date(2026, 1, 1),
                maker=Maker(name="Wu"),
            ),
            Tool(name="file", made_on=date(2026, 3, 1), marks=[Mark(name="new")]),
        ]
    )
    shop.commit()


def found(answer):
    assert answer.status_code == 200
    return {name for name in ("hammer", "saw", "file") if f">{name}<" in answer.text}


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_each_kind_of_column_has_its_comparison(worker, stock, query, expected):
    assert found(worker.get(f"/tools/list/?{query}")) == expected


def test_relations_are_searched_by_key(worker, stock, shop):
    assert found(worker.get(f"/tools/list/?maker={shop.query(Maker).one().id}")) == {"saw"}
    assert found(worker.get(f"/tools/list/?marks={shop.query(Mark).one().id}")) == {"file"}


def test_values_are_remembered_and_shown_as_chips(worker, stock):
    page = worker.get("/tools/list/?name=amm&colour=red").text
    assert 'value="amm"' in page
    assert 'class="chip on" href="/tools/list/?colour=red"' in page
    assert 'class="chip on" href="/tools/list/?name=amm"' in page


def test_a_value_with_markup_is_only_text(worker, stock):
    page = worker.get("/tools/list/", query_string={"name": "<script>x</script>"}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
