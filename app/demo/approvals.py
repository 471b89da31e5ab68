"""What stands before the visits of the sample year: applications and the approvals of the heads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo.people import reviewer_of
from app.domain.entry import Application, NotMergeable
from app.domain.vocabulary import DeliveryWay, MergeDecision, VisitState
from app.models import Agency, ItemFinding, Visit
from app.services import applying, approving, entering, notices
from app.services.notices import Contact, Delivery
from app.services.transaction import transaction

APPLICATION = Application(
    on_site_reason="须查验经营场所和台账原件",
    scheme="出示证件，一次性告知；按检查要点逐项查验，当场记录并由企业确认。",
    opinion="已列入年度计划并完成抽取公示，拟同意。",
)
CONTACT = Contact("市场秩序科", "0431-85550000", "0431-12345")
SEPARATE = replace(APPLICATION, merge=MergeDecision.SEPARATE, merge_reason="两个任务的检查期限没有共同的日期")


def clear_entries(task_id: int, moment: datetime, users: dict[str, User]) -> None:
    """Apply for every visit of a task, merge where another is open, and let every head approve."""
    applying.apply_for_task(task_id, APPLICATION, users["planner"], moment)
    for visit_id in _undecided(task_id):
        _decide_merge(visit_id, users["planner"], moment)
    for username in _heads(task_id):
        approving.approve_many(task_id, "同意检查。", users[username], moment)
    _notify(task_id, moment + timedelta(hours=2), users["planner"])


def enter(visit_id: int, day: date, member: User) -> None:
    """The team shows its certificates and scans the filing on the morning of the check."""
    morning = datetime.combine(day, time(1), UTC)
    entering.scan_entry(visit_id, "执法终端 07", morning, member, morning)


def _notify(task_id: int, moment: datetime, planner: User) -> None:
    """File every approved visit, issue its notice and hand it over."""
    with transaction() as session:
        visits = session.scalars(select(Visit).where(Visit.task_id == task_id).order_by(Visit.id)).all()
        numbers = {visit.number: f"长检备〔{moment.year}〕{visit.id:05d}号" for visit in visits}
    entering.file_visits(task_id, numbers, planner, moment)
    for notice_id in notices.issue_notices(task_id, CONTACT, planner, moment).done:
        notices.deliver_notice(notice_id, Delivery(DeliveryWay.DIRECT, moment, "企业负责人"), planner, moment)


def _undecided(task_id: int) -> list[int]:
    with transaction() as session:
        query = select(Visit).where(Visit.task_id == task_id, Visit.state == VisitState.PLANNED)
        return [visit.id for visit in session.scalars(query) if not visit.approvals]


def _decide_merge(visit_id: int, planner: User, moment: datetime) -> None:
    """Merge with the first other visit; keep separate where the days do not meet."""
    with transaction() as session:
        others = applying.other_visits(session, session.get_one(Visit, visit_id))
    first = next((other.visit_id for other in others if other.visit_id), None)
    merged = replace(APPLICATION, merge=MergeDecision.MERGED, merge_with=first)
    try:
        applying.apply_for(visit_id, merged if first else SEPARATE, planner, moment)
    except NotMergeable:
        applying.apply_for(visit_id, SEPARATE, planner, moment)


def _heads(task_id: int) -> list[str]:
    with transaction() as session:
        query = (
            select(Agency)
            .join(ItemFinding, ItemFinding.agency_id == Agency.id)
            .join(Visit, Visit.id == ItemFinding.visit_id)
            .where(Visit.task_id == task_id)
            .distinct()
        )
        return [
            "approver" if agency.is_bureau else reviewer_of(agency.code) for agency in session.scalars(query)
        ]
