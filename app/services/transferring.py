"""案件移送 (R70, R71): to another department with receipt and answer, to the police under hour clocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import TRANSFER, advance
from app.domain.measures import CHINA
from app.domain.transfers import require_act_of, require_documents, require_officers
from app.domain.vocabulary import FindingState, TransferAct, TransferKind, TransferState
from app.models import CaseTransfer, Inspector, ItemFinding, TransferOfficer, TransferStep
from app.services import audit
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.papers import Paper, keep
from app.services.rectifying import ActInFuture, DueDateWrong, NoProblemToRectify, TermsMissing
from app.services.transaction import fetch, lock, transaction


class StepBeforeTheLast(DomainError):
    """A step cannot have happened before the one that it follows; params at, last."""

    code = "step_before_the_last"


class OwnReport(DomainError):
    """The head who decides on a transfer did not report it himself (R70)."""

    code = "own_report"


@dataclass(frozen=True, slots=True)
class Case:
    """What is handed over: to whom, which facts, on what basis, with which documents."""

    receiver: str
    facts: str
    legal_basis: str
    documents: tuple[str, ...]


def transfer_to_agency(
    finding_id: int,
    kind: TransferKind,
    case: Case,
    reply_due_on: date,
    actor: User,
    now: datetime,
    paper: Paper | None = None,
) -> int:
    """移送 what is not ours to another department or a case-handling body; its key (R71).

    Raises TermsMissing, DueDateWrong, NoProblemToRectify, StepNotOfThisKind for the police.
    """
    if kind == TransferKind.POLICE:
        require_act_of(TransferKind.AGENCY, TransferAct.REPORT)
    today = now.astimezone(CHINA).date()
    if reply_due_on <= today:
        raise DueDateWrong(day=reply_due_on, first=today)
    with transaction() as session:
        made = _open(session, finding_id, kind, case, actor, now, TransferState.SENT)
        made.reply_due_on = reply_due_on
        _add_step(made, TransferAct.SEND, now, case.facts, actor, now, keep(session, paper))
        return made.id


def report_to_head(
    finding_id: int, case: Case, officer_ids: Collection[int], actor: User, now: datetime
) -> int:
    """移送公安机关: two officers or more report in writing to the head; its key (R70).

    From here on the head has three days. Raises OfficersMissing, TermsMissing, NoProblemToRectify.
    """
    require_officers(len(set(officer_ids)))
    with transaction() as session:
        made = _open(session, finding_id, TransferKind.POLICE, case, actor, now, TransferState.REPORTED)
        for key in sorted(set(officer_ids)):
            made.officers.append(TransferOfficer(inspector_id=fetch(session, Inspector, key).id))
        _add_step(made, TransferAct.REPORT, now, case.facts, actor, now, (None, None))
        return made.id


def take_step(
    transfer_id: int,
    act: TransferAct,
    at: datetime,
    note: str,
    actor: User,
    now: datetime,
    paper: Paper | None = None,
) -> None:
    """One step of a transfer with the moment at which it happened; a refusal keeps its reasons (R70, R71).

    Raises StepNotOfThisKind, IllegalTransition, ReasonMissing, ActInFuture, StepBeforeTheLast, OwnReport,
    DocumentsMissing.
    """
    if not note.strip():
        raise ReasonMissing()
    if at > now:
        raise ActInFuture(day=at.astimezone(CHINA).date(), today=now.astimezone(CHINA).date())
    with transaction() as session:
        transfer = lock(session, CaseTransfer, transfer_id)
        require_act_of(transfer.kind, act)
        state = advance(TRANSFER, transfer.state, act.value)
        _require_order(transfer, at)
        if act in (TransferAct.APPROVE, TransferAct.REFUSE) and transfer.opened_by_id == actor.id:
            raise OwnReport()
        if act == TransferAct.SEND:
            require_documents(documents_of(transfer))
        transfer.state = state
        _add_step(transfer, act, at, note, actor, now, keep(session, paper))
        data = {"transfer": transfer.id, "at": at, "note": note}
        audit.record(session, actor, f"transfer:{act}", transfer.finding.visit.number, data)


def list_documents(transfer_id: int, documents: Collection[str], actor: User) -> None:
    """Complete the list of documents before the case is sent (R70). Raises IllegalTransition afterwards."""
    with transaction() as session:
        transfer = lock(session, CaseTransfer, transfer_id)
        if transfer.state != TransferState.REPORTED:
            advance(TRANSFER, transfer.state, TransferAct.SEND.value)
        transfer.documents = _lines(documents)
        data = {"transfer": transfer.id, "documents": list(documents)}
        audit.record(session, actor, "transfer:listed", transfer.finding.visit.number, data)


def documents_of(transfer: CaseTransfer) -> list[str]:
    """The documents of a transfer, one a line."""
    return [line for line in transfer.documents.splitlines() if line]


def _open(
    session: Session,
    finding_id: int,
    kind: TransferKind,
    case: Case,
    actor: User,
    now: datetime,
    state: TransferState,
) -> CaseTransfer:
    wanted = {"接收单位": case.receiver, "问题事实": case.facts, "依据": case.legal_basis}
    missing = [name for name, text in wanted.items() if not text.strip()]
    if missing:
        raise TermsMissing(missing="、".join(missing))
    finding = lock(session, ItemFinding, finding_id)
    if finding.latest is None or finding.state in (FindingState.UNCHECKED, FindingState.RETURNED):
        raise NoProblemToRectify(item=str(finding))
    made = CaseTransfer(
        finding_id=finding.id,
        agency_id=finding.agency_id,
        kind=kind,
        state=state,
        receiver=case.receiver.strip(),
        facts=case.facts.strip(),
        legal_basis=case.legal_basis.strip(),
        documents=_lines(case.documents),
        opened_at=now,
        opened_by_id=actor.id,
    )
    session.add(made)
    session.flush()
    reopen(session, finding, actor, "transfer")
    data = {"item": str(finding), "to": made.receiver, "transfer": made.id}
    audit.record(session, actor, f"transfer:{kind}:opened", finding.visit.number, data)
    return made


def _add_step(
    transfer: CaseTransfer,
    act: TransferAct,
    at: datetime,
    note: str,
    actor: User,
    now: datetime,
    file: tuple[str | None, str | None],
) -> None:
    transfer.steps.append(
        TransferStep(
            ordinal=len(transfer.steps) + 1,
            act=act,
            at=at,
            note=note.strip(),
            file_digest=file[0],
            file_name=file[1],
            by_id=actor.id,
            recorded_at=now,
        )
    )


def _require_order(transfer: CaseTransfer, at: datetime) -> None:
    last = transfer.steps[-1].at
    if at < last.replace(second=0, microsecond=0):  # pages give the minute
        raise StepBeforeTheLast(at=at.astimezone(CHINA), last=last.astimezone(CHINA))


def _lines(documents: Collection[str]) -> str:
    return "\n".join(line.strip() for line in documents if line.strip())
