"""首违不罚的查询与决定 (R66): was there an earlier breach of this enterprise in this field, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import func

from app.domain.limitation import require_lawful
from app.domain.vocabulary import PROBLEM_RESULTS, Harm, Leniency
from app.models import (
    FindingRecord,
    FindingResult,
    InspectionItem,
    ItemFinding,
    ItemVersion,
    LeniencyDecision,
    TaskItem,
    Visit,
)
from app.services import audit
from app.services.disclosure import ReasonMissing
from app.services.transaction import lock, transaction


@dataclass(frozen=True, slots=True)
class EarlierBreach:
    """A problem found before: when, in which item, in which visit, and whether it was the same item."""

    finding_id: int
    checked_on: date
    item: str
    visit_number: str
    is_same_item: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided on a breach, on which facts; education is owed where no penalty follows."""

    is_minor: bool
    is_corrected: bool
    harm: Harm
    decision: Leniency
    education: str


def earlier_breaches(session: Session, finding: ItemFinding) -> list[EarlierBreach]:
    """Problems found at this enterprise before in the same item or the same field, newest first (R66)."""
    latest = finding.latest
    if latest is None:
        return []
    item = finding.task_item.version.item
    newer = aliased(FindingRecord)
    newest = select(func.max(newer.version)).where(newer.finding_id == ItemFinding.id).scalar_subquery()
    query = (
        select(ItemFinding.id, FindingRecord.checked_on, ItemVersion.name, Visit.number, InspectionItem.id)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .join(TaskItem, TaskItem.id == ItemFinding.task_item_id)
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .join(FindingRecord, FindingRecord.finding_id == ItemFinding.id)
        .join(FindingResult, FindingResult.record_id == FindingRecord.id)
        .where(
            Visit.enterprise_id == finding.visit.enterprise_id,
            ItemFinding.id != finding.id,
            InspectionItem.field == item.field,
            FindingRecord.version == newest,
            FindingRecord.checked_on <= latest.checked_on,
            FindingResult.code.in_(sorted(PROBLEM_RESULTS)),
        )
        .distinct()
        .order_by(FindingRecord.checked_on.desc(), ItemFinding.id.desc())
    )
    return [
        EarlierBreach(key, day, name, number, item_id == item.id)
        for key, day, name, number, item_id in session.execute(query)
    ]


def decide_leniency(finding_id: int, judgement: Judgement, actor: User, now: datetime) -> int:
    """Put on record what was decided on a minor or first breach; its key (行政处罚法 art. 33, R66).

    Whether it is the first is looked up, not typed. Raises LeniencyNotLawful, ReasonMissing where the
    education of an unpunished party is not described.
    """
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        is_first = not earlier_breaches(session, finding)
        require_lawful(
            judgement.decision, judgement.is_minor, is_first, judgement.is_corrected, judgement.harm
        )
        if judgement.decision != Leniency.PENALTY and not judgement.education.strip():
            raise ReasonMissing()
        made = LeniencyDecision(
            finding_id=finding.id,
            is_first=is_first,
            is_minor=judgement.is_minor,
            is_corrected=judgement.is_corrected,
            harm=judgement.harm,
            decision=judgement.decision,
            education=judgement.education.strip(),
            decided_by_id=actor.id,
            decided_at=now,
        )
        session.add(made)
        session.flush()
        data = {"item": str(finding), "decision": judgement.decision, "first": is_first}
        audit.record(session, actor, "leniency:decided", finding.visit.number, data)
        return made.id


def decisions_on(session: Session, finding_id: int) -> list[LeniencyDecision]:
    """What was decided on a finding, newest first."""
    query = select(LeniencyDecision).where(LeniencyDecision.finding_id == finding_id)
    return list(session.scalars(query.order_by(LeniencyDecision.id.desc())))
