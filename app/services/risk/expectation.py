"""What would be usual: expected problem rates, by the mix of items that was checked.

A district where more fuel stations were checked finds more problems without being worse. So every checked
item carries the rate of its own item over the months before, drawn towards the rate of all items the more
the fewer there were (empirical Bayes, beta-binomial), and a group is compared with the sum of these.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

WEAKEST, STRONGEST = 2.0, 5_000.0
"""Bounds of the strength of a prior: below, one finding would rule; above, groups do not differ at all."""
LOWEST, HIGHEST = 1e-4, 0.98
"""Bounds of a rate, so that neither nothing nor everything is ever certain."""


def shrunken_rates(problems: Numbers, checked: Numbers) -> Numbers:
    """The rate of each group, drawn towards the rate of all (empirical Bayes)."""
    overall = rate_of(problems.sum(), checked.sum())
    strength = prior_strength(problems, checked, np.full_like(checked, overall))
    return np.clip((problems + strength * overall) / (checked + strength), LOWEST, HIGHEST)


def prior_strength(problems: Numbers, checked: Numbers, expected: Numbers) -> float:
    """How many findings the common rate is worth, from how much the groups differ beyond chance.

    Method of moments for the beta-binomial: the variance of a group's count is n r (1-r) (1 + (n-1) rho)
    with rho = 1 / (strength + 1).
    """
    usable = checked >= 2
    if usable.sum() < 2:
        return STRONGEST
    number, rate = checked[usable], np.clip(expected[usable], LOWEST, HIGHEST)
    spread = (problems[usable] - number * rate) ** 2 - number * rate * (1 - rate)
    room = number * rate * (1 - rate) * (number - 1)
    rho = float(spread.sum() / room.sum()) if room.sum() > 0 else 0.0
    return float(np.clip(1 / max(rho, 1e-9) - 1, WEAKEST, STRONGEST))


def with_expected(frame: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """The findings with a column `expected`: the shrunken rate of their item in the past."""
    items = past.groupby("item_id")["problem"].agg(["sum", "count"])
    rates = pd.Series(
        shrunken_rates(items["sum"].to_numpy(float), items["count"].to_numpy(float)), index=items.index
    )
    overall = float(np.clip(rate_of(past["problem"].sum(), len(past)), LOWEST, HIGHEST))
    return frame.assign(expected=frame["item_id"].map(rates).fillna(overall))


def rate_of(part: float, whole: float) -> float:
    """part ÷ whole, 0 for nothing."""
    return float(part / whole) if whole else 0.0
