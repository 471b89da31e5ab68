"""公示期限 (R59): how serious a finding is, and how long it may stay in public."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date

from app.domain import policy
from app.domain.findings import has_problem
from app.domain.vocabulary import ResultCode, Severity

_SERIOUS = frozenset({ResultCode.UNCOOPERATIVE, ResultCode.FALSE_PUBLICITY})
_MONTHS_A_YEAR = 12


def severity_of(results: Collection[ResultCode]) -> Severity | None:
    """失信程度 proposed for a finding; None where no problem was found.

    What was put right on the spot is minor, falsehood and serious non-cooperation are serious.
    """
    if not has_problem(results):
        return None
    if set(results) & _SERIOUS:
        return Severity.SERIOUS
    return Severity.MINOR if set(results) <= {ResultCode.CORRECTED} else Severity.ORDINARY


def longest_until(severity: Severity | None, disclosed_on: date) -> date:
    """The last day on which a finding disclosed on `disclosed_on` may stay in public (R59)."""
    return add_months(disclosed_on, policy.PUBLICATION.months[severity.value if severity else ""])


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
