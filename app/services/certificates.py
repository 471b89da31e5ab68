"""行政执法证 on the day of a check, and the two inspectors of every body (R15, R17)."""

from __future__ import annotations

from datetime import date

from app.domain import policy
from app.domain.entry import TeamTooSmall
from app.domain.findings import CertificateLapsed
from app.domain.vocabulary import StaffKind
from app.models import EnforcementCertificate, Inspector, Visit


def certificate_on(person: Inspector, on: date) -> EnforcementCertificate | None:
    """The certificate that is valid on that day, or None (R15)."""
    return next((paper for paper in person.certificates if is_valid(paper, on)), None)


def is_valid(paper: EnforcementCertificate, on: date) -> bool:
    """True when the certificate holds on that day and is not suspended."""
    return not paper.is_suspended and paper.valid_from <= on <= paper.valid_to


def require_certificates(visit: Visit, agency_id: int, on: date) -> None:
    """Every member of the body holds a valid certificate on that day. Raises CertificateLapsed with the name."""
    for person in _members(visit, agency_id):
        if certificate_on(person, on) is None:
            raise CertificateLapsed(name=person.name, day=on)


def require_two(visit: Visit, agency_id: int) -> None:
    """At least two inspectors of the body stand in the team; assistants never count (R17). Raises TeamTooSmall."""
    standing = [person for person in _members(visit, agency_id) if person.kind == StaffKind.INSPECTOR]
    if len(standing) < policy.MATCH.team_size:
        raise TeamTooSmall(visit=visit.number, count=len(standing))


def _members(visit: Visit, agency_id: int) -> list[Inspector]:
    return [member.inspector for member in visit.team if member.inspector.agency_id == agency_id]
