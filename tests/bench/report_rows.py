"""100,000 rows of details × 20 columns, by the product and by other writers; no part of the application else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path

from app.domain.measures import FindingLine, Period, ReportData, ReportMeta, Table

DETAILS = 100_000
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
META = ReportMeta("长春市商务局", NOW, ())
HEADS = [f"栏目{number}" for number in range(1, 21)]
DAY = date(2026, 5, 6)
CONTENT = "检查是否按规定明示商品价格、合同条款和预收资金存管情况，是否存在虚假宣传。"


def nothing() -> int:
    """What the process takes before a row is written."""
    import app.reports.statistics  # noqa: F401

    return 0


def lines() -> Iterator[FindingLine]:
    """The rows of the details; every name and number differs, the words of the findings repeat."""
    return (
        FindingLine(
            task_number=f"长商抽查〔2026〕{number % 40}号",
            visit_number=f"V2026{number:06d}",
            enterprise=f"长春市样例{number:06d}商贸有限责任公司",
            identifier=f"91220101MA{number:08d}",
            district="朝阳区",
            agency="商务局",
            item="单用途商业预付卡备案检查",
            content=CONTENT,
            methods="实地检查、书面检查",
            results="发现问题已责令改正",
            problem="未在经营场所明示价格。" if number % 3 else "",
            disposals="违反本部门相关规定，责令改正",
            checked_on=DAY,
            team="王甲、李乙",
            state="已公示",
            closed_on=DAY if number % 2 else None,
            filing_no="长司备〔2026〕7号",
            plan_title="2026年度抽查工作计划",
            task_name="单用途商业预付卡抽查",
            scope="定向",
        )
        for number in range(DETAILS)
    )


FIELDS = tuple(FindingLine.__slots__)


def ours() -> int:
    """The form of the details with all of its twenty fields, as the export in the background writes it."""
    from app.reports import statistics as reports
    from app.reports.forms import form_from, shipped_text

    text = shipped_text("findings")
    more = ("抽查计划编号", "抽查计划名称", "任务名称", "抽查类型")
    text += "".join(f'  - {{标题: "{name}", 取数: "{name}", 宽: 14}}\n' for name in more)
    form = form_from("findings", text.replace('  - {标题: "序号", 取数: "序号", 宽: 5}\n', ""))
    assert len(form.columns) == 20
    data = ReportData("findings", Period(2026), {"findings": Table(lines())})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours.xlsx"
        reports.write(path, "findings", data, META, {"findings": form})
        return path.stat().st_size


def bare() -> int:
    """The same values by the bare writer, one row in memory, cell by cell with a format each."""
    import xlsxwriter

    rows = lines()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        page = book.add_worksheet()
        plain = book.add_format({"border": 1})
        day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, HEADS)
        for number, row in enumerate(rows, 1):
            for at, name in enumerate(FIELDS):
                value = getattr(row, name)
                if value is None:
                    page.write_blank(number, at, None, plain)
                elif isinstance(value, str):
                    page.write_string(number, at, value, plain)
                else:
                    page.write_datetime(number, at, value, day)
        book.close()
        return path.stat().st_size


def others() -> int:
    """The same values through a data frame and openpyxl, as most programs write them."""
    import pandas as pd

    rows = [
        [getattr(row, name) for name in names] for row, names in zip(lines(), repeat(FIELDS), strict=False)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.xlsx"
        pd.DataFrame(rows, columns=HEADS).to_excel(path, engine="openpyxl", index=False)
        return path.stat().st_size
