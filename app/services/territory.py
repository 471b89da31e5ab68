"""属地 (R43): a body checks in its own area; elsewhere it asks the local body and files the check afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_appbuilder.security.sqla.models import User

from app.domain import policy
from app.domain.entry import OutOfArea, is_inside
from app.domain.errors import DomainError
from app.models import Agency, AreaAssistance, Visit
from app.services import audit
from app.services.transaction import lock, transaction


class AssistanceIncomplete(DomainError):
    """Assistance is recorded with the local body and the number of its letter (R43)."""

    code = "assistance_incomplete"


class NoAssistance(DomainError):
    """The visit lies inside the area, or no assistance has been recorded for it (R43)."""

    code = "no_assistance"


def is_out_of_area(visit: Visit, agency: Agency) -> bool:
    """True when the address of the enterprise lies outside the area of the body (R43)."""
    place = visit.enterprise
    return not is_inside(agency.region_code, place.territory_code, place.in_jurisdiction)


def require_area(visit: Visit, agency: Agency) -> None:
    """The place lies in the area of the body, or the local body has agreed to assist. Raises OutOfArea."""
    if is_out_of_area(visit, agency) and visit.assistance is None:
        raise OutOfArea(agency=agency.short_name, enterprise=visit.enterprise.name)


def record_assistance(visit_id: int, body: str, letter_no: str, on: date, actor: User, now: datetime) -> None:
    """Put on record that the local body has agreed (异地协助). Raises AssistanceIncomplete."""
    if not body.strip() or not letter_no.strip():
        raise AssistanceIncomplete()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        if visit.assistance is not None:
            raise AssistanceIncomplete()
        session.add(
            AreaAssistance(
                visit_id=visit.id,
                assisting_body=body.strip(),
                letter_no=letter_no.strip(),
                agreed_on=on,
                recorded_by_id=actor.id,
                recorded_at=now,
            )
        )
        audit.record(session, actor, "assistance:recorded", visit.number, {"body": body, "letter": letter_no})


def file_assistance(visit_id: int, filing_no: str, on: date, actor: User) -> None:
    """File the check outside the area with the judicial administration (R43). Raises NoAssistance."""
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        if visit.assistance is None or not filing_no.strip():
            raise NoAssistance(visit=visit.number)
        visit.assistance.filing_no, visit.assistance.filed_on = filing_no.strip(), on
        audit.record(session, actor, "assistance:filed", visit.number, {"number": filing_no, "on": on})


def filing_due(assistance: AreaAssistance) -> date | None:
    """By when the check is filed: 20 days after it; None while it has not been made or is filed (R43)."""
    done: date | None = assistance.visit.done_on
    if done is None or assistance.filed_on is not None:
        return None
    return done + timedelta(days=policy.ENTRY.area_filing_days)
