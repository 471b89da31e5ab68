"""Reading the kept figures: one sheet a year and department, with names where it has only keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.measures import MEASURES, Bin, GroupRow, Share, Tally, spread
from app.domain.vocabulary import CountKind
from app.models import FigureSheet
from app.services.figures.computing import ALL
from app.services.figures.keeping import as_of, scope_of
from app.services.figures.plain import tally_of
from app.services.statistics.sections import agency_names, district_names, industry_names, named


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures of one year for one department or all, as of a moment (数据截至)."""

    year: int
    agency_id: int | None
    as_of: datetime
    kept: Mapping[str, Any]

    @property
    def planned(self) -> int:
        """Targets that the approved plans ask for, in 件 (R26)."""
        return int(self.kept.get("planned", 0))

    @property
    def tasks(self) -> tuple[int, int]:
        """Tasks drawn, and joint ones among them."""
        return int(self.kept.get("tasks", 0)), int(self.kept.get("joint_tasks", 0))

    @property
    def whole(self) -> Tally:
        """Everything together, nobody twice."""
        return tally_of(self.kept["whole"]) if "whole" in self.kept else Tally()

    def share(self, measure: str) -> Share:
        """Part and whole of one of the rates, by its key in MEASURES."""
        return MEASURES[measure].share(self.whole)

    def months(self) -> dict[int, Tally]:
        """The checks by month of the year, 1 to 12, each month named."""
        found = {int(key): tally_of(value) for key, value in self.kept.get("months", {}).items()}
        return {month: found.get(month, Tally()) for month in range(1, 13)}

    def spread(self, kind: CountKind) -> dict[Bin, int]:
        """How many enterprises or inspectors were counted how often (R45)."""
        found = self.kept.get("spreads", {}).get(kind.value, {})
        return spread(kind, {int(number): subjects for number, subjects in found.items()})

    def districts(self, session: Session) -> list[GroupRow]:
        """By territory, also the districts with nothing (R11)."""
        found = _groups(self.kept.get("districts", {}))
        return named(district_names(session, [key for (key,) in found if key]), found)

    def industries(self, session: Session) -> list[GroupRow]:
        """By division of industry, those in which somebody was drawn."""
        found = _groups(self.kept.get("industries", {}))
        return named(industry_names(session, [key for (key,) in found if key]), found)

    def agencies(self, session: Session) -> list[tuple[int, GroupRow, int]]:
        """Key, tally and planned 件 of every department; only the sheet of all departments has them."""
        found = self.kept.get("agencies", {})
        return [
            (key, GroupRow(code, name, tally_of(found[str(key)][1])), int(found[str(key)][0]))
            for key, code, name in agency_names(session)
            if str(key) in found
        ]


def sheet_of(session: Session, year: int, now: datetime, agency_id: int | None = None) -> Sheet:
    """The figures of a year, fresh enough to be shown."""
    moment = as_of(scope_of(year), now)
    found = session.get(FigureSheet, (year, agency_id or ALL), populate_existing=True)
    return Sheet(year, agency_id, moment, found.figures if found else {})


def _groups(kept: Mapping[str, Any]) -> dict[tuple[Any, ...], Tally]:
    return {(code or None,): tally_of(value) for code, value in kept.items()}
