"""信用记录的规则 (art. 9, R59, R63): which measure fits which entry, and when an entry may be restored."""

from __future__ import annotations

from datetime import date

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.publication import add_months
from app.domain.vocabulary import MeasureKind, Severity


class MeasureNotInForce(DomainError):
    """A measure is taken while the national list has it in force (R63)."""

    code = "measure_not_in_force"


class MeasureDoesNotFit(DomainError):
    """Punishment follows a current problem, incentive a current clean result, some only a serious one (R63)."""

    code = "measure_does_not_fit"


class RestorationTooEarly(DomainError):
    """The shortest time in public is not over (R59); param first."""

    code = "restoration_too_early"


class RestorationBeforeEnd(DomainError):
    """Credit is restored when the problem has been dealt with (R59)."""

    code = "restoration_before_end"


class NothingToRestore(DomainError):
    """A result without a problem takes nothing away from an enterprise's credit."""

    code = "nothing_to_restore"


def require_fitting(
    *,
    kind: MeasureKind,
    for_serious_only: bool,
    in_force: tuple[date, date | None],
    is_current: bool,
    is_problem: bool,
    severity: Severity | None,
    today: date,
) -> None:
    """Raise the first rule that taking the measure on this entry would break (R63)."""
    first, last = in_force
    if today < first or (last is not None and today > last):
        raise MeasureNotInForce()
    fits = is_problem == (kind == MeasureKind.PUNISHMENT)
    grave = not for_serious_only or severity == Severity.SERIOUS
    if not (is_current and fits and grave):
        raise MeasureDoesNotFit()


def require_restorable(
    is_problem: bool, severity: Severity | None, entered_on: date, is_closed: bool, today: date
) -> None:
    """Raise the first rule that restoring this entry today would break (R59)."""
    if not is_problem or severity is None:
        raise NothingToRestore()
    if not is_closed:
        raise RestorationBeforeEnd()
    first = add_months(entered_on, policy.PUBLICATION.least_months[severity.value])
    if today < first:
        raise RestorationTooEarly(first=first)
