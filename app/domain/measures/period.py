"""The period that a report covers (统计期): a year, a half, a quarter, a month, or from a day to a day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from app.domain.errors import DomainError
from app.domain.vocabulary import Term

CHINA = timezone(timedelta(hours=8))
_KEY = re.compile(r"(\d{4})(?:-(?:Q(\d)|H(\d)|(\d{2})))?")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


class PeriodInvalid(DomainError):
    """There is no such month, quarter or half, several were given, or the last day lies before the first."""

    code = "period_invalid"


class PeriodKind(Term):
    """报表周期."""

    YEAR = "year", "年报", "Yearly"
    HALF = "half", "半年报", "Half-yearly"
    QUARTER = "quarter", "季报", "Quarterly"
    MONTH = "month", "月报", "Monthly"
    RANGE = "range", "自定义期间", "From day to day"


@dataclass(frozen=True, slots=True)
class Period:
    """统计期: a calendar year, one half, quarter or month of it, or days from `start` to `end`.

    Raises PeriodInvalid.
    """

    year: int
    quarter: int | None = None
    month: int | None = None
    half: int | None = None
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        parts = (self.quarter, self.month, self.half, self.start)
        fits = (
            sum(part is not None for part in parts) <= 1
            and self.quarter in (None, 1, 2, 3, 4)
            and self.month in (None, *range(1, 13))
            and self.half in (None, 1, 2)
            and 2000 <= self.year <= 2999
            and self._days_fit()
        )
        if not fits:
            raise PeriodInvalid(year=self.year, quarter=self.quarter, month=self.month)

    @classmethod
    def between(cls, start: date, end: date) -> Period:
        """From a day to a day, both included; its plan year is that of the last day."""
        return cls(end.year, start=start, end=end)

    @classmethod
    def of(cls, key: str) -> Period:
        """The period of a key, as `key` writes it. Raises PeriodInvalid."""
        try:
            if found := _RANGE.fullmatch(key):
                return cls.between(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
            if found := _KEY.fullmatch(key):
                year, quarter, half, month = (int(part) if part else None for part in found.groups())
                return cls(year or 0, quarter=quarter, month=month, half=half)
        except ValueError:
            pass
        raise PeriodInvalid(year=key, quarter=None, month=None)

    @property
    def key(self) -> str:
        """How the period is named in addresses and records: 2026, 2026-H1, 2026-Q2, 2026-03, day..day."""
        if self.start is not None:
            return f"{self.first.isoformat()}..{self.last.isoformat()}"
        if self.month is not None:
            return f"{self.year}-{self.month:02d}"
        if self.quarter is not None:
            return f"{self.year}-Q{self.quarter}"
        return f"{self.year}" if self.half is None else f"{self.year}-H{self.half}"

    @property
    def kind(self) -> PeriodKind:
        """Yearly, half-yearly, quarterly, monthly, or from day to day."""
        if self.start is not None:
            return PeriodKind.RANGE
        if self.month is not None:
            return PeriodKind.MONTH
        if self.half is not None:
            return PeriodKind.HALF
        return PeriodKind.YEAR if self.quarter is None else PeriodKind.QUARTER

    @property
    def first(self) -> date:
        """The first day."""
        return self.start or date(self.year, self._months[0], 1)

    @property
    def last(self) -> date:
        """The last day, included."""
        month = self._months[-1]
        return self.end or date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment and the first one after the period, by the Chinese clock, in UTC."""
        start = datetime(self.first.year, self.first.month, self.first.day, tzinfo=CHINA)
        after = self.last + timedelta(days=1)
        return start.astimezone(UTC), datetime(after.year, after.month, after.day, tzinfo=CHINA).astimezone(
            UTC
        )

    @property
    def caption(self) -> str:
        """How the period stands in a heading: 2026年度, 2026年上半年, 2026年第2季度, 2026年3月."""
        if self.start is not None:
            return f"{self.first.isoformat()}至{self.last.isoformat()}"
        if self.month is not None:
            return f"{self.year}年{self.month}月"
        if self.half is not None:
            return f"{self.year}年{'上' if self.half == 1 else '下'}半年"
        return f"{self.year}年度" if self.quarter is None else f"{self.year}年第{self.quarter}季度"

    @property
    def year_before(self) -> Period:
        """The same period of the year before (同比); a day that it lacks becomes the last of February."""
        if self.start is not None:
            return Period.between(_year_back(self.first), _year_back(self.last))
        return Period(self.year - 1, self.quarter, self.month, self.half)

    @property
    def _months(self) -> tuple[int, ...]:
        if self.month is not None:
            return (self.month,)
        if self.quarter is not None:
            return tuple(range(3 * self.quarter - 2, 3 * self.quarter + 1))
        if self.half is not None:
            return tuple(range(6 * self.half - 5, 6 * self.half + 1))
        return tuple(range(1, 13))

    def _days_fit(self) -> bool:
        if self.start is None or self.end is None:
            return self.start is self.end
        return self.start <= self.end and self.start.year >= 2000


def _year_back(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
