"""一企一表明细: every item of every drawn enterprise as one line, in a stream."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, String, Subquery, select, type_coerce
from sqlalchemy.orm import Session

from app.domain.measures import FindingLine, Table
from app.domain.vocabulary import FindingState, Scope
from app.models import (
    Agency,
    Enterprise,
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionPlan,
    InspectionTask,
    Inspector,
    ItemFinding,
    ItemVersion,
    PlanLine,
    Region,
    Visit,
    VisitMember,
)
from app.services.statistics.facts import Coverage, listed

BATCH = 4000
DENSE = 2
"""So many times the keys wanted a stretch of keys may be long."""
Texts = dict[int, str]
STATES = {term.value: term.label for term in FindingState}
SCOPES = {term.value: term.label for term in Scope}


def findings(session: Session, coverage: Coverage, _base: Subquery) -> Table:
    """Lines by task, visit and item; read in batches later on, so that any number passes through memory."""
    return Table(_lines(session, _query(listed(coverage))))


def results(session: Session, coverage: Coverage, _base: Subquery) -> Table:
    """结果公示表 (F5): the same lines, those only whose result is disclosed and not withdrawn (R54, R57)."""
    return Table(_lines(session, _query(listed(coverage, only_disclosed=True))))


def _lines(session: Session, query: Select[Any]) -> Iterator[FindingLine]:
    stream = query.execution_options(yield_per=BATCH)
    with session.connection().execute(stream) as result:
        for rows in result.partitions():
            records = {row[0] for row in rows if row[0]}
            methods = _labels(session, FindingMethod, records)
            results = _labels(session, FindingResult, records)
            disposals = _labels(session, FindingDisposal, records)
            teams = _teams(session, {row[1] for row in rows if row[1]})
            for row in rows:
                yield _line(row, methods, results, disposals, teams)


def _query(base: Subquery) -> Select[Any]:
    return (
        select(
            base.c.record_id,
            base.c.visit_id,
            InspectionTask.number.label("task_number"),
            InspectionTask.name.label("task_name"),
            InspectionTask.external_plan_no,
            InspectionPlan.filing_no,
            InspectionPlan.title.label("plan_title"),
            _stored(PlanLine.scope),
            Visit.number.label("visit_number"),
            Enterprise.name.label("enterprise"),
            Enterprise.identifier,
            Region.name.label("district"),
            Agency.short_name.label("agency"),
            ItemVersion.name.label("item"),
            ItemVersion.content,
            FindingRecord.problem,
            FindingRecord.checked_on,
            _stored(ItemFinding.state),
            ItemFinding.closed_on,
        )
        .join(InspectionTask, InspectionTask.id == base.c.task_id)
        .outerjoin(PlanLine, PlanLine.id == base.c.line_id)
        .outerjoin(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .join(Enterprise, Enterprise.id == base.c.enterprise_id)
        .join(Agency, Agency.id == base.c.agency_id)
        .join(ItemVersion, ItemVersion.id == base.c.version_id)
        .outerjoin(Region, Region.code == Enterprise.territory_code)
        .outerjoin(Visit, Visit.id == base.c.visit_id)
        .outerjoin(ItemFinding, ItemFinding.id == base.c.finding_id)
        .outerjoin(FindingRecord, FindingRecord.id == base.c.record_id)
        .order_by(InspectionTask.id, Enterprise.identifier, base.c.target_id)
    )


def _line(row: Sequence[Any], methods: Texts, results: Texts, disposals: Texts, teams: Texts) -> FindingLine:
    """Unpacked at once: to ask a row for a column by its name costs more than to read the column."""
    (record_id, visit_id, task_number, task_name, external_plan_no, filing_no, plan_title, scope) = row[:8]
    (visit_number, enterprise, identifier, district, agency, item, content) = row[8:15]
    (problem, checked_on, state, closed_on) = row[15:]
    return FindingLine(
        task_number=task_number,
        visit_number=visit_number or "",
        enterprise=enterprise,
        identifier=identifier,
        district=district or "",
        agency=agency,
        item=item,
        content=content,
        methods=methods.get(record_id, ""),
        results=results.get(record_id, ""),
        problem=problem or "",
        disposals=disposals.get(record_id, ""),
        checked_on=checked_on,
        team=teams.get(visit_id, ""),
        state=STATES[state or FindingState.UNCHECKED],
        closed_on=closed_on,
        filing_no=external_plan_no or filing_no or "",
        plan_title=plan_title or "",
        task_name=task_name,
        scope=SCOPES[scope or Scope.TARGETED],
    )


def _labels(
    session: Session,
    table: type[FindingMethod] | type[FindingResult] | type[FindingDisposal],
    records: Collection[int],
) -> Texts:
    """The words of the codes of each record; most records share theirs with many others."""
    code = table.__table__.c.code
    words = {term.value: term.label for term in code.type.vocabulary}
    query = select(table.record_id, _stored(code)).where(_among(table.record_id, records))
    return _joined(session, query.order_by(table.record_id, code), words.__getitem__)


def _stored(code: Any) -> ColumnElement[str]:
    """The code as it is stored: looking each one up in its vocabulary costs more than reading it."""
    return type_coerce(code, String)


def _among(column: Any, keys: Collection[int]) -> ColumnElement[bool]:
    """One walk over a stretch of keys where most of it is wanted, as within a task; else key by key."""
    least, most = min(keys, default=0), max(keys, default=0)
    dense = most - least < DENSE * len(keys)
    found: ColumnElement[bool] = column.between(least, most) if dense else column.in_(keys)
    return found


def _teams(session: Session, visits: Collection[int]) -> Texts:
    """Names of the standing team, lead first."""
    query = (
        select(VisitMember.visit_id, Inspector.name)
        .join(Inspector, Inspector.id == VisitMember.inspector_id)
        .where(_among(VisitMember.visit_id, visits), VisitMember.left_at.is_(None))
        .order_by(VisitMember.visit_id, VisitMember.is_lead.desc(), VisitMember.id)
    )
    return _joined(session, query, str)


def _joined(session: Session, query: Executable, shown: Callable[[Any], str]) -> Texts:
    found: Texts = {}
    for key, value in session.connection().execute(query).all():
        before = found.get(key)
        found[key] = shown(value) if before is None else f"{before}、{shown(value)}"
    return found
