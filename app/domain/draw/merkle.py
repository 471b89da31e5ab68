"""The roster's commitment: RFC 6962 Merkle tree, membership and non-membership proofs.

The tree is kept as an outline: the roots of successive runs of 1,024 leaves. Those few kilobytes
are enough to prove any row from the 1,024 rows around it, without reading the whole roster again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.draw.hashing import Hasher, hasher
from app.domain.errors import DomainError

RUN = 1024
STEP = re.compile("[LR][0-9a-f]{64}")


class ProofImpossible(DomainError):
    """The rows handed in do not hold the asked leaf, or do hold the firm said to be absent."""

    code = "proof_impossible"


@dataclass(frozen=True, slots=True)
class Outline:
    """Roots of successive runs of 1,024 leaves; `size` counts the leaves."""

    alg: str
    size: int
    tops: tuple[bytes, ...]

    @property
    def root(self) -> str:
        """The tree hash, 64 hex characters."""
        if not self.tops:
            return hasher(self.alg)(b"").hexdigest()
        return _levels(self.tops, hasher(self.alg))[-1][0].hex()

    def text(self) -> str:
        """One line to store: size, then every run's root in hex."""
        return " ".join([self.alg, str(self.size), *(top.hex() for top in self.tops)])


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Row `row` is leaf `index`; `path` holds `L` or `R` plus the sibling's 64 hex, leaf upwards."""

    row: str
    index: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The two neighbours between which an absent identifier would stand (None at either end)."""

    left: Inclusion | None
    right: Inclusion | None


def parse_outline(text: str) -> Outline:
    """Read back `Outline.text`; ValueError when it is not one."""
    alg, size, *tops = text.split(" ")
    return Outline(alg, int(size), tuple(bytes.fromhex(top) for top in tops))


def leaf_run_root(rows: Sequence[bytes], hash_: Hasher) -> bytes:
    """Return the subtree hash of at most 1,024 rows (at least one)."""
    return _levels([hash_(b"\x00" + row).digest() for row in rows], hash_)[-1][0]


def outline_of(rows: Iterable[bytes], alg: str) -> Outline:
    """Build the outline from rows (bytes without line end) as they come; holds one run at a time."""
    hash_, stream, tops, size = hasher(alg), iter(rows), [], 0
    while run := list(islice(stream, RUN)):
        tops.append(leaf_run_root(run, hash_))
        size += len(run)
    return Outline(alg, size, tuple(tops))


def merkle_root(rows: Iterable[bytes], alg: str) -> str:
    """Return the RFC 6962 tree hash of the rows, 64 hex characters."""
    return outline_of(rows, alg).root


def prove(outline: Outline, index: int, run: Sequence[bytes]) -> Inclusion:
    """Prove leaf `index`; `run` is every row of its run, that is from `index - index % 1024`.

    Raises `proof_impossible` when `run` is not that run of the outline.
    """
    hash_, place = hasher(outline.alg), index % RUN
    if not 0 <= index < outline.size or place >= len(run):
        raise ProofImpossible(index=index, size=outline.size)
    levels = _levels([hash_(b"\x00" + row).digest() for row in run], hash_)
    if levels[-1][0] != outline.tops[index // RUN]:
        raise ProofImpossible(index=index, size=outline.size)
    above = _siblings(_levels(outline.tops, hash_), index // RUN)
    return Inclusion(run[place].decode("ascii"), index, (*_siblings(levels, place), *above))


def is_included(proof: Inclusion, size: int, root: str, alg: str) -> bool:
    """Check a membership proof against the plan's `roster_n` and `roster_root`."""
    hash_, place, last = hasher(alg), proof.index, size - 1
    if not 0 <= place <= last:
        return False
    node = hash_(b"\x00" + proof.row.encode("ascii")).digest()
    for step in proof.path:
        # The last node of an odd level has no sibling: it is promoted unchanged.
        while place == last and not place & 1 and last:
            place, last = place >> 1, last >> 1
        if not last or not STEP.fullmatch(step) or (step[0] == "L") != bool(place & 1):
            return False
        sibling = bytes.fromhex(step[1:])
        node = hash_(b"\x01" + (sibling + node if place & 1 else node + sibling)).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and node.hex() == root


def is_excluded(identifier: str, proof: Exclusion, size: int, root: str, alg: str) -> bool:
    """Check that `identifier` has no row: its two would-be neighbours are adjacent leaves."""
    left, right = proof.left, proof.right
    if left is None and right is None:
        return size == 0
    if any(side and not is_included(side, size, root, alg) for side in (left, right)):
        return False
    before = left.index if left else -1
    after = right.index if right else size
    in_order = (not left or _identifier(left) < identifier) and (not right or identifier < _identifier(right))
    return after == before + 1 and in_order


def prove_absent(identifier: str, left: Inclusion | None, right: Inclusion | None) -> Exclusion:
    """Pair the neighbours of an absent identifier; raises `proof_impossible` when it has a row."""
    if (left and _identifier(left) >= identifier) or (right and _identifier(right) <= identifier):
        raise ProofImpossible(identifier=identifier)
    return Exclusion(left, right)


def _identifier(proof: Inclusion) -> str:
    return proof.row.partition("\t")[0]


def _levels(leaves: Sequence[bytes], hash_: Hasher) -> list[Sequence[bytes]]:
    levels = [leaves]
    while len(level := levels[-1]) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        parents = [hash_(b"\x01" + left + right).digest() for left, right in pairs]
        levels.append(parents if len(level) % 2 == 0 else [*parents, level[-1]])
    return levels


def _siblings(levels: Sequence[Sequence[bytes]], place: int) -> list[str]:
    path = []
    for level in levels:
        if place ^ 1 < len(level):
            path.append(("L" if place & 1 else "R") + level[place ^ 1].hex())
        place >>= 1
    return path
