"""逾期未答复 (art. 8): a department that does not answer is brought before the leading group, and reminded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.vocabulary import ClockKind, OutboxKind
from app.models import Agency
from app.services import outbox
from app.services.agencies import own_bureau

TOLD = (ClockKind.JOINT_ANSWER, ClockKind.JOINT_REPLY)


def tell_overdue(
    session: Session, kind: ClockKind, agency: Agency, words: str, record: str, due: str, now: datetime
) -> None:
    """Tell the leading group of the bureau and the department itself, where the deadline is one of theirs."""
    if kind not in TOLD:
        return
    subject = f"{OutboxKind.OVERDUE.label}：{words}"
    report = f"{agency.name}未在 {due} 前{kind.label}（{words}），报领导小组协调。"
    outbox.post(session, OutboxKind.OVERDUE, own_bureau(session), subject, report, record, now)
    reminder = f"贵单位应于 {due} 前{kind.label}（{words}），现已逾期，并已报领导小组。请尽快在本系统答复。"
    outbox.post(session, OutboxKind.OVERDUE, agency, subject, reminder, record, now)
