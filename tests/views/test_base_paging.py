"""Lists of any length are turned page by page from a row already seen; jumps are bounded."""

import html
import re

import pytest
from sqlalchemy import insert

from app.views.base import interface, paging
from app.views.base.interface import Place, RegisterInterface
from tests.builders import World
from tests.views.pages import enter
from tests.views.workshop import Tool


@pytest.fixture
def many(shop):
    """Add n tools named in pairs, so that names alone give no order."""

    def add(count):
        rows = [{"name": f"n{number // 2:05}", "sharp": False} for number in range(count)]
        shop.execute(insert(Tool), rows)
        shop.commit()

    return add


@pytest.fixture
def short_counts(monkeypatch):
    """Ten rows count as many."""
    monkeypatch.setattr(interface, "COUNT_CAP", 10)
    monkeypatch.setattr(paging, "COUNT_CAP", 10)


def names_in(page):
    return re.findall(r">(n\d{5})<", page)


def link(page, words):
    found = re.search(rf'<a class="btn" [^>]*href="([^"]*)">{words}</a>', page)
    return html.unescape(found[1]) if found else None


def walk(worker, address, words):
    pages = []
    while address:
        page = worker.get(address).text
        pages.append(names_in(page))
        address = link(page, words)
    return pages


@pytest.mark.parametrize(
    "order", ["", "&_oc_ToolView=name&_od_ToolView=asc", "&_oc_ToolView=name&_od_ToolView=desc"]
)
def test_turning_forwards_and_back_shows_every_row_once(worker, many, order, request):
    if not order:
        request.getfixturevalue("short_counts")
    many(53)
    start = f"/tools/list/?psize_ToolView=10{order}"
    forwards = walk(worker, start, "下一页")
    assert [len(page) for page in forwards] == [10, 10, 10, 10, 10, 3]
    rows = [name for page in forwards for name in page]
    assert rows == sorted(rows, reverse="desc" in order)
    assert len(set(rows)) == 27
    last = start
    for _page in range(5):
        last = link(worker.get(last).text, "下一页")
    assert walk(worker, last, "上一页") == forwards[::-1]


def test_the_end_of_a_list_that_nobody_counted_is_reached_at_once(worker, many, short_counts):
    many(53)
    first = worker.get("/tools/list/?psize_ToolView=10").text
    last = worker.get(link(first, "末页")).text
    assert names_in(last)[-1] == "n00026"
    assert link(last, "下一页") is None
    assert "第 1 页" not in last
    backwards = walk(worker, link(last, "上一页"), "上一页")
    assert backwards[-1][0] == "n00000"


def test_a_sort_with_blanks_is_turned_by_number(worker, many):
    many(25)
    start = "/tools/list/?psize_ToolView=10&_oc_ToolView=number&_od_ToolView=asc"
    page = worker.get(start).text
    assert "after_ToolView" not in page
    assert "page_ToolView=1" in link(page, "下一页")


def test_a_place_beside_a_row_that_is_gone_is_the_first_page(worker, many, shop):
    many(3)
    for key in ("999999", "abc", "-1", "9" * 30):
        assert len(names_in(worker.get(f"/tools/list/?after_ToolView={key}").text)) == 3


def test_a_row_outside_the_filter_still_says_where_it_stands(shop, many):
    many(9)
    reader = RegisterInterface(Tool)
    fifth = shop.query(Tool).order_by(Tool.id).all()[4]
    page = reader.turn(None, "name", "asc", Place("after", str(fifth.id)), 3)
    assert [row.name for row in page.rows] == ["n00002", "n00003", "n00003"]
    assert page.more


def test_jumps_go_no_further_than_the_cap(worker, many, short_counts):
    many(53)
    page = worker.get("/tools/list/?psize_ToolView=5&page_ToolView=9").text
    assert "第 3 页" in page
    assert names_in(page)[0] == "n00005"


def test_more_rows_than_are_counted_are_not_sorted(worker, many, short_counts):
    many(53)
    page = worker.get("/tools/list/?psize_ToolView=5&name=n&_oc_ToolView=name&_od_ToolView=desc").text
    assert names_in(page)[0] == "n00000"
    assert "请先缩小筛选范围" in page
    few = worker.get("/tools/list/?name=n00026&_oc_ToolView=name&_od_ToolView=desc").text
    assert names_in(few)[0] == "n00026"
    assert "请先缩小筛选范围" not in few


def test_an_exact_count_still_names_the_last_page(worker, many):
    many(53)
    page = worker.get("/tools/list/?psize_ToolView=10").text
    assert "page_ToolView=5" in link(page, "末页")
    assert "共 53 条" in page


def test_a_count_beyond_the_cap_says_more(worker, many, short_counts):
    many(53)
    assert "10+ 条" in worker.get("/tools/list/?name=n").text


def test_a_nul_in_the_address_is_a_bad_request(worker):
    assert worker.get("/tools/list/?name=a%00b").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/joint-plans/show/{}",
        "/joint-plans/plan/{}",
        "/reported/{}",
        "/reported/1/beside/{}",
        "/exchange/give/{}.json",
        "/warnings/show/{}",
        "/tasks/show/{}",
    ],
)
@pytest.mark.parametrize("key", [2**31, 2**63, 10**25])
def test_a_key_that_no_database_holds_is_not_found(app, address, key):
    World(enterprises=0, inspectors=0)
    assert enter(app, "planner").get(address.format(key), follow_redirects=True).status_code == 404
