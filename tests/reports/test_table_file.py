"""Tables of any length as files: nothing that a spreadsheet would run, no row lost between sheets."""

import csv
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from app.reports import table_file

HARMFUL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", HARMFUL)
def test_text_that_begins_a_formula_is_prefixed_in_csv(tmp_path, text):
    table_file.write_csv(tmp_path / "a.csv", ["名称"], [[text]])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["名称"], [f"'{text}"]]


def test_numbers_stay_numbers_in_csv(tmp_path):
    table_file.write_csv(tmp_path / "a.csv", ["a", "b"], [[-5, None]])
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == "-5,"


@pytest.mark.parametrize("text", HARMFUL)
def test_text_stays_text_in_a_workbook(tmp_path, text):
    table_file.write_xlsx(tmp_path / "a.xlsx", "表", ["名称"], [[text]])
    cell = load_workbook(tmp_path / "a.xlsx").active.cell(3, 1)
    assert cell.data_type == "s"
    assert cell.value.endswith(text.strip())


def test_rows_beyond_the_last_of_a_sheet_go_on_in_a_next_one(tmp_path):
    rows = [[f"91220101{number:010d}", number] for number in range(25)]
    count = table_file.write_xlsx(
        tmp_path / "a.xlsx", "表", ["代码", "数"], iter(rows), ("来源", "时间"), sheet_rows=10
    )
    book = load_workbook(tmp_path / "a.xlsx")
    found = [row[0] for sheet in book for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert count == 25
    assert found == [row[0] for row in rows]
    assert len(book.sheetnames) == 4


MOMENT = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 (a cell has no zone)


def test_dates_and_times_are_such_in_a_workbook(tmp_path):
    table_file.write_xlsx(tmp_path / "a.xlsx", "表", ["日", "时"], [[date(2026, 1, 2), MOMENT]])
    row = next(load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=3, values_only=True))
    assert [value.isoformat()[:10] for value in row] == ["2026-01-02", "2026-01-02"]
