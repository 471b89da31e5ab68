"""Visits that no draw has made: published items only, a team by the rules of eligibility (R1, R15-R18, R34)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.entry import TeamTooSmall
from app.domain.matching.eligibility import Candidate, EligibilityRules, VisitNeed, is_key, refusals
from app.domain.matching.refusal import Refusal
from app.domain.undrawn import NoLead, NotEligible
from app.domain.vocabulary import VersionState
from app.models import (
    Enterprise,
    InspectionTask,
    Inspector,
    ItemFinding,
    ItemVersion,
    TaskItem,
    Visit,
    VisitMember,
)
from app.services import staffing
from app.services.planning import ItemNotPublished
from app.services.transaction import fetch

RULES = EligibilityRules(exclude_last_inspector=False)
"""Nobody is barred for having been there last time: a complaint may need the team that knows the case."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """One person of the departments concerned, and every reason against taking part."""

    inspector: Inspector
    refusals: tuple[Refusal, ...]


def published(session: Session, version_ids: Sequence[int]) -> list[ItemVersion]:
    """The item versions to be checked; nothing outside the published list (R1). Raises ItemNotPublished."""
    versions = [fetch(session, ItemVersion, key) for key in dict.fromkeys(version_ids)]
    for version in versions:
        if version.state != VersionState.PUBLISHED:
            raise ItemNotPublished(item=str(version))
    if not versions:
        raise ItemNotPublished(item="—")
    return versions


def prospects(
    session: Session, enterprise: Enterprise, versions: Sequence[ItemVersion], day: date
) -> list[Prospect]:
    """Everybody of the departments concerned with the reasons against them, the eligible first."""
    needs = _needs(enterprise, versions, day)
    people = _people(session, versions)
    candidates = _candidates(session, versions, day.year)
    found = [
        Prospect(person, refusals(candidates[name], needs[person.agency.code], RULES))
        for name, person in people.items()
    ]
    return sorted(
        found, key=lambda row: (bool(row.refusals), row.inspector.agency_id, row.inspector.staff_no)
    )


def require_team(
    session: Session,
    enterprise: Enterprise,
    versions: Sequence[ItemVersion],
    team: Sequence[int],
    day: date,
) -> list[Inspector]:
    """The chosen people, the lead first, if the law allows every one of them (R15-R18).

    Raises NotEligible with name and reason, TeamTooSmall for a department, NoLead.
    """
    needs = _needs(enterprise, versions, day)
    candidates = _candidates(session, versions, day.year)
    people = [fetch(session, Inspector, key) for key in dict.fromkeys(team)]
    for person in people:
        _require_eligible(person, candidates.get(person.staff_no), needs.get(person.agency.code))
    for code, need in needs.items():
        own = [person for person in people if person.agency.code == code]
        if len(own) < policy.MATCH.team_size:
            raise TeamTooSmall(visit=enterprise.name, count=len(own))
        if not any(is_key(candidates[person.staff_no], need) for person in own):
            raise NoLead(enterprise=enterprise.name)
    return sorted(people, key=lambda person: not _may_lead(person, candidates, needs))


def task_items(versions: Sequence[ItemVersion]) -> list[TaskItem]:
    """The items of an undrawn task; they have no share of any draw."""
    return [
        TaskItem(version_id=version.id, agency_id=version.item.agency_id, code=version.item.code, ppm=0)
        for version in versions
    ]


def form_visit(
    session: Session,
    task: InspectionTask,
    number: str,
    enterprise: Enterprise,
    people: Sequence[Inspector],
    day: date,
) -> Visit:
    """One visit without a draw: every item of the task, the whole team (一次完成)."""
    visit = Visit(
        number=number,
        task_id=task.id,
        enterprise_id=enterprise.id,
        route=enterprise.identifier,
        planned_on=day,
    )
    visit.members = [
        VisitMember(inspector_id=person.id, is_lead=place == 0) for place, person in enumerate(people)
    ]
    visit.findings = [ItemFinding(task_item_id=item.id, agency_id=item.agency_id) for item in task.items]
    session.add(visit)
    session.flush()
    return visit


def _may_lead(person: Inspector, candidates: Mapping[str, Candidate], needs: Mapping[str, VisitNeed]) -> bool:
    need = needs[person.agency.code]
    return need.needs_lead and is_key(candidates[person.staff_no], need)


def _require_eligible(person: Inspector, candidate: Candidate | None, need: VisitNeed | None) -> None:
    if candidate is None or need is None:
        raise NotEligible(name=person.name, reason=Refusal.WRONG_AGENCY)
    found = refusals(candidate, need, RULES)
    if found:
        raise NotEligible(name=person.name, reason=found[0])


def _needs(enterprise: Enterprise, versions: Sequence[ItemVersion], day: date) -> dict[str, VisitNeed]:
    """What every department must bring; the department of the first item leads."""
    skills: dict[str, frozenset[str]] = {}
    for version in versions:
        asked = frozenset(skill.code for skill in version.expertise)
        skills[version.item.agency.code] = skills.get(version.item.agency.code, frozenset()) | asked
    lead = versions[0].item.agency.code
    return {
        code: VisitNeed(
            target=enterprise.identifier,
            group=code,
            size=policy.MATCH.team_size,
            needs_lead=code == lead,
            starts=day,
            ends=day,
            area=enterprise.territory_code or "",
            held_by_one=asked,
        )
        for code, asked in skills.items()
    }


def _people(session: Session, versions: Sequence[ItemVersion]) -> dict[str, Inspector]:
    agencies = {version.item.agency_id for version in versions}
    query = select(Inspector).where(Inspector.agency_id.in_(agencies)).order_by(Inspector.staff_no)
    return {person.staff_no: person for person in session.scalars(query)}


def _candidates(session: Session, versions: Sequence[ItemVersion], year: int) -> dict[str, Candidate]:
    agencies = {version.item.agency_id for version in versions}
    return {person.staff_no: person for person in staffing.candidates(session, agencies, year)}
