"""What stands before an entry on the work desk: approvals, urgent formalities, frequency, scans and filings due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.domain.vocabulary import ApprovalState, ScanKind, VisitState
from app.extensions import db
from app.models import AreaAssistance, InspectionTask, UrgentReport, Visit, VisitApproval, VisitScan
from app.services.entering import reentry_due
from app.services.territory import filing_due
from app.services.visits import OPEN_TASKS
from app.views.base import shown
from app.views.base.format import CLOCK
from app.views.entry_status import year_lines
from app.views.registry import Badge, Todo, badge, todos
from app.views.rows import duty_agency, foreign_agency, is_own, may

VIEW = "VisitApproval"
MOST_OF_A_KIND = 8
AHEAD = timedelta(days=7)


def furnish(app: Flask) -> None:
    """Give the page of an enterprise its year."""
    app.jinja_env.globals["entries_of_year"] = entries_of_year


def entries_of_year(enterprise_id: int) -> list[Any]:
    """How often each body has entered the enterprise this year; nothing for whoever may not see it."""
    return year_lines(enterprise_id, _today().year) if may("read", VIEW) else []


@badge("ApprovalView")
def approvals_waiting(user: Any) -> Badge:
    """Applications that wait for the reader; hot when a check was begun as urgent."""
    agency = duty_agency() if may("approve", VIEW) else None
    if agency is None:
        return Badge(0)
    own = VisitApproval.agency_id == agency.id
    waiting = select(func.count()).select_from(VisitApproval)
    waiting = waiting.where(own, VisitApproval.state == ApprovalState.APPLIED)
    late = waiting.join(Visit, Visit.id == VisitApproval.visit_id).where(Visit.urgent_reports.any())
    return Badge(db.session.scalar(waiting) or 0, bool(db.session.scalar(late)))


@todos
def approval_todos(user: Any) -> Iterator[Todo]:
    """What waits for the head of the body, task by task."""
    agency = duty_agency() if may("approve", VIEW) else None
    if agency is None:
        return
    query = (
        select(InspectionTask, func.count(), func.min(Visit.planned_on))
        .join(Visit, Visit.task_id == InspectionTask.id)
        .join(VisitApproval, VisitApproval.visit_id == Visit.id)
        .where(VisitApproval.agency_id == agency.id, VisitApproval.state == ApprovalState.APPLIED)
        .group_by(InspectionTask.id)
        .order_by(func.min(Visit.planned_on))
        .limit(MOST_OF_A_KIND)
    )
    for task, count, first in db.session.execute(query):
        text = _("Approve %(count)s checks of %(task)s", count=count, task=task.name)
        tone = "bad" if first < _today() else "run"
        yield Todo(_("to do"), text, url_for("BeforeEntryView.task", pk=task.id), tone, when=first, due=first)


@todos
def application_todos(user: Any) -> Iterator[Todo]:
    """Tasks whose visits are near and not applied for."""
    if not may("write", VIEW) or foreign_agency() is not None:
        return
    query = (
        select(InspectionTask, func.count(), func.min(Visit.planned_on))
        .join(Visit, Visit.task_id == InspectionTask.id)
        .where(
            InspectionTask.state.in_(OPEN_TASKS),
            Visit.state == VisitState.PLANNED,
            Visit.planned_on <= _today() + AHEAD,
            ~Visit.approvals.any(),
        )
        .group_by(InspectionTask.id)
        .order_by(func.min(Visit.planned_on))
        .limit(MOST_OF_A_KIND)
    )
    for task, count, first in db.session.execute(query):
        text = _("Apply for %(count)s checks of %(task)s", count=count, task=task.name)
        yield Todo(_("to do"), text, url_for("BeforeEntryView.task", pk=task.id), when=first, due=first)


@todos
def urgent_todos(user: Any) -> Iterator[Todo]:
    """Formalities of urgent checks: for the body and its planner; once late also for the leading group (R35)."""
    if not may("read", VIEW):
        return
    now = datetime.now(UTC)
    query = select(UrgentReport).where(UrgentReport.completed_at.is_(None))
    mine = _concerned(query, user, now)
    for report in db.session.scalars(mine.order_by(UrgentReport.complete_by).limit(MOST_OF_A_KIND)):
        late = report.complete_by < now
        text = _(
            "Complete the formalities of the urgent check of %(name)s", name=report.visit.enterprise.name
        )
        yield Todo(
            _("overdue") if late else _("urgent"),
            text,
            url_for("BeforeEntryView.visit", pk=report.visit_id),
            "bad" if late else "warn",
            when=shown(report.complete_by),
            due=report.complete_by.astimezone(CLOCK).date(),
        )


@todos
def frequency_todos(user: Any) -> Iterator[Todo]:
    """Abnormal frequencies of this year, for heads, planners and the leading group (R36)."""
    if not may("read", VIEW) or not (may("approve", VIEW) or may("read", "GroupMeeting")):
        return
    query = select(VisitApproval).where(
        VisitApproval.is_abnormal, VisitApproval.planned_on >= date(_today().year, 1, 1)
    )
    agency = foreign_agency()
    if agency is not None:
        query = query.where(VisitApproval.agency_id == agency.id)
    for approval in db.session.scalars(query.order_by(VisitApproval.id.desc()).limit(MOST_OF_A_KIND)):
        text = _(
            "%(name)s: check no. %(number)s of the year",
            name=approval.visit.enterprise.name,
            number=approval.act_number,
        )
        url = url_for("ApprovalView.show", pk=approval.id)
        yield Todo(_("abnormal frequency"), text, url, "warn")


@todos
def follow_up_todos(user: Any) -> Iterator[Todo]:
    """Scans to be made good (R40) and checks outside the area to be filed (R43)."""
    if not may("read", VIEW):
        return
    own = is_own(user.id)
    outage = Visit.id.in_(select(VisitScan.visit_id).where(VisitScan.kind == ScanKind.OUTAGE))
    for visit in db.session.scalars(select(Visit).where(outage, own).limit(MOST_OF_A_KIND)):
        due = reentry_due(visit)
        if due is not None:
            yield _due(visit, _("Make the scan good: %(name)s", name=visit.enterprise.name), due)
    if not may("write", VIEW):
        return
    unfiled = select(AreaAssistance).where(AreaAssistance.filed_on.is_(None)).limit(MOST_OF_A_KIND)
    for help_ in db.session.scalars(unfiled):
        due = filing_due(help_)
        if due is not None:
            text = _("File the check outside the area: %(name)s", name=help_.visit.enterprise.name)
            yield _due(help_.visit, text, due)


def _concerned(query: Any, user: Any, now: datetime) -> Any:
    if may("read", "GroupMeeting") and not may("read", "Visit"):
        return query.where(UrgentReport.complete_by < now)
    if not may("read", "ItemFinding"):
        return query.where(UrgentReport.visit.has(is_own(user.id)))
    agency = foreign_agency()
    if agency is None:
        return query
    return query.where(UrgentReport.agency_id == agency.id)


def _due(visit: Visit, text: Any, due: date) -> Todo:
    late = due < _today()
    url = url_for("BeforeEntryView.visit", pk=visit.id)
    return Todo(_("overdue") if late else _("to do"), text, url, "bad" if late else "warn", when=due, due=due)


def _today() -> date:
    return datetime.now(CLOCK).date()
