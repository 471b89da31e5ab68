"""Joint inspection in the sample: a line that two departments agree on, and next year's plan under discussion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo.people import reviewer_of
from app.domain.vocabulary import Cooperation, PartState, VersionState
from app.models import Agency, InspectionItem, InspectionTask, ItemVersion, TargetCategory, Visit
from app.services import planning
from app.services.agencies import own_bureau
from app.services.joint import lines, offers
from app.services.joint.confirming import confirm_visit, needs_confirmation
from app.services.joint.meeting import Meeting, meetings
from app.services.joint.offers import Wanted
from app.services.joint.parts import confirm_part
from app.services.transaction import transaction

ASKED = date(2026, 11, 25)
TALKED_OVER = (
    ("成品油零售", ("A01", "A02", "A05", "A06")),
    ("二手车流通", ("A01", "A03")),
    ("单用途商业预付卡", ("A01",)),
)
"""Categories of next year's plan with the departments that have offered a line for them."""


def plan_jointly(
    plan_id: int,
    name: str,
    versions: Sequence[int],
    ppm: int,
    period: tuple[date, date],
    users: dict[str, User],
) -> int:
    """Offers of all departments concerned, a joint line led by the bureau, their consent; the line of the plan."""
    year = period[0].year
    keys = []
    for code, own in _by_department(versions).items():
        wanted = Wanted(f"{name}（{_name_of(code)}）", dict.fromkeys(own, ppm), *period)
        actor = _speaker(code, users)
        keys.append(offers.offer_line(plan_id, _key_of(code), wanted, actor, _at(date(year, 1, 8))))
    draft = lines.JointDraft(name, keys, _key_of("A01"), *period)
    joint = lines.form_joint(plan_id, draft, users["planner"], _at(date(year, 1, 8), 14))
    lines.confirm_joint(joint, users["planner"], _at(date(year, 1, 8), 15))
    for code in _by_department(versions):
        if code != "A01":
            moment = _at(date(year, 1, 9), 10)
            lines.answer(
                joint, _key_of(code), True, "同意参加，由信用监管科联系", _speaker(code, users), moment
            )
    return lines.agree(joint, users["planner"], _at(date(year, 1, 9), 16))


def confirm_taking_part(task_id: int, moment: datetime, users: dict[str, User]) -> None:
    """Every department that is asked confirms, and names a contact."""
    with transaction() as session:
        task = session.get_one(InspectionTask, task_id)
        asked = [(part.agency_id, part.agency.code) for part in task.parts if part.state == PartState.ASKED]
    for key, code in asked:
        confirm_part(
            task_id, key, f"{_name_of(code)}联络员 0431-85551{code[1:]}", _speaker(code, users), moment
        )


def confirm_wholes(task_id: int, moment: datetime, users: dict[str, User]) -> None:
    """认定 of every joint visit of which all parts are complete."""
    with transaction() as session:
        visits = session.scalars(select(Visit).where(Visit.task_id == task_id).order_by(Visit.id)).all()
        ready = [visit.id for visit in visits if needs_confirmation(visit)]
    for visit_id in ready:
        confirm_visit(visit_id, "各部门检查结果完整、属实，予以认定。", users["approver"], moment)


def talk_over_next_year(users: dict[str, User]) -> None:
    """Next year's draft: offers, one joint line about which departments are asked, one that is still to be formed."""
    with transaction() as session:
        bureau = own_bureau(session)
        key, title = bureau.id, f"{bureau.name}2027年度“双随机、一公开”抽查计划"
    plan_id = planning.create_plan(2027, title, key, users["planner"])
    for category, departments in TALKED_OVER:
        for code in departments:
            _offer(plan_id, category, code, users)
    found = _found(plan_id)
    if found:
        joint = _form(plan_id, found[0], users)
        lines.confirm_joint(joint, users["planner"], _at(ASKED, 10))
        lines.answer(joint, _key_of("A02"), True, "同意参加", users[reviewer_of("A02")], _at(ASKED, 15))
        reason = "三月有专项行动，建议改在五月以后"
        lines.answer(joint, _key_of("A05"), False, reason, users[reviewer_of("A05")], _at(ASKED, 16))


def _found(plan_id: int) -> list[Meeting]:
    with transaction() as session:
        return [each for each in meetings(session, plan_id) if len(each.offers) > 2]


def _form(plan_id: int, meeting: Meeting, users: dict[str, User]) -> int:
    draft = lines.JointDraft(
        name="成品油零售部门联合抽查",
        offers=[offer.id for offer in meeting.offers],
        lead_agency_id=meeting.lead.id,
        starts_on=meeting.starts_on,
        ends_on=meeting.ends_on,
        cooperation=Cooperation.CROSS_DEPARTMENT,
    )
    return lines.form_joint(plan_id, draft, users["planner"], _at(ASKED, 9))


def _offer(plan_id: int, category: str, code: str, users: dict[str, User]) -> None:
    with transaction() as session:
        query = (
            select(ItemVersion.id, ItemVersion.minimum_ppm)
            .join(InspectionItem)
            .join(Agency, Agency.id == InspectionItem.agency_id)
            .join(TargetCategory, TargetCategory.id == ItemVersion.category_id)
            .where(
                Agency.code == code,
                TargetCategory.name == category,
                ItemVersion.state == VersionState.PUBLISHED,
            )
            .order_by(InspectionItem.code)
        )
        items = {key: max(ppm, 50_000) for key, ppm in session.execute(query)}
    if items:
        wanted = Wanted(f"{category}抽查", items, date(2027, 3, 1), date(2027, 5, 28))
        offers.offer_line(plan_id, _key_of(code), wanted, _speaker(code, users), _at(ASKED))


def _by_department(versions: Sequence[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    with transaction() as session:
        for key in versions:
            found[session.get_one(ItemVersion, key).item.agency.code].append(key)
    return dict(sorted(found.items()))


def _speaker(code: str, users: dict[str, User]) -> User:
    return users["planner"] if code == "A01" else users[reviewer_of(code)]


def _key_of(code: str) -> int:
    with transaction() as session:
        return session.scalars(select(Agency.id).where(Agency.code == code)).one()


def _name_of(code: str) -> str:
    with transaction() as session:
        return session.scalars(select(Agency.short_name).where(Agency.code == code)).one()


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=8)
