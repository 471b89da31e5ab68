"""执法检查人员名录: people, certificates, expertise and recusals (art. 3, R15, R16, R18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import RecusalState
from app.models import Agency, EnforcementCertificate, Enterprise, Expertise, Inspector, Recusal, Region
from app.models.inspector import inspector_expertise
from app.services.bulk import insert_all, table_of, update_all
from app.services.roster_import.blocks import blocks
from app.services.roster_import.categories import next_code
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.outcome import Effect, Outcome
from app.services.roster_import.people import NEW_PERSON, Person, References, people
from app.services.roster_import.record import Record
from app.services.roster_import.words import plain

INSPECTOR, CERTIFICATE = table_of(Inspector), table_of(EnforcementCertificate)
RECUSAL, EXPERTISE, ENTERPRISE = table_of(Recusal), table_of(Expertise), table_of(Enterprise)
_PERSON_COLUMNS = ("name", "agency_id", *NEW_PERSON)
_PAPER_COLUMNS = ("kind", "area_code", "valid_from", "valid_to")

Values = dict[str, Any]


def load(session: Session, records: Iterator[Record], outcome: Outcome, now: datetime) -> None:
    """Merge the rows of each person and write what is new or differs.

    Every row of a person counts by what became of the person. Expertise that the file states replaces what
    was there; certificates and recusals are added to.
    """
    found = people(records, _references(session), outcome)
    targets = _targets(session, found.values())
    known = [person for person in found.values() if _names_known_targets(person, targets, outcome)]
    roster = _Roster(session, known, targets, now)
    for person in known:
        effect = roster.effect(person)
        for record in person.records:
            outcome.accept(effect, record.flags)
    roster.write_links()


def agencies_by_name(session: Session) -> dict[str, int]:
    """Agencies under their name, short name and code."""
    names: dict[str, int] = {}
    for agency in session.scalars(select(Agency)):
        names |= dict.fromkeys((plain(agency.name), plain(agency.short_name), agency.code), agency.id)
    return names


def ensure_expertise(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Every field of expertise by name; those not known yet are created."""
    ids = dict(session.execute(select(EXPERTISE.c.name, EXPERTISE.c.id)).all())
    for name in dict.fromkeys(names):
        if name not in ids:
            expertise = Expertise(code=next_code("E", session.scalars(select(EXPERTISE.c.code))), name=name)
            session.add(expertise)
            session.flush()
            ids[name] = expertise.id
    return ids


def _references(session: Session) -> References:
    held = select(CERTIFICATE.c.number, INSPECTOR.c.staff_no).join(INSPECTOR)
    return References(
        agencies_by_name(session),
        frozenset(session.scalars(select(Region.code))),
        dict(session.execute(held).all()),
    )


def _targets(session: Session, persons: Iterable[Person]) -> dict[str, int]:
    codes = {code for person in persons for code in person.recusals}
    found: dict[str, int] = {}
    for block in blocks(codes):
        query = select(ENTERPRISE.c.identifier, ENTERPRISE.c.id).where(ENTERPRISE.c.identifier.in_(block))
        found |= dict(session.execute(query).all())
    return found


def _names_known_targets(person: Person, targets: dict[str, int], outcome: Outcome) -> bool:
    """Somebody whose recusal cannot be entered is not loaded at all, so that the recusal is never lost."""
    unknown = [code for code in person.recusals if code not in targets]
    for record in person.records if unknown else ():
        error = RowRefused("row_recusal_unknown", value="、".join(unknown))
        outcome.reject(record.line, record.cells, error)
    return not unknown


class _Roster:
    """The inspectors in the database, as the target of one load."""

    def __init__(
        self, session: Session, persons: list[Person], targets: dict[str, int], now: datetime
    ) -> None:
        self._session, self._targets, self._now = session, targets, now
        self._skills = ensure_expertise(session, (name for person in persons for name in person.expertise))
        self._stored = {row["staff_no"]: dict(row) for row in session.execute(select(INSPECTOR)).mappings()}
        self._papers = {row["number"]: dict(row) for row in session.execute(select(CERTIFICATE)).mappings()}
        self._held = _grouped(session, inspector_expertise.c.inspector_id, inspector_expertise.c.expertise_id)
        granted = RECUSAL.c.state == RecusalState.GRANTED
        self._recused = _grouped(session, RECUSAL.c.inspector_id, RECUSAL.c.enterprise_id, granted)
        self._new_papers: list[Values] = []
        self._changed_papers: list[Values] = []
        self._new_recusals: list[Values] = []
        self._new_skills: list[Values] = []

    def effect(self, person: Person) -> Effect:
        """Write the person; certificates, recusals and expertise wait for write_links."""
        old = self._stored.get(person.staff_no)
        if old is None:
            values = {"staff_no": person.staff_no, **NEW_PERSON} | person.facts
            inspector = Inspector(**values)
            self._session.add(inspector)
            self._session.flush()
            self._link(person, inspector.id)
            return Effect.ADDED
        differs = any(old[name] != value for name, value in person.facts.items())
        if differs:
            kept = {name: old[name] for name in ("id", *_PERSON_COLUMNS)}
            update_all(self._session, INSPECTOR, [kept | person.facts])
        return Effect.CHANGED if self._link(person, old["id"]) or differs else Effect.UNCHANGED

    def write_links(self) -> None:
        """Write what belongs to the persons, in bulk."""
        insert_all(self._session, CERTIFICATE, self._new_papers)
        update_all(self._session, CERTIFICATE, self._changed_papers)
        insert_all(self._session, RECUSAL, self._new_recusals)
        insert_all(self._session, inspector_expertise, self._new_skills)

    def _link(self, person: Person, inspector_id: int) -> bool:
        changes = [
            self._link_papers(person, inspector_id),
            self._link_recusals(person, inspector_id),
            self._link_skills(person, inspector_id),
        ]
        return any(changes)

    def _link_papers(self, person: Person, inspector_id: int) -> bool:
        before = len(self._new_papers) + len(self._changed_papers)
        for number, values in person.certificates.items():
            old = self._papers.get(number)
            if old is None:
                fresh = {"inspector_id": inspector_id, "number": number, "is_suspended": False}
                self._new_papers.append(fresh | values)
            elif any(old[name] != values[name] for name in _PAPER_COLUMNS):
                self._changed_papers.append({"id": old["id"]} | values)
        return len(self._new_papers) + len(self._changed_papers) > before

    def _link_recusals(self, person: Person, inspector_id: int) -> bool:
        missing = [
            (self._targets[code], values)
            for code, values in person.recusals.items()
            if self._targets[code] not in self._recused[inspector_id]
        ]
        for enterprise_id, values in missing:
            granted = {"state": RecusalState.GRANTED, "decided_at": self._now}
            keys = {"inspector_id": inspector_id, "enterprise_id": enterprise_id}
            self._new_recusals.append(keys | granted | values)
        return bool(missing)

    def _link_skills(self, person: Person, inspector_id: int) -> bool:
        wanted, held = {self._skills[name] for name in person.expertise}, self._held[inspector_id]
        if not wanted or wanted == held:
            return False
        self._session.execute(
            delete(inspector_expertise).where(inspector_expertise.c.inspector_id == inspector_id)
        )
        self._new_skills += [{"inspector_id": inspector_id, "expertise_id": key} for key in sorted(wanted)]
        return True


def _grouped(session: Session, key: Any, value: Any, *conditions: Any) -> defaultdict[int, set[int]]:
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for group, member in session.execute(select(key, value).where(*conditions)):
        groups[group].add(member)
    return groups
