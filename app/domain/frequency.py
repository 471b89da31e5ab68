"""检查频次 (R36, R37): how often a body has entered an enterprise in a year, and how that stands to its cap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.vocabulary import SpecialOrigin, TaskKind


class AboveCap(DomainError):
    """A planned visit would exceed the yearly cap of the body (R36)."""

    code = "above_cap"


@dataclass(frozen=True, slots=True)
class Acts:
    """Inspection acts of one body at one enterprise in one year.

    `days` are those on which it entered or is cleared to enter: whatever is done on one day is one act.
    `apart` counts the acts of special inspections deployed from above, which the cap leaves out.
    """

    days: frozenset[date] = frozenset()
    apart: frozenset[date] = frozenset()

    def number_with(self, on: date) -> int:
        """本年度第 n 次: which act an entry on that day is, or joins."""
        return len(self.days | {on})


@dataclass(frozen=True, slots=True)
class Cap:
    """The yearly cap of a body and where it is published."""

    yearly: int
    basis: str = ""

    def is_exceeded(self, number: int) -> bool:
        """True when the n-th act of a year lies above the cap."""
        return number > self.yearly

    def is_abnormal(self, number: int) -> bool:
        """True when the frequency is clearly abnormal, whatever the reason (R36)."""
        return number > self.yearly * policy.ENTRY.abnormal_factor


def counts_apart(kind: TaskKind, origin: SpecialOrigin | None) -> bool:
    """True for special inspections deployed from above: outside the cap, counted separately (R36)."""
    return kind == TaskKind.SPECIAL and origin == SpecialOrigin.SUPERIOR


def is_planned(kind: TaskKind, origin: SpecialOrigin | None) -> bool:
    """True for visits that the body plans itself: they stop at the cap, the others are warned (R36)."""
    return kind in (TaskKind.RANDOM, TaskKind.EXTERNAL) or (
        kind == TaskKind.SPECIAL and origin == SpecialOrigin.OWN
    )


def require_below_cap(kind: TaskKind, origin: SpecialOrigin | None, number: int, cap: Cap) -> None:
    """Raise AboveCap for a planned visit above the cap (R36)."""
    if is_planned(kind, origin) and cap.is_exceeded(number):
        raise AboveCap(number=number, cap=cap.yearly)
