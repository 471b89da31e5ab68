"""A tally as plain numbers, as it is kept, and back."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from app.domain.measures import Conduct, Count, Tally


def plain(tally: Tally) -> list[list[int]]:
    """Households, visits, findings and conduct in the order of their fields; codes are not kept."""
    return [list(astuple(part)) for part in (tally.households, tally.visits, tally.findings, tally.conduct)]


def tally_of(kept: Any) -> Tally:
    """The tally that was kept so."""
    households, visits, findings, conduct = kept
    return Tally(Count(*households), Count(*visits), Count(*findings), Conduct(*conduct))
