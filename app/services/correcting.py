"""更正 (R58): a disclosed finding that was wrong gets a new version, is reviewed and disclosed anew."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User

from app.domain.findings import Finding, require_valid
from app.domain.lifecycle import FINDING, IllegalTransition, advance
from app.domain.vocabulary import FindingState
from app.models import ItemFinding, Visit
from app.services import audit
from app.services.certificates import require_certificates
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.recording import new_record, require_member
from app.services.transaction import lock, transaction


def correct_finding(finding_id: int, entry: Finding, reason: str, actor: User, now: datetime) -> int:
    """A new version of a disclosed finding with the reason; it waits for review, the old one stays (R58).

    What is in public stays there until the correction is disclosed. Gives back the version number. Raises
    ReasonMissing, NotOfThisVisit, CertificateLapsed, IllegalTransition and the rules of app.domain.findings.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        visit = lock(session, Visit, finding.visit_id)
        latest = finding.latest
        if finding.state == FindingState.RETURNED and (latest is None or not latest.correction_reason):
            raise IllegalTransition(state=finding.state, event="correct")
        require_member(visit, finding, actor)
        require_valid(entry, [point.id for point in finding.task_item.version.points])
        require_certificates(visit, finding.agency_id, entry.checked_on)
        finding.state = advance(FINDING, finding.state, "correct")
        finding.return_reason = None
        record = new_record(finding, entry, actor, now)
        record.correction_reason = reason.strip()[:300]
        finding.records.append(record)
        reopen(session, finding, actor, "correction")
        session.flush()
        data = {"item": str(finding), "version": record.version, "reason": reason}
        audit.record(session, actor, "finding:corrected", visit.number, data)
        return record.version
