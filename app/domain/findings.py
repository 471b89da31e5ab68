"""What may stand in a finding (检查结果), in the order in which a clerk would be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.vocabulary import PROBLEM_RESULTS, CheckMethod, Disposal, PointOutcome, ResultCode


class NoResult(DomainError):
    """A finding needs at least one result code (R53)."""

    code = "no_result"


class ExclusiveResult(DomainError):
    """未发现问题, 注销, 迁出 and 未开展经营活动 stand alone (R53)."""

    code = "exclusive_result"


class NoMethod(DomainError):
    """A finding says how the check was made (R48)."""

    code = "no_method"


class ProblemNotDescribed(DomainError):
    """A problem found must be described (R49)."""

    code = "problem_not_described"


class NoDisposal(DomainError):
    """A finding says what follows from it (R65)."""

    code = "no_disposal"


class ProblemWithoutFollowUp(DomainError):
    """A problem that was not put right cannot end without follow-up (art. 10, R65)."""

    code = "problem_without_follow_up"


class PointContradictsResult(DomainError):
    """A check point with an issue contradicts 未发现问题."""

    code = "point_contradicts_result"


class PointMissing(DomainError):
    """Every check point of the official form is answered (R51)."""

    code = "point_missing"


class PointUnknown(DomainError):
    """An answer names a check point that the official form does not have (R51)."""

    code = "point_unknown"


class ViolationDateMissing(DomainError):
    """A breach carries the day on which it happened or ended; limitation runs from it (R67)."""

    code = "violation_date_missing"


class ViolationAfterCheck(DomainError):
    """A breach cannot lie after the check that found it (R67)."""

    code = "violation_after_check"


class CertificateLapsed(DomainError):
    """A team member held no valid certificate on the day of the check (R15)."""

    code = "certificate_lapsed"


class CheckedOutsidePeriod(DomainError):
    """The check was made before the visit was disclosed or lies in the future."""

    code = "checked_outside_period"


NOT_INSPECTABLE = frozenset(
    {
        ResultCode.UNREACHABLE,
        ResultCode.CLOSED,
        ResultCode.DEREGISTERED,
        ResultCode.LICENCE_REVOKED,
        ResultCode.RESCINDED,
        ResultCode.MOVED_OUT,
        ResultCode.NOT_ENGAGED,
        ResultCode.UNCOOPERATIVE,
    }
)
"""Results that end a check before its points could be gone through (R33, R62)."""

BREACHES = PROBLEM_RESULTS - {ResultCode.UNREACHABLE, ResultCode.UNCOOPERATIVE}
"""Results that name a breach which happened on some day (R67)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One item's outcome as entered: codes, methods, follow-up and the answers to the check points."""

    results: frozenset[ResultCode]
    methods: frozenset[CheckMethod]
    disposals: frozenset[Disposal]
    checked_on: date
    problem: str = ""
    points: dict[int, tuple[PointOutcome, str]] = field(default_factory=dict)
    violation_on: date | None = None


def require_valid(finding: Finding, point_ids: Collection[int] | None) -> None:
    """Raise the first rule that the finding breaks; `point_ids` are those of the frozen item version.

    None where the finding was recorded on the form of another platform (R76).
    """
    _require_results(finding)
    if not finding.methods:
        raise NoMethod()
    if point_ids is not None:
        if not set(finding.points) <= set(point_ids):
            raise PointUnknown()
        _require_points(finding, point_ids)
    _require_follow_up(finding)


def has_problem(results: Collection[ResultCode]) -> bool:
    """True when any of the codes says that a problem was found."""
    return any(code.is_problem for code in results)


def is_breach(results: Collection[ResultCode]) -> bool:
    """True when a rule was broken on some day: all problems but those of reaching the enterprise (R67)."""
    return any(code in BREACHES for code in results)


def is_time_barred(violation_on: date, on: date, *, grave: bool = False) -> bool:
    """True when a breach can no longer be punished on a day: after 2 years, 5 where it was grave (R67)."""
    years = policy.EVIDENCE.grave_limitation_years if grave else policy.EVIDENCE.limitation_years
    try:
        last = violation_on.replace(year=violation_on.year + years)
    except ValueError:  # 29 February
        last = violation_on.replace(year=violation_on.year + years, day=28)
    return on > last


def is_entry(methods: Collection[CheckMethod]) -> bool:
    """True when the check entered the premises; only then it counts as an entry (R36, R48)."""
    return CheckMethod.ON_SITE in methods


def _require_results(finding: Finding) -> None:
    if not finding.results:
        raise NoResult()
    alone = [code for code in finding.results if code.excludes_others]
    if alone and len(finding.results) > 1:
        raise ExclusiveResult(result=alone[0].label)


def _require_points(finding: Finding, point_ids: Collection[int]) -> None:
    if finding.results & NOT_INSPECTABLE:
        return
    missing = [point for point in point_ids if point not in finding.points]
    if missing:
        raise PointMissing(count=len(missing))
    issues = [note for outcome, note in finding.points.values() if outcome == PointOutcome.ISSUE]
    if issues and not has_problem(finding.results):
        raise PointContradictsResult()


def _require_follow_up(finding: Finding) -> None:
    if not finding.disposals:
        raise NoDisposal()
    if not has_problem(finding.results):
        return
    if not finding.problem.strip():
        raise ProblemNotDescribed()
    _require_violation_date(finding)
    settled = finding.results <= {ResultCode.CORRECTED}
    if finding.disposals == {Disposal.NONE_NEEDED} and not settled:
        raise ProblemWithoutFollowUp()


def _require_violation_date(finding: Finding) -> None:
    if not is_breach(finding.results):
        return
    if finding.violation_on is None:
        raise ViolationDateMissing()
    if finding.violation_on > finding.checked_on:
        raise ViolationAfterCheck(day=finding.violation_on, checked_on=finding.checked_on)
