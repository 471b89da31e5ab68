"""What became of every row of a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind

COUNTS = ("read", "added", "changed", "unchanged", "rejected", "flagged")
SAMPLE = 20


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


@dataclass(slots=True)
class Outcome:
    """One load of a roster file. Counts are of rows; read = added + changed + unchanged + rejected (R13).

    Flagged rows are among the loaded ones. `flags` counts the reasons, so one row may stand under several.
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
    rejects: list[Reject] = field(default_factory=list)
    batch_id: int | None = None

    @property
    def sample(self) -> list[Reject]:
        """The first rejects, for a page."""
        return self.rejects[:SAMPLE]

    def counts(self) -> dict[str, int]:
        """The six counts by name, in the order of the command's output."""
        return {name: getattr(self, name) for name in COUNTS}

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
