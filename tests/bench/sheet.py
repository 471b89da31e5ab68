"""A workbook of 100,000 rows and 20 columns: what reading it safely costs beside the bare reader."""

from __future__ import annotations

import resource
import tempfile
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from app.services.roster_import.reading import open_table
from tests.bench import child
from tests.bench.table import Bench

ROWS, TURNS = 100_000, 3
TEXTS = (
    "信用代码",
    "名称",
    "状态",
    "区划",
    "住所",
    "类型",
    "范围",
    "备注一",
    "备注二",
    "备注三",
    "备注四",
    "备注五",
)
NUMBERS = tuple(f"数{number}" for number in range(1, 8))
_FIRST = date(2000, 1, 1)


def run() -> Bench:
    """Read the same workbook in turns with calamine alone and through the importer."""
    bench = Bench("sheet", f"Workbook: {ROWS:,} rows × 20 columns, read in a child process under limits")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write(path)
        turns = [(child.run(bare, str(path)), child.run(safe, str(path))) for _ in range(TURNS)]
    alone, ours = (min((turn[place] for turn in turns), key=lambda each: each.value[1]) for place in (0, 1))
    for name, each in (("calamine alone", alone), ("the importer", ours)):
        rows, seconds = each.value
        bench.row(name, cpu_s=seconds, rows=rows, peak_mb=each.peak)
    bench.goal("importer / calamine, processor time", ours.value[1] / alone.value[1], 2.0)
    return bench


def write(path: Path) -> None:
    """The workbook; texts, numbers with fractions, whole numbers and dates."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [*TEXTS, *NUMBERS, "日期"])
    for row in range(1, ROWS + 1):
        for column, name in enumerate(TEXTS):
            sheet.write_string(row, column, f"{name}长春市样例{row}商贸有限公司")
        for column in range(len(TEXTS), len(TEXTS) + len(NUMBERS)):
            sheet.write_number(row, column, row * column if column % 2 else row / column)
        sheet.write_datetime(row, 19, _FIRST + timedelta(days=row % 9000), day)
    book.close()


def used() -> float:
    """Seconds of processor time of this process and of the children that it has seen end."""
    whole = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in whole)


def bare(path: str) -> tuple[int, float]:
    """Rows and seconds of calamine, every cell as Python gives it."""
    from python_calamine import CalamineWorkbook

    start = used()
    with Path(path).open("rb") as file:
        rows = len(CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python())
    return rows, used() - start


def safe(path: str) -> tuple[int, float]:
    """Rows and seconds of the importer, from the look over the archive to the last row as text."""
    start = used()
    with open_table(Path(path)) as rows:
        count = sum(1 for _ in rows)
    return count, used() - start
