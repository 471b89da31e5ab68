"""Checks that no draw has chosen: triggered ones (R34) and special inspections (R39); what they must name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.vocabulary import TRIGGERS, SpecialOrigin, TaskSource


class NoTrigger(DomainError):
    """A check outside the draw names what set it off, why, and the paper that came in (R34)."""

    code = "no_trigger"


class NotEligible(DomainError):
    """This person may not take part in the check (R15, R16, R18)."""

    code = "not_eligible"


class NoLead(DomainError):
    """One member of the team must be able to lead it and hold the expertise asked for (R16)."""

    code = "no_lead"


class PeriodInvalid(DomainError):
    """The planned day lies within the period, and the period does not end before it begins."""

    code = "check_period_invalid"


class FullCoverage(DomainError):
    """A special inspection never covers everybody (R39)."""

    code = "full_coverage"


class SpecialQuotaExceeded(DomainError):
    """More enterprises than the quota of the special inspection (R39)."""

    code = "special_quota_exceeded"


class SpecialsExhausted(DomainError):
    """The body has made the special inspections that it may make in a year (R39)."""

    code = "specials_exhausted"


class SpecialIncomplete(DomainError):
    """A step of a special inspection names organ, number and day (R39)."""

    code = "special_incomplete"


class SpecialNotDisclosed(DomainError):
    """Nobody is visited before the special inspection was approved, filed and disclosed (R39)."""

    code = "special_not_disclosed"


class GroundMissing(DomainError):
    """Every enterprise of a special inspection is chosen for a reason of its own (R39)."""

    code = "ground_missing"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a single check off; `document_no` may be empty where a complaint on record is named."""

    source: TaskSource
    reason: str
    received_on: date
    document_no: str = ""
    complaint_id: int | None = None


def require_trigger(trigger: Trigger, today: date) -> None:
    """Raise NoTrigger unless source, reason and paper are there; a licence case is no source (R34, R44)."""
    named = trigger.document_no.strip() or trigger.complaint_id is not None
    if trigger.source not in TRIGGERS or not trigger.reason.strip() or not named:
        raise NoTrigger()
    if trigger.received_on > today:
        raise NoTrigger()


def require_period(starts_on: date, planned_on: Collection[date], ends_on: date) -> None:
    """Raise PeriodInvalid unless every planned day lies within the period."""
    if not planned_on or not all(starts_on <= day <= ends_on for day in planned_on):
        raise PeriodInvalid(first=starts_on, last=ends_on)


def require_special(origin: SpecialOrigin, quota: int, pool: int, made: int) -> None:
    """The yearly number and the quota of a special inspection (R39); `made` are those of the year so far.

    One deployed from above does not stand against the yearly number. Raises FullCoverage, SpecialsExhausted.
    """
    if not 1 <= quota < pool:
        raise FullCoverage(quota=quota, pool=pool)
    if origin == SpecialOrigin.OWN and made >= policy.ENTRY.special_per_year:
        raise SpecialsExhausted(made=made, most=policy.ENTRY.special_per_year)


def require_quota(quota: int, visited: int, fresh: Sequence[str]) -> None:
    """Each further enterprise has its ground and fits the quota (R39). Raises GroundMissing, SpecialQuotaExceeded."""
    if not fresh or not all(ground.strip() for ground in fresh):
        raise GroundMissing()
    if visited + len(fresh) > quota:
        raise SpecialQuotaExceeded(quota=quota, visited=visited, fresh=len(fresh))
