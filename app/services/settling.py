"""Disagreements of sources settled: by the order of precedence, or by the clerk for one enterprise (R13).

What stands in the roster is what the most believed of the living claims says. These functions bring it there
after the order changed, a source dropped a row, or the clerk decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.provenance import STATEABLE, Precedence, bit
from app.domain.vocabulary import RosterField
from app.models import Enterprise, EnterpriseChange, RosterSource, SourceClaim, SourceDissent
from app.services import audit, search, sources
from app.services.bulk import table_of, update_all
from app.services.transaction import lock, transaction

BLOCK = 2000
_SEARCHED = (RosterField.NAME, RosterField.ADDRESS)
_DISSENT, _CLAIM, _CHANGE = map(table_of, (SourceDissent, SourceClaim, EnterpriseChange))


class NoSuchStatement(DomainError):
    """The source states nothing about this field of the enterprise, or it has no value to choose."""

    code = "no_such_statement"


class ReasonMissing(DomainError):
    """A decision of the clerk needs its reason."""

    code = "decision_reason_missing"


@dataclass(slots=True)
class Dispute:
    """One field of one enterprise on which sources disagree: what stands, and who states what."""

    enterprise_id: int
    standing: str | None
    dissents: dict[int, str] = field(default_factory=dict)
    agreeing: list[int] = field(default_factory=list)

    def value_of(self, source_id: int) -> str | None:
        """What a source states."""
        return self.dissents.get(source_id, self.standing)

    def believed(self, precedence: Precedence, which: RosterField) -> int | None:
        """The source whose word stands by the order of precedence."""
        return precedence.believed([*self.dissents, *self.agreeing], which)


def set_precedence(
    orders: Mapping[RosterField, Sequence[int]], actor: User | None, now: datetime
) -> dict[RosterField, int]:
    """Set the order of the sources for these fields and let the roster follow; by field, what changed.

    Raises OrderIncomplete.
    """
    with transaction() as session:
        changed = sources.set_precedence(session, orders, actor, now)
        return {each: settle(session, each, _DISSENT.c.field == each, actor, now) for each in changed}


def settle(
    session: Session, which: RosterField, where: ColumnElement[bool], actor: User | None, now: datetime
) -> int:
    """Let the most believed statement stand, in every dispute about this field; how many values changed."""
    precedence, changed = sources.precedence(session), 0
    for disputes in _disputes(session, which, where):
        moved = [
            (dispute, source)
            for dispute in disputes
            if (source := dispute.believed(precedence, which)) in dispute.dissents
        ]
        _move(
            session,
            which,
            [(each, source, each.dissents[source]) for each, source in moved],
            actor,
            now,
            None,
        )
        changed += len(moved)
    return changed


def decide(dissent_id: int, source_id: int | None, actor: User | None, now: datetime, reason: str) -> None:
    """The clerk decides a conflict: the word of one source stands, or (None) what stands already.

    The decision is a statement of the clerk's own, which no source overrules while the clerk is believed
    first. Raises ReasonMissing, NoSuchStatement, NotFound.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        dissent = lock(session, SourceDissent, dissent_id)
        which, enterprise_id = dissent.field, dissent.enterprise_id
        (dispute,) = next(_disputes(session, which, _DISSENT.c.id == dissent_id))
        value = dispute.standing if source_id is None else dispute.dissents.get(source_id)
        if value is None:
            raise NoSuchStatement()
        manual = _manual(session)
        _claim_by_hand(session, manual, enterprise_id, [which])
        if value != dispute.standing:
            dispute.agreeing = [source for source in dispute.agreeing if source != manual]
            _move(session, which, [(dispute, manual, value)], actor, now, reason)
        _mark_decided(session, enterprise_id, which, actor, now, reason)
        data = {"field": which.value, "value": value, "reason": reason}
        audit.record(session, actor, "enterprise:conflict:decided", str(dissent.enterprise), data)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source states in a dispute; `stands` where the roster says the same. `source` None: nobody's."""

    source: RosterSource | None
    value: str | None
    stands: bool


def statements(session: Session, dissent: SourceDissent) -> list[Statement]:
    """Who states what about the field of a dissent, the most believed first."""
    (dispute,) = next(_disputes(session, dissent.field, _DISSENT.c.id == dissent.id))
    order = sources.precedence(session).order(dissent.field)
    known = {source.id: source for source in sources.sources_in_order(session)}
    stating = {*dispute.dissents, *dispute.agreeing}
    found = [
        Statement(known[key], dispute.value_of(key), key in dispute.agreeing)
        for key in order
        if key in stating
    ]
    nobody = [] if dispute.agreeing else [Statement(None, dispute.standing, True)]
    return nobody + found


def note_added(session: Session, item: Enterprise) -> None:
    """A new enterprise entered by hand: all that it says is the clerk's own statement."""
    said = [each for each in STATEABLE if getattr(item, each.value) is not None]
    _claim_by_hand(session, _manual(session), item.id, said)


def note_edit(
    session: Session, item: Enterprise, old: Mapping[str, Any], actor: User | None, now: datetime
) -> None:
    """Keep an edit of the clerk in the history and as the clerk's own statement; `old` are values by column.

    What sources stated and agreed on so far becomes their dissent. Call it in the transaction of the edit.
    """
    edited = [each for each in STATEABLE if each.value in old]
    fields = [each for each in edited if as_text(old[each.value]) != as_text(getattr(item, each.value))]
    manual = _manual(session)
    for which in fields:
        before, after = as_text(old[which.value]), as_text(getattr(item, which.value))
        if before is not None:
            agreeing = _living(session, item.id, which) - _dissenting(session, item.id, which)
            _note_dissents(session, which, [(item.id, source, before) for source in agreeing - {manual}], now)
        session.execute(
            delete(_DISSENT).where(
                _DISSENT.c.enterprise_id == item.id, _DISSENT.c.field == which, _DISSENT.c.value == after
            )
        )
        _mark_decided(session, item.id, which, actor, now, "")
        _note_changes(session, which, [(item.id, before, after)], manual, actor, now, None)
    _claim_by_hand(
        session, manual, item.id, [each for each in fields if getattr(item, each.value) is not None]
    )


def as_text(value: Any) -> str | None:
    """A value as history and dissents keep it: a date as ISO 8601, yes and no as 1 and 0."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def from_text(which: RosterField, text: str) -> Any:
    """The value of a column that was kept as text."""
    column = table_of(Enterprise).c[which.value].type
    kind = getattr(column, "vocabulary", None)
    if kind is not None:
        return kind.of(text)
    if column.python_type is bool:
        return text == "1"
    return date.fromisoformat(text) if column.python_type is date else text


def _disputes(session: Session, which: RosterField, where: ColumnElement[bool]) -> Iterator[list[Dispute]]:
    """The disputes about a field, a block at a time."""
    wanted = select(_DISSENT.c.enterprise_id).where(_DISSENT.c.field == which, where).distinct()
    keys = iter(session.scalars(wanted.order_by(_DISSENT.c.enterprise_id)).all())
    while block := list(islice(keys, BLOCK)):
        yield _block_of_disputes(session, which, block)


def _block_of_disputes(session: Session, which: RosterField, keys: list[int]) -> list[Dispute]:
    held = select(Enterprise.id, getattr(Enterprise, which.value)).where(Enterprise.id.in_(keys))
    found = {key: Dispute(key, as_text(value)) for key, value in session.execute(held)}
    stated = select(_DISSENT.c.enterprise_id, _DISSENT.c.source_id, _DISSENT.c.value)
    for key, source, value in session.execute(
        stated.where(_DISSENT.c.enterprise_id.in_(keys), _DISSENT.c.field == which)
    ):
        found[key].dissents[source] = value
    claims = select(_CLAIM.c.enterprise_id, _CLAIM.c.source_id).where(
        _CLAIM.c.enterprise_id.in_(keys),
        _CLAIM.c.gone_batch_id.is_(None),
        _CLAIM.c.stated.bitwise_and(bit(which)) != 0,
    )
    for key, source in session.execute(claims):
        if source not in found[key].dissents:
            found[key].agreeing.append(source)
    return list(found.values())


def _move(
    session: Session,
    which: RosterField,
    moved: Iterable[tuple[Dispute, int | None, str]],
    actor: User | None,
    now: datetime,
    why: str | None,
) -> None:
    """Let other values stand: each with the source whose word it is; who agreed with the old one dissents now."""
    moved = list(moved)
    if not moved:
        return
    values = [{"id": each.enterprise_id, which.value: from_text(which, new)} for each, _, new in moved]
    update_all(session, table_of(Enterprise), [row | {"loaded_at": now} for row in values])
    for each, source, new in moved:
        _note_changes(session, which, [(each.enterprise_id, each.standing, new)], source, actor, now, why)
        session.execute(
            delete(_DISSENT).where(
                _DISSENT.c.enterprise_id == each.enterprise_id,
                _DISSENT.c.field == which,
                _DISSENT.c.value == new,
            )
        )
    old = [(each.enterprise_id, source, each.standing) for each, _, _ in moved for source in each.agreeing]
    _note_dissents(session, which, [row for row in old if row[2] is not None], now)
    if which in _SEARCHED:
        search.refresh(session, [each.enterprise_id for each, _, _ in moved])


def _note_changes(
    session: Session,
    which: RosterField,
    rows: Sequence[tuple[int, str | None, str | None]],
    source: int | None,
    actor: User | None,
    now: datetime,
    why: str | None,
) -> None:
    common = {
        "field": which,
        "at": now,
        "source_id": source,
        "actor_id": actor.id if actor else None,
        "why": why,
    }
    session.execute(
        insert(_CHANGE),
        [{"enterprise_id": key, "old": old, "new": new} | common for key, old, new in rows],
    )


def _note_dissents(session: Session, which: RosterField, rows: Sequence[Any], now: datetime) -> None:
    if rows:
        session.execute(
            insert(_DISSENT),
            [
                {"enterprise_id": key, "source_id": source, "field": which, "value": value, "since": now}
                for key, source, value in rows
            ],
        )


def _mark_decided(
    session: Session, enterprise_id: int, which: RosterField, actor: User | None, now: datetime, reason: str
) -> None:
    session.execute(
        update(_DISSENT)
        .where(_DISSENT.c.enterprise_id == enterprise_id, _DISSENT.c.field == which)
        .values(decided_at=now, decided_by_id=actor.id if actor else None, reason=reason or None)
    )


def _claim_by_hand(session: Session, manual: int, enterprise_id: int, fields: Sequence[RosterField]) -> None:
    claim = session.get(SourceClaim, (enterprise_id, manual))
    if claim is None:
        claim = SourceClaim(enterprise_id=enterprise_id, source_id=manual, stated=0)
        session.add(claim)
    for each in fields:
        claim.stated |= bit(each)
    session.flush()


def _living(session: Session, enterprise_id: int, which: RosterField) -> set[int]:
    query = select(_CLAIM.c.source_id).where(
        _CLAIM.c.enterprise_id == enterprise_id,
        _CLAIM.c.gone_batch_id.is_(None),
        _CLAIM.c.stated.bitwise_and(bit(which)) != 0,
    )
    return set(session.scalars(query))


def _dissenting(session: Session, enterprise_id: int, which: RosterField) -> set[int]:
    query = select(_DISSENT.c.source_id).where(
        _DISSENT.c.enterprise_id == enterprise_id, _DISSENT.c.field == which
    )
    return set(session.scalars(query))


def _manual(session: Session) -> int:
    query = select(RosterSource.id).where(RosterSource.is_manual)
    found = session.scalar(query)
    if found is None:
        sources.ensure_sources(session)
        found = session.scalars(query).one()
    return found
