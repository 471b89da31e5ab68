"""动态调整 (R3, R13, R15): every change of a small register is kept with who, when, why and from which source.

The session itself notes what it flushes, so that pages, services and loads cannot forget it. Who changes and
why is told to the session once, by `because`, and is forgotten at the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Table, event, insert, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import History

from app.domain.vocabulary import ChangeEvent
from app.models import (
    CategoryMembership,
    Complaint,
    EnforcementCertificate,
    EnterpriseLicence,
    Inspector,
    Listing,
    Post,
    RecordChange,
    Recusal,
)

TRACKED = (
    CategoryMembership,
    Complaint,
    EnforcementCertificate,
    EnterpriseLicence,
    Inspector,
    Listing,
    Post,
    Recusal,
)
LONGEST = 200
_CAUSE = "cause of changes"


def because(session: Session, actor: User | None, *, why: str = "", source: str = "") -> None:
    """Tell the session who changes records, why and from which source, until its transaction ends."""
    session.info[_CAUSE] = {
        "actor_id": actor.id if actor else None,
        "why": why.strip()[:LONGEST] or None,
        "source": source.strip()[-120:] or None,
    }


def note_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note the changes that whole rows with their keys are about to bring, for those who write past the objects."""
    model = _MODELS.get(table.name)
    if model is None or not rows:
        return
    keys = [row["id"] for row in rows]
    stored = session.execute(select(table).where(table.c.id.in_(keys))).mappings()
    old = {row["id"]: row for row in stored}
    notes = []
    for row in rows:
        before = old[row["id"]]
        changes = {
            name: [_plain(before[name]), _plain(value)]
            for name, value in row.items()
            if before[name] != value
        }
        if changes:
            values = dict(before) | dict(row)
            notes.append(_note(session, model, values, ChangeEvent.CHANGED, changes, _label(values)))
    if notes:
        session.execute(insert(RecordChange), notes)


def of_inspector(session: Session, inspector_id: int) -> Sequence[RecordChange]:
    """The history of one inspector, certificates, recusals and post included, newest first (R15)."""
    query = select(RecordChange).where(RecordChange.inspector_id == inspector_id)
    return session.scalars(query.order_by(RecordChange.id.desc())).all()


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    notes = list(_notes(session))
    if notes:
        session.connection().execute(insert(RecordChange), notes)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CAUSE, None)


def _notes(session: Session) -> Iterator[dict[str, Any]]:
    for items, what in (
        (session.new, ChangeEvent.ADDED),
        (session.dirty, ChangeEvent.CHANGED),
        (session.deleted, ChangeEvent.REMOVED),
    ):
        for item in items:
            if isinstance(item, TRACKED):
                changes = _changes(item)
                if changes or what == ChangeEvent.REMOVED:
                    yield _note(session, type(item), _values(item), what, changes, _name(item))


def _note(
    session: Session,
    model: type[Any],
    values: Mapping[str, Any],
    what: ChangeEvent,
    changes: dict[str, Any],
    label: str,
) -> dict[str, Any]:
    cause = session.info.get(_CAUSE) or {"actor_id": None, "why": None, "source": None}
    inspector = values["id"] if model is Inspector else values.get("inspector_id")
    if model is Post:
        inspector = session.scalar(select(Inspector.id).where(Inspector.user_id == values["user_id"]))
    return {
        "register": model.__tablename__,
        "record_id": values["id"],
        "enterprise_id": values.get("enterprise_id"),
        "inspector_id": inspector,
        "event": what,
        "label": label[:LONGEST],
        "changes": changes,
        "at": datetime.now(UTC),
        **cause,
    }


def _changes(item: Any) -> dict[str, Any]:
    state = inspect(item)
    found = {}
    for column in state.mapper.column_attrs:
        history: History = state.attrs[column.key].history
        if history.has_changes() and column.key != "id":
            old, new = (_plain(values[0]) if values else None for values in (history.deleted, history.added))
            if old != new:
                found[column.key] = [old, new]
    return found


def _values(item: Any) -> dict[str, Any]:
    return {column.key: getattr(item, column.key) for column in inspect(item).mapper.column_attrs}


def _name(item: Any) -> str:
    """What the record is called; nothing where its parts are not loaded yet, which a flush must not do."""
    name = str(item)
    return "" if "None" in name else name


def _label(values: Mapping[str, Any]) -> str:
    return str(values.get("name") or values.get("number") or values.get("subject") or values["id"])


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)[:LONGEST]


_MODELS: Mapping[str, type[Any]] = {model.__tablename__: model for model in TRACKED}
