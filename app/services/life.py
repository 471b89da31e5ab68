"""一户一档: the whole life of one enterprise on one line of time, newest first (R3, R13, R84)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.measures import CHINA
from app.domain.vocabulary import DisclosureKind, DrawState, LifeKind
from app.models import (
    Complaint,
    Disclosure,
    Draw,
    DrawnTarget,
    EnterpriseChange,
    FindingRecord,
    InspectionTask,
    ItemFinding,
    Listing,
    RecordChange,
    Visit,
    VisitApproval,
)

MOST = 500


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happened to an enterprise: when, what, in which words, by whom, and the record behind it."""

    at: datetime
    kind: LifeKind
    what: Any
    """A term of the vocabulary, or a word stored in the record."""
    detail: str = ""
    who: str = ""
    visit_id: int | None = None
    task_id: int | None = None


def life_of(session: Session, enterprise_id: int, kind: LifeKind | None = None) -> list[LifeEvent]:
    """The events of an enterprise's life, newest first, at most `MOST`; of one kind where it is given."""
    found = [
        each
        for source in _SOURCES
        for each in source(session, enterprise_id)
        if kind is None or each.kind == kind
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def _registrations(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    query = select(EnterpriseChange).where(EnterpriseChange.enterprise_id == enterprise_id)
    for row in session.scalars(query.order_by(EnterpriseChange.id.desc()).limit(MOST)):
        who = str(row.actor) if row.actor else str(row.source or "")
        detail = f"{row.old or '—'} → {row.new or '—'}" + (f"（{row.why}）" if row.why else "")
        yield LifeEvent(row.at, LifeKind.REGISTRATION, row.field, detail, who)


def _register_changes(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    query = select(RecordChange).where(RecordChange.enterprise_id == enterprise_id)
    for row in session.scalars(query.order_by(RecordChange.id.desc()).limit(MOST)):
        standing = row.register in (Listing.__tablename__, Complaint.__tablename__)
        kind = LifeKind.STANDING if standing else LifeKind.CATEGORY
        detail = row.label + (f"（{row.why}）" if row.why else "")
        yield LifeEvent(row.at, kind, row.event, detail, str(row.actor or row.source or ""))


def _listings(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    for row in session.scalars(select(Listing).where(Listing.enterprise_id == enterprise_id)):
        yield LifeEvent(
            _morning(row.included_on), LifeKind.STANDING, row.list_type, row.reason or "", row.authority or ""
        )
        if row.removed_on:
            yield LifeEvent(
                _morning(row.removed_on), LifeKind.STANDING, row.list_type, "移出", row.authority or ""
            )
    for row in session.scalars(select(Complaint).where(Complaint.enterprise_id == enterprise_id)):
        yield LifeEvent(
            _morning(row.received_on), LifeKind.STANDING, "投诉举报", row.subject or "", row.source
        )


def _draws(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    query = (
        select(Draw.frozen_at, Draw.number, DrawnTarget.item_code, DrawnTarget.is_reserve, InspectionTask)
        .join(Draw, Draw.id == DrawnTarget.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .where(DrawnTarget.enterprise_id == enterprise_id, Draw.state == DrawState.DRAWN)
    )
    for row in session.execute(query):
        task = row.InspectionTask
        detail = f"{task.name}　{row.item_code}" + ("　备选" if row.is_reserve else "")
        yield LifeEvent(row.frozen_at, LifeKind.DRAW, DrawState.DRAWN, detail, row.number, task_id=task.id)


def _visits(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    visits = session.scalars(select(Visit).where(Visit.enterprise_id == enterprise_id)).all()
    for visit in visits:
        day = visit.done_on or visit.planned_on
        yield LifeEvent(_morning(day), LifeKind.VISIT, visit.state, visit.task.name, visit.number, visit.id)
    query = (
        select(VisitApproval)
        .join(Visit, Visit.id == VisitApproval.visit_id)
        .where(Visit.enterprise_id == enterprise_id, VisitApproval.decided_at.is_not(None))
    )
    for row in session.scalars(query):
        yield LifeEvent(
            row.decided_at or row.applied_at,
            LifeKind.VISIT,
            row.state,
            row.decision or "",
            str(row.agency),
            row.visit_id,
        )


def _results(session: Session, enterprise_id: int) -> Iterator[LifeEvent]:
    records = select(FindingRecord).join(ItemFinding).join(Visit).where(Visit.enterprise_id == enterprise_id)
    for row in session.scalars(records):
        words = "、".join(sorted(result.code.label for result in row.results))
        detail = f"{row.finding.task_item.version.name}：{words}"
        yield LifeEvent(
            row.recorded_at,
            LifeKind.RESULT,
            row.finding.state,
            detail,
            str(row.finding.agency),
            row.finding.visit_id,
        )
    published = select(Disclosure).where(
        Disclosure.kind == DisclosureKind.RESULT,
        Disclosure.subject_id.in_(select(Visit.id).where(Visit.enterprise_id == enterprise_id)),
    )
    for row in session.scalars(published):
        detail = row.title if row.withdrawn_at is None else f"{row.title}（已撤下：{row.withdrawn_reason}）"
        yield LifeEvent(row.published_at, LifeKind.RESULT, row.kind, detail, row.index_no, row.subject_id)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


_SOURCES: tuple[Callable[[Session, int], Iterator[LifeEvent]], ...] = (
    _registrations,
    _register_changes,
    _listings,
    _draws,
    _visits,
    _results,
)
