"""The files that a source sends in three weeks, made of the sample city and kept between runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from app.sample import enterprises
from tests.bench.table import FOLDER

LEFT_OUT = enterprises.HEADERS.index("行业名称")
CHANGED, GONE, NEW = 100, 1000, 500
"""One row in so many is changed, gone or new in the week's file."""
WIDE = 20
_STRIDE = 10_007


def make(count: int) -> dict[str, Path]:
    """The first file, the same rows in another order, and next week's file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = {
        "first": lambda: _rows(count),
        "shuffled": lambda: _shuffled(count),
        "week": lambda: _next_week(count),
    }
    return {name: _written(FOLDER / f"roster-{name}-{count}.csv", rows) for name, rows in made.items()}


def workbook(count: int) -> Path:
    """A workbook of so many rows and 20 columns."""
    path = FOLDER / f"roster-{count}.xlsx"
    if not path.exists():
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, [*_without(enterprises.HEADERS), *(f"备注{n}" for n in range(WIDE - 15))])
            for place, row in enumerate(_rows(count), 1):
                sheet.write_row(place, 0, [*row, *("备注",) * (WIDE - 15)])
    return path


def _written(path: Path, rows) -> Path:
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_without(enterprises.HEADERS))
            writer.writerows(rows())
        unfinished.rename(path)
    return path


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    return map(_without, enterprises.rows(count))


def _shuffled(count: int) -> Iterator[tuple[str, ...]]:
    """Rows in blocks, the blocks from the last to the first."""
    block: list[tuple[str, ...]] = []
    blocks = []
    for row in _rows(count):
        block.append(row)
        if len(block) == _STRIDE:
            blocks.append(block)
            block = []
    for each in [block, *reversed(blocks)]:
        yield from each


def _next_week(count: int) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(_rows(count + count // NEW)):
        if place < count and place % GONE == 1:
            continue
        yield (row[0], f"{row[1]}新", *row[2:]) if place < count and place % CHANGED == 0 else row


def _without(row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row[:LEFT_OUT], *row[LEFT_OUT + 1 :])
