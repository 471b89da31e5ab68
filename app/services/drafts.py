"""The form of a visit as it stands: what was recorded last and what was typed since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.entries import Entry, Standing, fields_of, settle
from app.domain.findings import Finding
from app.domain.measures import CHINA
from app.models import FindingRecord, ItemFinding, Visit, VisitEntry


@dataclass(frozen=True, slots=True)
class Draft:
    """One item of a form: the standing value of every field, and the rows behind them by number."""

    finding: ItemFinding
    fields: dict[str, Standing]
    rows: dict[int, VisitEntry]
    newest: int
    began_on: date | None

    @property
    def is_clean(self) -> bool:
        """True when nothing was typed since the last record."""
        return not self.rows

    @property
    def values(self) -> dict[str, str]:
        """What the fields say; the methods and the day of the check as the form proposes them."""
        proposed = {"method": self.finding.task_item.version.methods.replace("、", ",")}
        if self.began_on:
            proposed["checked_on"] = max(self.began_on, self.finding.visit.task.starts_on).isoformat()
        return proposed | {name: standing.newest.value for name, standing in self.fields.items()}

    @property
    def disputed(self) -> list[str]:
        """Fields into which two inspectors typed different values without seeing each other."""
        return [name for name, standing in self.fields.items() if standing.rivals]


def drafts_of(session: Session, visit: Visit) -> dict[int, Draft]:
    """The drafts of every item of a visit, by finding."""
    query = select(VisitEntry).where(VisitEntry.visit_id == visit.id).order_by(VisitEntry.id)
    rows = defaultdict(list)
    for row in session.scalars(query.options(selectinload(VisitEntry.author))):
        rows[row.finding_id].append(row)
    return {finding.id: _draft(finding, rows[finding.id]) for finding in visit.findings}


def draft_of(session: Session, finding: ItemFinding) -> Draft:
    """The draft of one item."""
    query = select(VisitEntry).where(VisitEntry.finding_id == finding.id).order_by(VisitEntry.id)
    return _draft(finding, list(session.scalars(query)))


def newest_entry(session: Session, finding: ItemFinding) -> int:
    """The number of the newest entry of an item, 0 where nobody typed."""
    query = select(func.max(VisitEntry.id)).where(VisitEntry.finding_id == finding.id)
    return session.scalar(query) or 0


def recorded_fields(record: FindingRecord) -> dict[str, str]:
    """A record as the fields of the form."""
    return fields_of(
        Finding(
            results=_codes(record.results),
            methods=_codes(record.methods),
            disposals=_codes(record.disposals),
            checked_on=record.checked_on,
            problem=record.problem or "",
            points={row.point_id: (row.outcome, row.note or "") for row in record.points},
            violation_on=record.violation_on,
        )
    )


def _draft(finding: ItemFinding, rows: list[VisitEntry]) -> Draft:
    latest = finding.latest
    typed: dict[str, list[Entry]] = defaultdict(list)
    if latest is not None:
        for name, value in recorded_fields(latest).items():
            typed[name].append(Entry(latest.rests_on, latest.recorded_by_id, value, latest.rests_on))
    since = [row for row in rows if latest is None or row.id > latest.rests_on]
    for row in since:
        typed[row.field].append(Entry(row.id, row.author_id, row.value, _seen(row, latest)))
    began = min((row.typed_at for row in rows), default=None)
    return Draft(
        finding=finding,
        fields={name: settle(entries) for name, entries in typed.items()},
        rows={row.id: row for row in since},
        newest=max([row.id for row in rows], default=latest.rests_on if latest else 0),
        began_on=began.astimezone(CHINA).date() if began else None,
    )


def _seen(row: VisitEntry, latest: FindingRecord | None) -> int:
    """What came before the record and is not in it cannot have seen it."""
    if latest is None or row.received_at > latest.recorded_at:
        return row.seen
    return min(row.seen, latest.rests_on - 1)


def _codes(rows: Any) -> frozenset[Any]:
    return frozenset(row.code for row in rows)
