"""综合分析研判 of one month: every comparison over every dimension, and the repeated problems (art. 11, R88)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.vocabulary import RiskDimension, WarningKind, WarningLevel
from app.services.risk.cells import COLUMNS, checked_findings, first_day, month_of, teams
from app.services.risk.comparison import Alarm, Cell, alarms_of, cells_of, drifts

WINDOW = policy.RISK.base_months + policy.RISK.drift_months
"""Months of findings that one month's analysis reads."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """An enterprise in which the same item had a problem in several visits."""

    enterprise_id: int
    item_id: int
    visits: int
    finding_ids: tuple[int, ...]

    @property
    def level(self) -> WarningLevel:
        """Two visits are 一般, three 较重, more 严重."""
        over = self.visits - policy.RISK.repeat_visits
        return (WarningLevel.ORDINARY, WarningLevel.RAISED, WarningLevel.SEVERE)[min(over, 2)]


def rates(session: Session, dimension: RiskDimension, month: date) -> list[Cell]:
    """The groups of one dimension in the month of that day, small ones too: they say so themselves (R88)."""
    number = month_of(month)
    frame = _frame(session, number)
    return cells_of(_random(frame), dimension, COLUMNS[dimension], number)


def analyse(session: Session, month: date) -> list[Alarm]:
    """Everything that stands out in the month of that day, by item, district, industry, class and pair."""
    number = month_of(month)
    frame = _random(_frame(session, number))
    return alarms_in(frame, number) + pair_alarms(_with_pairs(session, frame, number), number)


def alarms_in(frame: pd.DataFrame, month: int) -> list[Alarm]:
    """The alarms of one month over the dimensions of a finding; `frame` as of checked_findings."""
    found: list[Alarm] = []
    for dimension, column in COLUMNS.items():
        if column in frame:
            sudden = alarms_of(cells_of(frame, dimension, column, month))
            known = {alarm.cell.value for alarm in sudden}
            slow = drifts(frame, dimension, column, month)
            found += sudden + [alarm for alarm in slow if alarm.cell.value not in known]
    return found


def pair_alarms(frame: pd.DataFrame, month: int) -> list[Alarm]:
    """Pairs of inspectors who find unusually much or little, with the mix of items taken out (R45: no ranking).

    `frame` has a column pair; a pair is judged over `pair_months`.
    """
    width = policy.RISK.pair_months
    # Counting in spans of that width up to the month lets the monthly comparison serve as it is.
    spans = frame.assign(month=(frame["month"] - month + width - 1) // width)
    return alarms_of(cells_of(spans, RiskDimension.PAIR, "pair", 0), low=True)


def repeated(session: Session, today: date) -> list[Repeated]:
    """屡查屡犯: the same item with a problem in several visits within two years, of every trigger."""
    first = first_day(month_of(today) - policy.RISK.repeat_months)
    frame = checked_findings(session, first, today)
    bad = frame[frame["problem"] == 1]
    groups = bad.groupby(["enterprise_id", "item_id"]).agg(
        visits=("visit_id", "nunique"), findings=("finding_id", lambda ids: tuple(sorted(map(int, ids))))
    )
    often = groups[groups["visits"] >= policy.RISK.repeat_visits]
    return [
        Repeated(int(enterprise), int(item), int(row.visits), row.findings)
        for (enterprise, item), row in often.iterrows()
    ]


def kind_words(alarm: Alarm) -> dict[str, object]:
    """The evidence of an alarm as plain values: what was found, what was expected, how sure (R88)."""
    cell = alarm.cell
    interval = cell.share.interval
    return {
        "kind": alarm.kind.value,
        "month": first_day(cell.month).isoformat()[:7] if cell.month > 0 else None,
        "checked": cell.checked,
        "problems": cell.problems,
        "expected": round(cell.expected, 2),
        "interval": [round(bound, 4) for bound in interval] if interval else None,
        "past_checked": cell.past_checked,
        "past_problems": cell.past_problems,
        "ratio": round(alarm.ratio, 2),
        "chance": float(f"{alarm.chance:.3g}"),
    }


def is_above(kind: WarningKind) -> bool:
    """True when the warning says that more was found than usual."""
    return kind != WarningKind.UNUSUALLY_LOW


def _frame(session: Session, month: int) -> pd.DataFrame:
    last = first_day(month + 1) - timedelta(days=1)
    return checked_findings(session, first_day(month - WINDOW), last)


def _random(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["is_random"].astype(bool)]


def _with_pairs(session: Session, frame: pd.DataFrame, month: int) -> pd.DataFrame:
    recent = frame[frame["month"] > month - policy.RISK.base_months]
    return recent.merge(teams(session, recent["visit_id"].tolist()), on="visit_id")
