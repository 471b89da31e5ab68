"""What the writer promises, read back with another library."""

import io
from datetime import UTC, date, datetime
from types import SimpleNamespace as Row

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports import listing, workbook
from app.reports.cells import CUT, LONGEST_TEXT, storable
from app.reports.layout import Cell, Column, Kind, Paper, Sheet, lines_needed, text_width

DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "={1}",
    "http://example.cn",
    "mailto:a@example.cn",
)


def column(title="名称", kind=Kind.TEXT, **more):
    return Column(title, lambda row: row.value, kind, **more)


def rows(*values):
    return [Row(value=value) for value in values]


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def page_of(*values, kind=Kind.TEXT, streaming=False, **more):
    sheet = Sheet("表", (column(kind=kind),), rows(*values), **more)
    return read(workbook.to_bytes([sheet], streaming=streaming)).active


def values_of(page, first=2):
    return [cell.value for cell in page["A"][first - 1 :]]


@pytest.mark.parametrize("streaming", [False, True])
def test_text_that_looks_like_a_formula_or_a_link_stays_text(streaming):
    page = page_of(*DANGEROUS, streaming=streaming)
    assert [cell.data_type for cell in page["A"][1:]] == ["s"] * len(DANGEROUS)
    assert values_of(page) == [text.replace("\r", "\n") for text in DANGEROUS]
    assert page._hyperlinks == []


def test_titles_notes_and_headings_that_look_like_formulas_stay_text():
    sheet = Sheet("=表", (column("=1"), column("=2", group="=组")), [], title="=1+1", notes=("=2+2",))
    cells = [cell for line in read(workbook.to_bytes([sheet])).active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_control_characters_are_dropped_and_the_rest_is_kept():
    assert values_of(page_of("长\x00春\x0b市\ufffe\x1f", "上\n下", "\ud800")) == ["长春市", "上\n下", None]


def test_what_is_no_number_is_blank():
    assert values_of(page_of(float("nan"), float("inf"), None, 0, kind=Kind.COUNT)) == [None, None, None, 0]


def test_text_beyond_a_cells_length_is_cut_visibly_and_not_lost():
    (value,) = values_of(page_of("长" * 40_000))
    assert len(value) == LONGEST_TEXT
    assert value.endswith(CUT)
    assert len(storable("𠮷" * 20_000).encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_numbers_that_a_cell_cannot_hold_exactly_become_text():
    assert values_of(page_of(2**53, 2**53 + 1, kind=Kind.COUNT)) == [2**53, str(2**53 + 1)]


def test_codes_keep_their_leading_zeros():
    page = page_of("012345678901234", 42, kind=Kind.CODE)
    assert values_of(page) == ["012345678901234", "42"]
    assert {cell.number_format for cell in page["A"][1:]} == {"@"}


def test_dates_are_dates_and_those_before_excels_calendar_are_text():
    page = page_of(date(2026, 3, 1), date(1900, 2, 28), date(1900, 3, 1), kind=Kind.DATE)
    shown = [str(value)[:10] for value in values_of(page)]
    assert shown == ["2026-03-01", "1900-02-28", "1900-03-01"]
    assert [cell.data_type for cell in page["A"][1:]] == ["d", "s", "d"]


def test_moments_are_shown_by_the_chinese_clock():
    (value,) = values_of(page_of(datetime(2026, 6, 30, 17, tzinfo=UTC), kind=Kind.DATETIME))
    assert value.isoformat() == "2026-07-01T01:00:00"


def test_truth_is_written_in_chinese():
    assert values_of(page_of(True, False)) == ["是", "否"]


def test_totals_are_formulas_with_their_value_beside_them():
    columns = (
        column("部门"),
        Column("抽查", lambda row: row.drawn, Kind.COUNT, key="drawn", summed=True),
        Column("公示", lambda row: row.shown, Kind.COUNT, key="shown", summed=True),
        Column("率", lambda row: row.shown / row.drawn, Kind.PERCENT, ratio=("shown", "drawn")),
    )
    items = [Row(value="甲", drawn=8, shown=2), Row(value="乙", drawn=2, shown=2)]
    content = workbook.to_bytes([Sheet("表", columns, items, total_label="合计")])
    formulas = [cell.value for cell in read(content).active[4]]
    cached = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content), data_only=True).active[4]]
    assert formulas == ["合计", "=SUM(B2:B3)", "=SUM(C2:C3)", '=IF(B4=0,"",C4/B4)']
    assert cached == ["合计", 10, 4, 0.4]


def test_a_rate_of_nothing_is_empty_and_not_an_error():
    columns = (
        Column("抽查", lambda row: 0, Kind.COUNT, key="drawn", summed=True),
        Column("率", lambda row: None, Kind.PERCENT, ratio=("drawn", "drawn")),
    )
    content = workbook.to_bytes([Sheet("表", columns, rows(1))])
    cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    assert cached["B2"].value in (None, "")


@pytest.mark.parametrize("streaming", [False, True])
def test_rows_beyond_the_last_row_go_on_in_a_next_sheet(streaming):
    counted = Column("数", lambda row: row.value, Kind.COUNT, key="n", summed=True)
    sheet = Sheet("明细", (counted,), rows(*range(1, 21)), total_label="合计", filtered=True)
    target = io.BytesIO()
    workbook.write(target, [sheet], sheet_rows=9, streaming=streaming)
    pages = read(target.getvalue()).worksheets
    assert [page.title for page in pages] == ["明细", "明细 (2)", "明细 (3)"]
    assert max(page.max_row for page in pages) <= 9
    kept = [cell.value for page in pages for cell in page["A"][1:] if isinstance(cell.value, int)]
    assert kept == list(range(1, 21))
    assert [page["A1"].value for page in pages] == ["数"] * 3
    assert pages[-1]["A8"].value == "=SUM('明细'!A2:A8,'明细 (2)'!A2:A8,A2:A7)"


def test_a_split_total_carries_the_sum_of_all_sheets():
    counted = Column("数", lambda row: row.value, Kind.COUNT, key="n", summed=True)
    target = io.BytesIO()
    workbook.write(target, [Sheet("明细", (counted,), rows(*range(50)), total_label="计")], sheet_rows=12)
    last = openpyxl.load_workbook(target, data_only=True).worksheets[-1]
    assert last.cell(last.max_row, 1).value == sum(range(50))


def test_a_table_prints_on_a4_landscape_with_its_headings_on_every_page():
    page = page_of(1, title="标题", subtitle=("左", "右"), numbered=True)
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.freeze_panes == "A5"
    assert page.print_title_rows == "$3:$4"
    assert page.print_area == "'表'!$A$1:$A$5"
    assert "&P" in page.oddFooter.center.text


def test_a_header_that_begins_with_digits_is_not_read_as_a_font_size():
    page = page_of(1, title="2026年 A&B")
    assert (page.oddHeader.right.size, page.oddHeader.right.text.strip()) == (9, "2026年 A&&B")


def test_grouped_headings_are_merged_over_their_columns():
    columns = (column("部门"), column("已公示", group="公示"), column("未公示", group="公示"))
    page = read(workbook.to_bytes([Sheet("表", columns, rows(1))])).active
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:A2", "B1:C1"}


def test_streamed_tables_hold_the_same_cells():
    columns = (column("部门"), column("甲", group="组"), column("乙", group="组"))
    sheet = {"name": "表", "columns": columns, "title": "标题", "notes": ("注",)}
    plain, streamed = (
        read(workbook.to_bytes([Sheet(rows=rows("x", 2, None), **sheet)], streaming=streaming)).active
        for streaming in (False, True)
    )
    body = [[cell.value for cell in line] for line in plain.iter_rows(min_row=4)]
    assert [[cell.value for cell in line] for line in streamed.iter_rows(min_row=4)] == body
    heads = [[[cell.value for cell in page[row]] for row in (2, 3)] for page in (plain, streamed)]
    assert heads[0] == heads[1] == [["部门", "组", None], [None, "甲", "乙"]]
    assert {str(area) for area in streamed.merged_cells.ranges} >= {"A2:A3", "B2:C2"}


ODD = (
    *DANGEROUS,
    "a&b<c>d\"e'f",
    " 前后有空格 ",
    "两行\n文字",
    "\x00\x0b\ud800控制符",
    "",
    None,
    True,
    0,
    -1.5,
    float("nan"),
    float("inf"),
    2**60,
    date(2026, 2, 28),
    date(1899, 1, 1),
    datetime(2026, 3, 1, 8, 30, 15),  # noqa: DTZ001 (a cell knows no zone)
    datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    "长" * 40_000,
)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE, Kind.COUNT, Kind.DATE])
def test_a_streamed_row_is_the_row_that_the_writer_makes_cell_by_cell(kind):
    """Value, kind of cell, number format and height: nothing tells the quick way from the usual one."""
    columns = (Column("序号", lambda row: None, Kind.ORDINAL, 5), column(kind=kind, width=11))
    made = [
        read(workbook.to_bytes([Sheet("表", columns, rows(*ODD))], streaming=streaming)).active
        for streaming in (False, True)
    ]
    for usual, quick in zip(*(page.iter_rows() for page in made), strict=True):
        for one, other in zip(usual, quick, strict=True):
            assert (one.value, one.data_type, one.number_format) == (
                other.value,
                other.data_type,
                other.number_format,
            )
    heights = [[page.row_dimensions[row].height for row in range(1, page.max_row + 1)] for page in made]
    assert heights[0] == heights[1]


@pytest.mark.parametrize("streaming", [False, True])
def test_text_that_looks_like_markup_of_the_writer_stays_text(streaming):
    """The writer takes <r>…</r> for its own markup and would write it into the file as it stands."""
    page = page_of("<r><t>甲</t></r>", "<r></c></row><row></r>", streaming=streaming)
    assert [cell.value.strip() for cell in page["A"]][1:] == ["<r><t>甲</t></r>", "<r></c></row><row></r>"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=30) | st.floats() | st.integers() | st.none(), max_size=6))
def test_whatever_stands_in_a_streamed_row_is_read_back_as_it_may_be_stored(values):
    page = read(workbook.to_bytes([Sheet("表", (column(),), rows(*values))], streaming=True)).active
    found = [cell.value for cell in page["A"]][1:] if values else []
    wanted = [storable(value) for value in values]
    assert [_as_read(value) for value in found] == [_as_read(value) for value in wanted]


def _as_read(value):
    return pytest.approx(value) if isinstance(value, float) else value


def test_a_list_in_a_book_of_forms_is_streamed_by_itself(tmp_path):
    """The sheet beside it keeps its formulas and its merged headings."""
    columns = (column("部门"), Column("甲", lambda row: row.value, Kind.COUNT, summed=True))
    sheets = [
        Sheet("表", columns, rows(1, 2), total_label="合计"),
        Sheet("单", (column(),), rows("甲"), streamed=True),
    ]
    book = read(workbook.to_bytes(sheets))
    assert book["表"]["B4"].value == "=SUM(B2:B3)"
    assert book["单"]["A2"].value == "甲"


def test_sheet_names_are_made_acceptable_and_unique():
    sheets = [Sheet("A/B:甲", (column(),), []) for _ in range(2)] + [Sheet("长" * 40, (column(),), [])]
    assert read(workbook.to_bytes(sheets)).sheetnames == ["A－B－甲", "A－B－甲 (2)", "长" * 31]


def test_equal_input_gives_equal_bytes():
    made = [
        workbook.to_bytes([Sheet("表", (column(),), rows(1))], created=datetime(2026, 1, 1, tzinfo=UTC))
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_a_refused_cell_is_an_error_and_never_a_lost_one():
    with pytest.raises(workbook.CellRefused):
        workbook.to_bytes([Paper("纸", (10,), (Cell(1_048_576, 0, "越界"),))])


def test_text_width_counts_chinese_characters_twice():
    assert (text_width("长春"), text_width("abc"), text_width("A座")) == (4, 3, 3)
    assert lines_needed("一二三四五六", 6) == 2
    assert lines_needed("一\n二", 20) == 2


def test_a_listing_of_any_length_is_numbered_and_filterable(tmp_path):
    path = tmp_path / "名录.xlsx"
    listing.write(
        path,
        "检查对象名录",
        (column("名称", width=20),),
        (Row(value=f"=企业{number}") for number in range(1000)),
        agency="商务局",
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        filters=("区县=南关区",),
    )
    page = openpyxl.load_workbook(path).active
    assert page["A1"].value == "检查对象名录"
    assert page["A2"].value == "单位：商务局　筛选：区县=南关区"
    assert [cell.value for cell in page[1003]] == [1000, "=企业999"]
    assert page.auto_filter.ref == "A3:B1003"
