"""F6b, F6c and F8: what was inspected by the day on which it was done, by department."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import Session

from app.domain.measures import FormRow, Share, Table
from app.domain.policy import PPM
from app.domain.vocabulary import (
    PROBLEM_RESULTS,
    CheckMethod,
    SpecialOrigin,
    TaskKind,
    TaskSource,
    VersionState,
    VisitState,
)
from app.models import (
    CategoryMembership,
    Enterprise,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionItem,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    ItemVersion,
    PenaltyCase,
    PlanLine,
    PlanLineItem,
    SpecialInspection,
    TaskTrigger,
    Visit,
)
from app.services.statistics import casework
from app.services.statistics.expressions import flag, newest_version
from app.services.statistics.facts import NOT_CHECKED, Coverage, kept
from app.services.statistics.progress import inspectors
from app.services.statistics.sections import STANDING_PLANS

STEPS = (
    "ordinary",
    "triggered",
    "special",
    "superior",
    "on_site",
    "off_site",
    "random",
    "complaint",
    "joint",
    "problem",
)


def inspections(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """行政检查实施情况 (F6c): every kind of check by the day it was done; a joint one counts in each department."""
    found, nothing = _checks(session, coverage, base), _check_values(0, 0, 0, dict.fromkeys(STEPS, 0))
    return Table(
        [
            FormRow(code, name, found.get(key, nothing))
            for key, code, name in session.execute(casework.departments(coverage, full=True))
        ]
    )


def enforcement(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """行政执法总体情况 (F6b): counted where records tell it, declared where they do not (R79)."""
    period = coverage.period
    said, found = casework.declared_values(session, coverage), _checks(session, coverage, base)
    done, before = (casework.plan_lines_drawn(session, each) for each in (period, period.year_before))
    counted = {
        "inspectors": inspectors(session),
        "reviewed": casework.cases(session, PenaltyCase.reviewed_on, coverage),
        "plans": casework.plan_lines(session, period.year),
        "plans_done": done,
        "plans_before": before,
        "plans_change": {key: done.get(key, 0) - before.get(key, 0) for key in {*done, *before}},
        "decided": casework.cases(session, PenaltyCase.decided_on, coverage),
        "filed": casework.plans_filed(session, period.year),
    }
    rows = []
    for key, code, name in session.execute(casework.departments(coverage, full=True)):
        values = {what: numbers.get(key, 0) for what, numbers in counted.items()}
        made = found.get(key, {})
        frequency = Share(made.get("total", 0), made.get("firms", 0)).value
        rows.append(FormRow(code, name, {**said[key], **values, "frequency": frequency}))
    return Table(rows)


def _checks(session: Session, coverage: Coverage, base: Subquery) -> dict[int, dict[str, Any]]:
    return kept(base, "checks", lambda: checks(session, coverage))


def checks(session: Session, coverage: Coverage) -> dict[int, dict[str, Any]]:
    """The figures of F6c by department, in 次: a visit of which something was checked (R37, R80)."""
    firms = _firms(_units(coverage))
    steps = [func.sum(firms.c[step]) for step in STEPS]
    query = select(
        firms.c.agency_id, func.sum(firms.c.times), func.count(), func.max(firms.c.times), *steps
    ).group_by(firms.c.agency_id)
    found = {}
    for agency_id, total, number, most, *values in session.execute(query):
        steps_of = {step: int(value or 0) for step, value in zip(STEPS, values, strict=True)}
        found[agency_id] = _check_values(int(total), number, most, steps_of)
    return found


def _check_values(total: int, firms: int, most: int, steps: Mapping[str, int]) -> dict[str, Any]:
    rate = Share(steps["problem"], total).value
    return {**steps, "total": total, "firms": firms, "most": most, "problem_rate": rate}


def _firms(units: Subquery) -> Subquery:
    """One row for each firm and department, with the number of its units and of those at each step."""
    return (
        select(
            units.c.agency_id,
            func.count().label("times"),
            *(func.sum(units.c[step]).label(step) for step in STEPS),
        )
        .group_by(units.c.agency_id, units.c.enterprise_id)
        .subquery("firms")
    )


def _units(coverage: Coverage) -> Subquery:
    """One row for each visit and department with a record, with its 0/1 steps."""
    lines = _checked_findings(coverage).subquery("checked")
    on_site = func.max(lines.c.on_site)
    return (
        select(
            lines.c.agency_id,
            lines.c.enterprise_id,
            *(func.max(lines.c[step]).label(step) for step in STEPS if step in lines.c),
            on_site.label("entered"),
            flag(func.coalesce(on_site, 1) == 0).label("off_site"),
        )
        .group_by(lines.c.visit_id, lines.c.agency_id, lines.c.enterprise_id)
        .subquery("units")
    )


def _checked_findings(coverage: Coverage) -> Any:
    drawn = InspectionTask.kind.in_((TaskKind.RANDOM, TaskKind.EXTERNAL))
    special = InspectionTask.kind == TaskKind.SPECIAL
    period = coverage.period
    query = (
        select(
            Visit.id.label("visit_id"),
            ItemFinding.agency_id,
            Visit.enterprise_id,
            flag(drawn).label("ordinary"),
            flag(drawn).label("random"),
            flag(InspectionTask.kind == TaskKind.TRIGGERED).label("triggered"),
            flag(special).label("special"),
            flag(and_(special, SpecialInspection.origin == SpecialOrigin.SUPERIOR)).label("superior"),
            flag(TaskTrigger.source == TaskSource.COMPLAINT).label("complaint"),
            flag(InspectionTask.is_joint).label("joint"),
            _code_of(FindingMethod, (CheckMethod.ON_SITE,)).label("on_site"),
            _code_of(FindingResult, sorted(PROBLEM_RESULTS)).label("problem"),
        )
        .select_from(ItemFinding)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(
            FindingRecord,
            and_(FindingRecord.finding_id == ItemFinding.id, FindingRecord.version == newest_version()),
        )
        .outerjoin(SpecialInspection, SpecialInspection.id == InspectionTask.special_id)
        .outerjoin(TaskTrigger, TaskTrigger.task_id == InspectionTask.id)
        .where(
            Visit.state != VisitState.CANCELLED,
            Visit.done_on >= period.first,
            Visit.done_on <= period.last,
            ItemFinding.state.not_in(NOT_CHECKED),
        )
    )
    if coverage.agency_id is not None:
        query = query.where(ItemFinding.agency_id == coverage.agency_id)
    return (
        query if coverage.territory is None else query.where(Enterprise.territory_code == coverage.territory)
    )


def _code_of(table: type[FindingMethod] | type[FindingResult], codes: Any) -> Any:
    """1 when the record names one of the codes, 0 when it names others only, NULL when it names none."""
    return (
        select(func.max(flag(table.code.in_(codes))))
        .where(table.record_id == FindingRecord.id)
        .scalar_subquery()
    )


def building(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """制度建设 (F8): one row for each item of a department, one with a blank item where it has none."""
    year = coverage.period.year
    items: dict[int, list[ItemVersion]] = defaultdict(list)
    for version in session.scalars(_published(coverage)):
        items[version.item.agency_id].append(version)
    facts = _ItemFacts(session, base, year)
    said = casework.declared_values(session, coverage)
    people = inspectors(session)
    rows: list[FormRow] = []
    for key, code, name in session.execute(casework.departments(coverage, full=True)):
        own = {
            "scheme": said[key]["scheme"],
            "publicity": said[key]["publicity"],
            "rules": said[key]["rules"],
            "has_list": bool(items.get(key)),
        }
        rows += [FormRow(code, name, own | each) for each in facts.of(items.get(key, []), key in people)]
    return Table(rows)


def _published(coverage: Coverage) -> Any:
    query = (
        select(ItemVersion)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .where(ItemVersion.state == VersionState.PUBLISHED)
        .order_by(InspectionItem.code)
    )
    return (
        query if coverage.agency_id is None else query.where(InspectionItem.agency_id == coverage.agency_id)
    )


class _ItemFacts:
    """What F8 says of an item: whether it has its rosters, what was planned last year and done in this one."""

    def __init__(self, session: Session, base: Subquery, year: int) -> None:
        self.categories = set(session.scalars(select(CategoryMembership.category_id).distinct()))
        self.before, self.now = _planned(session, year - 1), _planned(session, year)
        query = select(base.c.item_id, func.count(), func.count(base.c.draw_id.distinct())).group_by(
            base.c.item_id
        )
        self.drawn = {key: (number, draws) for key, number, draws in session.execute(query)}

    def of(self, versions: list[ItemVersion], has_people: bool) -> Iterator[dict[str, Any]]:
        if not versions:
            yield {"item_code": "", "item": "", "has_rosters": None, "before": "", "now": ""}
        for version in versions:
            key = version.item_id
            yield {
                "item_code": version.item.code,
                "item": version.name,
                "has_rosters": version.category_id in self.categories and has_people,
                "before": self._before(key, version.yearly_frequency),
                "now": self._now(key),
            }

    def _before(self, item_id: int, frequency: int) -> str:
        if item_id not in self.before:
            return "未列入上年计划"
        return f"{100 * self.before[item_id][0] / PPM:.4g}%；{frequency}次/年"

    def _now(self, item_id: int) -> str:
        drawn, draws = self.drawn.get(item_id, (0, 0))
        pool = self.now.get(item_id, (0, 0))[1]
        return f"{100 * drawn / pool:.3g}%；{draws}次" if pool else f"{draws}次"


def _planned(session: Session, year: int) -> dict[int, tuple[int, int]]:
    """(ratio in ppm, base) planned for an item in a year; the highest ratio where several lines name it."""
    query = (
        select(ItemVersion.item_id, func.max(PlanLineItem.ppm), func.max(PlanLineItem.base_count))
        .join(PlanLineItem, PlanLineItem.version_id == ItemVersion.id)
        .join(PlanLine, PlanLine.id == PlanLineItem.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .where(InspectionPlan.year == year, InspectionPlan.state.in_(STANDING_PLANS))
        .group_by(ItemVersion.item_id)
    )
    return {key: (ppm, base) for key, ppm, base in session.execute(query)}
