"""The period that a report covers (统计期): a year, a quarter or a month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from app.domain.errors import DomainError
from app.domain.vocabulary import Term

CHINA = timezone(timedelta(hours=8))


class PeriodInvalid(DomainError):
    """There is no such month or quarter, or both were given."""

    code = "period_invalid"


class PeriodKind(Term):
    """报表周期."""

    YEAR = "year", "年报", "Yearly"
    QUARTER = "quarter", "季报", "Quarterly"
    MONTH = "month", "月报", "Monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """统计期: a calendar year, or one quarter or month of it. Raises PeriodInvalid."""

    year: int
    quarter: int | None = None
    month: int | None = None

    def __post_init__(self) -> None:
        both = self.quarter is not None and self.month is not None
        if both or self.quarter not in (None, 1, 2, 3, 4) or self.month not in (None, *range(1, 13)):
            raise PeriodInvalid(year=self.year, quarter=self.quarter, month=self.month)
        if not 2000 <= self.year <= 2999:
            raise PeriodInvalid(year=self.year, quarter=self.quarter, month=self.month)

    @property
    def kind(self) -> PeriodKind:
        """Yearly, quarterly or monthly."""
        if self.month is not None:
            return PeriodKind.MONTH
        return PeriodKind.YEAR if self.quarter is None else PeriodKind.QUARTER

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self._months[0], 1)

    @property
    def last(self) -> date:
        """The last day, included."""
        month = self._months[-1]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

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
        """How the period stands in a heading: 2026年度, 2026年第2季度, 2026年3月."""
        if self.month is not None:
            return f"{self.year}年{self.month}月"
        return f"{self.year}年度" if self.quarter is None else f"{self.year}年第{self.quarter}季度"

    @property
    def _months(self) -> tuple[int, ...]:
        if self.month is not None:
            return (self.month,)
        if self.quarter is not None:
            return tuple(range(3 * self.quarter - 2, 3 * self.quarter + 1))
        return tuple(range(1, 13))
