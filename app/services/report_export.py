"""A report as a file made in the background: lists of details of any length, one row in memory at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from app.domain.measures import Period, ReportData
from app.domain.vocabulary import JobKind
from app.reports.statistics import REPORTS
from app.security.roles import may
from app.services import audit, storage
from app.services.exporting import MEDIA, ExportNotPermitted, Form
from app.services.jobs import Running, enqueue, job
from app.services.reporting import Asked, prepare
from app.services.statistics import facts
from app.services.transaction import transaction

ROWS_A_REPORT = 500


def ask(asked: Asked, actor: User, now: datetime, origin: str) -> int:
    """Have a report written in the background; gives the key of the job."""
    arguments = {
        "report": asked.report,
        "period": asked.period.key,
        "agency_id": asked.agency_id,
        "territory": asked.territory,
    }
    title = f"{REPORTS[asked.report].title}（{asked.period.caption}）"
    return enqueue(JobKind.REPORT, arguments, actor, now, title, origin)


@job(JobKind.REPORT, once=True)
def export(
    running: Running, report: str, period: str, agency_id: int | None, territory: str | None
) -> dict[str, Any]:
    """Write the workbook and keep it for its owner. Raises ExportNotPermitted."""
    actor = running.actor
    if actor is None or not actor.is_active or not _may_export(actor):
        raise ExportNotPermitted()
    asked = Asked(report, Period.of(period), agency_id, territory)
    with tempfile.TemporaryDirectory() as folder, transaction() as session:
        path = Path(folder) / "report.xlsx"
        prepared = prepare(session, asked, running.now)
        total = session.scalar(select(func.count()).select_from(facts(asked.coverage(running.now))))
        replace(prepared, data=_counted(prepared.data, running, total)).write(path)
        name = f"{prepared.title}.xlsx"
        digest = storage.store(session, storage.pieces_of(path), name)
        data = {"report": report, "period": period, "file": digest}
        audit.record(session, actor, "report:file:exported", prepared.title, data)
    return {"file": digest, "name": name, "media": MEDIA[Form.XLSX], "rows": running.done}


def _may_export(actor: User) -> bool:
    return any(may(role.name, "export", "Report") for role in actor.roles)


def _counted(data: ReportData, running: Running, total: int | None) -> ReportData:
    """The same report, whose rows tell the job how many have passed."""
    tables: Mapping[str, Any] = {
        section: replace(table, rows=_told(table.rows, running, total))
        for section, table in data.tables.items()
    }
    return replace(data, tables=tables)


def _told(rows: Iterable[Any], running: Running, total: int | None) -> Iterator[Any]:
    number = 0
    for number, row in enumerate(rows, 1):
        if not number % ROWS_A_REPORT:
            running.advance(number, total, "exporting")
        yield row
    running.advance(number, total, "exporting")
