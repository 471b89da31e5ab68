"""The kept figures as a reader may see them: another department its own, each read once a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import g

from app.domain.clocks import CLOCKS
from app.domain.measures import GroupRow
from app.domain.vocabulary import ClockKind, ClockState
from app.extensions import db
from app.services.clocks import Reading
from app.services.figures import Sheet, deadlines, sheet_of
from app.services.figures.deadlines import Asked
from app.services.figures.keeping import DEADLINES, as_of
from app.views.base.format import CLOCK
from app.views.rows import foreign_agency, may


def this_year() -> int:
    """The year on the clock of the bureau."""
    return datetime.now(CLOCK).year


def sheet_to_see(year: int, agency_id: int | None = None) -> Sheet:
    """The figures of a year; a reader from another department gets that department's, whatever was asked."""
    foreign = foreign_agency()
    place = foreign.id if foreign else agency_id
    kept: dict[Any, Sheet] = g.setdefault("sheets", {})
    if (year, place) not in kept:
        kept[year, place] = sheet_of(db.session(), year, datetime.now(UTC), place)
    return kept[year, place]


def district_rows(year: int) -> list[GroupRow]:
    """The year's figures by district, read once a request."""
    rows: dict[int, list[GroupRow]] = g.setdefault("district_rows", {})
    if year not in rows:
        rows[year] = sheet_to_see(year).districts(db.session())
    return rows[year]


def asked_deadlines(state: ClockState | None = None) -> Asked:
    """The deadlines of the reader's business; whoever reads no findings sees what is brought before the leaders."""
    foreign = foreign_agency()
    leaders = [kind for kind, clock in CLOCKS.items() if clock.escalates]
    kinds = None if may("read", "ItemFinding") else leaders
    return Asked(foreign.id if foreign else None, kinds, state)


def deadline_counts() -> dict[ClockState, int]:
    """How many deadlines of the reader's business stand how, read once a request."""
    if "deadline_counts" not in g:
        now = datetime.now(UTC)
        as_of(DEADLINES, now)
        g.deadline_counts = deadlines.counted(db.session(), now, asked_deadlines())
    found: dict[ClockState, int] = g.deadline_counts
    return found


def deadline_counts_of(kind: ClockKind) -> dict[ClockState, int]:
    """How many deadlines of one kind stand how, of all departments."""
    now = datetime.now(UTC)
    as_of(DEADLINES, now)
    return deadlines.counted(db.session(), now, Asked(None, [kind]))


def pressing_deadlines(most: int) -> list[Reading]:
    """The most urgent ones that are late, will be, or cannot be computed."""
    now = datetime.now(UTC)
    counts = deadline_counts()
    if not any(counts[state] for state in (ClockState.LATE, ClockState.WARNING, ClockState.UNKNOWN)):
        return []
    found = deadlines.listed(db.session(), now, asked_deadlines(), most)
    return [reading for reading in found if reading.state != ClockState.RUNNING]
