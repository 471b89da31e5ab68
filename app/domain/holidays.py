"""节假日安排通知 (R56): what a yearly notice has to say before its year counts as known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import DomainError

OFF, WORKED = "休", "班"
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Statutory holidays on fixed days of the solar calendar (month, day); they must be in the notice."""
FEWEST_OFF = 13
"""Statutory days off in a year since 2025; a notice with fewer is not whole."""
_SATURDAY = 5
_ADJACENT = timedelta(days=10)
PROVISIONAL = ("provisional", "暂定", "预计", "待定")


class HolidayFileRefused(DomainError):
    """A row of the notice cannot be used; params line, cell, reason (a sentence of its own)."""

    code = "holiday_file_refused"


class HolidayNoticeNotWhole(DomainError):
    """The notice lacks days that every year has; param missing."""

    code = "holiday_notice_not_whole"


class YearNotNext(DomainError):
    """Years are confirmed one after the other; params year and expected."""

    code = "year_not_next"


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a notice: off, or a weekend day worked in exchange."""

    on: date
    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a notice would change in the table."""

    added: tuple[NoticeDay, ...]
    changed: tuple[tuple[NoticeDay, NoticeDay], ...]
    """As it stands, as the notice has it."""
    removed: tuple[NoticeDay, ...]
    unchanged: int


def notice_days(year: int, rows: Iterable[tuple[int, Sequence[str]]]) -> list[NoticeDay]:
    """The days of a notice for `year` from rows (line, cells: date, kind, name, and perhaps a status).

    A heading may come first. Raises HolidayFileRefused with the line, HolidayNoticeNotWhole.
    """
    found: dict[date, NoticeDay] = {}
    for line, cells in rows:
        values = [str(cell).strip() for cell in cells]
        if not any(values) or (not found and _is_heading(values)):
            continue
        day = _day(year, line, values)
        if day.on in found:
            raise HolidayFileRefused(line=line, cell=day.on, reason="日期重复")
        found[day.on] = day
    _require_whole(year, found)
    return [found[on] for on in sorted(found)]


def compare(standing: Mapping[date, NoticeDay], days: Sequence[NoticeDay], year: int) -> Difference:
    """What the notice changes; days of its year that it does not name any more are removed."""
    new = {day.on: day for day in days}
    return Difference(
        added=tuple(day for day in days if day.on not in standing),
        changed=tuple(
            (standing[day.on], day) for day in days if day.on in standing and standing[day.on] != day
        ),
        removed=tuple(day for on, day in sorted(standing.items()) if on.year == year and on not in new),
        unchanged=sum(standing.get(day.on) == day for day in days),
    )


def require_next(year: int, confirmed: Iterable[int]) -> None:
    """Raise YearNotNext when the year leaves a gap: what lies behind a gap could not be computed (R56)."""
    known = set(confirmed)
    if known and year not in known and year != max(known) + 1:
        raise YearNotNext(year=year, expected=max(known) + 1)


def _is_heading(values: Sequence[str]) -> bool:
    return _date_of(values[0]) is None and not any(character.isdigit() for character in values[0])


def _day(year: int, line: int, values: Sequence[str]) -> NoticeDay:
    on = _date_of(values[0])
    if on is None:
        raise HolidayFileRefused(line=line, cell=values[0], reason="日期无法识别，应为 2027-01-01 的形式")
    kind = values[1] if len(values) > 1 else ""
    name = values[2] if len(values) > 2 else ""
    if any(word in cell.lower() for cell in values[3:] for word in PROVISIONAL):
        raise HolidayFileRefused(line=line, cell=on, reason="标为暂定，未经国务院办公厅公布的安排不能启用")
    if kind not in (OFF, WORKED):
        raise HolidayFileRefused(line=line, cell=kind or "空白", reason="类别应为“休”或“班”")
    if not name or len(name) > 40:
        raise HolidayFileRefused(line=line, cell=name or "空白", reason="名称应为 1 至 40 个字")
    if not date(year, 1, 1) - _ADJACENT <= on <= date(year, 12, 31) + _ADJACENT:
        raise HolidayFileRefused(line=line, cell=on, reason=f"不属于 {year} 年的安排")
    if kind == WORKED and on.weekday() < _SATURDAY:
        raise HolidayFileRefused(line=line, cell=on, reason="本来就是工作日，不需调休上班")
    return NoticeDay(on, kind == WORKED, name)


def _date_of(text: str) -> date | None:
    parts = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "").split(" ")[0]
    try:
        year, month, day = (int(part) for part in parts.split("T")[0].split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _require_whole(year: int, days: Mapping[date, NoticeDay]) -> None:
    fixed = [date(year, month, day) for month, day in FIXED]
    missing = [str(on) for on in fixed if on not in days or days[on].is_working]
    if missing:
        raise HolidayNoticeNotWhole(missing="、".join(missing))
    off = sum(not day.is_working and day.on.year == year for day in days.values())
    if off < FEWEST_OFF:
        raise HolidayNoticeNotWhole(missing=f"放假日只有 {off} 天")
