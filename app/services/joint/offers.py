"""部门申报: what a department proposes from its own checklist for the plan of a year (R21, R73)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.joint import NotThatDepartment
from app.domain.lifecycle import OFFER, IllegalTransition, advance
from app.domain.undrawn import PeriodInvalid
from app.domain.vocabulary import OfferState, Stratification
from app.models import Agency, ItemVersion, LineOffer, OfferItem, PlanLine
from app.services import audit
from app.services.disclosure import ReasonMissing
from app.services.joint.departments import department_of, require_coordinator
from app.services.planning import Bounds, PlanIsEmpty, put_line, require_allowed, require_draft
from app.services.transaction import fetch, lock, transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a department wants to inspect: items by version key with their yearly ratio in ppm, and when."""

    name: str
    items: Mapping[int, int]
    starts_on: date
    ends_on: date
    stratification: Stratification = Stratification.ATTENTION
    batches: int = 1


def offer_line(plan_id: int, agency_id: int, wanted: Wanted, actor: User, now: datetime) -> int:
    """申报 a line of the department's own items; the plan's own department may enter what came on paper.

    Raises PlanIsFixed, PlanIsEmpty, PeriodInvalid, NotThatDepartment (also for a foreign item),
    ItemNotPublished, RatioAboveCap, QuotaInvalid.
    """
    if not wanted.items or not wanted.name.strip():
        raise PlanIsEmpty(plan=wanted.name)
    if wanted.ends_on < wanted.starts_on:
        raise PeriodInvalid(first=wanted.starts_on, last=wanted.ends_on)
    with transaction() as session:
        plan = require_draft(session, plan_id)
        agency = fetch(session, Agency, agency_id)
        if department_of(session, actor).id != agency.id:
            require_coordinator(session, actor, plan)
        offer = LineOffer(
            plan_id=plan.id,
            agency_id=agency.id,
            name=wanted.name.strip(),
            starts_on=wanted.starts_on,
            ends_on=wanted.ends_on,
            stratification=wanted.stratification,
            batches=wanted.batches,
            offered_by_id=actor.id,
            offered_at=now,
            items=[_item(session, agency, key, ppm) for key, ppm in wanted.items.items()],
        )
        session.add(offer)
        session.flush()
        data = {"plan": plan.title, "agency": agency.short_name, "items": len(offer.items)}
        audit.record(session, actor, "joint:line:offered", offer.name, data)
        return offer.id


def list_alone(offer_id: int, actor: User) -> int:
    """单独列入: the offer becomes a line of the plan by itself; gives back the key of the line.

    Raises NotThatDepartment, PlanIsFixed, IllegalTransition.
    """
    with transaction() as session:
        offer = lock(session, LineOffer, offer_id)
        plan = require_draft(session, offer.plan_id)
        require_coordinator(session, actor, plan)
        line = line_of(session, offer, actor)
        return line.id


def put_aside(offer_id: int, reason: str, actor: User) -> None:
    """不列入 the plan, with the reason, by its department or by the one that arranges the plan.

    Raises ReasonMissing, NotThatDepartment, PlanIsFixed, IllegalTransition.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        offer = lock(session, LineOffer, offer_id)
        plan = require_draft(session, offer.plan_id)
        if department_of(session, actor).id != offer.agency_id:
            require_coordinator(session, actor, plan)
        offer.state, offer.reason = advance(OFFER, offer.state, "put_aside"), reason.strip()[:300]
        audit.record(session, actor, "joint:offer:put_aside", offer.name, {"reason": reason})


def take_up_again(offer_id: int, actor: User) -> None:
    """An offer that was put aside is open again. Raises NotThatDepartment, PlanIsFixed, IllegalTransition."""
    with transaction() as session:
        offer = lock(session, LineOffer, offer_id)
        require_coordinator(session, actor, require_draft(session, offer.plan_id))
        if offer.state != OfferState.ASIDE:
            raise IllegalTransition(state=offer.state, event="return")
        offer.state, offer.reason = advance(OFFER, offer.state, "return"), None
        audit.record(session, actor, "joint:offer:reopened", offer.name, {})


def line_of(session: Session, offer: LineOffer, actor: User) -> PlanLine:
    """Make an open offer a line of its own, inside the caller's transaction."""
    offer.state = advance(OFFER, offer.state, "list")
    line = PlanLine(
        name=offer.name,
        lead_agency_id=offer.agency_id,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        stratification=offer.stratification,
        batches=offer.batches,
    )
    shares = {item.version_id: item.ppm for item in offer.items}
    put_line(session, offer.plan, line, shares, actor, Bounds())
    offer.line_id = line.id
    return line


def may_be_planned(offer: LineOffer) -> bool:
    """Whether every item of an offer is still published, and its ratio within the cap (R1, R4)."""
    with suppress(DomainError):
        for item in offer.items:
            require_allowed(item.version, item.ppm)
        return True
    return False


def offers_of(session: Session, plan_id: int) -> list[LineOffer]:
    """Everything that departments have offered for a plan, in the order in which it came."""
    query = select(LineOffer).where(LineOffer.plan_id == plan_id).order_by(LineOffer.id)
    return list(session.scalars(query))


def open_offers(session: Session, plan_id: int) -> list[LineOffer]:
    """Those that have not been taken up."""
    return [offer for offer in offers_of(session, plan_id) if offer.state == OfferState.OPEN]


def _item(session: Session, agency: Agency, version_id: int, ppm: int) -> OfferItem:
    version = fetch(session, ItemVersion, version_id)
    if version.item.agency_id != agency.id:
        raise NotThatDepartment(agency=version.item.agency.short_name)
    require_allowed(version, ppm)
    return OfferItem(version_id=version.id, ppm=ppm)
