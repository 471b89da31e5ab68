"""The working-day calendar from the holiday table (R54–R57)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.deadlines import WorkingCalendar
from app.models import Holiday


def working_calendar(session: Session) -> WorkingCalendar:
    """Working days as far as the yearly notices of the State Council reach without a gap; none without a table (R56)."""
    rows = {row.on: row.is_working for row in session.execute(select(Holiday.on, Holiday.is_working))}
    if not rows:
        return WorkingCalendar({}, date.min)
    years = {day.year for day in rows}
    last = next(year for year in count(min(years)) if year + 1 not in years)
    return WorkingCalendar(rows, date(last, 12, 31), date(min(years), 1, 1))


def ensure_holidays(session: Session, rows: Iterable[tuple[date, bool, str]]) -> None:
    """Add the days that the table does not hold yet: (day, is worked, name)."""
    known = set(session.scalars(select(Holiday.on)))
    fresh = [
        {"on": day, "is_working": worked, "name": name} for day, worked, name in rows if day not in known
    ]
    if fresh:
        session.execute(insert(Holiday), fresh)
