"""What is asked for on the page of reports: form, period, department, district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain.measures import Period, PeriodInvalid, PeriodKind
from app.extensions import db
from app.models import Agency, Region
from app.reports.statistics import REPORTS
from app.services.reporting import Asked
from app.services.statistics.sections import district_names
from app.views.base.format import CLOCK
from app.views.rows import foreign_agency

YEARS_BACK = 6
WHOLE_YEAR = "year"
FROM_TO = "range"
PARTS: list[tuple[str, Any]] = [
    (WHOLE_YEAR, _("whole year")),
    ("H1", _("first half")),
    ("H2", _("second half")),
    *((f"Q{number}", _("quarter %(quarter)s", quarter=number)) for number in range(1, 5)),
    *((f"{number:02d}", _("month %(month)s", month=number)) for number in range(1, 13)),
    (FROM_TO, _("from day to day")),
]
KIND_OF = {
    WHOLE_YEAR: PeriodKind.YEAR,
    FROM_TO: PeriodKind.RANGE,
    "H": PeriodKind.HALF,
    "Q": PeriodKind.QUARTER,
}


@dataclass(frozen=True)
class Choices:
    """What the picker offers, and what is chosen."""

    reports: dict[str, Any]
    years: list[int]
    parts: list[tuple[str, Any]]
    agencies: list[Agency]
    districts: list[tuple[Any, str, str]]
    year: int
    part: str


def choices() -> Choices:
    """The choices open to the reader."""
    today = datetime.now(CLOCK).date()
    own = foreign_agency()
    query = select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)
    part = request.args.get("part", WHOLE_YEAR)
    return Choices(
        reports=dict(REPORTS),
        years=[today.year + 1 - back for back in range(YEARS_BACK)],
        parts=PARTS,
        agencies=[own] if own else list(db.session.scalars(query)),
        districts=district_names(db.session(), []),
        year=request.args.get("year", type=int) or today.year,
        part=part if part in dict(PARTS) else WHOLE_YEAR,
    )


def asked() -> Asked:
    """What the address or the form asks for. Raises PeriodInvalid; an unknown report or limit is not found."""
    name = request.values.get("report", "")
    if name not in REPORTS:
        abort(404)
    own = foreign_agency()
    return Asked(name, period(), own.id if own else _agency(), _territory())


def period() -> Period:
    """The period: by its key, or by year and part. Raises PeriodInvalid."""
    if key := request.values.get("period"):
        return Period.of(key)
    year = request.values.get("year", "") or str(datetime.now(CLOCK).year)
    part = request.values.get("part", "") or WHOLE_YEAR
    if part == FROM_TO:
        start, end = (_day(name) for name in ("start", "end"))
        return Period.between(start, end)
    return Period.of(year if part == WHOLE_YEAR else f"{year}-{part}")


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError as error:
        raise PeriodInvalid(year=0, quarter=None, month=None) from error


def _agency() -> int | None:
    text = request.values.get("agency", "")
    if not text:
        return None
    found = (
        db.session.get(Agency, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    )
    return found.id if found else abort(404)


def _territory() -> str | None:
    code = request.values.get("territory", "")
    return None if not code else code if db.session.get(Region, code) else abort(404)
