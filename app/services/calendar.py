"""The working-day calendar from the holiday table and the notices it came from (R54–R57)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.deadlines import WorkingCalendar
from app.models import Holiday, HolidayNotice

INSTALLED = "国务院办公厅通知（随系统提供）"


def working_calendar(session: Session) -> WorkingCalendar:
    """Working days as far as the yearly notices of the State Council reach without a gap; none without one (R56).

    Which years are confirmed is told by the notices, never guessed from single days in the table.
    """
    years = set(session.scalars(select(HolidayNotice.year).distinct()))
    if not years:
        return WorkingCalendar({}, date.min)
    rows = {row.on: row.is_working for row in session.execute(select(Holiday.on, Holiday.is_working))}
    last = next(year for year in count(min(years)) if year + 1 not in years)
    return WorkingCalendar(rows, date(last, 12, 31), date(min(years), 1, 1))


def ensure_holidays(session: Session, rows: Iterable[tuple[date, bool, str]]) -> None:
    """Add the days of whole announced years that the table does not hold yet: (day, is worked, name)."""
    listed = list(rows)
    known = set(session.scalars(select(Holiday.on)))
    fresh = [
        {"on": day, "is_working": worked, "name": name} for day, worked, name in listed if day not in known
    ]
    if fresh:
        session.execute(insert(Holiday), fresh)
    confirmed = set(session.scalars(select(HolidayNotice.year)))
    for year in sorted({day.year for day, _, _ in listed} - confirmed):
        session.add(
            HolidayNotice(
                year=year,
                document_no=INSTALLED,
                days=sum(day.year == year for day, _, _ in listed),
                applied_at=datetime.now(UTC),
            )
        )
    session.flush()
