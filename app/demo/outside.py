"""Checks outside the draw of the sample year: a complaint, an urgent report, a special inspection, other entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo.approvals import APPLICATION, CONTACT
from app.domain.undrawn import Trigger
from app.domain.vocabulary import (
    EntityStatus,
    EntryKind,
    SpecialApprover,
    SpecialOrigin,
    TaskSource,
    VersionState,
)
from app.models import CategoryMembership, Enterprise, ItemVersion, TargetCategory, Visit
from app.services import applying, approving, entry_register, notices, special, triggering, undrawn
from app.services.agencies import own_bureau
from app.services.special import Chosen, Draft
from app.services.transaction import transaction

CATEGORY = "成品油零售"
OPENED = date(2026, 11, 23)


def check_outside(users: dict[str, User]) -> None:
    """Four triggered checks in four stages, one special inspection, caps and an observation."""
    versions, firms = _choice()
    if not versions or len(firms) < 6:
        return
    planner, head = users["planner"], users["approver"]
    with transaction() as session:
        bureau = own_bureau(session).id
    entry_register.set_cap(bureau, 2026, 2, "长春市商务局2026年度行政检查频次上限公告（样例）", planner)
    _observe(firms[5], bureau, planner)
    waiting = _open(firms[0], versions, "投诉加油机计量不准，12315转来", TaskSource.COMPLAINT, planner)
    applying.apply_for(waiting, APPLICATION, planner, _at(OPENED, 10))
    ready = _open(firms[1], versions, "市应急局移交：油罐区标识缺失", TaskSource.TRANSFER, planner)
    for key in applying.apply_for(ready, APPLICATION, planner, _at(OPENED, 10)):
        approving.approve(key, "同意检查。", head, _at(OPENED, 11))
    notices.issue_notice(ready, CONTACT, planner, _at(OPENED, 12))
    urgent = _open(firms[2], versions, "巡查发现疑似渗漏", TaskSource.MONITORING, planner)
    member = _lead_of(urgent, users)
    applying.report_urgent(urgent, "油罐区疑似渗漏，须立即检查", "分管副局长", member, _at(OPENED, 14))
    _special(versions, firms[3:5], users)


def _open(firm: int, versions: list[int], reason: str, source: TaskSource, planner: User) -> int:
    trigger = Trigger(source, reason, OPENED, f"样例来文〔2026〕{firm % 90 + 10}号")
    day = OPENED + timedelta(days=8)
    team = _team(firm, versions, day)
    return triggering.open_check(
        firm, versions[:1], team, trigger, day, OPENED + timedelta(days=30), planner, _at(OPENED, 9)
    )


def _special(versions: list[int], firms: list[int], users: dict[str, User]) -> None:
    draft = Draft(
        "成品油零售市场秩序专项检查",
        SpecialOrigin.SUPERIOR,
        "省商务厅部署冬季成品油市场秩序整治",
        2,
        OPENED,
        date(2026, 12, 25),
    )
    planner, organ = users["planner"], SpecialApprover.SUPERIOR_ORGAN
    key = special.create_special(draft, versions[:1], planner, _at(OPENED, 9))
    special.approve_special(key, organ, "省商务厅", "吉商函〔2026〕样例8号", OPENED, planner, _at(OPENED, 9))
    special.file_special(key, "长司专备〔2026〕样例1号", OPENED, planner, _at(OPENED, 9))
    special.disclose_special(key, planner, _at(OPENED, 9))
    day = OPENED + timedelta(days=10)
    for firm in firms:
        wanted = [Chosen(firm, "上年度检查发现问题，列为整治对象", day)]
        special.form_visits(key, wanted, _team(firm, versions, day), planner, _at(OPENED, 10))


def _observe(firm: int, bureau: int, planner: User) -> None:
    entry_register.record_entry(
        firm,
        bureau,
        EntryKind.OBSERVATION,
        OPENED,
        "市场秩序科三人",
        "现场观摩加油站安全管理",
        planner,
        _at(OPENED, 18),
    )


def _team(firm: int, versions: list[int], day: date) -> list[int]:
    """The two eligible people whose staff numbers come first, one of them able to lead."""
    with transaction() as session:
        enterprise = session.get_one(Enterprise, firm)
        chosen = [session.get_one(ItemVersion, key) for key in versions[:1]]
        free = [
            row.inspector for row in undrawn.prospects(session, enterprise, chosen, day) if not row.refusals
        ]
        skills = {skill.id for version in chosen for skill in version.expertise}
        leads = [
            person
            for person in free
            if person.may_lead and skills <= {skill.id for skill in person.expertise}
        ]
        others = [person for person in free if person is not leads[0]]
        return [leads[0].id, others[0].id]


def _lead_of(visit_id: int, users: dict[str, User]) -> User:
    with transaction() as session:
        visit = session.get_one(Visit, visit_id)
        return users[visit.team[0].inspector.staff_no.lower()]


def _choice() -> tuple[list[int], list[int]]:
    """A published item of the bureau for the category, and enterprises of the category without a visit."""
    with transaction() as session:
        category = session.scalar(select(TargetCategory).where(TargetCategory.name == CATEGORY))
        if category is None:
            return [], []
        found = session.scalars(
            select(ItemVersion).where(
                ItemVersion.category_id == category.id, ItemVersion.state == VersionState.PUBLISHED
            )
        )
        versions = [version.id for version in found if version.item.agency.is_bureau]
        firms = session.scalars(
            select(Enterprise.id)
            .join(CategoryMembership, CategoryMembership.enterprise_id == Enterprise.id)
            .where(
                CategoryMembership.category_id == category.id,
                Enterprise.in_jurisdiction,
                Enterprise.status == EntityStatus.EXISTING,
                Enterprise.territory_code.is_not(None),
                Enterprise.id.not_in(select(Visit.enterprise_id)),
            )
            .order_by(Enterprise.id)
            .limit(6)
        )
        return versions, list(firms)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=8)
