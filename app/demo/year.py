"""One year of random inspection by the service functions, from the plan to the disclosed results."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo import joint
from app.demo.approvals import clear_entries, enter
from app.demo.evidence import furnish
from app.demo.findings import invent
from app.demo.follow_up import follow_up
from app.demo.people import reviewer_of
from app.domain.matching.solve import CannotBeStaffed
from app.domain.vocabulary import Stratification, TaskState, VersionState, VisitState
from app.models import InspectionItem, InspectionTask, ItemFinding, ItemVersion, TargetCategory, Visit
from app.services import drawing, freezing, items, matching, planning, tasks, visits
from app.services.agencies import own_bureau
from app.services.planning import pool_size
from app.services.transaction import transaction

YEAR = 2026


@dataclass(frozen=True, slots=True)
class Line:
    """A plan line of the demonstration: a category, a period, how it is divided, how far the work goes."""

    category: str
    starts_on: date
    ends_on: date
    ppm: int
    stratification: Stratification = Stratification.ATTENTION
    partner: str = ""
    until: TaskState = TaskState.ARCHIVED


LINES = (
    Line("汽车销售", date(YEAR, 3, 2), date(YEAR, 4, 30), 50_000),
    Line("成品油零售", date(YEAR, 4, 7), date(YEAR, 5, 29), 100_000, partner="市场监督管理局"),
    Line("拍卖", date(YEAR, 5, 6), date(YEAR, 6, 30), 100_000, Stratification.NONE),
    Line("二手车流通", date(YEAR, 6, 1), date(YEAR, 7, 31), 200_000),
    Line("报废机动车回收", date(YEAR, 7, 1), date(YEAR, 8, 31), 300_000, Stratification.NONE),
    Line("单用途商业预付卡", date(YEAR, 8, 3), date(YEAR, 9, 30), 50_000, Stratification.RISK),
    Line(
        "再生资源回收",
        date(YEAR, 9, 1),
        date(YEAR, 10, 30),
        50_000,
        Stratification.DISTRICT,
        until=TaskState.RESULTS_DISCLOSED,
    ),
    Line("家庭服务", date(YEAR, 11, 2), date(YEAR, 12, 11), 50_000, until=TaskState.UNDER_REVIEW),
    Line("洗染", date(YEAR, 11, 2), date(YEAR, 12, 11), 100_000, until=TaskState.INSPECTING),
    Line("家电维修", date(YEAR, 11, 2), date(YEAR, 12, 11), 50_000, until=TaskState.FROZEN),
)

GUESSED_LINES = (
    Line("汽车销售", date(YEAR, 3, 2), date(YEAR, 4, 30), 50_000, Stratification.NONE),
    Line(
        "成品油零售",
        date(YEAR, 4, 7),
        date(YEAR, 5, 29),
        100_000,
        Stratification.DISTRICT,
        partner="市场监督管理局",
    ),
    Line("拍卖", date(YEAR, 5, 6), date(YEAR, 6, 30), 100_000, Stratification.NONE),
    Line("二手车流通", date(YEAR, 6, 1), date(YEAR, 7, 31), 200_000, Stratification.NONE),
    Line("报废机动车回收", date(YEAR, 7, 1), date(YEAR, 8, 31), 300_000, Stratification.NONE),
    Line("再生资源回收", date(YEAR, 8, 3), date(YEAR, 9, 30), 50_000, Stratification.NONE),
    Line("单用途商业预付卡", date(YEAR, 8, 3), date(YEAR, 9, 30), 50_000, Stratification.NONE),
    Line("家庭服务", date(YEAR, 9, 1), date(YEAR, 10, 30), 50_000, Stratification.NONE),
    Line("商业特许经营", date(YEAR, 9, 1), date(YEAR, 10, 30), 50_000, Stratification.DISTRICT),
    Line("对外劳务合作", date(YEAR, 9, 1), date(YEAR, 10, 30), 50_000, Stratification.NONE),
)
"""For a roster whose categories are guessed or found by rule: no listings, no risk classes are known."""


def run_year(
    users: dict[str, User], lines: Sequence[Line] = LINES, *, accepts_guesses: bool = False
) -> list[int]:
    """Publish the list, make the plan, and take every line as far as it says; the keys of the tasks."""
    ask_for_materials()
    items.publish_all_drafts(users["clerk"], at(date(YEAR, 1, 8)))
    items.disclose_list(users["clerk"], at(date(YEAR, 1, 8)))
    made = make_plan(users, lines, accepts_guesses=accepts_guesses)
    for task_id, line in made:
        carry_out(task_id, line, users)
    return [task_id for task_id, _ in made]


def ask_for_materials() -> None:
    """What an enterprise prepares, in every draft before it is published."""
    with transaction() as session:
        for version in session.scalars(select(ItemVersion).where(ItemVersion.state == VersionState.DRAFT)):
            version.materials = "营业执照副本\n与本事项有关的许可、备案文件\n近一年的经营台账和票据"


def make_plan(
    users: dict[str, User], lines: Sequence[Line], *, accepts_guesses: bool
) -> list[tuple[int, Line]]:
    """The annual plan through approval, filing and disclosure, and one task a line."""
    with transaction() as session:
        bureau = own_bureau(session)
        bureau_id, title = bureau.id, f"{bureau.name}{YEAR}年度“双随机、一公开”抽查计划"
    plan_id = planning.create_plan(YEAR, title, bureau_id, users["planner"])
    kept = []
    for line in lines:
        versions = versions_for(line, accepts_guesses)
        name = f"{line.category}{'部门联合' if line.partner else ''}抽查"
        if versions and line.partner and not accepts_guesses:
            period = (line.starts_on, line.ends_on)
            kept.append((joint.plan_jointly(plan_id, name, versions, line.ppm, period, users), line))
        elif versions:
            line_id = planning.add_line(
                plan_id,
                name,
                dict.fromkeys(versions, line.ppm),
                users["planner"],
                lead_agency_id=bureau_id,
                starts_on=line.starts_on,
                ends_on=line.ends_on,
                stratification=line.stratification,
                accepts_guesses=accepts_guesses,
            )
            kept.append((line_id, line))
    planning.submit_plan(plan_id, users["planner"])
    planning.approve_plan(plan_id, users["approver"], at(date(YEAR, 1, 12)))
    planning.file_plan(plan_id, f"长司备〔{YEAR}〕12号", users["approver"], at(date(YEAR, 1, 15)))
    planning.disclose_plan(plan_id, users["planner"], at(date(YEAR, 1, 20)))
    return [
        (tasks.create_task(line_id, users["planner"], at(line.starts_on - timedelta(days=12))), line)
        for line_id, line in kept
    ]


def versions_for(line: Line, accepts_guesses: bool) -> list[int]:
    """Published versions that draw from the category; of its partner agency too for a joint line."""
    with transaction() as session:
        category = session.scalar(select(TargetCategory).where(TargetCategory.name == line.category))
        if category is None or not pool_size(session, category.id, accepts_guesses):
            return []
        found = session.scalars(
            select(ItemVersion)
            .join(InspectionItem)
            .where(ItemVersion.category_id == category.id, ItemVersion.state == VersionState.PUBLISHED)
            .order_by(InspectionItem.code)
        )
        return [
            version.id
            for version in found
            if version.item.agency.is_bureau or version.item.agency.short_name == line.partner
        ]


def carry_out(task_id: int, line: Line, users: dict[str, User]) -> None:
    """Take one task through its steps as far as the line says."""
    planner, witness = users["planner"], users["auditor"]
    day = line.starts_on - timedelta(days=10)
    joint.confirm_taking_part(task_id, at(day, 9), users)
    freezing.freeze_roster_of(task_id, planner, witness, at(day, 10), seeds=[("dice-d10", "ceremony")])
    if line.until == TaskState.FROZEN:
        return
    throw = {("dice-d10", "ceremony"): dice(f"{YEAR}/{line.category}")}
    drawing.enter_seed(task_id, throw, planner, witness, at(day, 11), "样例：见证人现场掷二十枚十面骰子")
    drawing.run_draw(task_id, planner, witness, at(day, 11))
    match(task_id, planner, at(day, 12))
    matching.disclose_draw(task_id, planner, at(day, 15))
    clear_entries(task_id, at(day + timedelta(days=2)), users)
    inspect(task_id, line, users)


def match(task_id: int, planner: User, moment: datetime) -> None:
    """Match the inspectors; where they do not suffice, take the cheapest remedies, as the clerk would."""
    try:
        matching.match_inspectors(task_id, planner, moment)
    except CannotBeStaffed:
        matching.match_inspectors(task_id, planner, moment, matching.propose_remedies(task_id))


def inspect(task_id: int, line: Line, users: dict[str, User]) -> None:
    """Record the visits, and as far as the line says review, disclose and archive them."""
    with transaction() as session:
        found = session.scalars(select(Visit.id).where(Visit.task_id == task_id).order_by(Visit.id)).all()
    half = line.until == TaskState.INSPECTING
    for visit_id in found[: len(found) // 2] if half else found:
        record_visit(visit_id, users)
    if line.until in (TaskState.RESULTS_DISCLOSED, TaskState.ARCHIVED):
        for place, visit_id in enumerate(found):
            settle(visit_id, users, late=place % 12 == 11)
        joint.confirm_wholes(task_id, at(line.ends_on, 16), users)
        follow_up(task_id, users, until_closed=line.until == TaskState.ARCHIVED)
    if line.until == TaskState.ARCHIVED:
        tasks.archive_task(task_id, users["planner"])


def settle(visit_id: int, users: dict[str, User], *, late: bool) -> None:
    """Review a visit and disclose it within the 20 working days, or now and then after them."""
    with transaction() as session:
        day = session.get_one(Visit, visit_id).planned_on
    review(visit_id, users, at(day + timedelta(days=5)))
    visits.disclose_visit(visit_id, users["approver"], at(day + timedelta(days=45 if late else 12)))


def record_visit(visit_id: int, users: dict[str, User]) -> None:
    """Every agency's lead member records its own items; the lead of the visit hands it in."""
    with transaction() as session:
        visit = session.get_one(Visit, visit_id)
        day = visit.planned_on
        entries = [
            (finding.id, _recorder(visit, finding), invent(finding, day)) for finding in visit.findings
        ]
        lead = visit.team[0].inspector.staff_no.lower()
    enter(visit_id, day, users[lead])
    for finding_id, staff_no, entry in entries:
        visits.record_finding(finding_id, entry, users[staff_no], at(day, 16))
    furnish(visit_id, users[lead], at(day, 17))
    visits.submit_visit(visit_id, users[lead])


def review(visit_id: int, users: dict[str, User], moment: datetime) -> None:
    """Every agency reviews its own findings."""
    with transaction() as session:
        visit = session.get_one(Visit, visit_id)
        if visit.state != VisitState.UNDER_REVIEW:
            return
        entries = [(finding.id, finding.agency.code, finding.agency.is_bureau) for finding in visit.findings]
    for finding_id, code, is_bureau in entries:
        reviewer = users["approver"] if is_bureau else users[reviewer_of(code)]
        visits.review_finding(finding_id, reviewer, moment)


def dice(text: str) -> str:
    """Twenty digits for a sample ceremony; a real one throws real dice before the witness."""
    return "".join(str(byte % 10) for byte in hashlib.sha256(text.encode()).digest()[:20])


def at(day: date, hour: int = 9) -> datetime:
    """A moment of the sample year in Changchun's time zone."""
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=8)


def drawn_tasks(task_ids: Sequence[int]) -> list[InspectionTask]:
    """Those of the tasks whose draw has been computed."""
    with transaction() as session:
        found = session.scalars(select(InspectionTask).where(InspectionTask.id.in_(task_ids))).all()
        return [
            task for task in found if task.state not in (TaskState.DRAFT, TaskState.FROZEN, TaskState.SEEDED)
        ]


def _recorder(visit: Visit, finding: ItemFinding) -> str:
    own = next(member for member in visit.team if member.inspector.agency_id == finding.agency_id)
    return own.inspector.staff_no.lower()
