"""同比: a figure beside that of the same period of the year before (R75)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.measures.catalogue import MEASURES
from app.domain.measures.counts import Tally

JOINT_MEASURES = (
    "checked_visits",
    "joint_on_site_share",
    "off_site_share",
    "shared_visits",
    "saved_visits",
    "saved_rate",
    "problem_rate",
    "withdrawn_visits",
    "external_visits",
)
"""What joint inspection is scored by (R75), in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure now and a year before; rates as fractions, counts as numbers, None where nothing was counted."""

    now: float | None
    before: float | None

    @property
    def points(self) -> float | None:
        """The difference of two rates in percentage points."""
        if self.now is None or self.before is None:
            return None
        return (self.now - self.before) * 100

    @property
    def growth(self) -> float | None:
        """The difference of two counts as a share of the earlier one; None where that was nothing."""
        if self.now is None or not self.before:
            return None
        return (self.now - self.before) / self.before


@dataclass(frozen=True, slots=True)
class JointRow:
    """One department (or all, nobody twice) with its tally now and in the same period a year before."""

    code: str
    label: str
    now: Tally
    before: Tally

    def change(self, measure: str) -> Change:
        """One measure of the catalogue in both periods."""
        found = MEASURES[measure]
        return Change(found.read(self.now), found.read(self.before))
