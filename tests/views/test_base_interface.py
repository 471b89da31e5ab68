"""Bounded counts and pages in a stable order."""

import pytest
from sqlalchemy import insert, text

from app.views.base import interface
from app.views.base.criteria import Begins
from app.views.base.interface import RegisterInterface
from tests.views.workshop import Tool


@pytest.fixture
def reader(shop):
    return RegisterInterface(Tool)


@pytest.fixture
def many(shop):
    """Add n tools named in pairs, so that names alone give no order."""

    def add(count):
        shop.execute(
            insert(Tool), [{"name": f"n{number // 2:05}", "sharp": False} for number in range(count)]
        )
        shop.commit()

    return add


def starting(reader, beginning):
    return reader.get_filters().add_filter_list([["name", Begins, beginning]])


def test_a_small_count_is_exact(reader, many):
    many(7)
    total, rows = reader.query()
    assert (total, total.capped, total.estimated, len(rows)) == (7, False, False, 7)


def test_a_filtered_count_stops_at_the_cap(reader, many, monkeypatch):
    monkeypatch.setattr(interface, "COUNT_CAP", 10)
    many(30)
    total, _rows = reader.query(starting(reader, "n0"), page=0, page_size=5)
    assert (total, total.capped) == (10, True)


def test_a_whole_table_is_estimated_from_statistics(reader, many, shop, monkeypatch):
    monkeypatch.setattr(interface, "COUNT_CAP", 10)
    many(30)
    assert reader.query(page=0, page_size=5)[0].capped
    shop.execute(text("ANALYZE"))
    shop.commit()
    total, _rows = reader.query(page=0, page_size=5)
    assert (total, total.estimated) == (30, True)


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("column", ["", "name"])
@pytest.mark.parametrize("cap", [10, 1000])
def test_the_pages_together_are_the_table_once(reader, many, shop, monkeypatch, column, direction, cap):
    monkeypatch.setattr(interface, "COUNT_CAP", cap)
    many(53)
    shop.execute(text("ANALYZE"))
    pages = [reader.query(None, column, direction, page, 10)[1] for page in range(7)]
    ids = [row.id for page in pages for row in page]
    assert ids == sorted(ids, reverse=direction == "desc")
    assert len(set(ids)) == 53
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 3, 0]


def test_a_page_never_holds_more_than_the_cap(reader, many):
    many(interface.MOST_ROWS + 20)
    assert len(reader.query(page_size=10_000)[1]) == interface.MOST_ROWS
    assert len(reader.query()[1]) == interface.MOST_ROWS


@pytest.mark.parametrize("key", ["abc", "", None, "-1", "1 or 1=1", "9" * 30, "１", True])
def test_a_malformed_key_finds_nothing(reader, many, key):
    many(1)
    assert reader.get(key) is None


def test_get_many_ignores_what_is_no_key(reader, many):
    many(3)
    first, second, _third = [row.id for row in reader.query()[1]]
    assert {row.id for row in reader.get_many([str(first), "x", second, "999999999"])} == {first, second}
