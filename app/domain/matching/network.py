"""The match as a flow: nodes, arcs and integer costs, in numpy columns (draw protocol 2.9).

Source -> person: one unit arc per visit, costing 0, W, 2W ... so that load is spread. Person -> demand: the
eligible pairs, costing 32 bits of hash each. Where a demand needs a key person, pairs without key pass
through a quota node that lets only size - 1 of them on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.draw.hashing import hasher
from app.domain.matching.instance import Instance

LOAD_WEIGHT = 2**32
SOURCE = 0

Integers = NDArray[np.int64]
Places = NDArray[np.int32]
AnyIntegers = NDArray[np.int32] | NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """An Instance as arrays; pairs are ascending by (demand, staff).

    `direct` marks the pairs that the quota does not concern: key pairs, and all where no key is needed.
    """

    demand: Places
    staff: Places
    key: Flags
    direct: Flags
    size: Integers
    needs_key: Flags
    cap: Integers
    may_lead: Flags

    @classmethod
    def of(cls, instance: Instance) -> Columns:
        """Views on the pairs, copies of the rest."""
        pairs = instance.pairs
        demand = np.frombuffer(pairs.demand, dtype=np.int32) if len(pairs) else np.zeros(0, np.int32)
        staff = np.frombuffer(pairs.staff, dtype=np.int32) if len(pairs) else np.zeros(0, np.int32)
        key = np.asarray(pairs.key, dtype=np.bool_)
        needs_key = np.array([wanted.needs_key for wanted in instance.demands], dtype=np.bool_)
        return cls(
            demand,
            staff,
            key,
            key | ~needs_key[demand],
            np.array([wanted.size for wanted in instance.demands], dtype=np.int64),
            needs_key,
            np.array([person.cap for person in instance.staff], dtype=np.int64),
            np.array([person.may_lead for person in instance.staff], dtype=np.bool_),
        )

    @property
    def reach(self) -> Integers:
        """Visits that a person could make at most: the cap, or fewer eligible demands."""
        return np.minimum(self.cap, np.bincount(self.staff, minlength=len(self.cap)))

    def loads(self, chosen: Flags) -> Integers:
        """Number of chosen pairs per person."""
        return np.bincount(self.staff[chosen], minlength=len(self.cap)).astype(np.int64)

    def per_demand(self, marked: Flags) -> Integers:
        """Number of marked pairs per demand."""
        return np.bincount(self.demand[marked], minlength=len(self.size)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs as parallel columns, the eligible pairs first and in their order; `supplies` per node."""

    tails: Places
    heads: Places
    capacities: Integers
    costs: Integers
    supplies: Integers


def pair_costs(instance: Instance, key: str, alg: str = "sha256") -> Integers:
    """c(t,i): the first 8 hex digits of H(K:t/i) as an integer, one per eligible pair.

    `alg` is sha256 or sm3; raises HashUnknown or HashUnavailable.
    """
    prefixes = [f"{key}:{demand.target}/".encode() for demand in instance.demands]
    names = [person.staff_no.encode() for person in instance.staff]
    pairs = zip(instance.pairs.demand, instance.pairs.staff, strict=True)
    digest = hasher(alg)
    heads = b"".join([digest(prefixes[demand] + names[person]).digest()[:4] for demand, person in pairs])
    return np.frombuffer(heads, dtype=">u4").astype(np.int64)


def build(columns: Columns, costs: Integers, limit: int | None = None) -> Network:
    """The network of 2.9; `limit` cuts every cap, for a first attempt with fewer arcs."""
    staff, demands = len(columns.cap), len(columns.size)
    demand_node = 1 + staff + columns.demand
    keyed = np.flatnonzero(columns.needs_key).astype(np.int32)
    loads, load_heads = _load_arcs(columns, limit)
    supplies = np.zeros(1 + staff + 2 * demands, dtype=np.int64)
    supplies[SOURCE] = columns.size.sum()
    supplies[1 + staff : 1 + staff + demands] = -columns.size
    return Network(
        _places(1 + columns.staff, 1 + staff + demands + keyed, np.full(len(loads), SOURCE)),
        _places(np.where(columns.direct, demand_node, demand_node + demands), 1 + staff + keyed, load_heads),
        np.concatenate((np.ones_like(costs), columns.size[keyed] - 1, np.ones_like(loads))),
        np.concatenate((costs, np.zeros(len(keyed), dtype=np.int64), LOAD_WEIGHT * loads)),
        supplies,
    )


def unit_steps(counts: Integers) -> tuple[Integers, Integers]:
    """For counts (2, 3): owners 0 0 1 1 1 and steps 0 1 0 1 2."""
    owners = np.repeat(np.arange(len(counts)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return owners, np.arange(len(owners), dtype=np.int64) - starts


def _load_arcs(columns: Columns, limit: int | None) -> tuple[Integers, Integers]:
    counts = columns.reach if limit is None else np.minimum(columns.reach, limit)
    owners, steps = unit_steps(counts)
    return steps, 1 + owners


def _places(*parts: AnyIntegers) -> Places:
    return np.concatenate(parts).astype(np.int32)
