"""Compares the groups of one month with their peers and with their own past, and sums up slow drifts.

- Against peers: the chance of at least so many problems under the beta-binomial whose mean is what the mix
  of items lets expect, and whose spread is that of the groups of the months before.
- Against the own past: the same, after learning from the group's own months (posterior predictive).
- Drift: the risk-adjusted cumulative sum of Bernoulli outcomes, tuned to one odds ratio.
Chances of a month are judged together so that many groups do not make many alarms (Benjamini-Hochberg).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from app.domain import policy
from app.domain.measures import Share
from app.domain.vocabulary import RiskDimension, WarningKind, WarningLevel
from app.services.risk.expectation import Numbers, prior_strength, rate_of, with_expected


@dataclass(frozen=True, slots=True)
class Cell:
    """One group in one month: what was found, what was to be expected, how sure the difference is."""

    dimension: RiskDimension
    value: str
    month: int
    checked: int
    problems: int
    expected: float
    """Problems that the mix of items lets expect."""
    past_checked: int
    past_problems: int
    past_expected: float
    """What the mix of items of the own past lets expect; its quotient is how the group usually differs."""

    @property
    def share(self) -> Share:
        """Problems of checked items, with Wilson's interval (R88)."""
        return Share(self.problems, self.checked)

    @property
    def is_small(self) -> bool:
        """True when the numbers are too small for a judgement (R88)."""
        return self.checked < policy.RISK.minimum_cell

    @property
    def ratio(self) -> float:
        """Observed over expected."""
        return self.problems / max(self.expected, 1e-9)

    @property
    def habit(self) -> float:
        """Observed over expected in the own past; 1 without a past."""
        return self.past_problems / self.past_expected if self.past_expected else 1.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A comparison that stands out: the cell, which comparison, its chance and its level."""

    cell: Cell
    kind: WarningKind
    chance: float
    """Probability of such a count or a more extreme one if nothing were unusual; for a drift, exp(-sum)."""
    ratio: float
    level: WarningLevel


def cells_of(frame: pd.DataFrame, dimension: RiskDimension, column: str, month: int) -> list[Cell]:
    """The groups of one month with their expectation and own past; `frame` covers the months before too."""
    past = frame[(frame["month"] < month) & (frame["month"] >= month - policy.RISK.base_months)]
    now = frame[frame["month"] == month]
    if now.empty or past.empty:
        return []
    table = _sums(with_expected(now, past), column)
    before = _sums(with_expected(past, past), column).reindex(table.index).fillna(0)
    return [
        Cell(dimension, str(value), month, int(row[1]), int(row[0]), row[2], int(old[1]), int(old[0]), old[2])
        for value, row, old in zip(table.index, table.to_numpy(float), before.to_numpy(float), strict=True)
    ]


def alarms_of(cells: list[Cell], *, low: bool = False) -> list[Alarm]:
    """What stands out among the groups of one dimension and month; with `low` also what is unusually low."""
    tested = [cell for cell in cells if not cell.is_small]
    if not tested:
        return []
    checked = np.array([cell.checked for cell in tested], float)
    problems = np.array([cell.problems for cell in tested], float)
    rate = np.clip(np.array([cell.expected for cell in tested]) / checked, 1e-4, 0.98)
    strength = _spread_of(tested)
    found = _alarms(tested, WarningKind.ABOVE_PEERS, _above(problems, checked, rate, strength))
    found += _alarms(tested, WarningKind.RISE, _above(problems, checked, *_own(tested, rate, strength)))
    if low:
        found += _alarms(tested, WarningKind.UNUSUALLY_LOW, _below(problems, checked, rate, strength))
    return _one_a_cell(found)


def drifts(frame: pd.DataFrame, dimension: RiskDimension, column: str, month: int) -> list[Alarm]:
    """Groups whose problems crept up over half a year: the cumulative sum has passed its height."""
    expected = _expected_by_month(frame, month, policy.RISK.drift_months)
    if expected.empty:
        return []
    found = []
    for value, rows in expected.groupby(column):
        height = _height(rows)
        checked, problems = len(rows), int(rows["problem"].sum())
        if height >= policy.RISK.drift_threshold and checked >= policy.RISK.minimum_cell:
            cell = Cell(
                dimension, str(value), month, checked, problems, float(rows["expected"].sum()), 0, 0, 0.0
            )
            if cell.ratio >= policy.RISK.least_ratio:
                chance = float(np.exp(-height))
                found.append(Alarm(cell, WarningKind.DRIFT, chance, cell.ratio, level_of(cell.ratio)))
    return found


def level_of(ratio: float) -> WarningLevel:
    """The level by how far the observed lies above the expected (or below: 1 ÷ ratio)."""
    if ratio >= policy.RISK.severe_ratio:
        return WarningLevel.SEVERE
    return WarningLevel.RAISED if ratio >= policy.RISK.raised_ratio else WarningLevel.ORDINARY


def _own(cells: list[Cell], rate: Numbers, strength: float) -> tuple[Numbers, Numbers]:
    """Mean and strength of each group after its own past, which counts at most `past_weight` findings."""
    past = np.array([cell.past_checked for cell in cells], float)
    weight = np.minimum(past, policy.RISK.past_weight)
    own = np.clip(rate * np.array([cell.habit for cell in cells]), 1e-4, 0.98)
    total = strength + weight
    return np.clip((strength * rate + weight * own) / total, 1e-4, 0.98), total


def _spread_of(cells: list[Cell]) -> float:
    """How alike the groups usually are, from their own past, so that a sick month does not excuse itself."""
    past = np.array([cell.past_checked for cell in cells], float)
    found = np.array([cell.past_problems for cell in cells], float)
    mean = np.array([rate_of(cell.past_expected, cell.past_checked) for cell in cells])
    return prior_strength(found, past, mean)


def _above(problems: Numbers, checked: Numbers, rate: Numbers, strength: float | Numbers) -> Numbers:
    return np.asarray(_scipy().betabinom.sf(problems - 1, checked, rate * strength, (1 - rate) * strength))


def _below(problems: Numbers, checked: Numbers, rate: Numbers, strength: float) -> Numbers:
    return np.asarray(_scipy().betabinom.cdf(problems, checked, rate * strength, (1 - rate) * strength))


def _alarms(cells: list[Cell], kind: WarningKind, chances: Numbers) -> list[Alarm]:
    judged = _scipy().false_discovery_control(np.clip(chances, 0.0, 1.0))
    found = []
    for cell, chance, corrected in zip(cells, chances, judged, strict=True):
        ratio = _ratio(cell, kind)
        if corrected <= policy.RISK.false_discovery_rate and ratio >= policy.RISK.least_ratio:
            found.append(Alarm(cell, kind, float(chance), ratio, level_of(ratio)))
    return found


def _ratio(cell: Cell, kind: WarningKind) -> float:
    if kind == WarningKind.UNUSUALLY_LOW:
        return cell.expected / max(cell.problems, 0.5)
    return cell.ratio / cell.habit if kind == WarningKind.RISE and cell.habit > 0 else cell.ratio


def _one_a_cell(alarms: list[Alarm]) -> list[Alarm]:
    """The surest alarm of each group; a group that is both high and rising is one matter."""
    best: dict[tuple[str, bool], Alarm] = {}
    for alarm in alarms:
        key = alarm.cell.value, alarm.kind == WarningKind.UNUSUALLY_LOW
        if key not in best or alarm.chance < best[key].chance:
            best[key] = alarm
    return list(best.values())


def _sums(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = frame.groupby(column)
    return groups.agg(problems=("problem", "sum"), checked=("problem", "count"), expected=("expected", "sum"))


def _expected_by_month(frame: pd.DataFrame, month: int, months: int) -> pd.DataFrame:
    """The findings of the last `months`, each month against the twelve before the first of them."""
    start = month - months + 1
    past = frame[(frame["month"] < start) & (frame["month"] >= start - policy.RISK.base_months)]
    recent = frame[(frame["month"] >= start) & (frame["month"] <= month)]
    return (
        recent.iloc[0:0]
        if past.empty
        else with_expected(recent, past).sort_values(["checked_on", "finding_id"])
    )


def _height(rows: pd.DataFrame) -> float:
    """The one-sided cumulative sum of log-likelihood ratios at its end (Steiner's risk-adjusted CUSUM)."""
    odds, problem = policy.RISK.drift_odds, rows["problem"].to_numpy(float)
    expected = rows["expected"].to_numpy(float)
    steps = problem * np.log(odds) - np.log1p(expected * (odds - 1))
    climbed = np.cumsum(steps)
    return float(climbed[-1] - min(0.0, climbed.min()))


def _scipy() -> Any:
    """Statistics of SciPy, loaded by the analysis alone: every other process would carry them for nothing."""
    from scipy import stats

    return stats
