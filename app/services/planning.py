"""年度抽查计划 (R21–R26): lines, counts, approval, filing, disclosure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.errors import DomainError
from app.domain.lifecycle import PLAN, advance
from app.domain.policy import PPM
from app.domain.quota import QuotaInvalid, decide
from app.domain.vocabulary import (
    Cooperation,
    DisclosureKind,
    EntityStatus,
    ItemCategory,
    MembershipSource,
    PlanState,
    Scope,
    Stratification,
    VersionState,
)
from app.models import CategoryMembership, Enterprise, InspectionPlan, ItemVersion, PlanLine, PlanLineItem
from app.services import audit
from app.services.disclosure import ReasonMissing, publish
from app.services.joint.settled import require_settled
from app.services.transaction import fetch, lock, transaction

DRAWABLE = (EntityStatus.EXISTING, EntityStatus.DORMANT, EntityStatus.CLOSING, EntityStatus.UNKNOWN)


class PlanIsEmpty(DomainError):
    """A plan needs at least one line with an item."""

    code = "plan_is_empty"


class ItemNotPublished(DomainError):
    """An item outside the published list may not be inspected (R1)."""

    code = "item_not_published"


class RatioAboveCap(DomainError):
    """The ratio lies above the cap of an ordinary item (R4, R25)."""

    code = "ratio_above_cap"


class OwnApproval(DomainError):
    """Nobody approves what they submitted themselves."""

    code = "own_approval"


class FilingNumberMissing(DomainError):
    """Filing needs the number under which it was filed (R21)."""

    code = "filing_number_missing"


class PlanIsFixed(DomainError):
    """Only a draft can be edited; later changes are amendments (R22)."""

    code = "plan_is_fixed"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a line fixes beside its ratio: firms per stratum at least and at most, and the ratio of the
    stratum of complaints and listings in ppm (art. 5, R25, R30). Raises QuotaInvalid."""

    minimum: int | None = None
    maximum: int | None = None
    attention_ppm: int | None = None

    def __post_init__(self) -> None:
        decide(0, self.attention_ppm or 0, self.minimum, self.maximum)


def create_plan(year: int, title: str, agency_id: int, actor: User) -> int:
    """Open a draft plan for `year`; gives back its key."""
    with transaction() as session:
        plan = InspectionPlan(year=year, title=title, agency_id=agency_id)
        session.add(plan)
        session.flush()
        audit.record(session, actor, "plan:created", title, {"year": year})
        return plan.id


def add_line(
    plan_id: int,
    name: str,
    items: dict[int, int],
    actor: User,
    *,
    lead_agency_id: int,
    starts_on: date,
    ends_on: date,
    stratification: Stratification = Stratification.ATTENTION,
    scope: Scope = Scope.TARGETED,
    batches: int = 1,
    accepts_guesses: bool = False,
    bounds: Bounds | None = None,
) -> int:
    """Add a line; `items` maps item version keys to their yearly ratio in ppm.

    The pool and the number to draw are counted from the roster as it stands (R26). Raises
    PlanIsFixed, ItemNotPublished, QuotaInvalid, RatioAboveCap.
    """
    with transaction() as session:
        plan = require_draft(session, plan_id)
        line = PlanLine(
            name=name,
            scope=scope,
            lead_agency_id=lead_agency_id,
            stratification=stratification,
            batches=batches,
            accepts_guesses=accepts_guesses,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        put_line(session, plan, line, items, actor, bounds or Bounds())
        return line.id


def require_draft(session: Session, plan_id: int) -> InspectionPlan:
    """The plan, held for this transaction. Raises PlanIsFixed unless it is still a draft (R22)."""
    plan = lock(session, InspectionPlan, plan_id)
    if plan.state != PlanState.DRAFT:
        raise PlanIsFixed(plan=plan.title)
    return plan


def put_line(
    session: Session, plan: InspectionPlan, line: PlanLine, items: dict[int, int], actor: User, bounds: Bounds
) -> None:
    """Put a line at the end of a draft, inside the caller's transaction; its counts are taken now (R26).

    Raises ItemNotPublished, QuotaInvalid, RatioAboveCap.
    """
    line.ordinal, line.plan = len(plan.lines) + 1, plan
    session.add(line)
    _put_items(session, line, items, bounds)
    if line.is_joint and line.cooperation in (None, Cooperation.SINGLE):
        line.cooperation = Cooperation.CROSS_DEPARTMENT
    session.flush()
    audit.record(session, actor, "plan:line:added", plan.title, {"line": line.name, "items": len(items)})


def submit_plan(plan_id: int, actor: User) -> None:
    """Submit the plan for approval; counts are taken anew.

    Raises PlanIsEmpty, JointUnsettled, OffersOpen, IllegalTransition.
    """
    with transaction() as session:
        plan = lock(session, InspectionPlan, plan_id)
        if not any(line.items for line in plan.lines):
            raise PlanIsEmpty(plan=plan.title)
        require_settled(session, plan)
        for line in plan.lines:
            for entry in line.items:
                require_allowed(entry.version, entry.ppm)
                _count(session, entry, line)
        plan.submitted_by_id = actor.id
        _move(session, plan, "submit", actor, {})


def return_plan(plan_id: int, reason: str, actor: User) -> None:
    """Send a submitted plan back with the reason. Raises ReasonMissing, IllegalTransition."""
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        plan = lock(session, InspectionPlan, plan_id)
        plan.return_reason = reason.strip()
        _move(session, plan, "return", actor, {"reason": reason})


def approve_plan(plan_id: int, actor: User, now: datetime) -> None:
    """审批 by somebody other than the submitter (R21). Raises OwnApproval."""
    with transaction() as session:
        plan = lock(session, InspectionPlan, plan_id)
        if plan.submitted_by_id == actor.id:
            raise OwnApproval()
        plan.approved_by_id, plan.approved_at = actor.id, now
        _move(session, plan, "approve", actor, {})


def file_plan(plan_id: int, filing_no: str, actor: User, now: datetime) -> None:
    """备案 with the judicial administration; no batch without it (R21). Raises FilingNumberMissing."""
    if not filing_no.strip():
        raise FilingNumberMissing()
    with transaction() as session:
        plan = lock(session, InspectionPlan, plan_id)
        plan.filing_no, plan.filed_at = filing_no.strip(), now
        _move(session, plan, "file", actor, {"filing_no": plan.filing_no})


def disclose_plan(plan_id: int, actor: User, now: datetime) -> None:
    """公布 the filed plan (R21, R23)."""
    with transaction() as session:
        plan = lock(session, InspectionPlan, plan_id)
        plan.disclosed_at = now
        _move(session, plan, "disclose", actor, {})
        publish(session, DisclosureKind.PLAN, plan.title, plan.agency_id, plan.id, _body(plan), actor, now)


def pool_size(
    session: Session, category_id: int | None, accepts_guesses: bool, version: ItemVersion | None = None
) -> int:
    """抽查基数: drawable entities of the category (None: of the whole roster) at this moment (R26).

    With `version` only those filed at a level at which the item is supervised (R7).
    """
    pool = pool_of(category_id, accepts_guesses, version)
    return session.scalar(pool.with_only_columns(func.count())) or 0


def pool_of(
    category_id: int | None, accepts_guesses: bool, version: ItemVersion | None = None
) -> Select[Any]:
    """The keys of those entities, as a query."""
    query = select(Enterprise.id).where(Enterprise.in_jurisdiction, Enterprise.status.in_(DRAWABLE))
    if category_id is not None:
        member = CategoryMembership.enterprise_id == Enterprise.id
        query = query.join(CategoryMembership, member).where(CategoryMembership.category_id == category_id)
        if not accepts_guesses:
            query = query.where(CategoryMembership.source != MembershipSource.GUESS)
        if version is not None:
            level = CategoryMembership.filing_level
            query = query.where(level.is_(None) | level.in_(version.competent_levels))
    return query


def _put_items(session: Session, line: PlanLine, items: dict[int, int], bounds: Bounds) -> None:
    for version_id, ppm in items.items():
        version = fetch(session, ItemVersion, version_id)
        require_allowed(version, ppm)
        entry = PlanLineItem(version=version, ppm=ppm, **asdict(bounds))
        _count(session, entry, line)
        line.items.append(entry)


def _count(session: Session, entry: PlanLineItem, line: PlanLine) -> None:
    category_id = entry.version.category_id if line.scope == Scope.TARGETED else None
    entry.base_count = pool_size(session, category_id, line.accepts_guesses, entry.version)
    entry.target_count = decide(entry.base_count, entry.ppm, entry.minimum, entry.maximum).k


def require_allowed(version: ItemVersion, ppm: int) -> None:
    """Published, and within its cap (R1, R4). Raises ItemNotPublished, QuotaInvalid, RatioAboveCap."""
    if version.state != VersionState.PUBLISHED:
        raise ItemNotPublished(item=str(version))
    if not 0 < ppm <= PPM:
        raise QuotaInvalid(field="ppm", value=ppm)
    if version.category == ItemCategory.ORDINARY:
        cap = version.maximum_ppm or policy.DRAW.ordinary_maximum_ppm
        if ppm > cap:
            raise RatioAboveCap(item=str(version), percent=ppm / 10_000, cap=cap / 10_000)


def _move(session: Session, plan: InspectionPlan, event: str, actor: User, data: dict[str, Any]) -> None:
    plan.state = advance(PLAN, plan.state, event)
    audit.record(session, actor, f"plan:{event}", plan.title, data)


def _body(plan: InspectionPlan) -> dict[str, Any]:
    return {
        "year": plan.year,
        "filing_no": plan.filing_no,
        "lines": [
            {
                "name": line.name,
                "scope": line.scope.value,
                "cooperation": line.cooperation.value,
                "lead": line.lead_agency.name,
                "from": line.starts_on.isoformat(),
                "to": line.ends_on.isoformat(),
                "batches": line.batches,
                "items": [
                    {
                        "code": entry.version.item.code,
                        "name": entry.version.name,
                        "agency": entry.version.item.agency.name,
                        "base": entry.base_count,
                        "ppm": entry.ppm,
                        "targets": entry.target_count,
                    }
                    for entry in line.items
                ],
            }
            for line in plan.lines
        ],
    }
