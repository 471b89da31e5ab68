"""统计: every figure is computed once, from rows, through app.domain.measures (R77–R80)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.measures import REPORT_SECTIONS, Period, ReportData, Table
from app.services.statistics import sections as groups
from app.services.statistics.casework import penalties
from app.services.statistics.conduct import building, enforcement, inspections
from app.services.statistics.counted import counted_rows
from app.services.statistics.documents import drawn_list, enterprise_form
from app.services.statistics.facts import Coverage, facts, gathered
from app.services.statistics.findings import findings, results
from app.services.statistics.joint import joint_figures
from app.services.statistics.lists import checklist, drawn
from app.services.statistics.plans import plan, tasks
from app.services.statistics.progress import progress

__all__ = [
    "Coverage",
    "ReportUnknown",
    "counted_rows",
    "drawn_list",
    "enterprise_form",
    "facts",
    "joint_figures",
    "rows_for",
]

SECTIONS: Mapping[str, Callable[[Session, Coverage, Subquery], Table]] = {
    "work": groups.work,
    "agencies": groups.agencies,
    "districts": groups.districts,
    "items": groups.items,
    "categories": groups.categories,
    "industries": groups.industries,
    "risks": groups.risks,
    "methods": groups.methods,
    "progress": progress,
    "summary": progress,
    "plan": plan,
    "filing": plan,
    "announcement": tasks,
    "drawn": drawn,
    "checklist": checklist,
    "results": results,
    "penalties": penalties,
    "enforcement": enforcement,
    "inspections": inspections,
    "building": building,
    "tasks": tasks,
    "findings": findings,
}


WITHOUT_FACTS = frozenset(
    {"findings", "results", "drawn", "checklist", "penalties", "enforcement", "inspections"}
)
"""Sections that read what they show by a query of their own, most of them in a stream."""


class ReportUnknown(DomainError):
    """There is no report of that name."""

    code = "report_unknown"


def rows_for(
    session: Session,
    name: str,
    period: Period,
    today: date,
    *,
    agency_id: int | None = None,
    territory: str | None = None,
) -> ReportData:
    """The tables of one report over one period, as the records stand now. Raises ReportUnknown.

    `today` decides which disclosure deadlines have passed; `agency_id` limits everything to the items of
    one department, `territory` to the firms of one district. Tables of details are read while the workbook
    is written, in the same session.
    """
    if name not in REPORT_SECTIONS:
        raise ReportUnknown(name=name)
    coverage = Coverage(period, today, agency_id, territory)
    sections = REPORT_SECTIONS[name]
    if set(sections) <= WITHOUT_FACTS:
        nothing = facts(coverage)  # a query that none of them runs
        return ReportData(
            name, period, {each: SECTIONS[each](session, coverage, nothing) for each in sections}
        )
    with gathered(session, coverage) as base:
        tables = {each: SECTIONS[each](session, coverage, base) for each in sections}
    return ReportData(name, period, tables)
