"""What became of every row of a load."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind
from app.services.roster_import.faults import RowRefused

COUNTS = ("read", "added", "changed", "unchanged", "rejected", "flagged")
SAMPLE = 20
MOST_OF_A_FLAG = 20
MOST_CORRECTIONS = 200


class Effect(StrEnum):
    """What a loaded row did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not loaded: its line in the file, why, and its cells as they were."""

    line: int
    error: DomainError
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flagged:
    """A loaded row that needs a look: its line, the flags it bears, and its cells as they were."""

    line: int
    flags: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell that was corrected because the clerk accepted what was offered; `raw` is what the file says."""

    line: int
    header: str
    raw: str
    value: str


class Rejects:
    """The refused rows in the order of their lines, however many; beyond a few megabytes they wait on disk."""

    def __init__(self) -> None:
        # An unnamed database of SQLite spills to a file of its own, which nobody has to delete.
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA cache_size = -4000")
        self._rows.execute("CREATE TABLE reject (line INTEGER, code TEXT, params TEXT, cells TEXT)")
        self._rows.execute("BEGIN")
        self._count = 0

    def append(self, reject: Reject) -> None:
        """Keep one more."""
        error = reject.error
        values = (reject.line, error.code, _packed(error.params), _packed(reject.cells))
        self._rows.execute("INSERT INTO reject VALUES (?, ?, ?, ?)", values)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Reject]:
        query = "SELECT line, code, params, cells FROM reject ORDER BY line, rowid"
        for line, code, params, cells in self._rows.execute(query):
            yield Reject(line, RowRefused(code, **json.loads(params)), tuple(json.loads(cells)))

    def __getitem__(self, place: int) -> Reject:
        return next(islice(self, place, None)) if place >= 0 else list(self)[place]

    def first(self, count: int) -> list[Reject]:
        """The first ones, for a page."""
        return list(islice(self, count))

    def by_code(self) -> dict[str, int]:
        """How many were refused for which reason, the commonest first."""
        query = "SELECT code, count(*) FROM reject GROUP BY code ORDER BY count(*) DESC, code"
        return dict(self._rows.execute(query).fetchall())

    def have(self, line: int) -> bool:
        """True when the row on this line was refused."""
        return self._rows.execute("SELECT 1 FROM reject WHERE line = ?", (line,)).fetchone() is not None


@dataclass(slots=True)
class Outcome:
    """One load of a roster file. Counts are of rows; read = added + changed + unchanged + rejected (R13).

    Flagged rows are among the loaded ones. `flags` counts the reasons, so one row may stand under several.
    `gone` counts enterprises that the source listed and this whole list of it does not, `conflicts` new
    disagreements with another source. `samples` shows some rows added, changed, gone and refused;
    `is_same_file` that the source's last file came again. `corrections` are the first cells that were
    corrected because the clerk accepted the offers.
    """

    kind: ImportKind
    file_name: str
    file_digest: str = ""
    headers: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    flagged: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    conflicts: int = 0
    is_whole: bool = False
    is_same_file: bool = False
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=Rejects)
    corrections: list[Correction] = field(default_factory=list)
    batch_id: int | None = None
    _noted: Counter[str] = field(default_factory=Counter)
    _flagged: list[Flagged] = field(default_factory=list)

    @property
    def sample(self) -> list[Reject]:
        """The first rejects, for a page."""
        return self.rejects.first(SAMPLE)

    @property
    def flagged_sample(self) -> list[Flagged]:
        """Some of the loaded rows that need a look, at most MOST_OF_A_FLAG of each reason."""
        return [row for row in self._flagged if not self.rejects.have(row.line)]

    @property
    def corrections_left(self) -> int:
        """How many more corrections are kept."""
        return MOST_CORRECTIONS - len(self.corrections)

    def counts(self) -> dict[str, int]:
        """The six counts by name, in the order of the command's output."""
        return {name: getattr(self, name) for name in COUNTS}

    def report(self) -> dict[str, int | bool]:
        """The counts, and for enterprises what the load says about their source."""
        if self.kind != ImportKind.ENTERPRISES:
            return dict(self.counts())
        further = {"gone": self.gone, "conflicts": self.conflicts, "same_file": self.is_same_file}
        return self.counts() | further

    def reject(self, line: int, cells: Iterable[str], error: DomainError) -> None:
        """Count a row that is not loaded and keep it for the clerk."""
        self.rejected += 1
        self.rejects.append(Reject(line, error, tuple(cells)))

    def accept(self, effect: Effect, flags: Iterable[str] = ()) -> None:
        """Count a loaded row."""
        setattr(self, effect.value, getattr(self, effect.value) + 1)
        reasons = set(flags)
        self.flagged += bool(reasons)
        self.flags.update(reasons)

    def note_flags(self, line: int, flags: Iterable[str], cells: Iterable[str]) -> None:
        """Keep a row with flags for the page, as long as there are few of its kind."""
        reasons = tuple(dict.fromkeys(map(str, flags)))
        if any(self._noted[reason] < MOST_OF_A_FLAG for reason in reasons):
            self._noted.update(reasons)
            self._flagged.append(Flagged(line, reasons, tuple(cells)))


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, default=str)
