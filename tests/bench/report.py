"""Reports on many results: F1 to F9 in one workbook, and 100,000 rows of details beside other writers."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from app.domain.measures import Period
from tests.bench import child, report_rows
from tests.bench.dashboard_city import YEARS, Results
from tests.bench.page_city import application, database
from tests.bench.table import Bench

RESULTS = 200_000


def run(rows: int = RESULTS) -> Bench:
    """`rows` is the number of results of the year; the details are always 100,000 rows."""
    bench = Bench(
        "report", f"Reports: F1–F9 on {rows:,} results; details of {report_rows.DETAILS:,} rows × 20 columns"
    )
    for kind in ("sqlite", "postgresql"):
        results = OneYear(rows * len(YEARS))
        with database(kind, max(rows // 4, 1000), f"report-{rows}", results) as url:
            forms = child.run(whole_set, url)
        figures, workbook, cells = forms.value
        bench.row(
            f"F1–F9, {kind}",
            cpu_s=forms.cpu,
            figures_s=figures,
            workbook_s=workbook,
            rows=cells,
            peak_mb=forms.peak,
        )
        bench.goal(f"F1–F9, {kind}: processor time", forms.cpu, 20.0)
    _details(bench)
    return bench


class OneYear(Results):
    """All results in the year that is reported."""

    def year(self, year: int) -> None:
        """Nothing in the year before."""
        if year == max(YEARS):
            super().year(year)


def _details(bench: Bench) -> None:
    turns = [
        tuple(child.run(write) for write in (report_rows.bare, report_rows.ours, report_rows.others))
        for _ in range(2)
    ]
    alone, own, frame = (
        min((turn[place] for turn in turns), key=lambda each: each.cpu) for place in range(3)
    )
    for name, each in (
        ("XlsxWriter alone, constant memory", alone),
        ("the detail export", own),
        ("pandas and openpyxl", frame),
    ):
        bench.row(name, cpu_s=each.cpu, peak_mb=each.peak, file_mb=each.value / 1e6)
    bench.goal("details: times the bare writer", own.cpu / alone.cpu, 1.3)
    base = child.run(report_rows.nothing)
    bench.row("the program before any of them", cpu_s=base.cpu, peak_mb=base.peak)
    bench.goal("details: memory of the whole process in MB", own.peak, 300.0)
    bench.note(
        "Memory is that of the whole process; most of it is the program itself, which stands in a line of its own."
    )


def whole_set(url: str) -> tuple[float, float, int]:
    """Seconds for the figures and for the workbook, and how many results the sheet F5 shows."""
    import time

    from app.reports import statistics as reports
    from app.services import statistics

    with application(url):
        from app.extensions import db

        start = time.process_time()
        data = statistics.rows_for(db.session(), "forms", Period(2026), date(2026, 11, 20))
        counted = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            reports.write(Path(folder) / "forms.xlsx", "forms", data, report_rows.META)
        total = data.tables["work"].whole
        return counted - start, time.process_time() - counted, total.findings.total if total else 0
