"""随机抽查事项清单: items and their draft versions; what is published never changes (R1–R4, R6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.vocabulary import VersionState
from app.models import CheckPoint, Expertise, InspectionItem, ItemVersion, LegalBasis
from app.services.roster_import.blocks import Seen
from app.services.roster_import.categories import Categories
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.inspectors import agencies_by_name, ensure_expertise
from app.services.roster_import.item_rows import ItemRow, read_item
from app.services.roster_import.outcome import Effect, Outcome
from app.services.roster_import.record import Record


def load(session: Session, records: Iterator[Record], outcome: Outcome, now: datetime) -> None:
    """A new item gets version 1 as a draft; other wording of a known one becomes a draft of the next number.

    A draft that was never published is reworded instead, so that an item has one draft at most.
    """
    rows = _rows(session, records, outcome)
    skills = ensure_expertise(session, (name for row in rows for name in row.expertise))
    expertise = {entry.id: entry for entry in session.scalars(select(Expertise))}
    stored = _stored(session)
    for row in rows:
        row_skills = [expertise[skills[name]] for name in row.expertise]
        item = stored.get(row.code)
        if item is None:
            item = InspectionItem(code=row.code, field=row.field, agency_id=row.agency_id)
            session.add(item)
            _reword(_new_version(item), row, row_skills)
            effect = Effect.ADDED
        else:
            effect = _adjust(session, item, row, row_skills)
        outcome.accept(effect, row.record.flags)
    session.flush()


def _rows(session: Session, records: Iterator[Record], outcome: Outcome) -> list[ItemRow]:
    agencies, categories, seen = agencies_by_name(session), Categories(session), Seen()
    rows = []
    for record in records:
        try:
            row = read_item(record, agencies, categories)
            seen.require_new(row.code, record.line)
            rows.append(row)
        except RowRefused as error:
            outcome.reject(record.line, record.cells, error)
    return rows


def _stored(session: Session) -> dict[str, InspectionItem]:
    query = select(InspectionItem).options(
        selectinload(InspectionItem.versions).options(
            selectinload(ItemVersion.bases),
            selectinload(ItemVersion.points),
            selectinload(ItemVersion.expertise),
        )
    )
    return {item.code: item for item in session.scalars(query)}


def _adjust(session: Session, item: InspectionItem, row: ItemRow, skills: list[Expertise]) -> Effect:
    moved = (item.field, item.agency_id) != (row.field, row.agency_id)
    item.field, item.agency_id = row.field, row.agency_id
    latest = item.versions[-1] if item.versions else None
    if latest is not None and _matches(latest, row, skills):
        return Effect.CHANGED if moved else Effect.UNCHANGED
    if latest is None or latest.state != VersionState.DRAFT:
        latest = _new_version(item)
    else:
        latest.bases.clear()
        latest.points.clear()
        session.flush()
    _reword(latest, row, skills)
    return Effect.CHANGED


def _new_version(item: InspectionItem) -> ItemVersion:
    number = max((version.number for version in item.versions), default=0) + 1
    version = ItemVersion(number=number, state=VersionState.DRAFT)
    item.versions.append(version)
    return version


def _reword(version: ItemVersion, row: ItemRow, skills: list[Expertise]) -> None:
    for name, value in row.wording.items():
        setattr(version, name, value)
    version.expertise = list(skills)
    version.bases = [
        LegalBasis(
            title=basis.title,
            document_no=basis.document_no,
            article=basis.article,
            in_force_to=basis.until,
        )
        for basis in row.bases
    ]
    version.points = [
        CheckPoint(ordinal=place, text=text, guidance=guidance)
        for place, (text, guidance) in enumerate(row.points, 1)
    ]


def _matches(version: ItemVersion, row: ItemRow, skills: list[Expertise]) -> bool:
    same_wording = all(getattr(version, name) == value for name, value in row.wording.items())
    bases: list[Any] = [(basis.title, basis.document_no, basis.article) for basis in version.bases]
    points = [(point.text, point.guidance) for point in version.points]
    return (
        same_wording
        and {skill.id for skill in version.expertise} == {skill.id for skill in skills}
        and bases == [(basis.title, basis.document_no, basis.article) for basis in row.bases]
        and points == list(row.points)
    )
