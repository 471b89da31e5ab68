"""What a draw costs otherwise: the bare hashes, sorting everybody, and Rivest's sampler."""

from __future__ import annotations

import hashlib
from collections import defaultdict


def loop(identifiers: list[str], key: str) -> list[bytes]:
    """The tickets alone, by a bare loop: what no draw by tickets can save."""
    sha256 = hashlib.sha256
    return [sha256(f"{key}:{identifier}".encode()).digest() for identifier in identifiers]


def sort_all(identifiers: list[str], strata: list[str], key: str, size: int) -> list[list[tuple[bytes, str]]]:
    """The draw without a pre-filter: every ticket sorted within its stratum."""
    lots = defaultdict(list)
    for ticket, identifier, stratum in zip(loop(identifiers, key), identifiers, strata, strict=True):
        lots[stratum].append((ticket, identifier))
    return [sorted(found)[:size] for found in lots.values()]


def consistent_sampler(identifiers: list[str], seed: str, size: int) -> list[object]:
    """The package `consistent_sampler`, without strata."""
    from consistent_sampler import sampler

    return list(sampler(identifiers, seed=seed, take=size))
