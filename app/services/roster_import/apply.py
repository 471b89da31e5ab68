"""Writes what a comparison found: new enterprises, differences with their history, and what the source claims.

A handful of statements over whole tables, all in the transaction of the load. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    String,
    and_,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from app.domain.measures import CHINA
from app.domain.provenance import STATEABLE
from app.domain.vocabulary import EntityKind, EntityStatus, RosterField
from app.models import EnterpriseChange, SourceClaim
from app.models.types import UtcDateTime
from app.services.bulk import table_of
from app.services.roster_import.comparing import DELTA, DELTA_COLUMNS, ENTERPRISE, MARKS, TARGET
from app.services.roster_import.staged import GUESSES
from app.services.roster_import.staging import STAGE

CLAIM, CHANGE = table_of(SourceClaim), table_of(EnterpriseChange)
_SOURCE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changes: which load of which source, when, by whom."""

    source_id: int
    batch_id: int | None
    now: datetime
    actor_id: int | None
    file_name: str = ""
    why: str | None = None


def write(session: Session, cause: Cause) -> None:
    """Enter the new enterprises, change what differs, keep the history, and note what the source claims."""
    _add_new(session, cause)
    for each in STATEABLE:
        _keep_history(session, each, cause)
    _change(session, cause)
    _note_returns(session, cause)
    _note_claims(session, cause)


def text_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value as history and dissents keep it: text, a date as ISO 8601, yes and no as 1 and 0."""
    if column.type.python_type is bool:
        return case((column.is_(None), None), (column, "1"), else_="0")
    return cast(column, String)


def _add_new(session: Session, cause: Cause) -> None:
    values = _new_values(cause)
    new = STAGE.join(TARGET, and_(TARGET.c.ordinal == STAGE.c.ordinal, TARGET.c.is_new))
    query = select(*values.values()).select_from(new)
    with _indexes_after(session):
        session.execute(insert(ENTERPRISE).from_select(list(values), query))
    if session.connection().dialect.name == "postgresql":
        session.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('enterprise', 'id'), max(id)) FROM enterprise HAVING max(id) > 0"
            )
        )


@contextmanager
def _indexes_after(session: Session) -> Iterator[None]:
    """Into an empty roster the rows come first and the indexes in one go, which is less work for the database.

    On PostgreSQL whoever reads the roster waits until the load is done; there is nothing to be read yet.
    """
    connection = session.connection()
    is_empty = session.scalar(select(ENTERPRISE.c.id).limit(1)) is None
    indexes = sorted(ENTERPRISE.indexes, key=lambda index: str(index.name)) if is_empty else []
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _new_values(cause: Cause) -> dict[str, ColumnElement[Any]]:
    """A new enterprise: facts, else guesses, else what is assumed of one about which nothing is said."""
    assumed = {
        "kind": EntityKind.COMPANY.value,
        "status": EntityStatus.UNKNOWN.value,
        "in_jurisdiction": True,
    }
    values: dict[str, ColumnElement[Any]] = {
        "id": TARGET.c.enterprise_id,
        "identifier": STAGE.c.identifier,
        "identifier_kind": STAGE.c.identifier_kind,
        "identifier_fault": STAGE.c.identifier_fault,
    }
    for each in STATEABLE:
        said: list[ColumnElement[Any]] = [STAGE.c[each.value]]
        said += [STAGE.c[GUESSES[each.value]]] if each.value in GUESSES else []
        said += [literal(assumed[each.value])] if each.value in assumed else []
        values[each.value] = func.coalesce(*said) if len(said) > 1 else said[0]
    for each, mark in MARKS.items():
        values[mark] = and_(STAGE.c[each.value].is_(None), STAGE.c[GUESSES[each.value]].is_not(None))
    risk = STAGE.c[RosterField.RISK_CLASS.value]
    values["risk_class_on"] = case(
        (risk.is_not(None), literal(cause.now.astimezone(CHINA).date(), Date)), else_=None
    )
    return values | _stamp(cause)


def _stamp(cause: Cause) -> dict[str, ColumnElement[Any]]:
    return {
        "source": literal(cause.file_name[-_SOURCE_LENGTH:], String),
        "loaded_at": literal(cause.now, UtcDateTime()),
    }


def _keep_history(session: Session, each: RosterField, cause: Cause) -> None:
    old, new = ENTERPRISE.c[each.value], DELTA.c[each.value]
    query = select(
        *(ENTERPRISE.c.id, literal(each.value, String), text_of(old), text_of(new), *circumstances(cause))
    ).select_from(DELTA.join(ENTERPRISE, ENTERPRISE.c.id == DELTA.c.enterprise_id))
    session.execute(insert(CHANGE).from_select(CHANGE_COLUMNS, query.where(old.is_distinct_from(new))))


CHANGE_COLUMNS = ["enterprise_id", "field", "old", "new", "at", "source_id", "batch_id", "actor_id", "why"]


def circumstances(cause: Cause) -> tuple[ColumnElement[Any], ...]:
    """When, by which source and load, by whom and why, as the last of CHANGE_COLUMNS."""
    return (
        literal(cause.now, UtcDateTime()),
        literal(cause.source_id),
        cast(literal(cause.batch_id), CHANGE.c.batch_id.type),
        cast(literal(cause.actor_id), CHANGE.c.actor_id.type),
        cast(literal(cause.why), String),
    )


def note_presence(session: Session, ids: Any, is_present: bool, cause: Cause) -> None:
    """Keep in the history of these enterprises (a query of their keys) that a source dropped or lists them again."""
    keys = ids.subquery()
    old, new = ("0", "1") if is_present else ("1", "0")
    columns = (keys.c[0], literal(RosterField.PRESENCE.value, String), literal(old), literal(new))
    session.execute(insert(CHANGE).from_select(CHANGE_COLUMNS, select(*columns, *circumstances(cause))))


def _change(session: Session, cause: Cause) -> None:
    values = {name: DELTA.c[name] for name in DELTA_COLUMNS}
    session.execute(
        update(ENTERPRISE).where(ENTERPRISE.c.id == DELTA.c.enterprise_id).values(values | _stamp(cause))
    )


def _note_returns(session: Session, cause: Cause) -> None:
    """A source lists again what it had dropped."""
    back = and_(
        CLAIM.c.enterprise_id == TARGET.c.enterprise_id,
        CLAIM.c.source_id == cause.source_id,
        CLAIM.c.gone_batch_id.is_not(None),
    )
    returned = select(TARGET.c.enterprise_id).join(CLAIM, back)
    if session.scalar(returned.limit(1)) is not None:
        note_presence(session, returned, True, cause)


def _note_claims(session: Session, cause: Cause) -> None:
    """What the staged rows state, in the source's claims: changed where there is one, entered where not."""
    batch = cast(literal(cause.batch_id), CLAIM.c.batch_id.type)
    mine = CLAIM.c.source_id == cause.source_id
    if session.scalar(select(CLAIM.c.enterprise_id).where(mine).limit(1)) is not None:
        stated = CLAIM.c.stated.bitwise_or(STAGE.c.stated)
        differs = or_(
            stated != CLAIM.c.stated,
            CLAIM.c.line_hash.is_distinct_from(STAGE.c.line_hash),
            CLAIM.c.gone_batch_id.is_not(None),
        )
        values = {"stated": stated, "line_hash": STAGE.c.line_hash, "batch_id": batch, "gone_batch_id": None}
        session.execute(
            update(CLAIM)
            .where(mine, CLAIM.c.enterprise_id == TARGET.c.enterprise_id, TARGET.c.ordinal == STAGE.c.ordinal)
            .where(differs)
            .values(values)
        )
        held: ColumnElement[bool] = (
            select(CLAIM.c.enterprise_id)
            .where(mine, CLAIM.c.enterprise_id == TARGET.c.enterprise_id)
            .exists()
        )
    else:
        held = false()
    query = (
        select(
            TARGET.c.enterprise_id, literal(cause.source_id), STAGE.c.stated, STAGE.c.line_hash, batch, batch
        )
        .select_from(TARGET.join(STAGE, STAGE.c.ordinal == TARGET.c.ordinal))
        .where(~held)
    )
    columns = ["enterprise_id", "source_id", "stated", "line_hash", "first_batch_id", "batch_id"]
    session.execute(insert(CLAIM).from_select(columns, query.order_by(TARGET.c.enterprise_id)))
