"""What the dashboard shows, put into the shapes that its template draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.domain.measures import MEASURES, Change, GroupRow, Share, Tally
from app.domain.policy import RISK
from app.domain.vocabulary import CountKind
from app.reference.district_map import TILES, Tile
from app.services.figures import Sheet
from app.services.figures.behind import NOT_STATED

STEPS = (0.05, 0.10, 0.20, 0.30)
"""Upper bounds of the lower classes of the problem rate; the same every year, so that maps can be compared."""
CELL = 56
MOST_INDUSTRIES = 8


@dataclass(frozen=True)
class Rate:
    """A rate with its interval, and a caution where it rests on little (R88)."""

    label: str
    code: str
    share: Share
    drawn: int

    @property
    def is_small(self) -> bool:
        """Whether fewer were checked than a judgement needs."""
        return self.share.whole < RISK.minimum_cell

    @property
    def shade(self) -> str:
        """The class of the rate on the map; none where nothing was checked."""
        value = self.share.value
        return "none" if value is None else f"q{sum(value >= step for step in STEPS)}"


@dataclass(frozen=True)
class Place:
    """A tile of the map with the rate of its district, in pixels."""

    tile: Tile
    rate: Rate

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height."""
        tile = self.tile
        return tile.column * CELL, tile.row * CELL, tile.width * CELL, tile.height * CELL


@dataclass(frozen=True)
class Compared:
    """A rate of this year beside last year's."""

    measure: str
    share: Share
    before: Share

    @property
    def name(self) -> str:
        """The measure in words."""
        return MEASURES[self.measure].name

    @property
    def change(self) -> Change:
        """The difference in percentage points."""
        return Change(self.share.value, self.before.value)


def rate_of(row: GroupRow) -> Rate:
    """The problem rate of a group, in households (R80)."""
    return Rate(
        row.label,
        row.code or NOT_STATED,
        MEASURES["problem_rate"].share(row.tally),
        row.tally.households.total,
    )


def rates_of(rows: Sequence[GroupRow]) -> list[Rate]:
    """The rates of the groups in which somebody was drawn."""
    return [rate_of(row) for row in rows if row.tally.households.total]


def largest(rates: Sequence[Rate]) -> list[Rate]:
    """The groups in which most were checked, in the order of their codes."""
    chosen = sorted(rates, key=lambda rate: -rate.share.whole)[:MOST_INDUSTRIES]
    return [rate for rate in rates if rate in chosen]


def places_of(rows: Sequence[GroupRow]) -> list[Place]:
    """The tiles of the map, also of districts with nothing."""
    found = {row.code: row for row in rows}
    return [
        Place(tile, rate_of(found.get(tile.code) or GroupRow(tile.code, tile.name, Tally())))
        for tile in TILES
    ]


def off_map(rates: Sequence[Rate]) -> list[Rate]:
    """The groups that have no tile, such as enterprises without a district."""
    known = {tile.code for tile in TILES}
    return [rate for rate in rates if rate.code not in known]


def compared(measure: str, sheet: Sheet, before: Sheet) -> Compared:
    """A rate of the year beside the year before (同比, R75)."""
    return Compared(measure, sheet.share(measure), before.share(measure))


def bars_of(sheet: Sheet, kind: CountKind) -> list[tuple[Any, int, int]]:
    """The bins of a spread, how many are in each, and how long its bar is in hundredths of the longest."""
    found = sheet.spread(kind)
    longest = max([*found.values(), 1])
    return [(place, number, round(100 * number / longest)) for place, number in found.items()]


def behind(sheet: Sheet, measure: str, **group: Any) -> str:
    """The address of the rows behind a figure of a sheet."""
    asked = {"year": sheet.year, "department": group.pop("department", None) or sheet.agency_id, **group}
    return url_for(
        "DashboardView.rows", measure=measure, **{k: v for k, v in asked.items() if v not in (None, "")}
    )
