"""随机抽查事项清单: items and their draft versions; what is published never changes (R1–R4, R6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

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

M = TypeVar("M")
Skills = list[Expertise] | None
"""业务专长 of a version; None where the file does not state them."""

_WORDING = (
    "name",
    "target_text",
    "content",
    "category",
    "category_id",
    "methods",
    "minimum_ppm",
    "maximum_ppm",
    "yearly_frequency",
    "off_site_possible",
    "joint_applicable",
    "partner_text",
    "needs_review",
)
_BASIS = ("title", "document_no", "article", "in_force_from", "in_force_to")
_POINT = ("ordinal", "text", "guidance")


def load(session: Session, records: Iterator[Record], outcome: Outcome, now: datetime) -> None:
    """A new item gets version 1 as a draft; other wording of a known one becomes a draft of the next number.

    A draft that was never published is reworded instead, so that an item has one draft at most.
    """
    rows = _rows(session, records, outcome)
    skills = ensure_expertise(session, (name for row in rows for name in row.expertise or ()))
    expertise = {entry.id: entry for entry in session.scalars(select(Expertise))}
    stored = _stored(session)
    for row in rows:
        row_skills = None if row.expertise is None else [expertise[skills[name]] for name in row.expertise]
        item = stored.get(row.code)
        if item is None:
            item = InspectionItem(code=row.code, field=row.field, agency_id=row.agency_id)
            session.add(item)
            _reword(_new_version(item, None), row, row_skills)
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


def _adjust(session: Session, item: InspectionItem, row: ItemRow, skills: Skills) -> Effect:
    moved = (item.field, item.agency_id) != (row.field, row.agency_id)
    item.field, item.agency_id = row.field, row.agency_id
    latest = item.versions[-1] if item.versions else None
    if latest is not None and _matches(latest, row, skills):
        return Effect.CHANGED if moved else Effect.UNCHANGED
    if latest is None or latest.state != VersionState.DRAFT:
        latest = _new_version(item, latest)
    _reword(latest, row, skills)
    return Effect.CHANGED


def _new_version(item: InspectionItem, before: ItemVersion | None) -> ItemVersion:
    """A draft with the wording of the version before it."""
    version = ItemVersion(number=before.number + 1 if before else 1, state=VersionState.DRAFT)
    version.target_text = version.content = ""
    if before:
        for name in _WORDING:
            setattr(version, name, getattr(before, name))
        version.expertise = list(before.expertise)
        version.bases = [_copy(basis, LegalBasis, _BASIS) for basis in before.bases]
        version.points = [_copy(point, CheckPoint, _POINT) for point in before.points]
    item.versions.append(version)
    return version


def _copy(source: Any, model: type[M], names: tuple[str, ...]) -> M:
    return model(**{name: getattr(source, name) for name in names})


def _reword(version: ItemVersion, row: ItemRow, skills: Skills) -> None:
    for name, value in row.wording.items():
        setattr(version, name, value)
    if skills is not None:
        version.expertise = list(skills)
    if row.bases is not None:
        version.bases = [
            LegalBasis(
                title=basis.title,
                document_no=basis.document_no,
                article=basis.article,
                in_force_to=basis.until,
            )
            for basis in row.bases
        ]
    if row.points is not None:
        version.points = [
            CheckPoint(ordinal=place, text=text, guidance=guidance)
            for place, (text, guidance) in enumerate(row.points, 1)
        ]


def _matches(version: ItemVersion, row: ItemRow, skills: Skills) -> bool:
    same_wording = all(getattr(version, name) == value for name, value in row.wording.items())
    bases = [(basis.title, basis.document_no, basis.article) for basis in version.bases]
    points = [(point.text, point.guidance) for point in version.points]
    return (
        same_wording
        and (skills is None or {skill.id for skill in version.expertise} == {skill.id for skill in skills})
        and (row.bases is None or bases == [(to.title, to.document_no, to.article) for to in row.bases])
        and (row.points is None or points == list(row.points))
    )
