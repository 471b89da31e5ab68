"""统计报表: the list of reports, each for a year or a month, as a workbook; and the charts of the work desk."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.measures import Period, PeriodKind, ReportMeta
from app.extensions import db
from app.messages import sentence_for
from app.reports import chart
from app.reports.statistics import REPORTS
from app.services import statistics
from app.services.agencies import own_bureau
from app.views.base import BasePage
from app.views.base.format import CLOCK
from app.views.figures import district_rows
from app.views.imports import XLSX
from app.views.rows import foreign_agency, may

MONTHS = range(1, 13)
YEARS_BACK = 5
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
        """The reports, with the figures of the year by district and department."""
        today = datetime.now(CLOCK).date()
        year = request.args.get("year", type=int) or today.year
        agency = foreign_agency()
        return self.render(
            "reports/list.html",
            reports=REPORTS,
            monthly=PeriodKind.MONTH,
            year=year,
            years=[today.year - back for back in range(YEARS_BACK)],
            months=MONTHS,
            agencies=statistics.by_agency(db.session(), year, today),
            districts=statistics.by_district(
                db.session(), year, today, agency_id=agency.id if agency else None
            ),
        )

    def may_export(self) -> bool:
        """Whether the reader may download workbooks."""
        return may("export", "Report")

    @expose("/<name>")
    @has_access
    @permission_name("export")
    def download(self, name: str) -> Response:
        """One report over a year or a month as a workbook."""
        if name not in REPORTS:
            abort(404)
        try:
            period = Period(_number("year") or datetime.now(CLOCK).year, month=_number("month"))
            content = report_workbook(name, period)
        except DomainError as error:
            flash(sentence_for(error), "danger")
            return redirect(url_for(".index"))
        file_name = f"{period.caption}{REPORTS[name].title}.xlsx"
        return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=file_name)

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


def short(label: str) -> str:
    """A district's name as it fits beside a bar."""
    return label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…"


def report_workbook(name: str, period: Period) -> bytes:
    """The bytes of one report; another department gets its own items only."""
    session = db.session()
    agency = foreign_agency()
    moment = datetime.now(UTC)
    data = statistics.rows_for(
        session, name, period, moment.astimezone(CLOCK).date(), agency_id=agency.id if agency else None
    )
    meta = ReportMeta((agency or own_bureau(session)).name, moment)
    return REPORTS[name].builder(name, data, meta)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
