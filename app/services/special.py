"""专项检查 (R39): a quota, a period and an approver of its own, filed, disclosed; never everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import SPECIAL, advance
from app.domain.measures import CHINA
from app.domain.undrawn import (
    SpecialIncomplete,
    SpecialNotDisclosed,
    require_period,
    require_quota,
    require_special,
)
from app.domain.vocabulary import (
    DisclosureKind,
    SpecialApprover,
    SpecialOrigin,
    SpecialState,
    Stratification,
    TaskKind,
    TaskState,
    VisitState,
)
from app.models import (
    Enterprise,
    InspectionTask,
    ItemVersion,
    SpecialInspection,
    SpecialTarget,
    Visit,
)
from app.services import audit, numbering
from app.services.disclosure import publish
from app.services.planning import pool_size
from app.services.transaction import fetch, joined, lock, transaction
from app.services.undrawn import form_visit, published, require_team, task_items

SERIES, TASK_SERIES = "special_inspection", "special_task"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a special inspection is about."""

    title: str
    origin: SpecialOrigin
    reason: str
    quota: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Chosen:
    """One enterprise of a special inspection, why it is chosen, and the planned day."""

    enterprise_id: int
    ground: str
    planned_on: date


def create_special(draft: Draft, version_ids: Sequence[int], actor: User, now: datetime) -> int:
    """Draft a special inspection of published items.

    Raises SpecialIncomplete, PeriodInvalid, ItemNotPublished, FullCoverage, SpecialsExhausted.
    """
    if not draft.title.strip() or not draft.reason.strip():
        raise SpecialIncomplete()
    require_period(draft.starts_on, [draft.starts_on], draft.ends_on)
    with joined() as session:
        versions = published(session, version_ids)
        agency_id, year = versions[0].item.agency_id, draft.starts_on.year
        pool = max(pool_size(session, version.category_id, False) for version in versions)
        require_special(draft.origin, draft.quota, pool, _made(session, agency_id, year))
        special = SpecialInspection(
            number=f"长商专项〔{year}〕{numbering.take(session, SERIES, year)}号",
            title=draft.title.strip(),
            agency_id=agency_id,
            year=year,
            origin=draft.origin,
            reason=draft.reason.strip(),
            quota=draft.quota,
            pool=pool,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            versions=list(versions),
            created_by_id=actor.id,
            created_at=now,
        )
        session.add(special)
        session.flush()
        audit.record(session, actor, "special:drafted", special.number, {"quota": draft.quota, "pool": pool})
        return special.id


def approve_special(
    special_id: int, approver: SpecialApprover, organ: str, number: str, on: date, actor: User, now: datetime
) -> None:
    """Record the approval of a county government or the superior organ; for one deployed from above the
    deploying document (R39). Raises SpecialIncomplete, IllegalTransition."""
    _require_named(organ, number, on, now)
    with transaction() as session:
        special = lock(session, SpecialInspection, special_id)
        special.state = advance(SPECIAL, special.state, "approve")
        special.approver, special.approving_organ = approver, organ.strip()
        special.approval_no, special.approved_on = number.strip(), on
        audit.record(session, actor, "special:approved", special.number, {"organ": organ, "number": number})


def file_special(special_id: int, number: str, on: date, actor: User, now: datetime) -> None:
    """备案 with the judicial administration (R39). Raises SpecialIncomplete, IllegalTransition."""
    _require_named("-", number, on, now)
    with transaction() as session:
        special = lock(session, SpecialInspection, special_id)
        special.state = advance(SPECIAL, special.state, "file")
        special.filing_no, special.filed_on = number.strip(), on
        audit.record(session, actor, "special:filed", special.number, {"number": number})


def disclose_special(special_id: int, actor: User, now: datetime) -> str:
    """公布 a filed special inspection; visits may be formed. Gives back the index number."""
    with transaction() as session:
        special = lock(session, SpecialInspection, special_id)
        special.state = advance(SPECIAL, special.state, "disclose")
        title = f"{special.title}（专项检查）"
        body = _body(special)
        return publish(
            session, DisclosureKind.SPECIAL, title, special.agency_id, special.id, body, actor, now
        ).index_no


def form_visits(
    special_id: int, chosen: Sequence[Chosen], team: Sequence[int], actor: User, now: datetime
) -> list[int]:
    """Form the visits of chosen enterprises, each with its ground, within the quota (R39).

    Raises SpecialNotDisclosed, GroundMissing, SpecialQuotaExceeded, PeriodInvalid, NotEligible,
    TeamTooSmall, NoLead.
    """
    with transaction() as session:
        special = lock(session, SpecialInspection, special_id)
        if special.state != SpecialState.DISCLOSED:
            raise SpecialNotDisclosed(special=special.number)
        require_quota(special.quota, visited(session, special), [each.ground for each in chosen])
        require_period(special.starts_on, [each.planned_on for each in chosen], special.ends_on)
        task = _task(session, special, actor, now)
        made = [_form(session, special, task, each, team) for each in chosen]
        audit.record(session, actor, "special:visits_formed", special.number, {"visits": len(made)})
        return made


def close_special(special_id: int, reported_on: date | None, actor: User) -> None:
    """End a special inspection; one deployed from above is reported to the judicial administration (R39).

    Raises SpecialIncomplete, IllegalTransition.
    """
    with transaction() as session:
        special = lock(session, SpecialInspection, special_id)
        if special.origin == SpecialOrigin.SUPERIOR and reported_on is None:
            raise SpecialIncomplete()
        special.state = advance(SPECIAL, special.state, "close")
        special.reported_on = reported_on
        audit.record(session, actor, "special:closed", special.number, {"reported": reported_on})


def visited(session: Session, special: SpecialInspection) -> int:
    """How many of its quota a special inspection has used."""
    query = (
        select(func.count())
        .select_from(SpecialTarget)
        .join(Visit, Visit.id == SpecialTarget.visit_id)
        .where(SpecialTarget.special_id == special.id, Visit.state != VisitState.CANCELLED)
    )
    return session.scalar(query) or 0


def _made(session: Session, agency_id: int, year: int) -> int:
    query = select(func.count()).where(
        SpecialInspection.agency_id == agency_id,
        SpecialInspection.year == year,
        SpecialInspection.origin == SpecialOrigin.OWN,
    )
    return session.scalar(query) or 0


def _task(session: Session, special: SpecialInspection, actor: User, now: datetime) -> InspectionTask:
    year = now.astimezone(CHINA).year
    versions: list[ItemVersion] = special.versions
    task = InspectionTask(
        number=f"长商专检〔{year}〕{numbering.take(session, TASK_SERIES, year)}号",
        name=special.title,
        kind=TaskKind.SPECIAL,
        special_id=special.id,
        lead_agency_id=special.agency_id,
        is_joint=len({version.item.agency_id for version in versions}) > 1,
        stratification=Stratification.NONE,
        state=TaskState.READY,
        starts_on=special.starts_on,
        ends_on=special.ends_on,
        publish_list=False,
        created_by_id=actor.id,
        created_at=now,
    )
    task.items = task_items(versions)
    session.add(task)
    session.flush()
    return task


def _form(
    session: Session,
    special: SpecialInspection,
    task: InspectionTask,
    chosen: Chosen,
    team: Sequence[int],
) -> int:
    enterprise = fetch(session, Enterprise, chosen.enterprise_id)
    people = require_team(session, enterprise, special.versions, team, chosen.planned_on)
    number = f"ZX-{special.year}-{numbering.take(session, 'special_visit', special.year):04d}"
    visit = form_visit(session, task, number, enterprise, people, chosen.planned_on)
    session.add(
        SpecialTarget(
            special_id=special.id,
            enterprise_id=enterprise.id,
            visit_id=visit.id,
            ground=chosen.ground.strip(),
        )
    )
    session.flush()
    return visit.id


def _body(special: SpecialInspection) -> dict[str, object]:
    return {
        "number": special.number,
        "title": special.title,
        "origin": special.origin.value,
        "reason": special.reason,
        "quota": special.quota,
        "starts_on": special.starts_on.isoformat(),
        "ends_on": special.ends_on.isoformat(),
        "approving_organ": special.approving_organ,
        "approval_no": special.approval_no,
        "filing_no": special.filing_no,
        "items": [{"code": version.item.code, "name": version.name} for version in special.versions],
    }


def _require_named(organ: str, number: str, on: date, now: datetime) -> None:
    if not organ.strip() or not number.strip() or on > now.astimezone(CHINA).date():
        raise SpecialIncomplete()
