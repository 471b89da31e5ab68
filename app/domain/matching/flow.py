"""OR-tools behind two functions: cheapest flow and greatest flow."""

from __future__ import annotations

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from app.domain.errors import DomainError
from app.domain.matching.network import SOURCE, Integers, Network


class SolverFailed(DomainError):
    """The solver could neither solve nor refute the problem; params `status`."""

    code = "solver_failed"


def cheapest_flow(network: Network) -> Integers | None:
    """Flow on every arc that meets all supplies at least cost, or None when there is no such flow."""
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tails, network.heads, network.capacities, network.costs
    )
    solver.set_nodes_supplies(np.arange(len(network.supplies), dtype=np.int32), network.supplies)
    status = solver.solve()
    if status == SimpleMinCostFlow.Status.INFEASIBLE:
        return None
    if status != SimpleMinCostFlow.Status.OPTIMAL:
        raise SolverFailed(status=status.name)
    return np.asarray(solver.flows(arcs), dtype=np.int64)


def greatest_flow(network: Network) -> Integers:
    """Flow on every arc that meets as much of the supplies as can be met at once; costs are ignored."""
    sink = len(network.supplies)
    wanting = np.flatnonzero(network.supplies < 0)
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate((network.tails, wanting)).astype(np.int32),
        np.concatenate((network.heads, np.full(len(wanting), sink))).astype(np.int32),
        np.concatenate((network.capacities, -network.supplies[wanting])),
    )
    status = solver.solve(SOURCE, sink)
    if status != SimpleMaxFlow.Status.OPTIMAL:
        raise SolverFailed(status=status.name)
    arcs = np.arange(len(network.tails), dtype=np.int32)
    return np.asarray(solver.flows(arcs), dtype=np.int64)
