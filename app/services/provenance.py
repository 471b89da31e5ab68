"""Where what the roster says comes from (R13): per field of an enterprise, and for the roster as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.domain.provenance import CONFLICT_FIELDS, STATEABLE, bit
from app.domain.vocabulary import RosterField
from app.models import Enterprise, EnterpriseChange, ImportBatch, RosterSource, SourceClaim, SourceDissent
from app.services import sources


@dataclass(frozen=True, slots=True)
class FieldSource:
    """By whose word a field stands: the source, since when it stands, and when it was last confirmed."""

    field: RosterField
    source: RosterSource
    since: datetime | None
    confirmed: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One source's view of one enterprise: when it first and last brought it, and since when it does not."""

    source: RosterSource
    first: datetime | None
    last: datetime | None
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the sources cover the roster: enterprises by the set of sources that list them, and conflicts."""

    enterprises: int
    listed: dict[int, int]
    gone: dict[int, int]
    overlaps: list[tuple[tuple[int, ...], int]]
    conflicts: dict[RosterField, int]


def field_sources(session: Session, enterprise: Enterprise) -> list[FieldSource]:
    """For each field that a source states the source that is believed, with its dates (R13)."""
    claims = _claims(session, enterprise.id)
    dissents = select(SourceDissent.field, SourceDissent.source_id)
    against = set(session.execute(dissents.where(SourceDissent.enterprise_id == enterprise.id)))
    precedence, moments = sources.precedence(session), _last_changes(session, enterprise.id)
    known = {source.id: source for source in sources.sources_in_order(session)}
    found = []
    for each in STATEABLE:
        stating = [
            key for key, claim in claims.items() if claim.stated & bit(each) and (each, key) not in against
        ]
        believed = precedence.believed(stating, each)
        if believed is not None:
            first = _moment(session, claims[believed].first_batch_id)
            confirmed = _confirmed(session, claims[believed])
            found.append(FieldSource(each, known[believed], moments.get(each, first), confirmed))
    return found


def listings_of(session: Session, enterprise_id: int) -> list[Listing]:
    """Which sources list an enterprise, the most believed first."""
    claims = _claims(session, enterprise_id)
    return [
        Listing(
            source,
            _moment(session, claims[source.id].first_batch_id),
            _confirmed(session, claims[source.id]),
            _moment(session, claims[source.id].gone_batch_id),
        )
        for source in sources.sources_in_order(session)
        if source.id in claims
    ]


def coverage(session: Session) -> Coverage:
    """Count the roster by sources; it reads every claim, so pages show what the last load counted."""
    is_gone = SourceClaim.gone_batch_id.is_not(None)
    claims = select(SourceClaim.source_id, is_gone, func.count()).group_by(SourceClaim.source_id, is_gone)
    counted = {(source, gone): count for source, gone, count in session.execute(claims)}
    listed = {source: count for (source, gone), count in counted.items() if not gone}
    alone: list[tuple[tuple[int, ...], int]] = [((source,), count) for source, count in listed.items()]
    return Coverage(
        enterprises=session.scalar(select(func.count()).select_from(Enterprise)) or 0,
        listed=listed,
        gone={source: count for (source, gone), count in counted.items() if gone},
        overlaps=_overlaps(session) if len(alone) > 1 else alone,
        conflicts=open_conflicts(session),
    )


def _overlaps(session: Session) -> list[tuple[tuple[int, ...], int]]:
    """How many enterprises are listed by which set of sources; the most frequent set first."""
    keys = [source.id for source in sources.sources_in_order(session)]
    living = SourceClaim.gone_batch_id.is_(None)
    members = select(SourceClaim.enterprise_id, func.sum(_mark(keys)).label("sources")).where(living)
    by_set = members.group_by(SourceClaim.enterprise_id).subquery()
    query = select(by_set.c.sources, func.count()).group_by(by_set.c.sources)
    found = [(_members(int(number), keys), count) for number, count in session.execute(query)]
    return sorted(found, key=lambda each: -each[1])


def count_coverage(session: Session, batch: ImportBatch) -> None:
    """Count the roster by sources and keep the figures with a load."""
    found = coverage(session)
    batch.coverage = {
        "enterprises": found.enterprises,
        "listed": list(found.listed.items()),
        "gone": list(found.gone.items()),
        "overlaps": found.overlaps,
    }


def last_coverage(session: Session) -> Coverage:
    """The figures that the last load counted; before the first load nothing is covered."""
    query = select(ImportBatch.coverage).where(ImportBatch.source_id.is_not(None))
    kept = session.scalar(query.order_by(ImportBatch.id.desc()).limit(1)) or {}
    return Coverage(
        enterprises=kept.get("enterprises", 0),
        listed=dict(kept.get("listed", ())),
        gone=dict(kept.get("gone", ())),
        overlaps=[(tuple(group), count) for group, count in kept.get("overlaps", ())],
        conflicts=open_conflicts(session),
    )


def open_conflicts(session: Session) -> dict[RosterField, int]:
    """Disagreements about name, status or address that nobody decided yet."""
    query = (
        select(SourceDissent.field, func.count())
        .where(SourceDissent.field.in_(CONFLICT_FIELDS), SourceDissent.decided_at.is_(None))
        .group_by(SourceDissent.field)
    )
    return dict(session.execute(query).all())


def former_names(session: Session, enterprise_id: int) -> Sequence[str]:
    """The names that an enterprise had before, the latest first."""
    query = (
        select(EnterpriseChange.old)
        .where(EnterpriseChange.enterprise_id == enterprise_id, EnterpriseChange.field == RosterField.NAME)
        .order_by(EnterpriseChange.id.desc())
    )
    return [name for name in dict.fromkeys(session.scalars(query)) if name]


def _claims(session: Session, enterprise_id: int) -> dict[int, SourceClaim]:
    query = select(SourceClaim).where(SourceClaim.enterprise_id == enterprise_id)
    return {claim.source_id: claim for claim in session.scalars(query)}


def _last_changes(session: Session, enterprise_id: int) -> dict[RosterField, datetime]:
    query = select(EnterpriseChange.field, func.max(EnterpriseChange.at))
    rows = session.execute(
        query.where(EnterpriseChange.enterprise_id == enterprise_id).group_by(EnterpriseChange.field)
    )
    return {field: moment for field, moment in rows}


def _moment(session: Session, batch_id: int | None) -> datetime | None:
    batch = session.get(ImportBatch, batch_id) if batch_id is not None else None
    return batch.loaded_at if batch else None


def _confirmed(session: Session, claim: SourceClaim) -> datetime | None:
    """A living claim is confirmed by each whole list of its source, without a mark on the claim itself."""
    own = _moment(session, claim.batch_id)
    if claim.gone_batch_id is not None:
        return own
    whole = session.scalar(
        select(func.max(ImportBatch.loaded_at)).where(
            ImportBatch.source_id == claim.source_id, ImportBatch.is_whole
        )
    )
    return max((moment for moment in (own, whole) if moment is not None), default=None)


def _mark(keys: Sequence[int]) -> ColumnElement[int]:
    """A source as a bit, by its place among the sources."""
    return case({key: 1 << place for place, key in enumerate(keys)}, value=SourceClaim.source_id, else_=0)


def _members(number: int, keys: Sequence[int]) -> tuple[int, ...]:
    return tuple(key for place, key in enumerate(keys) if number >> place & 1)
