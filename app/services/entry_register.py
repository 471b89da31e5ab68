"""入企登记 (R37): every entry that is no visit of a task, and the year of an enterprise at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.entry import EntryIncomplete
from app.domain.frequency import Acts, Cap
from app.domain.measures import CHINA
from app.domain.vocabulary import EntryKind
from app.models import Agency, EnterpriseEntry, FrequencyCap
from app.services import audit
from app.services.frequency import acts_of, cap_of
from app.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class YearLine:
    """How often one body has entered an enterprise in a year, and its cap."""

    agency: Agency
    acts: Acts
    cap: Cap

    @property
    def number(self) -> int:
        """Acts that stand against the cap."""
        return len(self.acts.days)


def record_entry(
    enterprise_id: int,
    agency_id: int,
    kind: EntryKind,
    entered_on: date,
    people: str,
    purpose: str,
    actor: User,
    now: datetime,
    *,
    visit_id: int | None = None,
) -> int:
    """Put an entry on record: 观摩, 督导, or a re-check, which counts against the cap (R37, R64).

    Raises EntryIncomplete.
    """
    if not people.strip() or not purpose.strip() or entered_on > now.astimezone(CHINA).date():
        raise EntryIncomplete()
    with transaction() as session:
        entry = EnterpriseEntry(
            enterprise_id=enterprise_id,
            agency_id=agency_id,
            kind=kind,
            entered_on=entered_on,
            people=people.strip(),
            purpose=purpose.strip(),
            visit_id=visit_id,
            recorded_by_id=actor.id,
            recorded_at=now,
        )
        session.add(entry)
        session.flush()
        data = {"kind": kind.value, "on": entered_on, "enterprise": entry.enterprise.identifier}
        audit.record(session, actor, "entry:recorded", str(entry.id), data)
        return entry.id


def set_cap(agency_id: int, from_year: int, yearly: int, basis: str, actor: User) -> int:
    """Keep the cap that a body has published, from a year on, with its basis (R36). Raises EntryIncomplete."""
    if yearly < 1 or not basis.strip():
        raise EntryIncomplete()
    with transaction() as session:
        query = select(FrequencyCap).where(
            FrequencyCap.agency_id == agency_id, FrequencyCap.from_year == from_year
        )
        cap = session.scalar(query) or FrequencyCap(agency_id=agency_id, from_year=from_year)
        before = cap.yearly
        cap.yearly, cap.basis = yearly, basis.strip()
        session.add(cap)
        session.flush()
        data = {"year": from_year, "before": before, "after": yearly, "basis": basis}
        audit.record(session, actor, "cap:set", cap.agency.code, data)
        return cap.id


def year_of(session: Session, enterprise_id: int, year: int) -> list[YearLine]:
    """The bodies that have entered or are cleared to enter the enterprise in the year, with their counts."""
    found = acts_of(session, [enterprise_id], year)
    lines = []
    for (_, agency_id), acts in sorted(found.items()):
        agency = session.get_one(Agency, agency_id)
        lines.append(YearLine(agency, acts, cap_of(session, agency_id, year)))
    return lines


def other_entries(session: Session, enterprise_id: int, year: int) -> list[EnterpriseEntry]:
    """The entries on the register that are no visits, newest first."""
    query = (
        select(EnterpriseEntry)
        .where(
            EnterpriseEntry.enterprise_id == enterprise_id,
            EnterpriseEntry.entered_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(EnterpriseEntry.entered_on.desc(), EnterpriseEntry.id.desc())
    )
    return list(session.scalars(query))
