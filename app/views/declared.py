"""填报数据: what a department says of a year because no record tells it (R79)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.forms import DECLARED
from app.extensions import db
from app.models import Agency
from app.services import declaring
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.report_asked import YEARS_BACK
from app.views.rows import foreign_agency, may


class DeclaredView(BasePage):
    """The declared figures of a department and a year."""

    route_base = "/declared"
    class_permission_name = "DeclaredFigure"
    title = _("Declared figures")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """What stands declared, and everything that was ever said of the year."""
        agencies, year = _agencies(), _year()
        if not agencies:
            abort(404)
        chosen = next((each for each in agencies if str(each.id) == request.args.get("agency")), agencies[0])
        said = declaring.figures(db.session(), year)
        return self.render(
            "reports/declared.html",
            fields=DECLARED.values(),
            agencies=agencies,
            chosen=chosen,
            year=year,
            years=[datetime.now(CLOCK).year + 1 - back for back in range(YEARS_BACK)],
            said=said.get(chosen.id, {}),
            silent=[each.short_name for each in agencies if each.id not in said],
            history=declaring.history(db.session(), year, chosen.id),
            names={each.key: each.name for each in DECLARED.values()},
            choices=declaring.CHOICES,
            may_write=may("write", "DeclaredFigure"),
        )

    @expose("/declare", methods=["POST"])
    @has_access
    @permission_name("write")
    def declare(self) -> Response:
        """Keep what the department says."""
        agency = next((each for each in _agencies() if str(each.id) == request.form.get("agency")), None)
        year = _year()
        values = {name: request.form.get(name, "") for name in DECLARED}
        with domain_errors_flashed(_("The figures are kept; what stood before stays on record.")):
            declaring.declare(agency.id if agency else 0, year, values, g.user, datetime.now(UTC))
        return redirect(url_for(".index", year=year, agency=agency.id if agency else None))


def _agencies() -> list[Agency]:
    own = foreign_agency()
    query = select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)
    return [own] if own else list(db.session.scalars(query))


def _year() -> int:
    text = request.values.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else datetime.now(CLOCK).year
