"""法定节假日安排: the State Council's notices for 2025 and 2026, as facts. 2027 is not announced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.deadlines import WorkingCalendar

CONFIRMED_FROM = date(2025, 1, 1)
CONFIRMED_UNTIL = date(2026, 12, 31)

DAYS_OFF = (
    ("元旦", date(2025, 1, 1), date(2025, 1, 1)),
    ("春节", date(2025, 1, 28), date(2025, 2, 4)),
    ("清明节", date(2025, 4, 4), date(2025, 4, 6)),
    ("劳动节", date(2025, 5, 1), date(2025, 5, 5)),
    ("端午节", date(2025, 5, 31), date(2025, 6, 2)),
    ("国庆节、中秋节", date(2025, 10, 1), date(2025, 10, 8)),
    ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23)),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6)),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21)),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
)
"""Name, first and last day of each holiday, bridged days and the weekends inside it included."""

WORKED_WEEKENDS = (
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
"""调休上班: weekend days worked in exchange for a bridged day."""


def rows() -> Iterator[tuple[date, bool, str]]:
    """Every listed day once: the day, whether it is worked, its name."""
    for name, first, last in DAYS_OFF:
        for step in range((last - first).days + 1):
            yield first + timedelta(days=step), False, name
    for day in WORKED_WEEKENDS:
        yield day, True, "调休上班"


def calendar() -> WorkingCalendar:
    """The working calendar of the announced years."""
    table = ((day, is_working) for day, is_working, _ in rows())
    return WorkingCalendar.from_table(table, CONFIRMED_UNTIL, CONFIRMED_FROM)
