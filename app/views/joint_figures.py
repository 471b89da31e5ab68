"""联合成效 (R75): what joint inspection has spared and found, by department and beside the year before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain import policy
from app.domain.measures import JOINT_MEASURES, MEASURES, Change, Period, Unit
from app.domain.policy import PPM
from app.extensions import db
from app.models import InspectionPlan
from app.services.figures.joint import joint_sheet
from app.views.base import BasePage
from app.views.base.format import CLOCK, NOTHING
from app.views.rows import foreign_agency


class JointFiguresView(BasePage):
    """The measures of joint inspection."""

    route_base = "/joint-figures"
    class_permission_name = "Report"
    title = _("Effect of joint inspection")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The figures of one year; another department sees its own."""
        now, agency = datetime.now(UTC), foreign_agency()
        years = _years(now.astimezone(CLOCK).year)
        period = Period(_asked(years))
        found = joint_sheet(db.session(), period.year, now, agency.id if agency else None)
        return self.render(
            "joint/figures.html",
            period=period,
            years=years,
            figures=found,
            measures=[MEASURES[key] for key in JOINT_MEASURES],
            goal=policy.JOINT.on_site_share_ppm / PPM,
        )

    def number(self, value: float | None, measure: Any) -> str:
        """A figure as it is shown: a rate in per cent, a count as it is."""
        if value is None:
            return NOTHING
        return f"{value:.1%}" if measure.unit == Unit.PERCENT else f"{int(value):,}"

    def difference(self, change: Change, measure: Any) -> str:
        """The difference to the year before: points of a rate, growth of a count."""
        if measure.unit == Unit.PERCENT:
            points = change.points
            return NOTHING if points is None else str(_("%(points)s points", points=f"{points:+.1f}"))
        return NOTHING if change.growth is None else f"{change.growth:+.1%}"


def _years(this_year: int) -> list[int]:
    """The years that have a plan, and this one, newest first."""
    found = db.session.scalars(select(InspectionPlan.year).distinct())
    return sorted({*found, this_year}, reverse=True)


def _asked(years: list[int]) -> int:
    """The year asked for; this year's where there is none such."""
    asked = request.args.get("year", type=int)
    return asked if asked in years else datetime.now(CLOCK).year
