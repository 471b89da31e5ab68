"""The staff of a match, as it stood when the roster was frozen.

Certificates, recusals and caps are frozen with the plan record, so that nobody can change the pool
after the seed is known (draw protocol 2.3 and 5.11).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain import policy
from app.domain.matching.eligibility import Candidate, Certificate, EligibilityRules, Recusal
from app.domain.vocabulary import InspectorStatus, RecusalKind, RecusalState, StaffKind, VisitState
from app.models import Enterprise, Inspector, Visit, VisitMember
from app.models import Recusal as RecusalRow

RULES = EligibilityRules(exclude_last_inspector=policy.MATCH.exclude_last_inspector)
"""The switches of eligibility that are part of what is frozen."""


def candidates(session: Session, agency_ids: Collection[int], year: int) -> list[Candidate]:
    """Everybody on the roster of these agencies, by staff number, with what the law asks about them."""
    people = session.scalars(
        select(Inspector)
        .where(Inspector.agency_id.in_(agency_ids))
        .options(
            selectinload(Inspector.certificates),
            selectinload(Inspector.expertise),
            selectinload(Inspector.agency),
        )
        .order_by(Inspector.staff_no)
    ).all()
    recused, recent, load = _recusals(session), _recent_targets(session), _load(session, year)
    return [_candidate(person, recused[person.id], recent[person.id], load[person.id]) for person in people]


def to_json(people: list[Candidate]) -> bytes:
    """The frozen staff as canonical JSON, one object a person."""
    return json.dumps(
        [asdict(person) for person in people], ensure_ascii=False, sort_keys=True, default=_plain
    ).encode()


def from_json(content: bytes) -> list[Candidate]:
    """The frozen staff again."""
    return [_restored(entry) for entry in json.loads(content)]


def _candidate(person: Inspector, recusals: list[Recusal], recent: frozenset[str], load: int) -> Candidate:
    cap = person.yearly_cap if person.yearly_cap is not None else policy.MATCH.yearly_cap
    return Candidate(
        staff_no=person.staff_no,
        group=person.agency.code,
        kind=person.kind,
        status=person.status,
        may_lead=person.may_lead,
        cap=max(0, cap - load),
        certificates=_papers(person),
        expertise=frozenset(skill.code for skill in person.expertise),
        recusals=tuple(recusals),
        recent=recent,
    )


def _papers(person: Inspector) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(
            number=paper.number,
            kind=paper.kind,
            area=paper.area_code,
            valid_from=paper.valid_from,
            valid_to=paper.valid_to,
            suspended=paper.is_suspended,
        )
        for paper in sorted(person.certificates, key=lambda paper: paper.number)
    )


def _recusals(session: Session) -> dict[int, list[Recusal]]:
    query = (
        select(RecusalRow.inspector_id, Enterprise.identifier, RecusalRow.kind)
        .join(Enterprise, Enterprise.id == RecusalRow.enterprise_id)
        .where(RecusalRow.state == RecusalState.GRANTED)
        .order_by(RecusalRow.id)
    )
    found: defaultdict[int, list[Recusal]] = defaultdict(list)
    for inspector_id, identifier, kind in session.execute(query):
        found[inspector_id].append(Recusal(identifier, kind))
    return found


def _recent_targets(session: Session) -> defaultdict[int, frozenset[str]]:
    """For every inspector the enterprises whose last visit was theirs."""
    last = (
        select(Visit.enterprise_id, func.max(Visit.id).label("visit_id"))
        .where(Visit.state != VisitState.CANCELLED)
        .group_by(Visit.enterprise_id)
        .subquery()
    )
    query = (
        select(VisitMember.inspector_id, Enterprise.identifier)
        .join(last, last.c.visit_id == VisitMember.visit_id)
        .join(Enterprise, Enterprise.id == last.c.enterprise_id)
        .where(VisitMember.left_at.is_(None))
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for inspector_id, identifier in session.execute(query):
        found[inspector_id].add(identifier)
    return defaultdict(frozenset, {key: frozenset(targets) for key, targets in found.items()})


def _load(session: Session, year: int) -> Counter[int]:
    """Visits of this year that stand against each inspector's yearly cap."""
    query = (
        select(VisitMember.inspector_id, func.count())
        .join(Visit)
        .where(
            VisitMember.left_at.is_(None),
            Visit.state != VisitState.CANCELLED,
            Visit.planned_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(VisitMember.inspector_id)
    )
    return Counter(dict(session.execute(query).all()))


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _restored(entry: dict[str, Any]) -> Candidate:
    return Candidate(
        staff_no=entry["staff_no"],
        group=entry["group"],
        kind=StaffKind.of(entry["kind"]),
        status=InspectorStatus.of(entry["status"]),
        may_lead=entry["may_lead"],
        cap=entry["cap"],
        certificates=tuple(_certificate(paper) for paper in entry["certificates"]),
        expertise=frozenset(entry["expertise"]),
        recusals=tuple(
            Recusal(recusal["target"], RecusalKind.of(recusal["kind"])) for recusal in entry["recusals"]
        ),
        recent=frozenset(entry["recent"]),
    )


def _certificate(entry: dict[str, Any]) -> Certificate:
    starts, ends = (date.fromisoformat(entry[name]) for name in ("valid_from", "valid_to"))
    return Certificate(entry["number"], entry["kind"], entry["area"], starts, ends, entry["suspended"])
