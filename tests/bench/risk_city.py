"""Two years of an invented city's findings with anomalies planted in the second, for the backtest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST = 2024 * 12
MONTHS = 24
QUIET = 12
"""Months before the first anomaly, which the expectation needs."""
LASTS = 4
"""Months that a planted anomaly lasts."""
DISTRICTS, DIVISIONS, ITEMS, PAIRS = 12, 15, 51, 120


@dataclass(frozen=True)
class Planted:
    """An anomaly: which column has which value, from which month, and the factor on the odds."""

    column: str
    value: str
    month: int
    factor: float

    def touches(self, frame: pd.DataFrame):
        """The findings that it makes worse (or, with a factor below 1, better)."""
        lasting = (frame["month"] >= self.month) & (frame["month"] < self.month + LASTS)
        return lasting & (frame[self.column].astype(str) == self.value)


PLANTED = tuple(
    Planted(column, value, FIRST + QUIET + month, factor)
    for month, column, value, factor in (
        (0, "territory_code", "D04", 2.2),
        (0, "item_id", "7", 3.0),
        (1, "division", "I05", 2.4),
        (1, "item_district", "3/D02", 6.0),
        (2, "pair", "P017", 0.1),
        (2, "item_id", "21", 3.5),
        (3, "territory_code", "D09", 2.2),
        (3, "pair", "P090", 4.0),
        (4, "division", "I11", 2.6),
        (4, "item_id", "33", 3.0),
        (5, "item_district", "12/D00", 6.0),
        (5, "territory_code", "D06", 2.2),
        (6, "pair", "P055", 0.1),
        (6, "division", "I08", 2.4),
        (7, "item_id", "40", 3.0),
        (7, "territory_code", "D01", 2.2),
        (8, "item_id", "14", 3.0),
        (8, "pair", "P101", 4.0),
        (9, "division", "I02", 2.4),
        (9, "item_district", "5/D03", 6.0),
    )
)


def findings(count: int, seed: int) -> pd.DataFrame:
    """`count` findings over 24 months, with the true chance of each with (`chance`) and without (`usual`)."""
    rng = np.random.default_rng(seed)
    item = _by_weight(rng, ITEMS, count)
    frame = pd.DataFrame(
        {
            "month": np.sort(rng.integers(FIRST, FIRST + MONTHS, count)),
            "item_id": item,
            "territory_code": np.array([f"D{place:02d}" for place in range(DISTRICTS)])[
                _by_weight(rng, DISTRICTS, count)
            ],
            "division": np.array([f"I{place % DIVISIONS:02d}" for place in range(ITEMS)])[item],
            "pair": np.array([f"P{place:03d}" for place in range(PAIRS)])[rng.integers(0, PAIRS, count)],
        }
    )
    frame["finding_id"] = frame["visit_id"] = np.arange(count)
    frame["checked_on"] = frame["month"]
    frame["item_district"] = frame["item_id"].astype(str) + "/" + frame["territory_code"]
    odds = _usual_odds(rng, frame)
    frame["usual"] = odds / (1 + odds)
    for anomaly in PLANTED:
        odds = np.where(anomaly.touches(frame), odds * anomaly.factor, odds)
    frame["chance"] = odds / (1 + odds)
    frame["problem"] = (rng.random(count) < frame["chance"]).astype(int)
    return frame


def _by_weight(rng, kinds: int, count: int):
    """Kinds of very different size, as districts and items are."""
    weight = 1 / (np.arange(kinds) + 4.0)
    return rng.choice(kinds, count, p=weight / weight.sum())


def _usual_odds(rng, frame: pd.DataFrame):
    """Items differ much, districts, pairs and months a little, and nothing of it is an anomaly."""
    item = rng.normal(np.log(0.12), 0.6, ITEMS)[frame["item_id"]]
    district = pd.Series(rng.normal(0, 0.12, DISTRICTS), [f"D{place:02d}" for place in range(DISTRICTS)])
    pair = pd.Series(rng.normal(0, 0.12, PAIRS), [f"P{place:03d}" for place in range(PAIRS)])
    season = 0.06 * np.sin(frame["month"] * np.pi / 6)
    drawn = frame["territory_code"].map(district) + frame["pair"].map(pair)
    return np.exp(item + drawn.to_numpy() + season.to_numpy())
