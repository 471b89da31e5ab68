"""期限: working days (工作日) by a holiday table, and calendar days (R54-R57).

Working days leave out weekends and statutory holidays and take in the weekends worked in exchange (调休), so
they need the State Council's yearly notice. A day that no notice covers yet is refused, never guessed.
The day on which a period begins is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import DomainError

_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarNotConfirmed(DomainError):
    """The holiday table does not cover `day`; params day, confirmed_from, confirmed_until."""

    code = "calendar_not_confirmed"


class NegativePeriod(DomainError):
    """A period of fewer than zero days; param days."""

    code = "negative_period"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday but for the exceptions, within the confirmed dates."""

    exceptions: Mapping[date, bool]
    """A day whose place in the week misleads → whether it is worked."""
    confirmed_until: date
    confirmed_from: date = date.min

    @classmethod
    def from_table(
        cls, rows: Iterable[tuple[date, bool]], confirmed_until: date, confirmed_from: date = date.min
    ) -> WorkingCalendar:
        """A calendar of rows (day, is worked)."""
        return cls(dict(rows), confirmed_until, confirmed_from)

    def is_working(self, day: date) -> bool:
        """True when `day` is a working day; raises CalendarNotConfirmed outside the confirmed dates."""
        if not self.confirmed_from <= day <= self.confirmed_until:
            raise CalendarNotConfirmed(
                day=day, confirmed_from=self.confirmed_from, confirmed_until=self.confirmed_until
            )
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`, `start` itself for 0 (行政处罚法 art. 85; R54-R57).

        Raises CalendarNotConfirmed when the period runs past the confirmed dates, NegativePeriod below zero.
        """
        _require_period(days)
        day = start
        while days:
            day += _DAY
            days -= self.is_working(day)
        return day

    def add_calendar_days(self, start: date, days: int, *, ends_on_working_day: bool = False) -> date:
        """The date `days` calendar days after `start`; needs no holiday table unless its end must be worked.

        With `ends_on_working_day` an end on a day off moves to the next working day. Raises NegativePeriod,
        and CalendarNotConfirmed when the end has to be looked up outside the confirmed dates.
        """
        _require_period(days)
        day = start + timedelta(days=days)
        while ends_on_working_day and not self.is_working(day):
            day += _DAY
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`, negative when `last` lies before `first`.

        The inverse of add_working_days. Raises CalendarNotConfirmed outside the confirmed dates.
        """
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working(day) for day in _days_after(first, last))


def _days_after(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range(1, (last - first).days + 1))


def _require_period(days: int) -> None:
    if days < 0:
        raise NegativePeriod(days=days)
