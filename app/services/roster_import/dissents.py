"""Where sources disagree: the value that is not believed is kept beside the roster, with whose it is (R13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.provenance import CONFLICT_FIELDS, STATEABLE, bit
from app.domain.vocabulary import RosterField
from app.models import SourceDissent
from app.models.types import UtcDateTime
from app.services.bulk import table_of
from app.services.roster_import.apply import CLAIM, Cause, text_of
from app.services.roster_import.comparing import CLASH, DELTA, ENTERPRISE, TARGET
from app.services.roster_import.staging import STAGE

DISSENT = table_of(SourceDissent)
_COLUMNS = ["enterprise_id", "source_id", "field", "value", "batch_id", "since"]


def count_conflicts(session: Session, cause: Cause) -> int:
    """How many disagreements about name, status or address the load brings that were not there before."""
    found = 0
    for each in CONFLICT_FIELDS:
        for query in (_of_source(each, cause), _of_others(each, cause)):
            found += session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return found


def settle_before(session: Session, cause: Cause) -> None:
    """Before the roster changes: what other sources stated so far becomes their dissent, or stops being one."""
    for each in STATEABLE:
        session.execute(insert(DISSENT).from_select(_COLUMNS, _of_others(each, cause)))
        agrees = and_(
            DELTA.c.enterprise_id == DISSENT.c.enterprise_id, text_of(DELTA.c[each.value]) == DISSENT.c.value
        )
        session.execute(
            delete(DISSENT).where(
                DISSENT.c.field == each, select(DELTA.c.enterprise_id).where(agrees).exists()
            )
        )


def settle_after(session: Session, cause: Cause) -> None:
    """What this source states and is not believed about becomes its dissent; an earlier one that is past goes."""
    for each in _dissenting(session, cause):
        session.execute(
            delete(DISSENT).where(
                DISSENT.c.source_id == cause.source_id, DISSENT.c.field == each, _is_past(each)
            )
        )
    if session.scalar(select(CLASH.c.ordinal).limit(1)) is not None:
        for each in STATEABLE:
            session.execute(insert(DISSENT).from_select(_COLUMNS, _of_source(each, cause)))


def _dissenting(session: Session, cause: Cause) -> Iterator[RosterField]:
    query = select(DISSENT.c.field).where(DISSENT.c.source_id == cause.source_id).distinct()
    yield from session.scalars(query).all()


def _is_past(each: RosterField) -> ColumnElement[bool]:
    """The source states something else by now, or nothing that is overruled."""
    staged = STAGE.c[each.value]
    clashes = (
        select(CLASH.c.ordinal)
        .where(CLASH.c.ordinal == STAGE.c.ordinal, CLASH.c.fields.bitwise_and(bit(each)) != 0)
        .exists()
    )
    return DISSENT.c.enterprise_id.in_(
        select(TARGET.c.enterprise_id)
        .join(STAGE, STAGE.c.ordinal == TARGET.c.ordinal)
        .where(staged.is_not(None), or_(~clashes, text_of(staged) != DISSENT.c.value))
        .correlate(DISSENT)
    )


def _of_source(each: RosterField, cause: Cause) -> Select[Any]:
    """New dissents of the source that is loaded."""
    held = and_(
        DISSENT.c.enterprise_id == CLASH.c.enterprise_id,
        DISSENT.c.source_id == cause.source_id,
        DISSENT.c.field == each,
        DISSENT.c.value == text_of(STAGE.c[each.value]),
    )
    return (
        select(
            CLASH.c.enterprise_id,
            literal(cause.source_id),
            *_said(each, text_of(STAGE.c[each.value]), cause),
        )
        .join(STAGE, STAGE.c.ordinal == CLASH.c.ordinal)
        .where(CLASH.c.fields.bitwise_and(bit(each)) != 0)
        .where(~select(DISSENT.c.id).where(held).exists())
    )


def _of_others(each: RosterField, cause: Cause) -> Select[Any]:
    """New dissents of sources that agreed with what stood in the roster so far."""
    old, new = ENTERPRISE.c[each.value], DELTA.c[each.value]
    held = and_(
        DISSENT.c.enterprise_id == CLAIM.c.enterprise_id,
        DISSENT.c.source_id == CLAIM.c.source_id,
        DISSENT.c.field == each,
    )
    return (
        select(CLAIM.c.enterprise_id, CLAIM.c.source_id, *_said(each, text_of(old), cause))
        .select_from(
            DELTA.join(ENTERPRISE, ENTERPRISE.c.id == DELTA.c.enterprise_id).join(
                CLAIM, CLAIM.c.enterprise_id == DELTA.c.enterprise_id
            )
        )
        .where(CLAIM.c.source_id != cause.source_id, CLAIM.c.gone_batch_id.is_(None))
        .where(CLAIM.c.stated.bitwise_and(bit(each)) != 0)
        .where(old.is_not(None), old.is_distinct_from(new))
        .where(~select(DISSENT.c.id).where(held).exists())
    )


def _said(each: RosterField, value: ColumnElement[Any], cause: Cause) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(each, DISSENT.c.field.type),
        value.label("value"),
        literal(cause.batch_id, DISSENT.c.batch_id.type),
        literal(cause.now, UtcDateTime()).label("since"),
    )
