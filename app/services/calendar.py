"""The working-day calendar from the holiday table (R54–R57)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.domain.deadlines import WorkingCalendar
from app.models import Holiday


def working_calendar(session: Session) -> WorkingCalendar:
    """Working days as far as a State Council notice covers them: to the end of the last year in the table."""
    rows = session.execute(select(Holiday.on, Holiday.is_working)).all()
    first, last = session.execute(select(func.min(Holiday.on), func.max(Holiday.on))).one()
    if first is None:
        return WorkingCalendar({}, date.min, date.max)
    return WorkingCalendar(dict(rows), date(last.year, 12, 31), date(first.year, 1, 1))


def ensure_holidays(session: Session, rows: Iterable[tuple[date, bool, str]]) -> None:
    """Add the days that the table does not hold yet: (day, is worked, name)."""
    known = set(session.scalars(select(Holiday.on)))
    fresh = [
        {"on": day, "is_working": worked, "name": name} for day, worked, name in rows if day not in known
    ]
    if fresh:
        session.execute(insert(Holiday), fresh)
