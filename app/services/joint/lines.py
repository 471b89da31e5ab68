"""联合计划 (art. 8, R73): joint lines from the proposal to the agreement of every department.

The lead confirms, every department accepts or declines with its reason, the lead goes on without one that
declines or takes the line apart. Answers are only added. What has been agreed is a line of the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.joint import (
    JointNeedsDepartments,
    JointTeamTooSmall,
    JointUnsettled,
    LeadTakesNoPart,
    NotAsked,
)
from app.domain.lifecycle import JOINT, MEMBER, OFFER, IllegalTransition, advance
from app.domain.measures import CHINA
from app.domain.undrawn import PeriodInvalid
from app.domain.vocabulary import Cooperation, JointState, MemberState, OutboxKind, Stratification
from app.models import (
    Agency,
    InspectionPlan,
    ItemVersion,
    JointAnswer,
    JointItem,
    JointLine,
    JointMember,
    LineOffer,
    PlanLine,
)
from app.services import audit, outbox
from app.services.calendar import working_calendar
from app.services.disclosure import ReasonMissing
from app.services.joint.departments import require_answerer, require_coordinator, require_department
from app.services.joint.forecast import forecast
from app.services.joint.meeting import shares_of
from app.services.joint.offers import line_of, may_be_planned
from app.services.planning import Bounds, put_line, require_allowed, require_draft
from app.services.transaction import NotFound, fetch, lock, transaction


@dataclass(frozen=True, slots=True)
class JointDraft:
    """A joint line as proposed: the offers it takes up, further items with their ratio in ppm, who leads.

    `guests` are departments without an item of their own, such as the districts of a city's check (上下联动);
    `team_sizes` are people per department and visit, where the plan asks for more than two, or of a guest none.
    """

    name: str
    offers: Sequence[int]
    lead_agency_id: int
    starts_on: date
    ends_on: date
    cooperation: Cooperation = Cooperation.CROSS_DEPARTMENT
    items: Mapping[int, int] = field(default_factory=dict)
    guests: Sequence[int] = ()
    team_sizes: Mapping[int, int] = field(default_factory=dict)
    stratification: Stratification = Stratification.ATTENTION
    batches: int = 1


def form_joint(plan_id: int, draft: JointDraft, actor: User, now: datetime) -> int:
    """Propose a joint line of some open offers; its lead has to confirm it before anybody is asked.

    Raises NotThatDepartment, JointNeedsDepartments, LeadTakesNoPart, JointTeamTooSmall, PeriodInvalid,
    PlanIsFixed, IllegalTransition for an offer that was taken up, NotFound for one to another plan,
    ItemNotPublished, RatioAboveCap.
    """
    if draft.ends_on < draft.starts_on:
        raise PeriodInvalid(first=draft.starts_on, last=draft.ends_on)
    with transaction() as session:
        plan = require_draft(session, plan_id)
        require_coordinator(session, actor, plan)
        offers = [_offer_to(session, plan, key) for key in draft.offers]
        shares = dict(draft.items) | shares_of(offers)
        versions = [fetch(session, ItemVersion, key) for key in shares]
        for version in versions:
            require_allowed(version, shares[version.id])
        joint = _proposed(session, plan, draft, shares, actor, now)
        joint.name = draft.name.strip() or next((offer.name for offer in offers), "—")
        joint.members = _members(draft, versions)
        session.add(joint)
        session.flush()
        for offer in offers:
            offer.state, offer.joint_id = advance(OFFER, offer.state, "join"), joint.id
        data = {"plan": plan.title, "departments": len(joint.members), "saved": joint.saved}
        audit.record(session, actor, "joint:line:formed", joint.name, data)
        return joint.id


def confirm_joint(joint_id: int, actor: User, now: datetime, *, answer_by: date | None = None) -> None:
    """牵头部门确认: the departments are asked, with a deadline (art. 8: 规定时间).

    Raises NotThatDepartment, PlanIsFixed, IllegalTransition, PeriodInvalid for a deadline that has passed.
    """
    today = now.astimezone(CHINA).date()
    with transaction() as session:
        joint = _open(session, joint_id)
        require_department(session, actor, joint.lead_agency)
        due = answer_by or _usual_deadline(session, now)
        if due < today:
            raise PeriodInvalid(first=today, last=due)
        joint.state = advance(JOINT, joint.state, "confirm")
        joint.answer_by, joint.confirmed_by_id, joint.confirmed_at = due, actor.id, now
        for member in joint.members:
            if member.is_lead:
                _note(member, "accept", actor, now)
            else:
                _tell(session, OutboxKind.PLAN_ASKED, member.agency, joint, _question(joint, member), now)
        audit.record(session, actor, "joint:line:confirmed", joint.name, {"answer_by": due})


def answer(
    joint_id: int,
    agency_id: int,
    accepts: bool,
    reason: str,
    actor: User,
    now: datetime,
    *,
    document_no: str = "",
) -> None:
    """同意 or 不同意 by a department that was asked; a refusal names its reason, a late answer is marked.

    Raises ReasonMissing, NotAsked, NotThatDepartment, LetterMissing, PlanIsFixed, IllegalTransition.
    """
    if not accepts and not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        joint = _open(session, joint_id)
        if joint.state != JointState.CONSULTING:
            raise IllegalTransition(state=joint.state, event="answer")
        member = _member(joint, agency_id)
        require_answerer(session, actor, member.agency, document_no)
        row = _note(member, "accept" if accepts else "decline", actor, now, reason, document_no)
        row.is_late = joint.answer_by is not None and now.astimezone(CHINA).date() > joint.answer_by
        text = f"{member.agency.name}对“{joint.name}”的答复：{member.state.label}。{reason.strip()}"
        _tell(session, OutboxKind.PLAN_ANSWERED, joint.lead_agency, joint, text, now)
        data = {"agency": member.agency.short_name, "state": member.state, "reason": reason}
        audit.record(session, actor, "joint:line:answered", joint.name, data)


def ask_again(joint_id: int, agency_id: int, reason: str, actor: User, now: datetime) -> None:
    """The lead asks a department that has declined once more, saying what was changed or offered.

    Where the deadline has passed, a new one is set. Raises ReasonMissing, NotAsked, NotThatDepartment, PlanIsFixed,
    IllegalTransition.
    """
    _led_step(joint_id, agency_id, "ask_again", reason, actor, now)


def go_on_without(joint_id: int, agency_id: int, reason: str, actor: User, now: datetime) -> None:
    """The lead goes on without a department that declined or did not answer; its own offers are open again.

    Raises ReasonMissing, NotAsked, NotThatDepartment, JointNeedsDepartments, PlanIsFixed, IllegalTransition.
    """
    _led_step(joint_id, agency_id, "release", reason, actor, now)


def agree(joint_id: int, actor: User, now: datetime) -> int:
    """商定: every department has answered; the joint line becomes a line of the plan, whose key is given back.

    Raises JointUnsettled, NotThatDepartment, PlanIsFixed, IllegalTransition, ItemNotPublished.
    """
    with transaction() as session:
        joint = _open(session, joint_id)
        _require_leader(session, actor, joint)
        joint.state = advance(JOINT, joint.state, "agree")
        if any(member.state not in SETTLED for member in joint.members):
            raise JointUnsettled(lines=joint.name)
        shares = standing_shares(joint)
        joint.separate, joint.together = forecast(session, shares).visits.rounded()
        line = PlanLine(
            name=joint.name,
            cooperation=joint.cooperation,
            lead_agency_id=joint.lead_agency_id,
            starts_on=joint.starts_on,
            ends_on=joint.ends_on,
            stratification=joint.stratification,
            batches=joint.batches,
        )
        put_line(session, joint.plan, line, shares, actor, Bounds())
        joint.line_id = line.id
        for offer in joint.offers:
            offer.line_id = line.id
        _tell_all(session, joint, f"“{joint.name}”已商定，列入{joint.plan.title}。", now)
        data = {"line": line.id, "separate": joint.separate, "together": joint.together}
        audit.record(session, actor, "joint:line:agreed", joint.name, data)
        return line.id


def take_apart(joint_id: int, reason: str, actor: User, now: datetime) -> list[int]:
    """拆回: the lead gives the joint line up; every offer becomes a line of its own, whose keys are given back.

    An offer that no longer may be planned, because its item is not published any more, is open again instead.
    Raises ReasonMissing, NotThatDepartment, PlanIsFixed, IllegalTransition.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        joint = _open(session, joint_id)
        _require_leader(session, actor, joint)
        joint.state, joint.ending = advance(JOINT, joint.state, "dissolve"), reason.strip()[:300]
        lines = []
        for offer in list(joint.offers):
            offer.state = advance(OFFER, offer.state, "return")
            if may_be_planned(offer):
                lines.append(line_of(session, offer, actor).id)
            else:
                offer.joint_id = None
        _tell_all(session, joint, f"“{joint.name}”不再联合，各部门分别列入计划。原因：{reason.strip()}", now)
        audit.record(session, actor, "joint:line:taken_apart", joint.name, {"reason": reason, "lines": lines})
        return lines


SETTLED = (MemberState.ACCEPTED, MemberState.RELEASED)


def standing_shares(joint: JointLine) -> dict[int, int]:
    """The items of the departments that were not left out, by version key with their ratio in ppm."""
    gone = {member.agency_id for member in joint.members if member.state == MemberState.RELEASED}
    return {item.version_id: item.ppm for item in joint.items if item.version.item.agency_id not in gone}


def waiting_for(joint: JointLine) -> list[JointMember]:
    """The departments that have not answered, or have declined and were not left out."""
    return [member for member in joint.members if member.state not in SETTLED]


def _proposed(
    session: Session,
    plan: InspectionPlan,
    draft: JointDraft,
    shares: Mapping[int, int],
    actor: User,
    now: datetime,
) -> JointLine:
    separate, together = forecast(session, shares).visits.rounded()
    return JointLine(
        plan_id=plan.id,
        cooperation=draft.cooperation,
        lead_agency_id=draft.lead_agency_id,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        stratification=draft.stratification,
        batches=draft.batches,
        separate=separate,
        together=together,
        formed_by_id=actor.id,
        formed_at=now,
        items=[JointItem(version_id=key, ppm=ppm) for key, ppm in shares.items()],
    )


def _offer_to(session: Session, plan: InspectionPlan, key: int) -> LineOffer:
    offer = lock(session, LineOffer, key)
    if offer.plan_id != plan.id:
        raise NotFound(what="LineOffer", key=key)
    return offer


def _members(draft: JointDraft, versions: Sequence[ItemVersion]) -> list[JointMember]:
    own = {version.item.agency_id for version in versions}
    agencies = own | set(draft.guests)
    if len(agencies) < 2:
        raise JointNeedsDepartments()
    if draft.lead_agency_id not in agencies:
        raise LeadTakesNoPart()
    made = []
    for key in sorted(agencies, key=lambda key: (key != draft.lead_agency_id, key)):
        size = draft.team_sizes.get(key, policy.MATCH.team_size)
        if size < policy.MATCH.team_size and (key in own or size):
            raise JointTeamTooSmall(size=size)
        made.append(JointMember(agency_id=key, is_lead=key == draft.lead_agency_id, team_size=size))
    return made


def _led_step(joint_id: int, agency_id: int, event: str, reason: str, actor: User, now: datetime) -> None:
    """What the lead decides about one department, with its reason."""
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        joint = _open(session, joint_id)
        _require_leader(session, actor, joint)
        member = _member(joint, agency_id)
        _note(member, event, actor, now, reason)
        if event == "release":
            _leave_out(session, joint, member, reason, now)
        else:
            _renew_deadline(session, joint, now)
            text = f"{reason.strip()}\n{_question(joint, member)}"
            _tell(session, OutboxKind.PLAN_ASKED, member.agency, joint, text, now)
        data = {"agency": member.agency.short_name, "state": member.state, "reason": reason}
        audit.record(session, actor, f"joint:member:{member.state.value}", joint.name, data)


def _renew_deadline(session: Session, joint: JointLine, now: datetime) -> None:
    """Nobody is asked to answer by a day that has passed."""
    if joint.answer_by is None or joint.answer_by < now.astimezone(CHINA).date():
        joint.answer_by = _usual_deadline(session, now)


def _usual_deadline(session: Session, now: datetime) -> date:
    today = now.astimezone(CHINA).date()
    return working_calendar(session).add_working_days(today, policy.JOINT.answer_working_days)


def _leave_out(session: Session, joint: JointLine, member: JointMember, reason: str, now: datetime) -> None:
    if sum(each.state != MemberState.RELEASED for each in joint.members) < 2 or not standing_shares(joint):
        raise JointNeedsDepartments()
    for offer in [each for each in joint.offers if each.agency_id == member.agency_id]:
        offer.state, offer.joint_id = advance(OFFER, offer.state, "return"), None
    text = f"“{joint.name}”不再包括贵单位。原因：{reason.strip()}"
    _tell(session, OutboxKind.PLAN_SETTLED, member.agency, joint, text, now)


def _note(
    member: JointMember, event: str, actor: User, now: datetime, reason: str = "", document_no: str = ""
) -> JointAnswer:
    member.state = advance(MEMBER, member.state, event)
    row = JointAnswer(
        state=member.state,
        reason=reason.strip()[:300],
        document_no=document_no.strip()[:80],
        is_late=False,
        by_id=actor.id,
        at=now,
    )
    member.answers.append(row)
    return row


def _open(session: Session, joint_id: int) -> JointLine:
    """The joint line and its plan, held; answers about a plan that was submitted come too late."""
    joint = lock(session, JointLine, joint_id)
    require_draft(session, joint.plan_id)
    return joint


def _require_leader(session: Session, actor: User, joint: JointLine) -> None:
    """The lead decides; the plan's department where it leads itself."""
    require_department(session, actor, joint.lead_agency)


def _member(joint: JointLine, agency_id: int) -> JointMember:
    for member in joint.members:
        if member.agency_id == agency_id and not member.is_lead:
            return member
    raise NotAsked(joint=joint.name)


def _question(joint: JointLine, member: JointMember) -> str:
    own = [item.version.name for item in joint.items if item.version.item.agency_id == member.agency_id]
    return (
        f"{joint.lead_agency.name}牵头“{joint.name}”（{joint.cooperation.label}，"
        f"{joint.starts_on}至{joint.ends_on}），请贵单位参加。\n"
        f"贵单位事项：{'、'.join(own) or '派员配合'}；每次检查派员 {member.team_size} 人。\n"
        f"预计分别检查 {joint.separate} 户次，联合检查 {joint.together} 户次，减少 {joint.saved} 户次。\n"
        f"请于 {joint.answer_by} 前在本系统“联合计划”中答复；不同意的请写明理由。"
    )


def _tell(
    session: Session, kind: OutboxKind, agency: Agency, joint: JointLine, text: str, now: datetime
) -> None:
    outbox.post(session, kind, agency, f"{kind.label}：{joint.name}", text, f"joint:{joint.id}", now)


def _tell_all(session: Session, joint: JointLine, text: str, now: datetime) -> None:
    for member in joint.members:
        if not member.is_lead and member.state != MemberState.RELEASED:
            _tell(session, OutboxKind.PLAN_SETTLED, member.agency, joint, text, now)


def joint_lines(session: Session, plan: InspectionPlan) -> list[JointLine]:
    """The joint lines of a plan, in the order in which they were formed."""
    query = select(JointLine).where(JointLine.plan_id == plan.id).order_by(JointLine.id)
    return list(session.scalars(query))
