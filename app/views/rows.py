"""Which rows a reader may see: inspectors their own visits, another department only what concerns it.

Each function narrows a query of one table; the views use them in `base_filters`, so that a foreign key
typed into the address finds nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import current_app, g, url_for
from flask_appbuilder.models.sqla.filters import BaseFilter
from sqlalchemy import false, or_, select, true
from sqlalchemy.orm import Query

from app.domain.vocabulary import TaskKind
from app.extensions import db
from app.models import (
    Agency,
    InspectionTask,
    Inspector,
    ItemFinding,
    TaskItem,
    TaskPart,
    Visit,
    VisitMember,
)
from app.services.agencies import NoBureau, agency_of, own_bureau


def may(power: str, view: str) -> bool:
    """Whether the signed-in person holds this power on these pages."""
    return bool(current_app.appbuilder.sm.has_access(f"can_{power}", view))  # type: ignore[attr-defined]


def foreign_agency() -> Agency | None:
    """The department of a reader from outside the bureau; None for the bureau's own people."""
    agency = _own_agency()
    return None if agency is None or agency.is_bureau else agency


def _own_agency() -> Agency | None:
    """The department of the reader's post, asked for once a request: a desk asks twenty times."""
    if "own_agency" not in g:
        g.own_agency = agency_of(db.session(), g.user)
    found: Agency | None = g.own_agency
    return found


def duty_agency() -> Agency | None:
    """The department for which the reader reviews: that of the post, else the bureau; None before set-up."""
    with suppress(NoBureau):
        return _own_agency() or own_bureau(db.session())
    return None


def is_own(user_id: int) -> Any:
    """The condition that a user stands in the team of a visit."""
    person = VisitMember.inspector.has(Inspector.user_id == user_id)
    return Visit.members.any(VisitMember.left_at.is_(None) & person)


def visits_to_see() -> Any:
    """The condition that the reader may see a visit: all for whoever reads the findings, else their own."""
    if not may("read", "ItemFinding"):
        return is_own(g.user.id)
    agency = foreign_agency()
    return true() if agency is None else Visit.findings.any(ItemFinding.agency_id == agency.id)


class VisitsToSee(BaseFilter):
    """All visits for whoever reads the findings, else those in whose team the reader stands."""

    name = "visits to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of visits."""
        return query.filter(visits_to_see())


def tasks_to_see() -> Any:
    """The condition that the reader may see a task: another department those in which it takes part."""
    agency = foreign_agency()
    if agency is None:
        return true()
    takes_part = InspectionTask.items.any(TaskItem.agency_id == agency.id)
    asked = InspectionTask.parts.any(TaskPart.agency_id == agency.id)
    return or_(InspectionTask.lead_agency_id == agency.id, takes_part, asked)


class FindingsToSee(BaseFilter):
    """Another department reads its own findings only (R73)."""

    name = "findings to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of findings."""
        agency = foreign_agency()
        return query if agency is None else query.filter(ItemFinding.agency_id == agency.id)


class FindingsToReview(BaseFilter):
    """The findings of the department for which the reader reviews."""

    name = "findings to review"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of findings."""
        agency = duty_agency()
        return query.filter(ItemFinding.agency_id == agency.id if agency else false())


class FollowUpToSee(BaseFilter):
    """What followed findings: a department its own, an inspector that of the own visits."""

    name = "follow-up to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of records that hang on a finding."""
        if not may("read", "ItemFinding"):
            return query.filter(self.model.finding.has(ItemFinding.visit.has(is_own(g.user.id))))
        agency = foreign_agency()
        return query if agency is None else query.filter(self.model.agency_id == agency.id)


class TasksToSee(BaseFilter):
    """Another department reads the tasks in which it takes part."""

    name = "tasks to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of tasks."""
        return query.filter(tasks_to_see())


class OwnAgency(BaseFilter):
    """Another department keeps to the records that carry its own name."""

    name = "own department"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of records with a department."""
        agency = foreign_agency()
        return query if agency is None else query.filter(self.model.agency_id == agency.id)


def finding_to_follow(finding_id: int) -> ItemFinding | None:
    """A finding that the reader may follow up: of the own department, or of an own visit."""
    query = select(ItemFinding).where(ItemFinding.id == finding_id)
    if not may("read", "ItemFinding"):
        query = query.where(ItemFinding.visit.has(is_own(g.user.id)))
    elif (agency := foreign_agency()) is not None:
        query = query.where(ItemFinding.agency_id == agency.id)
    return db.session.scalar(query)


def may_conduct(task: InspectionTask) -> bool:
    """Whether the steps of a task are the reader's business: the bureau's own people, or the lead's."""
    agency = foreign_agency()
    return agency is None or task.lead_agency_id == agency.id


def task_address(task: InspectionTask) -> str:
    """The page of a task: that of its draw, or what stands before its entries where nothing was drawn."""
    if task.kind == TaskKind.RANDOM:
        return url_for("InspectionTaskView.show", pk=task.id)
    return url_for("BeforeEntryView.task", pk=task.id)
