"""Workbooks on demand: rows from the services, layout from the reports, for the pages and the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.measures import CHINA, Period
from app.extensions import db
from app.messages import sentence_for
from app.reports import draw_list, enterprise_form, rejects, table_file
from app.reports.statistics import REPORTS
from app.services import reporting, statistics
from app.services.exporting import WRITERS, Extract, Form
from app.services.roster_import import Outcome

MOST_IN_A_WORKBOOK = 50_000


@dataclass(frozen=True, slots=True)
class WordedReject:
    """A row that was not loaded, with its reason as a sentence."""

    line: int
    reason_text: str
    cells: Sequence[str]


def rejects_workbook(outcome: Outcome) -> bytes:
    """The rows of a load that were refused, to correct and load again."""
    rows = [WordedReject(row.line, sentence_for(row.error), row.cells) for row in outcome.rejects]
    return rejects.build(outcome.headers, rows)


def refused_rows(outcome: Outcome) -> tuple[str, Iterator[bytes]]:
    """The refused rows as a file to correct and load again: a workbook, or a CSV file where they are very many."""
    if len(outcome.rejects) > MOST_IN_A_WORKBOOK:
        return ".csv", _as_csv(outcome)
    return ".xlsx", iter([rejects_workbook(outcome)])


def _as_csv(outcome: Outcome) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + csv_line([rejects.LINE, rejects.REASON, *outcome.headers])
    for row in outcome.rejects:
        yield csv_line([str(row.line), sentence_for(row.error), *map(_inert, row.cells)])


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if len(cell) > 1 and cell[0] in "=+-@" else cell


def csv_line(cells: Sequence[str]) -> bytes:
    """One line of CSV in UTF-8."""
    target = io.StringIO()
    csv.writer(target).writerow(cells)
    return target.getvalue().encode("utf-8", "replace")


def report_workbook(name: str, period: Period, now: datetime, agency_id: int | None = None) -> bytes:
    """One statistical report for one period, as the records stand now, in the layouts in force."""
    prepared = reporting.prepare(db.session(), reporting.Asked(name, period, agency_id), now)
    return REPORTS[name].builder(name, prepared.data, prepared.meta, prepared.forms)


def draw_list_workbook(draw_id: int, now: datetime) -> bytes:
    """抽取结果名单 of one draw."""
    return draw_list.build(statistics.drawn_list(db.session(), draw_id), now)


def form_workbook(visit_ids: Sequence[int], now: datetime) -> bytes:
    """一企一表 of one or more visits, a sheet each."""
    session = db.session()
    return enterprise_form.build([statistics.enterprise_form(session, visit) for visit in visit_ids], now)


def extract_as_csv(path: Path, extract: Extract, rows: Iterable[list[Any]], _now: datetime) -> int:
    """The rows of a list alone; each says where it comes from."""
    return table_file.write_csv(path, extract.headings, rows)


def extract_as_workbook(path: Path, extract: Extract, rows: Iterable[list[Any]], now: datetime) -> int:
    """The rows of a list under a line with their origin, the filter and the time."""
    said = "　".join(part for part in (extract.origin, extract.filter_words) if part)
    written = f"导出时间：{now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return table_file.write_xlsx(path, extract.title, extract.headings, rows, (said, written))


WRITERS.update({Form.CSV: extract_as_csv, Form.XLSX: extract_as_workbook})
