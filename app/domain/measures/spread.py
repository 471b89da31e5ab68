"""How often each was counted, as a spread over bins: no name, no rank, no league table (R45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.vocabulary import CountKind


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a spread: from so many to so many times, both included; None is without end."""

    least: int
    most: int | None

    @property
    def label(self) -> str:
        """1, 2, 11–20, 4以上."""
        if self.most is None:
            return f"{self.least}及以上"
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"

    def holds(self, number: int) -> bool:
        """True when a number lies in the bin."""
        return number >= self.least and (self.most is None or number <= self.most)


SPREADS: Mapping[CountKind, tuple[Bin, ...]] = {
    CountKind.BURDEN: (Bin(1, 1), Bin(2, 2), Bin(3, 3), Bin(4, None)),
    CountKind.LOAD: (Bin(0, 0), Bin(1, 10), Bin(11, 20), Bin(21, 40), Bin(41, None)),
}
"""The bins of each spread: checks of an enterprise (R36, R37), visits of an inspector."""


def spread(kind: CountKind, numbers: Mapping[int, int]) -> dict[Bin, int]:
    """How many subjects fall into each bin; `numbers` is how many subjects were counted how often."""
    return {
        each: sum(subjects for number, subjects in numbers.items() if each.holds(number))
        for each in SPREADS[kind]
    }
