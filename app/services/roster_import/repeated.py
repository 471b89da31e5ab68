"""An enterprise that stands on several rows of a file: the first row counts, every later one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.roster_import.apply import CLAIM
from app.services.roster_import.comparing import ENTERPRISE
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.known_lines import KnownLines
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.roster_file import RosterFile
from app.services.roster_import.staging import STAGE, STAGED_LABEL

_PARTS = 32
_BLOCK = 5000


class Identifiers:
    """The identifiers of all staged rows, as eight bytes each, in the order of staging."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.int64]] = []

    def add(self, identifiers: Sequence[str]) -> None:
        """Note those of further rows."""
        self._parts.append(np.fromiter(map(hash, identifiers), np.int64, len(identifiers)))

    def suspects(self) -> list[int]:
        """The ordinals of rows whose identifier may stand on another row too; exact comparison is left to do."""
        found = [ordinal for part in range(_PARTS) for ordinal in self._suspects(part)]
        return sorted(found)

    def _suspects(self, part: int) -> list[int]:
        """Those of one part of all values, so that no second copy of everything is held."""
        values, ordinals, before = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 1
        for block in self._parts:
            places = np.flatnonzero((block & (_PARTS - 1)) == part)
            values.append(block[places])
            ordinals.append(places + before)
            before += len(block)
        whole = np.concatenate(values)
        distinct, counts = np.unique(whole, return_counts=True)
        repeated = distinct[counts > 1]
        if len(repeated) == 0:
            return []
        suspected: list[int] = np.concatenate(ordinals)[np.isin(whole, repeated)].tolist()
        return suspected


def refuse_repeated(
    session: Session,
    file: RosterFile,
    identifiers: Identifiers,
    source_id: int,
    known: KnownLines,
    outcome: Outcome,
) -> None:
    """Refuse all but the first row of each enterprise, staged ones and those known from the last file."""
    refused = _within_stage(session, identifiers.suspects())
    _unstage(session, [ordinal for ordinal, _, _, _ in refused])
    lines = {line: (identifier, first) for _, line, identifier, first in refused}
    lines |= _beside_known(session, source_id, known)
    for line, cells in file.cells_at(sorted(lines)) if lines else ():
        identifier, first = lines[line]
        outcome.reject(line, cells, RowRefused("row_repeated", value=identifier, first_line=first))


def _within_stage(session: Session, suspects: list[int]) -> list[tuple[int, int, str, int]]:
    """Ordinal, line, identifier and first line of the rows that repeat an earlier one."""
    firsts: dict[str, int] = {}
    repeated = []
    for block in _blocks(suspects):
        query = select(STAGE.c.ordinal, STAGE.c.line, STAGE.c.identifier).where(STAGE.c.ordinal.in_(block))
        rows = session.execute(query.order_by(STAGE.c.line)).all()
        for ordinal, line, identifier in rows:
            first = firsts.setdefault(identifier, line)
            if first != line:
                repeated.append((ordinal, line, identifier, first))
    return repeated


def _beside_known(session: Session, source_id: int, known: KnownLines) -> dict[int, tuple[str, int]]:
    """Staged rows beside rows that were passed over as known: the later one of each pair is refused."""
    refused, later, past = {}, [], []
    for block in _staged_of_known(session, source_id) if known.count() else ():
        known_lines = known.lines_of(block[:, 2])
        met = known_lines > 0
        for (ordinal, line, line_hash), known_line in zip(
            block[met].tolist(), known_lines[met].tolist(), strict=True
        ):
            identifier = session.scalar(select(STAGE.c.identifier).where(STAGE.c.ordinal == ordinal)) or ""
            refused[max(line, known_line)] = (identifier, min(line, known_line))
            if known_line < line:
                later.append(ordinal)
            else:
                past.append(line_hash)
    known.withdraw(np.array(past, np.int64))
    _unstage(session, later)
    return refused


def _staged_of_known(session: Session, source_id: int) -> list[NDArray[np.int64]]:
    """Ordinal, line and the hash in the last file, of the staged rows whose enterprise stood there."""
    query = (
        select(STAGE.c.ordinal, STAGE.c.line, CLAIM.c.line_hash)
        .join(ENTERPRISE, ENTERPRISE.c.identifier == STAGE.c.identifier)
        .join(CLAIM, CLAIM.c.enterprise_id == ENTERPRISE.c.id)
        .where(CLAIM.c.source_id == source_id, CLAIM.c.line_hash.is_not(None))
    )
    rows = session.execute(query.execution_options(yield_per=_BLOCK))
    return [np.array(block, np.int64) for block in rows.partitions()]


def _unstage(session: Session, ordinals: Iterable[int]) -> None:
    for block in _blocks(list(ordinals)):
        for table in (STAGE, STAGED_LABEL):
            session.execute(delete(table).where(table.c.ordinal.in_(block)))


def _blocks(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[place : place + _BLOCK] for place in range(0, len(numbers), _BLOCK))
