"""联合检查的成效 from the kept figures (R75): the same measures as statistics.joint, ready at once for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.measures import JointRow, Tally
from app.services.figures.sheet import Sheet, sheet_of
from app.services.statistics.joint import ALL
from app.services.statistics.sections import agency_names


@dataclass(frozen=True, slots=True)
class JointSheet:
    """One row a department beside all of them, as of a moment (数据截至)."""

    year: int
    as_of: datetime
    rows: tuple[JointRow, ...]
    whole: JointRow


def joint_sheet(session: Session, year: int, now: datetime, agency_id: int | None = None) -> JointSheet:
    """Joint inspection of a year beside the year before; with `agency_id` that department alone."""
    this, last = sheet_of(session, year, now, agency_id), sheet_of(session, year - 1, now, agency_id)
    found, before = _by_agency(session, this), _by_agency(session, last)
    if agency_id is not None:
        found, before = {agency_id: this.whole}, {agency_id: last.whole}
    rows = tuple(
        JointRow(code, name, found.get(key, Tally()), before.get(key, Tally()))
        for key, code, name in agency_names(session, agency_id)
    )
    return JointSheet(year, min(this.as_of, last.as_of), rows, JointRow("", ALL, this.whole, last.whole))


def _by_agency(session: Session, sheet: Sheet) -> dict[int, Tally]:
    return {key: row.tally for key, row, _ in sheet.agencies(session)}
