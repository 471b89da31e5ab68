"""已报报表: periods as they were reported, with their workbooks, and what would differ now (R82)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from flask import abort, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from app.domain import policy
from app.domain.measures import REPORT_SECTIONS
from app.extensions import db
from app.models import InspectionPlan, ReportedPeriod
from app.reports.statistics import REPORTS
from app.services import reporting
from app.services.storage import fetch_bytes
from app.views.base import BasePage
from app.views.base.format import CLOCK
from app.views.events import tag_words
from app.views.imports import XLSX
from app.views.registry import Todo, todos
from app.views.rows import duty_agency, foreign_agency, may

MOST = 200
MOST_SHOWN = 300
ENFORCEMENT_REPORTS = [name for name, sections in REPORT_SECTIONS.items() if "enforcement" in sections]


class ReportedView(BasePage):
    """The periods that were reported."""

    route_base = "/reported"
    class_permission_name = "Report"
    title = _("Reported periods")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The newest editions first."""
        query = _visible(select(ReportedPeriod)).order_by(ReportedPeriod.id.desc()).limit(MOST)
        return self.render("reports/reported.html", rows=list(db.session.scalars(query)), reports=REPORTS)

    @expose("/<int:pk>")
    @has_access
    @permission_name("read")
    def show(self, pk: int) -> str:
        """One edition beside what its report would say now."""
        edition = _edition(pk)
        found = reporting.compare_with_now(db.session(), edition.id, datetime.now(UTC))
        return self._compared(found, _("now"))

    @expose("/<int:pk>/beside/<int:other>")
    @has_access
    @permission_name("read")
    def beside(self, pk: int, other: int) -> str:
        """One edition beside a later one of the same report."""
        edition, later = _edition(pk), _edition(other)
        if (edition.report, edition.period, edition.scope) != (later.report, later.period, later.scope):
            abort(404)
        found = reporting.compare_editions(db.session(), edition.id, later.id)
        return self._compared(found, _("edition %(number)s", number=later.edition))

    @expose("/<int:pk>/file")
    @has_access
    @permission_name("export")
    def file(self, pk: int) -> Response:
        """The workbook as it was reported."""
        edition = _edition(pk)
        content = BytesIO(fetch_bytes(db.session(), edition.file_digest))
        return send_file(content, XLSX, as_attachment=True, download_name=edition.file_name)

    def act(self, tag: str) -> Any:
        """An act of the audit trail in words."""
        return tag_words(tag)

    def _compared(self, found: reporting.Comparison, against: Any) -> str:
        query = (
            select(ReportedPeriod)
            .where(
                ReportedPeriod.report == found.edition.report,
                ReportedPeriod.period == found.edition.period,
                ReportedPeriod.scope == found.edition.scope,
            )
            .order_by(ReportedPeriod.edition)
        )
        return self.render(
            "reports/compared.html",
            title=found.edition.title,
            edition=found.edition,
            editions=list(db.session.scalars(query)),
            against=against,
            found=found,
            most=MOST_SHOWN,
        )


def _visible(query: Any) -> Any:
    """Another department sees the reports on its own items only."""
    agency = foreign_agency()
    return query if agency is None else query.where(ReportedPeriod.agency_id == agency.id)


def _edition(pk: int) -> ReportedPeriod:
    found = db.session.scalar(_visible(select(ReportedPeriod).where(ReportedPeriod.id == pk)))
    return found or abort(404)


@todos
def annual_todo(user: Any) -> Iterator[Todo]:
    """The report on the year before, until it is handed in; it is due in January (R79, R82)."""
    if not may("file", "Report"):
        return
    today = datetime.now(CLOCK).date()
    year, due = today.year - 1, date(today.year, *policy.REPORTS.annual_report_by)
    planned = select(InspectionPlan.id).where(InspectionPlan.year == year).limit(1)
    if db.session.scalar(planned) is None or _is_reported(year):
        return
    words = _("The year %(year)s has not been reported yet", year=year)
    state, tone = (_("late"), "bad") if today > due else (_("to report"), "run")
    yield Todo(state, words, url_for("ReportView.index", report="forms", year=year), tone, due=due)


def _is_reported(year: int) -> bool:
    """Whether the reader's department has handed in the enforcement report (F6b) on a year; the bureau for all."""
    own = duty_agency()
    mine = [ReportedPeriod.agency_id == (own.id if own else None)]
    if own is None or own.is_bureau:
        mine.append(ReportedPeriod.agency_id.is_(None))
    query = select(ReportedPeriod.id).where(
        ReportedPeriod.period == str(year), ReportedPeriod.report.in_(ENFORCEMENT_REPORTS), or_(*mine)
    )
    return db.session.scalar(query.limit(1)) is not None
