"""总览: how the year stands, for the leading group, the chief and the auditor; every figure opens its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response as FlaskResponse
from flask import abort, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain.measures import MEASURES, SPREADS
from app.domain.policy import RISK
from app.domain.vocabulary import CountKind
from app.extensions import db
from app.models import Agency, Industry, Region
from app.reports import chart
from app.services.figures import Sheet, behind, deadlines
from app.services.figures.behind import NOT_STATED, FigureUnknown, Question
from app.services.figures.keeping import DEADLINES, as_of
from app.views import dashboard_parts as parts
from app.views.base import BasePage, label_of
from app.views.figures import sheet_to_see, this_year
from app.views.rows import foreign_agency, may

YEARS_BACK = 5
ROWS_A_PAGE = 50
MOST_PAGES = 10_000
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Page:
    """One page of a list of known length."""

    number: int
    total: int

    @property
    def begin(self) -> int:
        """The place of its first row."""
        return self.number * ROWS_A_PAGE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, (self.total - 1) // ROWS_A_PAGE)


class DashboardView(BasePage):
    """The figures of a year on one page."""

    route_base = "/dashboard"
    class_permission_name = "Dashboard"
    title = _("Overview")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Everything of one year, of all departments or of one."""
        sheet, before = self._sheets()
        session, now = db.session(), datetime.now(UTC)
        stands = min(sheet.as_of, as_of(DEADLINES, now))
        districts, industries = sheet.districts(session), sheet.industries(session)
        return self.render(
            "dashboard/show.html",
            sheet=sheet,
            before=before,
            as_of=stands,
            years=self._years(),
            agencies=self._agencies(),
            agency=self._agency(sheet.agency_id),
            departments=sheet.agencies(session),
            late=deadlines.late_by_agency(session, now, sheet.agency_id),
            places=parts.places_of(districts),
            districts=parts.rates_of(districts),
            off_map=parts.off_map(parts.rates_of(districts)),
            industries=parts.largest(parts.rates_of(industries)),
            all_industries=parts.rates_of(industries),
            compared=[
                parts.compared(key, sheet, before) for key in ("joint_on_site_share", "off_site_share")
            ],
            parts=parts,
            minimum=RISK.minimum_cell,
            kinds=CountKind,
        )

    @expose("/rows/<measure>")
    @has_access
    @permission_name("read")
    def rows(self, measure: str) -> str:
        """The rows behind one figure."""
        sheet = self._sheets()[0]
        try:
            question = self._question(measure, sheet)
        except FigureUnknown:
            abort(404)
        page = Page(self._page(), behind.number_behind(db.session(), question))
        return self.render(
            "dashboard/rows.html",
            title=question.definition.name,
            question=question,
            page=page,
            rows=behind.rows_behind(db.session(), question, page.begin, ROWS_A_PAGE),
            words=self._words(question),
            regions={code: name for code, name in db.session.execute(select(Region.code, Region.name))},
            as_of=sheet.as_of,
        )

    @expose("/planned")
    @has_access
    @permission_name("read")
    def planned(self) -> str:
        """The items of the plans behind the planned figure."""
        sheet = self._sheets()[0]
        rows = behind.planned_behind(db.session(), sheet.year, sheet.agency_id)
        return self.render(
            "dashboard/planned.html",
            title=gettext("Planned item tasks"),
            rows=rows,
            year=sheet.year,
            total=sum(row.targets for row in rows),
        )

    @expose("/spread/<kind>/<int:least>")
    @has_access
    @permission_name("read")
    def counted(self, kind: str, least: int) -> str:
        """The enterprises or inspectors in one bin of a spread, by their codes."""
        sheet = self._sheets()[0]
        counted = next((each for each in CountKind if each.value == kind), None)
        place = next((each for each in SPREADS[counted] if each.least == least), None) if counted else None
        if counted is None or place is None:
            abort(404)
        number = self._page()
        total, rows = behind.counted_behind(
            db.session(), sheet.year, counted, place, sheet.agency_id, number * ROWS_A_PAGE, ROWS_A_PAGE
        )
        return self.render(
            "dashboard/counted.html",
            title=label_of(counted),
            kind=counted,
            place=place,
            page=Page(number, total),
            rows=rows,
            year=sheet.year,
            is_burden=counted == CountKind.BURDEN,
        )

    @expose("/months/<name>.svg")
    @has_access
    @permission_name("read")
    def months(self, name: str) -> FlaskResponse:
        """A line for this year and one for the year before, by month."""
        if name not in ("visits", "rate"):
            abort(404)
        series = {}
        for sheet in reversed(self._sheets()):
            tallies = sheet.months().values()
            if name == "visits":
                series[str(sheet.year)] = [tally.visits.checked or None for tally in tallies]
            else:
                series[str(sheet.year)] = [
                    MEASURES["problem_visit_rate"].share(tally).value for tally in tallies
                ]
        labels = [str(month) for month in MONTHS]
        picture = chart.lines("", labels, series, percent=name == "rate")
        return FlaskResponse(picture, mimetype=chart.MIME_TYPE)

    def opens(self, view: str) -> bool:
        """Whether the reader may open records of another page."""
        return may("read", view)

    def turned(self, number: int) -> str:
        """The present address on another page."""
        kept = {name: value for name, value in request.args.items() if name != "page"}
        return f"{request.path}?{urlencode({**kept, 'page': number})}"

    def _sheets(self) -> tuple[Sheet, Sheet]:
        """The sheet asked for, and that of the year before."""
        year = request.args.get("year", type=int) or this_year()
        if year not in range(2000, 3000):
            abort(404)
        agency = request.args.get("department", type=int)
        if agency is not None and agency not in db.session.scalars(select(Agency.id)).all():
            abort(404)
        return sheet_to_see(year, agency), sheet_to_see(year - 1, agency)

    def _question(self, measure: str, sheet: Sheet) -> Question:
        given = request.args
        month = given.get("month", type=int)
        return Question(
            sheet.year,
            measure,
            sheet.agency_id,
            given.get("district", "")[:6],
            given.get("division", "")[:2],
            month if month in MONTHS else None,
        )

    def _words(self, question: Question) -> list[str]:
        """What narrows the list, in words."""
        found = []
        if question.agency_id is not None and (agency := self._agency(question.agency_id)):
            found.append(agency.short_name)
        for model, code in ((Region, question.district), (Industry, question.division)):
            if code:
                name = db.session.scalar(select(model.name).where(model.code == code))
                found.append(gettext("not stated") if code == NOT_STATED else name or code)
        if question.month is not None:
            found.append(gettext("month %(month)s", month=question.month))
        return found

    def _agency(self, key: int | None) -> Agency | None:
        return db.session.get(Agency, key) if key is not None else None

    def _agencies(self) -> list[Agency]:
        """The departments to choose from; a reader from another one has nothing to choose."""
        if foreign_agency() is not None:
            return []
        return list(db.session.scalars(select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)))

    def _years(self) -> list[int]:
        return [this_year() - back for back in range(YEARS_BACK)]

    def _page(self) -> int:
        number: Any = request.args.get("page", type=int)
        return min(max(number or 0, 0), MOST_PAGES)
