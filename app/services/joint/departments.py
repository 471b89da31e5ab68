"""Who speaks for which department, and which departments usually go together (R73, R74)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.joint import LetterMissing, NotThatDepartment
from app.models import Agency, InspectionPlan, ItemVersion
from app.reference.joint_partners import PARTNERS
from app.services.agencies import agency_of, own_bureau

_SEPARATORS = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class Partners:
    """默认配合部门 of an item: those that take part in this system, and the names of those that do not."""

    known: tuple[Agency, ...]
    unknown: tuple[str, ...]


def department_of(session: Session, actor: User) -> Agency:
    """The department for which somebody acts: that of the post, else the bureau."""
    return agency_of(session, actor) or own_bureau(session)


def require_department(session: Session, actor: User, agency: Agency) -> None:
    """Raise NotThatDepartment unless the actor serves in that department."""
    if department_of(session, actor).id != agency.id:
        raise NotThatDepartment(agency=agency.short_name)


def require_coordinator(session: Session, actor: User, plan: InspectionPlan) -> None:
    """Raise NotThatDepartment unless the actor serves in the department that makes the plan, or the bureau."""
    own = department_of(session, actor)
    if own.id != plan.agency_id and not own.is_bureau:
        raise NotThatDepartment(agency=plan.agency.short_name)


def require_answerer(session: Session, actor: User, agency: Agency, document_no: str) -> None:
    """The department answers itself; the bureau may enter the answer of a letter, naming it.

    Raises NotThatDepartment, LetterMissing.
    """
    own = department_of(session, actor)
    if own.id == agency.id:
        return
    if not own.is_bureau:
        raise NotThatDepartment(agency=agency.short_name)
    if not document_no.strip():
        raise LetterMissing(agency=agency.short_name)


def partners_of(session: Session, version: ItemVersion) -> Partners:
    """默认配合部门 of an item (R74): those that its version names, else those usual for its kind of enterprise."""
    names = [name for name in _SEPARATORS.split(version.partner_text or "") if name]
    if not names and version.target_category is not None:
        names = list(PARTNERS.get(version.target_category.name, ()))
    agencies = _by_name(session)
    known = {agencies[name].id: agencies[name] for name in names if name in agencies}
    known.pop(version.item.agency_id, None)
    return Partners(tuple(known.values()), tuple(name for name in names if name not in agencies))


def _by_name(session: Session) -> dict[str, Agency]:
    found = session.scalars(select(Agency).order_by(Agency.code)).all()
    return {name: agency for agency in found for name in (agency.name, agency.short_name)}
