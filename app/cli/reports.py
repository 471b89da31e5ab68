"""Statistical reports."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.console import now, say, sentences
from app.documents import report_workbook
from app.domain.measures import Period
from app.reports.statistics import REPORTS


@click.command("report", help="统计报表工作簿；--list 列出全部。")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True)
@click.option("--year", type=int)
@click.option("--month", type=click.IntRange(1, 12))
@click.option("--out", type=click.Path(path_type=Path))
@with_appcontext
def report_command(
    name: str | None, listing: bool, year: int | None, month: int | None, out: Path | None
) -> None:
    if listing:
        for key, spec in REPORTS.items():
            click.echo(f"{key}\t{spec.title}")
        return
    if name not in REPORTS or year is None or out is None:
        click.echo("请给出报表名、--year 和 --out；--list 列出全部报表。", err=True)
        sys.exit(2)
    with sentences():
        out.write_bytes(report_workbook(name, Period(year, month=month), now()))
        say({"report": name, "file": str(out)})
