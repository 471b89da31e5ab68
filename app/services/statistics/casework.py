"""Figures of cases, transfers, plans and declared ones, by department; each is one query over its rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Executable, Subquery, and_, func, select, true
from sqlalchemy.orm import Session

from app.domain.forms import DECLARED
from app.domain.measures import FormRow, Period, PeriodKind, Table
from app.domain.vocabulary import DrawState, NoticeOutcome, PenaltyType, TransferKind
from app.models import (
    Agency,
    AgencyNotice,
    CaseTransfer,
    Draw,
    Enterprise,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    PenaltyCase,
    PlanLine,
    Visit,
)
from app.services import declaring
from app.services.statistics.facts import Coverage, in_period
from app.services.statistics.sections import STANDING_PLANS

Numbers = dict[int, int]


def penalties(session: Session, coverage: Coverage, _base: Subquery) -> Table:
    """行政处罚实施情况 (F6a): decisions of the period by the kind under which each counts (R78).

    In the order of the departments' codes, never by size (R45).
    """
    query = (
        select(PenaltyCase.agency_id, PenaltyCase.counted_as, func.count())
        .where(_during(PenaltyCase.decided_on, coverage.period), _here(PenaltyCase, coverage))
        .group_by(PenaltyCase.agency_id, PenaltyCase.counted_as)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for agency_id, kind, number in session.execute(query):
        found[agency_id][kind.value if kind else PenaltyType.OTHER.value] = number
    said = declared_values(session, coverage)
    return Table(
        [
            FormRow(
                code,
                name,
                {**said[key], **found[key], "total": sum(found[key].values())},
            )
            for key, code, name in session.execute(departments(coverage, full=True))
        ]
    )


def summary_values(session: Session, coverage: Coverage) -> dict[int, dict[str, Any]]:
    """What F7 asks beyond the tally, by department."""
    said = declared_values(session, coverage)
    counted = {
        "plans": plan_lines(session, coverage.period.year),
        "filed": cases(session, PenaltyCase.filed_on, coverage),
        "decided": cases(session, PenaltyCase.decided_on, coverage),
        "to_agencies": _transfers(session, coverage, TransferKind.AGENCY),
        "to_police": _transfers(session, coverage, TransferKind.POLICE),
        "listed": _listed(session, coverage),
    }
    return {
        key: {"note": "", "fines": said[key]["fines"]}
        | {name: numbers.get(key, 0) for name, numbers in counted.items()}
        for key, _, _ in session.execute(departments(coverage))
    }


def cases(session: Session, day: Any, coverage: Coverage) -> Numbers:
    """Penalty cases whose `day` lies in the period, by department, in 件."""
    query = select(PenaltyCase.agency_id, func.count())
    query = query.where(_during(day, coverage.period), _here(PenaltyCase, coverage))
    return numbers(session, query.group_by(PenaltyCase.agency_id))


def plan_lines(session: Session, year: int) -> Numbers:
    """Lines of the standing plans of a year, by the department that leads them (R21)."""
    query = (
        select(PlanLine.lead_agency_id, func.count())
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .where(InspectionPlan.year == year, InspectionPlan.state.in_(STANDING_PLANS))
        .group_by(PlanLine.lead_agency_id)
    )
    return numbers(session, query)


def plan_lines_drawn(session: Session, period: Period) -> Numbers:
    """Lines of standing plans with a draw in the period, by the department that leads them (R31)."""
    query = (
        select(PlanLine.lead_agency_id, func.count(PlanLine.id.distinct()))
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .join(InspectionTask, InspectionTask.line_id == PlanLine.id)
        .join(Draw, Draw.task_id == InspectionTask.id)
        .where(InspectionPlan.state.in_(STANDING_PLANS), Draw.state == DrawState.DRAWN, in_period(period))
        .group_by(PlanLine.lead_agency_id)
    )
    return numbers(session, query)


def plans_filed(session: Session, year: int) -> Numbers:
    """Plans of a year with a filing number, by department."""
    query = (
        select(InspectionPlan.agency_id, func.count())
        .where(InspectionPlan.year == year, InspectionPlan.filing_no.is_not(None))
        .group_by(InspectionPlan.agency_id)
    )
    return numbers(session, query)


def declared_values(session: Session, coverage: Coverage) -> dict[int, dict[str, Any]]:
    """What departments declared, blank in a report on less than the year and the city that it was said of."""
    is_whole = coverage.period.kind == PeriodKind.YEAR and coverage.territory is None
    said = declaring.figures(session, coverage.period.year) if is_whole else {}
    nothing: dict[str, Any] = dict.fromkeys(DECLARED)
    return defaultdict(
        lambda: dict(nothing), {key: dict(declaring.typed(values)) for key, values in said.items()}
    )


def departments(coverage: Coverage, *, full: bool = False) -> Executable:
    """Key, code and name of the departments covered, the bureau first; those with nothing too."""
    query = select(Agency.id, Agency.code, Agency.name if full else Agency.short_name)
    if coverage.agency_id is not None:
        query = query.where(Agency.id == coverage.agency_id)
    return query.order_by(Agency.is_bureau.desc(), Agency.code)


def numbers(session: Session, query: Executable) -> Numbers:
    """{department: number} of a query that gives pairs."""
    return {key: int(number or 0) for key, number in session.execute(query)}


def _transfers(session: Session, coverage: Coverage, kind: TransferKind) -> Numbers:
    start, after = coverage.period.moments
    query = (
        select(CaseTransfer.agency_id, func.count())
        .where(CaseTransfer.kind == kind, CaseTransfer.opened_at >= start, CaseTransfer.opened_at < after)
        .where(_here(CaseTransfer, coverage))
        .group_by(CaseTransfer.agency_id)
    )
    return numbers(session, query)


def _listed(session: Session, coverage: Coverage) -> Numbers:
    """Firms that the market regulator said it has listed after a notice, by the department that gave it."""
    query = (
        select(AgencyNotice.agency_id, func.count(Visit.enterprise_id.distinct()))
        .join(ItemFinding, ItemFinding.id == AgencyNotice.finding_id)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .where(AgencyNotice.outcome == NoticeOutcome.LISTED, _here(AgencyNotice, coverage))
        .where(_during(AgencyNotice.answered_on, coverage.period))
        .group_by(AgencyNotice.agency_id)
    )
    return numbers(session, query)


def _during(day: Any, period: Period) -> ColumnElement[bool]:
    return and_(day >= period.first, day <= period.last)


def _here(record: Any, coverage: Coverage) -> ColumnElement[bool]:
    """What hangs on a finding at a firm of the district, where the report is limited to one (R11)."""
    if coverage.territory is None:
        return true()
    firm = Visit.enterprise.has(Enterprise.territory_code == coverage.territory)
    found: ColumnElement[bool] = record.finding.has(ItemFinding.visit.has(firm))
    return found
