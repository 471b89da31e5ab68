"""A workbook beside the one kept under tests/golden/reports, cell by cell.

`UPDATE_GOLDEN=1` writes the kept one anew; look at it in a spreadsheet program before it is committed.
"""

import io
import os
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).parents[1] / "golden" / "reports"


def assert_golden(name, content):
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(content)
    made, kept = snapshot(content), snapshot(path.read_bytes())
    assert list(made) == list(kept)
    for sheet in kept:
        assert made[sheet] == kept[sheet], sheet


def snapshot(content):
    """Everything of a workbook that a reader sees, by sheet."""
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {page.title: {**_page(page), **_cells(page, values[page.title])} for page in formulas}


def _page(page):
    return {
        "merged": sorted(str(area) for area in page.merged_cells.ranges),
        "frozen": page.freeze_panes,
        "print": (page.print_area, page.print_title_rows, page.page_setup.orientation),
        "heads": (page.oddHeader.right.text, page.oddFooter.center.text),
        "widths": {letter: round(size.width, 2) for letter, size in page.column_dimensions.items()},
        "filter": page.auto_filter.ref,
    }


def _cells(page, values):
    return {
        cell.coordinate: (
            cell.value,
            values[cell.coordinate].value,
            cell.number_format,
            cell.fill.fgColor.rgb,
        )
        for line in page.iter_rows()
        for cell in line
        if cell.value is not None
    }
