"""Risk warning against a city whose anomalies are known: what is found, how soon, and what is only noise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from app.domain import policy
from app.domain.vocabulary import WarningKind
from app.services.risk.analysis import alarms_in, pair_alarms
from app.services.risk.cells import COLUMNS
from tests.bench import child
from tests.bench.risk_city import FIRST, MONTHS, PLANTED, QUIET, findings
from tests.bench.table import Bench

COUNT = 200_000
CITIES = range(101, 106)
WITHIN = 2
"""Months in which an anomaly has to be found, that of its beginning included."""
SILENCE = 3
"""Months for which an alarm about the same group is the same matter still."""
TRULY = 1.15
"""A group whose true rate lies so far above (or below) its usual one is no false alarm."""


@dataclass
class Outcome:
    """What one city's second year brought."""

    found: set[int] = field(default_factory=set)
    false: Counter[str] = field(default_factory=Counter)
    raised: int = 0


def run() -> Bench:
    """Play five cities of 200,000 findings with twenty anomalies each."""
    bench = Bench(
        "risk", f"Risk warning: {len(CITIES)} cities × {COUNT:,} findings, {len(PLANTED)} anomalies each"
    )
    made = [child.run(play, seed) for seed in CITIES]
    watched = (MONTHS - QUIET) * len(made)
    for seed, each in zip(CITIES, made, strict=True):
        found, raised, false = each.value
        bench.row(f"city {seed}", found=found, raised=raised, false=false, cpu_s=each.cpu)
    missed = 1 - sum(each.value[0] for each in made) / (len(PLANTED) * len(made))
    bench.goal("anomalies not found within two months", missed, 0.10)
    bench.goal("false alarms a month", sum(each.value[2] for each in made) / watched, 2.0)
    bench.note(
        "False: the true rate of the group lies within 15 % of its usual one. "
        f"Groups below {policy.RISK.minimum_cell} findings are never judged, so no anomaly is planted there."
    )
    return bench


def play(seed: int) -> tuple[int, int, int]:
    """One city, month by month, knowing only the months before: found, raised, false."""
    city, outcome, heard = findings(COUNT, seed), Outcome(), {}
    for month in range(FIRST + QUIET, FIRST + MONTHS):
        _month(city[city["month"] <= month], month, outcome, heard)
    return len(outcome.found), outcome.raised, outcome.false.total()


def _month(known: pd.DataFrame, month: int, outcome: Outcome, heard: dict[tuple[str, str], int]) -> None:
    by_column = [(COLUMNS[alarm.cell.dimension], alarm) for alarm in alarms_in(known, month)]
    for column, alarm in by_column + [("pair", alarm) for alarm in pair_alarms(known, month)]:
        key = column, alarm.cell.value
        is_new = month - heard.get(key, -MONTHS) > SILENCE
        heard[key] = month
        if is_new:
            outcome.raised += 1
            outcome.false[column] += not _is_true(known, column, alarm, month)
    for place, planted in enumerate(PLANTED):
        if (
            planted.month <= month < planted.month + WITHIN
            and heard.get((planted.column, planted.value)) == month
        ):
            outcome.found.add(place)


def _is_true(known: pd.DataFrame, column: str, alarm, month: int) -> bool:
    span = policy.RISK.drift_months if alarm.kind == WarningKind.DRIFT else 1
    span = policy.RISK.pair_months if column == "pair" else span
    rows = known[(known["month"] > month - span) & (known[column].astype(str) == alarm.cell.value)]
    ratio = rows["chance"].mean() / rows["usual"].mean()
    return ratio <= 1 / TRULY if alarm.kind == WarningKind.UNUSUALLY_LOW else ratio >= TRULY
