"""What a source listed so far: the hashes of its rows, whose they are, and what it does not list any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Integer, select, update
from sqlalchemy.orm import Session

from app.services.roster_import.apply import CLAIM, Cause, note_presence
from app.services.roster_import.comparing import ENTERPRISE, TARGET
from app.services.roster_import.known_lines import Ids, KnownLines
from app.services.roster_import.staging import Stage, temporary

Owners = NDArray[np.int32]
GONE = temporary("roster_gone", Column("enterprise_id", Integer, primary_key=True, autoincrement=False))

_BLOCK = 20_000
_HEADER = 19
_COPIED_ROW = np.dtype(
    [("fields", ">i2"), ("size1", ">i4"), ("owner", ">i4"), ("size2", ">i4"), ("hash", ">i8")]
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a source lists: rows that can be told by their hash, and enterprises whose rows must be read."""

    known: KnownLines
    others: Owners

    def owners(self) -> Owners:
        """All enterprises that the source lists."""
        return np.concatenate([self.known.owners, self.others])


def listed_by(session: Session, source_id: int, trust_hashes: bool) -> Listed:
    """What the source lists so far; without trust in the hashes every row must be read."""
    hashes, owners = _hashed(session, source_id)
    others = _owners(session, source_id)
    if trust_hashes:
        return Listed(KnownLines(hashes, owners), others)
    nothing = KnownLines(hashes[:0], owners[:0])
    return Listed(nothing, np.concatenate([owners, others]))


def find_gone(session: Session, stage: Stage, listed: Listed, refused: list[str]) -> int:
    """Note in a temporary table what the source listed and this file does not; how many these are."""
    met = [listed.known.met(), _targets(session), _of_identifiers(session, refused)]
    gone = np.setdiff1d(listed.owners(), np.concatenate(met), assume_unique=False)
    stage.fill(GONE, [gone.tolist()])
    return len(gone)


def mark_gone(session: Session, cause: Cause) -> None:
    """Mark what the source dropped; nothing is deleted, and the enterprise stays in the roster."""
    gone = select(GONE.c.enterprise_id)
    note_presence(session, gone, False, cause)
    session.execute(
        update(CLAIM)
        .where(CLAIM.c.source_id == cause.source_id, CLAIM.c.enterprise_id.in_(gone))
        .values(gone_batch_id=cause.batch_id, line_hash=None)
    )


def _living(source_id: int) -> Any:
    return (CLAIM.c.source_id == source_id, CLAIM.c.gone_batch_id.is_(None))


def _owners(session: Session, source_id: int) -> Owners:
    query = select(CLAIM.c.enterprise_id).where(*_living(source_id), CLAIM.c.line_hash.is_(None))
    return _integers(session, query)


def _targets(session: Session) -> Owners:
    return _integers(session, select(TARGET.c.enterprise_id).where(~TARGET.c.is_new))


def _of_identifiers(session: Session, identifiers: list[str]) -> Owners:
    """The enterprises of rows that were refused; such a row is not gone."""
    parts = (identifiers[place : place + _BLOCK // 20] for place in range(0, len(identifiers), _BLOCK // 20))
    found = (
        _integers(session, select(ENTERPRISE.c.id).where(ENTERPRISE.c.identifier.in_(part))) for part in parts
    )
    return np.concatenate([np.empty(0, np.int32), *found])


def _integers(session: Session, query: Any) -> Owners:
    rows = session.execute(query.execution_options(yield_per=_BLOCK))
    parts = [np.fromiter(chain.from_iterable(block), np.int32) for block in rows.partitions()]
    return np.concatenate([np.empty(0, np.int32), *parts])


def _hashed(session: Session, source_id: int) -> tuple[Ids, Owners]:
    connection = session.connection()
    raw: Any = connection.connection.dbapi_connection
    where = f"source_id = {int(source_id)} AND gone_batch_id IS NULL AND line_hash IS NOT NULL"
    query = f"SELECT enterprise_id, line_hash FROM source_claim WHERE {where}"
    blocks = _copied(raw, query) if connection.dialect.name == "postgresql" else _fetched(raw, query)
    hashes, owners = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for block_owners, block_hashes in blocks:
        owners.append(block_owners.astype(np.int32))
        hashes.append(block_hashes.astype(np.int64))
    return np.concatenate(hashes), np.concatenate(owners)


def _copied(raw: Any, query: str) -> Iterator[tuple[Any, Any]]:
    with raw.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        rest = b""
        stream = iter(copy)
        is_first = True
        while block := list(islice(stream, _BLOCK)):
            content = rest + b"".join(block)
            content = content[_HEADER:] if is_first else content
            is_first = False
            whole = len(content) // _COPIED_ROW.itemsize * _COPIED_ROW.itemsize
            rows, rest = np.frombuffer(content[:whole], _COPIED_ROW), content[whole:]
            yield rows["owner"], rows["hash"]


def _fetched(raw: Any, query: str) -> Iterator[tuple[Any, Any]]:
    cursor = raw.execute(query)
    while block := cursor.fetchmany(_BLOCK):
        rows = np.fromiter(chain.from_iterable(block), np.int64).reshape(-1, 2)
        yield rows[:, 0], rows[:, 1]
