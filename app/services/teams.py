"""Who belongs to the team of a visit, now or at some time (R49, R73)."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User

from app.domain.errors import DomainError
from app.models import ItemFinding, Visit


class NotOfThisVisit(DomainError):
    """Only the team of the visit, each for their own agency, records its findings (R49, R73)."""

    code = "not_of_this_visit"


def require_team(visit: Visit, actor: User) -> None:
    """Raise NotOfThisVisit unless the actor stands in the team now."""
    if actor.id not in {member.inspector.user_id for member in visit.team}:
        raise NotOfThisVisit(visit=visit.number, item="")


def require_once_member(visit: Visit, actor: User, finding: ItemFinding | None = None) -> None:
    """Raise NotOfThisVisit unless the actor stands or stood in the team, for the agency of the finding.

    What somebody typed on the spot arrives when the network is back; it is kept even where a
    substitute has taken the place meanwhile.
    """
    own = [member.inspector for member in visit.members if member.inspector.user_id == actor.id]
    if finding is not None:
        own = [person for person in own if person.agency_id == finding.agency_id]
    if not own:
        raise NotOfThisVisit(visit=visit.number, item=str(finding or ""))
