"""R76: a package says the same as text, as plain values and as a sheet, and a damaged one is refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exchange import (
    HEADINGS,
    ExchangeMalformed,
    ExchangeRow,
    Head,
    Package,
    as_plain,
    cell,
    from_cells,
    from_json,
    to_json,
)
from app.domain.vocabulary import CheckMethod, Disposal, ResultCode

HEAD = Head(
    "长司备〔2026〕1号", "220000-2026-017", "成品油联合抽查", "商务局", date(2026, 4, 1), date(2026, 5, 29)
)
WORDS = st.text("甲乙丙丁AB12 （）", min_size=1, max_size=12).map(str.strip).filter(bool)


def some(vocabulary):
    return st.lists(st.sampled_from(list(vocabulary)), unique=True, max_size=3).map(
        lambda found: tuple(sorted(found))
    )


ROWS = st.lists(
    st.builds(
        ExchangeRow,
        identifier=st.integers(0, 10**9).map(lambda n: f"91220100{n:010d}"),
        name=WORDS,
        item=st.sampled_from(["XC-01", "CP-02"]),
        item_name=WORDS,
        agency=WORDS,
        planned_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        team=st.lists(st.sampled_from(["J001", "J002", "J003"]), unique=True, max_size=3).map(tuple),
        checked_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        methods=some(CheckMethod),
        results=some(ResultCode),
        disposals=some(Disposal),
        problem=st.just("") | WORDS,
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: (row.identifier, row.item),
).map(tuple)


def as_cells(package):
    def text(value):
        return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)

    return [{name: text(cell(row, package.head, name)) for name in HEADINGS} for row in package.rows]


@given(ROWS)
def test_R76_what_goes_out_as_json_comes_in_the_same(rows):
    assert from_json(to_json(Package(HEAD, rows))) == Package(HEAD, rows)


@given(ROWS)
def test_R76_what_goes_out_as_a_sheet_comes_in_the_same(rows):
    assert from_cells(as_cells(Package(HEAD, rows))) == Package(HEAD, rows)


ROW = ExchangeRow("912201000000000001", "甲公司", "XC-01", "事项", "商务局")


@pytest.mark.parametrize("length", [1, 40, 200, 300])
def test_a_half_sent_package_is_refused(length):
    with pytest.raises(ExchangeMalformed):
        from_json(to_json(Package(HEAD, (ROW,)))[:length])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "other/9"}, "exchange_format_unknown"),
        ({"count": 2}, "exchange_not_whole"),
        ({"rows": "x"}, "exchange_not_whole"),
        ({"rows": [[]], "count": 1}, "exchange_row_unreadable"),
        ({"task": None}, "exchange_not_whole"),
    ],
)
def test_a_package_of_another_shape_is_refused(change, code):
    with pytest.raises(ExchangeMalformed) as refused:
        from_json(json.dumps(as_plain(Package(HEAD, (ROW,))) | change))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("identifier", "", "exchange_value_missing"),
        ("item", None, "exchange_value_missing"),
        ("checked_on", "2026-13-01", "exchange_value_unreadable"),
        ("checked_on", 5, "exchange_value_unreadable"),
        ("results", ["Z"], "exchange_value_unreadable"),
        ("results", 7, "exchange_value_unreadable"),
        ("name", "甲\x00", "exchange_value_unreadable"),
        ("name", "甲" * 301, "exchange_value_unreadable"),
    ],
)
def test_a_value_that_does_not_belong_is_named(field, value, code):
    plain = as_plain(Package(HEAD, (ROW,)))
    plain["rows"][0][field] = value
    with pytest.raises(ExchangeMalformed) as refused:
        from_json(json.dumps(plain))
    assert refused.value.code == code
    assert refused.value.params["row"] == 1


def test_a_target_stands_once_for_an_item():
    with pytest.raises(ExchangeMalformed) as refused:
        from_json(to_json(Package(HEAD, (ROW, ROW))))
    assert refused.value.code == "exchange_row_twice"


def test_a_sheet_holds_one_task():
    cells = as_cells(Package(HEAD, (ROW, ROW)))
    cells[1]["task_no"] = "另一个"
    with pytest.raises(ExchangeMalformed) as refused:
        from_cells(cells)
    assert refused.value.code == "exchange_several_tasks"
