"""统计报表: pick form, period and limits, look at the figures, take the workbook along, report the period."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.measures import REPORT_SECTIONS
from app.extensions import db
from app.messages import sentence_for
from app.reports import chart
from app.reports.grid import Grid, grid_of
from app.reports.statistics import has_details, is_streamed, sheet_of
from app.services import report_export, reporting
from app.services.reporting import Asked
from app.views import report_asked
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.figures import district_rows
from app.views.imports import XLSX
from app.views.rows import may

MOST_SHOWN = 100
LONGEST_LABEL = 7


class ReportView(BasePage):
    """The statistical reports."""

    route_base = "/reports"
    class_permission_name = "Report"
    title = _("Statistical reports")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The picker, and below it the figures of what was picked."""
        shown = None
        if request.args.get("report"):
            try:
                shown = Shown(report_asked.asked())
            except DomainError as error:
                flash(sentence_for(error), "danger")
        return self.render(
            "reports/index.html",
            choices=report_asked.choices(),
            shown=shown,
            done_by=date(datetime.now(CLOCK).year, *policy.REPORTS.plan_done_by),
        )

    def may_export(self) -> bool:
        """Whether the reader may download workbooks."""
        return may("export", "Report")

    def may_report(self) -> bool:
        """Whether the reader may hand periods in."""
        return may("file", "Report")

    @expose("/download")
    @has_access
    @permission_name("export")
    def download(self) -> Response:
        """What was picked as a workbook; one with lists of details is asked for on the page that shows it."""
        try:
            asked = report_asked.asked()
            return redirect(_page_of(asked)) if has_details(asked.report) else _sent(asked)
        except DomainError as error:
            flash(sentence_for(error), "danger")
            return redirect(url_for(".index"))

    @expose("/export", methods=["POST"])
    @has_access
    @permission_name("export")
    def export(self) -> Response:
        """Have what was picked written in the background."""
        with domain_errors_flashed(_("It is being written.")):
            asked = report_asked.asked()
            key = report_export.ask(asked, g.user, datetime.now(UTC), _page_of(asked))
            return redirect(url_for("JobView.show", pk=key))
        return redirect(url_for(".index"))

    @expose("/report", methods=["POST"])
    @has_access
    @permission_name("file")
    def report(self) -> Response:
        """Keep what was picked as it is reported now (R82)."""
        reason = request.form.get("reason", "")
        with domain_errors_flashed(_("The period is kept as it was reported.")):
            asked = report_asked.asked()
            key = reporting.report_period(asked, reason, g.user, datetime.now(UTC))
            return redirect(url_for("ReportedView.show", pk=key))
        names = ("report", "period", "agency", "territory")
        return redirect(url_for(".index", **{name: request.form.get(name) for name in names}))

    @expose("/chart/districts.svg")
    @has_access
    @permission_name("read")
    def districts(self) -> FlaskResponse:
        """Drawn and disclosed enterprises by district, as a picture."""
        today = datetime.now(CLOCK).date()
        rows = [row for row in district_rows(today.year) if row.tally.households.total]
        picture = chart.bars(
            "",
            [short(row.label) for row in rows],
            {
                str(_("Drawn")): [row.tally.households.total for row in rows],
                str(_("Disclosed")): [row.tally.households.disclosed for row in rows],
            },
        )
        return FlaskResponse(picture, mimetype=chart.MIME_TYPE)


class Shown:
    """What was picked, as the page shows it: the first rows of every sheet, and the editions handed in."""

    def __init__(self, asked: Asked) -> None:
        prepared = reporting.prepare(db.session(), asked, datetime.now(UTC))
        self.asked, self.title = asked, prepared.title
        self.grids: list[Grid] = [
            grid_of(
                sheet_of(prepared.forms[name], prepared.data.tables[name], prepared.data, prepared.meta),
                MOST_SHOWN,
            )
            for name in REPORT_SECTIONS[asked.report]
        ]
        self.is_detail = is_streamed(asked.report)
        self.takes_time = has_details(asked.report)
        self.edition = reporting.newest_edition(db.session(), asked)

    @property
    def fields(self) -> dict[str, Any]:
        """What was picked, as the fields of a form that goes on from here."""
        return _fields(self.asked)


def short(label: str) -> str:
    """A district's name as it fits beside a bar."""
    return label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…"


def _fields(asked: Asked) -> dict[str, Any]:
    """What was picked, as the page of reports takes it."""
    return {
        "report": asked.report,
        "period": asked.period.key,
        "agency": asked.agency_id or "",
        "territory": asked.territory or "",
    }


def _page_of(asked: Asked) -> str:
    return url_for("ReportView.index", **_fields(asked))


def _sent(asked: Asked) -> Response:
    """The workbook of a report as a file to download."""
    prepared = reporting.prepare(db.session(), asked, datetime.now(UTC))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        prepared.write(path)
        content = BytesIO(path.read_bytes())
    return send_file(content, XLSX, as_attachment=True, download_name=f"{prepared.title}.xlsx")
