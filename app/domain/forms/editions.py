"""Two editions of a report beside each other: which cells differ, and which counted rows are behind it (R82)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = tuple[str, ...]
STEPS = ("checked", "disclosed", "closed", "problem", "due", "punctual")
"""Steps of a counted row whose change moves a figure."""
STEP_NAMES: Mapping[str, str] = {
    "checked": "已检查",
    "disclosed": "已公示",
    "closed": "已完结",
    "problem": "发现问题",
    "due": "应公示",
    "punctual": "按时公示",
    "record": "检查记录版本",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that says something else now; None where the row or column was not there."""

    sheet: str
    row: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One counted row (a drawn target for an item) that came, went, or took other steps."""

    target: str
    visit: str
    came: bool
    went: bool
    steps: tuple[tuple[str, bool], ...]
    """What it takes part in now (True) or no longer (False)."""

    @property
    def words(self) -> str:
        """The change in the words of the forms."""
        if self.came or self.went:
            return "新计入" if self.came else "不再计入"
        return "、".join(f"{'+' if now else '−'}{STEP_NAMES[step]}" for step, now in self.steps)


def cell_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CellChange]:
    """Cell by cell, by what a row and a column are and not by where they stand."""
    for sheet in dict.fromkeys([*before, *after]):
        old, new = (_cells(figures.get(sheet)) for figures in (before, after))
        for place in dict.fromkeys([*old, *new]):
            if not _same(old.get(place), new.get(place)):
                yield CellChange(sheet, place[0], place[1], old.get(place), new.get(place))


def _cells(table: Mapping[str, Any] | None) -> dict[tuple[str, str], Any]:
    if table is None:
        return {}
    captions = [str(column).replace("\n", "") for column in table["columns"]]
    seen: dict[str, int] = {}
    cells: dict[tuple[str, str], Any] = {}
    for name, values in table["rows"]:
        seen[name] = seen.get(name, 0) + 1
        shown = name if seen[name] == 1 else f"{name}（{seen[name]}）"
        cells |= {(shown, caption): value for caption, value in zip(captions, values, strict=True)}
    return cells


def _same(one: Any, other: Any) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return abs(one - other) < 1e-9 if numbers else bool(one == other)


def row_changes(before: Sequence[str], after: Sequence[str]) -> Iterator[RowChange]:
    """Which counted rows differ, from their lines as `row_line` writes them."""
    old, new = (dict(_keyed(lines)) for lines in (before, after))
    for target in dict.fromkeys([*old, *new]):
        was, now = old.get(target), new.get(target)
        if was == now:
            continue
        visit, _, _ = now or was or ("", "", "")
        yield RowChange(target, visit, was is None, now is None, tuple(_moves(was, now)))


def row_line(target: int, visit: str, record: int | None, steps: Sequence[int]) -> str:
    """A counted row as it is kept beside an edition: target, visit, record, 0/1 steps."""
    return f"{target}\t{visit}\t{record or ''}\t{''.join(map(str, steps))}"


def _keyed(lines: Sequence[str]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for line in lines:
        target, visit, record, steps = line.split("\t")
        yield target, (visit, record, steps)


def _moves(was: tuple[str, str, str] | None, now: tuple[str, str, str] | None) -> Iterator[tuple[str, bool]]:
    if was is None or now is None:
        return
    if was[1] != now[1]:
        yield "record", True
    for step, before, after in zip(STEPS, was[2], now[2], strict=True):
        if before != after:
            yield step, after == "1"
