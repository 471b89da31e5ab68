"""What a source listed so far: the hashes of its rows, whose they are, and what it does not list any more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Integer, and_, func, select, update
from sqlalchemy.orm import Session

from app.services.roster_import.apply import CLAIM, Cause, note_presence
from app.services.roster_import.comparing import ENTERPRISE, TARGET
from app.services.roster_import.known_lines import Ids, KnownLines
from app.services.roster_import.staging import Stage, temporary

Owners = NDArray[np.int32]
GONE = temporary("roster_gone", Column("enterprise_id", Integer, primary_key=True, autoincrement=False))

_BLOCK = 20_000
_HEADER = 19
_ROW = np.dtype([("owner", np.int32), ("hash", np.int64)])
_COPIED_ROW = np.dtype(
    [("fields", ">i2"), ("size1", ">i4"), ("owner", ">i4"), ("size2", ">i4"), ("hash", ">i8")]
)


def known_lines(session: Session, source_id: int) -> KnownLines:
    """The rows of the source's last file by their hashes."""
    hashed = and_(*_living(source_id), CLAIM.c.line_hash.is_not(None))
    count = session.scalar(select(func.count()).select_from(CLAIM).where(hashed)) or 0
    hashes, filled = np.empty(count, np.int64), 0
    for _, block in _blocks(session, source_id, "line_hash IS NOT NULL"):
        hashes[filled : filled + len(block)] = block
        filled += len(block)
    return KnownLines(hashes[:filled])


def find_gone(
    session: Session, stage: Stage, source_id: int, known: KnownLines, refused: list[str]
) -> tuple[int, int]:
    """Note in a temporary table what the source listed and this file does not; how many it listed, and these.

    Held in memory are the staged enterprises alone; the claims pass by.
    """
    here = np.unique(np.concatenate([_targets(session), _of_identifiers(session, refused)]))
    stage.create(GONE)
    listed = gone = 0
    for owners, hashes in _blocks(session, source_id, "1 = 1"):
        listed += len(owners)
        missing = owners[(known.lines_of(hashes) == 0) & ~_are_among(owners, here)]
        gone += len(missing)
        if len(missing):
            stage.write(GONE, [missing.tolist()])
    return listed, gone


def _are_among(owners: Owners, here: Owners) -> NDArray[np.bool_]:
    if len(here) == 0:
        return np.zeros(len(owners), np.bool_)
    places = np.searchsorted(here, owners)
    places[places == len(here)] = 0
    among: NDArray[np.bool_] = here[places] == owners
    return among


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


def _blocks(session: Session, source_id: int, condition: str) -> Iterator[tuple[Owners, Ids]]:
    """Enterprises and row hashes of the source's living claims, 0 for no hash.

    They wait in a file, so that the connection is free for other statements and memory stays small.
    """
    connection = session.connection()
    raw: Any = connection.connection.dbapi_connection
    where = f"source_id = {int(source_id)} AND gone_batch_id IS NULL AND {condition}"
    query = f"SELECT enterprise_id, coalesce(line_hash, 0) FROM source_claim WHERE {where}"
    reader = _copied if connection.dialect.name == "postgresql" else _fetched
    with tempfile.TemporaryFile() as file:
        reader(raw, query, file)
        file.seek(0)
        while content := file.read(_ROW.itemsize * _BLOCK):
            rows = np.frombuffer(content, _ROW)
            yield rows["owner"].astype(np.int32), rows["hash"].astype(np.int64)


def _copied(raw: Any, query: str, file: IO[bytes]) -> None:
    with raw.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        stream, rest = iter(copy), b""
        skip = _HEADER
        while block := list(islice(stream, _BLOCK)):
            content = rest + b"".join(block)
            content, skip = content[skip:], 0
            whole = len(content) // _COPIED_ROW.itemsize * _COPIED_ROW.itemsize
            rows, rest = np.frombuffer(content[:whole], _COPIED_ROW), content[whole:]
            file.write(_packed(rows["owner"], rows["hash"]))


def _fetched(raw: Any, query: str, file: IO[bytes]) -> None:
    cursor = raw.execute(query)
    while block := cursor.fetchmany(_BLOCK):
        rows = np.fromiter(chain.from_iterable(block), np.int64).reshape(-1, 2)
        file.write(_packed(rows[:, 0], rows[:, 1]))


def _packed(owners: NDArray[Any], hashes: NDArray[Any]) -> bytes:
    rows = np.empty(len(owners), _ROW)
    rows["owner"], rows["hash"] = owners, hashes
    return rows.tobytes()
