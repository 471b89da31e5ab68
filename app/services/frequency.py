"""检查频次 from the records: the cap of each body, and the acts that stand against it (R36, R37)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import policy
from app.domain.frequency import Acts, Cap, counts_apart
from app.domain.vocabulary import (
    ApprovalState,
    CheckMethod,
    EntryKind,
    FindingState,
    SpecialOrigin,
    VisitState,
)
from app.models import (
    EnterpriseEntry,
    FindingMethod,
    FindingRecord,
    FrequencyCap,
    InspectionTask,
    ItemFinding,
    SpecialInspection,
    UrgentReport,
    Visit,
    VisitApproval,
)

Enterprises = Collection[int] | Select[int]
COUNTED_ENTRIES = tuple(kind for kind in EntryKind if kind.is_inspection)


def cap_of(session: Session, agency_id: int, year: int) -> Cap:
    """The cap that the body has published for the year, else the default of the policy (R36)."""
    query = (
        select(FrequencyCap)
        .where(FrequencyCap.agency_id == agency_id, FrequencyCap.from_year <= year)
        .order_by(FrequencyCap.from_year.desc())
        .limit(1)
    )
    found = session.scalar(query)
    return Cap(found.yearly, found.basis) if found else Cap(policy.VISIT.yearly_visits_per_enterprise)


def acts_of(
    session: Session, enterprises: Enterprises, year: int, *, without: int = 0
) -> defaultdict[tuple[int, int], Acts]:
    """The acts of a year by (enterprise, agency); `without` leaves one visit out of its own count.

    A visit counts for every body that entered with it, or is cleared to enter; so does a re-check (R64).
    """
    days: defaultdict[tuple[int, int], set[date]] = defaultdict(set)
    apart: defaultdict[tuple[int, int], set[date]] = defaultdict(set)
    for visit_id, key, day, is_apart in _visits(session, enterprises, year):
        if visit_id != without:
            (apart if is_apart else days)[key].add(day)
    for row in session.execute(_entries(enterprises, year)):
        days[row.enterprise_id, row.agency_id].add(row.entered_on)
    found: defaultdict[tuple[int, int], Acts] = defaultdict(Acts)
    for key in days.keys() | apart.keys():
        found[key] = Acts(frozenset(days[key]), frozenset(apart[key]))
    return found


def at_cap(session: Session, agency_ids: Collection[int], year: int) -> frozenset[int]:
    """Enterprises at which one of these bodies has no visit left this year, planned ones included (R36)."""
    count = func.count(Visit.id.distinct())
    query = (
        select(Visit.enterprise_id, ItemFinding.agency_id, count)
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .outerjoin(SpecialInspection, SpecialInspection.id == InspectionTask.special_id)
        .where(
            Visit.state != VisitState.CANCELLED,
            Visit.planned_on.between(*_bounds(year)),
            ItemFinding.agency_id.in_(agency_ids),
            ItemFinding.state != FindingState.WITHDRAWN,
            or_(SpecialInspection.id.is_(None), SpecialInspection.origin == SpecialOrigin.OWN),
        )
        .group_by(Visit.enterprise_id, ItemFinding.agency_id)
    )
    caps = {key: cap_of(session, key, year).yearly for key in agency_ids}
    return frozenset(
        enterprise for enterprise, agency, visits in session.execute(query) if visits >= caps[agency]
    )


def _visits(
    session: Session, enterprises: Enterprises, year: int
) -> Iterator[tuple[int, tuple[int, int], date, bool]]:
    day = func.coalesce(Visit.done_on, Visit.planned_on).label("day")
    query = (
        select(
            Visit.id,
            Visit.enterprise_id,
            ItemFinding.agency_id,
            day,
            InspectionTask.kind,
            SpecialInspection.origin,
        )
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .outerjoin(SpecialInspection, SpecialInspection.id == InspectionTask.special_id)
        .where(
            Visit.enterprise_id.in_(enterprises),
            Visit.state != VisitState.CANCELLED,
            day.between(*_bounds(year)),
            ItemFinding.state != FindingState.WITHDRAWN,
            or_(_entered(), and_(~_recorded(), _cleared())),
        )
        .distinct()
    )
    for row in session.execute(query):
        key = row.enterprise_id, row.agency_id
        yield row.id, key, row.day, counts_apart(row.kind, row.origin)


def _entries(enterprises: Enterprises, year: int) -> Any:
    return select(EnterpriseEntry.enterprise_id, EnterpriseEntry.agency_id, EnterpriseEntry.entered_on).where(
        EnterpriseEntry.enterprise_id.in_(enterprises),
        EnterpriseEntry.entered_on.between(*_bounds(year)),
        EnterpriseEntry.kind.in_(COUNTED_ENTRIES),
    )


def _recorded() -> ColumnElement[bool]:
    """True when the body has recorded anything of the visit."""
    own = aliased(ItemFinding)
    return exists().where(
        own.visit_id == Visit.id,
        own.agency_id == ItemFinding.agency_id,
        FindingRecord.finding_id == own.id,
    )


def _entered() -> ColumnElement[bool]:
    """True when the newest record of one of the body's items names an on-site check (R48)."""
    own, other = aliased(ItemFinding), aliased(FindingRecord)
    newest = select(func.max(other.version)).where(other.finding_id == own.id).scalar_subquery()
    return exists().where(
        own.visit_id == Visit.id,
        own.agency_id == ItemFinding.agency_id,
        FindingRecord.finding_id == own.id,
        FindingRecord.version == newest,
        FindingMethod.record_id == FindingRecord.id,
        FindingMethod.code == CheckMethod.ON_SITE,
    )


def _cleared() -> ColumnElement[bool]:
    """True when the body may enter: its head has approved, or the urgent check was reported (R35)."""
    approved = exists().where(
        VisitApproval.visit_id == Visit.id,
        VisitApproval.agency_id == ItemFinding.agency_id,
        VisitApproval.state == ApprovalState.APPROVED,
        VisitApproval.is_on_site,
    )
    reported = exists().where(
        UrgentReport.visit_id == Visit.id, UrgentReport.agency_id == ItemFinding.agency_id
    )
    return or_(approved, reported)


def _bounds(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
