"""完结 (R65): a finding ends when all that followed it has ended; nothing closes with an open step."""

from __future__ import annotations

from datetime import date

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.closing import FollowUp, open_steps, require_closable
from app.domain.lifecycle import NOTICE_ENDED, OBJECTION_ENDED, RECTIFICATION_ENDED, TRANSFER_ENDED
from app.domain.vocabulary import Disposal, FindingState, OpenStep
from app.models import ItemFinding
from app.services import audit
from app.services.transaction import lock, transaction


def close_finding(finding_id: int, on: date, actor: User, note: str = "") -> None:
    """完结: the follow-up of a finding has ended on this day (R65). Raises StepsOpen, ClosingNoteMissing."""
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        require_closable(follow_up_of(finding), note)
        finding.closed_on, finding.closing_note = on, note.strip()[:300] or None
        data = {"item": str(finding), "on": on, "note": note}
        audit.record(session, actor, "finding:closed", finding.visit.number, data)


def close_when_done(finding: ItemFinding) -> None:
    """A finding that asked for nothing further is closed by its disclosure, on the day of the check."""
    latest = finding.latest
    nothing_left = latest is not None and {row.code for row in latest.disposals} == {Disposal.NONE_NEEDED}
    if latest is not None and nothing_left and not open_steps_of(finding):
        finding.closed_on = latest.checked_on


def reopen(session: Session, finding: ItemFinding, actor: User, why: str) -> None:
    """A closed finding is open again because something new follows it."""
    if finding.closed_on is not None:
        finding.closed_on = finding.closing_note = None
        audit.record(
            session, actor, "finding:reopened", finding.visit.number, {"item": str(finding), "why": why}
        )


def open_steps_of(finding: ItemFinding) -> tuple[OpenStep, ...]:
    """What keeps a finding from being closed."""
    return open_steps(follow_up_of(finding))


def follow_up_of(finding: ItemFinding) -> FollowUp:
    """What followed a finding, for the rule."""
    latest = finding.latest
    corrected = latest is not None and latest.correction_reason is not None
    disclosed = finding.state == FindingState.DISCLOSED
    return FollowUp(
        is_disclosed=disclosed,
        in_correction=corrected and not disclosed,
        disposals=frozenset(row.code for row in latest.disposals) if latest else frozenset(),
        rectifications=[order.state in RECTIFICATION_ENDED for order in finding.orders],
        transfers=[transfer.state in TRANSFER_ENDED for transfer in finding.transfers],
        notices=[notice.state in NOTICE_ENDED for notice in finding.notices],
        objections=[objection.state in OBJECTION_ENDED for objection in finding.objections],
        penalties=[bool(case.dropped_on or (case.served_on and case.disclosed_on)) for case in finding.cases],
    )
