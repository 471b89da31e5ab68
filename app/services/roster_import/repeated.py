"""An enterprise that stands on several rows of a file: the first row counts, every later one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.roster_import.claims import Listed
from app.services.roster_import.comparing import ENTERPRISE
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.roster_file import RosterFile
from app.services.roster_import.staging import STAGE, STAGED_LABEL

_PARTS = 8
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
        whole = np.concatenate([np.empty(0, np.int64), *self._parts])
        self._parts = [whole]
        found = []
        for part in range(_PARTS):  # an eighth at a time, so that no second copy of all is held
            places = np.flatnonzero((whole & (_PARTS - 1)) == part)
            values, counts = np.unique(whole[places], return_counts=True)
            repeated = values[counts > 1]
            if len(repeated):
                found.append(places[np.isin(whole[places], repeated)] + 1)
        return sorted(np.concatenate(found).tolist()) if found else []


def refuse_repeated(
    session: Session, file: RosterFile, identifiers: Identifiers, listed: Listed, outcome: Outcome
) -> None:
    """Refuse all but the first row of each enterprise, staged ones and those known from the last file."""
    refused = _within_stage(session, identifiers.suspects())
    _unstage(session, [ordinal for ordinal, _, _, _ in refused])
    lines = {line: (identifier, first) for _, line, identifier, first in refused}
    lines |= _beside_known(session, listed)
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


def _beside_known(session: Session, listed: Listed) -> dict[int, tuple[str, int]]:
    """Staged rows beside rows that were passed over as known: the later one of each pair is refused."""
    if not len(listed.known.met()):
        return {}
    staged = _staged_of_known(session)
    again = listed.known.met_again(staged[:, 0])
    refused, later, past = {}, [], []
    for owner, ordinal, line in staged[np.isin(staged[:, 0], list(again))].tolist():
        identifier = session.scalar(select(STAGE.c.identifier).where(STAGE.c.ordinal == ordinal)) or ""
        if again[owner] < line:
            refused[line] = (identifier, again[owner])
            later.append(ordinal)
        else:
            refused[again[owner]] = (identifier, line)
            past.append(owner)
    listed.known.withdraw(past)
    _unstage(session, later)
    return refused


def _staged_of_known(session: Session) -> NDArray[np.int64]:
    """Enterprise, ordinal and line of the staged rows whose enterprise is in the roster."""
    query = select(ENTERPRISE.c.id, STAGE.c.ordinal, STAGE.c.line).join(
        STAGE, STAGE.c.identifier == ENTERPRISE.c.identifier
    )
    rows = session.execute(query.execution_options(yield_per=_BLOCK))
    parts = [np.array(block, np.int64) for block in rows.partitions()]
    return np.concatenate([np.empty((0, 3), np.int64), *parts])


def _unstage(session: Session, ordinals: Iterable[int]) -> None:
    for block in _blocks(list(ordinals)):
        for table in (STAGE, STAGED_LABEL):
            session.execute(delete(table).where(table.c.ordinal.in_(block)))


def _blocks(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[place : place + _BLOCK] for place in range(0, len(numbers), _BLOCK))
