"""异议 (R58): anybody may say that what was disclosed is wrong; registered, decided with the reason, told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import OBJECTION, advance
from app.domain.measures import CHINA
from app.domain.personal import require_no_personal_data
from app.domain.vocabulary import DisclosureKind, ObjectionState
from app.models import Disclosure, ItemFinding, Objection
from app.services import audit
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.numbering import take
from app.services.papers import Paper, keep
from app.services.rectifying import TermsMissing
from app.services.transaction import NotFound, lock, transaction


class NotObjectable(DomainError):
    """Only a result that stands in public can be objected to; param index_no."""

    code = "not_objectable"


class OwnDecision(DomainError):
    """Nobody decides on an objection to what they recorded themselves."""

    code = "own_decision"


LONGEST_STATEMENT = 2000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody outside writes: who, how to reach them, what is wrong and why."""

    applicant: str
    contact: str
    statement: str


def submit_objection(
    index_no: str, item_code: str, complaint: Complaint, now: datetime, paper: Paper | None = None
) -> str:
    """Take in an objection to one item of a disclosed result; the number of the receipt (R58).

    Raises NotFound, NotObjectable, TermsMissing, PaperRefused.
    """
    wanted = {
        "姓名或单位": complaint.applicant,
        "联系方式": complaint.contact,
        "异议内容": complaint.statement,
    }
    missing = [name for name, text in wanted.items() if not text.strip()]
    if missing:
        raise TermsMissing(missing="、".join(missing))
    with transaction() as session:
        disclosure = session.scalar(select(Disclosure).where(Disclosure.index_no == index_no))
        if disclosure is None:
            raise NotFound(what="Disclosure", key=index_no)
        finding = _finding(session, disclosure, item_code)
        digest, name = keep(session, paper)
        year = now.astimezone(CHINA).year
        made = Objection(
            receipt_no=f"YY-{year}-{take(session, 'objection', year):05d}",
            disclosure_id=disclosure.id,
            agency_id=disclosure.agency_id,
            finding_id=finding.id,
            applicant=complaint.applicant.strip()[:60],
            contact=complaint.contact.strip()[:60],
            statement=complaint.statement.strip()[:LONGEST_STATEMENT],
            file_digest=digest,
            file_name=name,
            received_at=now,
        )
        session.add(made)
        session.flush()
        audit.record(session, None, "objection:received", made.receipt_no, {"about": index_no})
        return made.receipt_no


def register_objection(objection_id: int, actor: User, now: datetime) -> None:
    """登记: the objection is to be decided; its finding is open again. Raises IllegalTransition."""
    with transaction() as session:
        objection = lock(session, Objection, objection_id)
        objection.state = advance(OBJECTION, objection.state, "register")
        objection.registered_at, objection.registered_by_id = now, actor.id
        if objection.finding is not None:
            reopen(session, objection.finding, actor, "objection")
        audit.record(session, actor, "objection:registered", objection.receipt_no, {})


def dismiss_objection(objection_id: int, reason: str, actor: User, now: datetime) -> None:
    """不予受理 what is no objection, with the reason. Raises ReasonMissing, PersonalDataFound."""
    _decide(objection_id, "dismiss", reason, actor, now)


def decide_objection(objection_id: int, accepted: bool, decision: str, actor: User, now: datetime) -> None:
    """采纳 or 不予采纳, with the reason, by somebody who did not record the finding (R58).

    An accepted objection is followed by a correction or a withdrawal. Raises ReasonMissing, OwnDecision,
    PersonalDataFound, because the decision can be read with the receipt.
    """
    _decide(objection_id, "accept" if accepted else "refuse", decision, actor, now)


def _decide(objection_id: int, event: str, reason: str, actor: User, now: datetime) -> None:
    if not reason.strip():
        raise ReasonMissing()
    require_no_personal_data({"处理意见": reason})
    with transaction() as session:
        objection = lock(session, Objection, objection_id)
        objection.state = advance(OBJECTION, objection.state, event)
        latest = objection.finding.latest if objection.finding else None
        if objection.state != ObjectionState.DISMISSED and latest and latest.recorded_by_id == actor.id:
            raise OwnDecision()
        objection.decided_at, objection.decided_by_id = now, actor.id
        objection.decision = reason.strip()
        audit.record(session, actor, f"objection:{objection.state}", objection.receipt_no, {"reason": reason})


def _finding(session: Session, disclosure: Disclosure, item_code: str) -> ItemFinding:
    stands = disclosure.withdrawn_at is None and disclosure.expired_at is None
    if disclosure.kind == DisclosureKind.RESULT and stands:
        found = session.scalars(
            select(ItemFinding).where(
                ItemFinding.visit_id == disclosure.subject_id, ItemFinding.agency_id == disclosure.agency_id
            )
        )
        for finding in found:
            if finding.task_item.code == item_code:
                return finding
    raise NotObjectable(index_no=disclosure.index_no)
