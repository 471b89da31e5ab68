"""The match as a service and by its parts; each function runs in a child of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from app.domain.matching import files
from app.domain.matching.certificate import Prices, check, find_prices, is_unique
from app.domain.matching.flow import cheapest_flow
from app.domain.matching.instance import Instance
from app.domain.matching.network import Columns, build, pair_costs
from app.extensions import db
from app.models import Draw, InspectionTask, Matching
from app.security import roles
from app.services import matching
from app.services.routes import routes_of
from app.services.storage import fetch_bytes, fetch_lines
from tests.bench import match_peers
from tests.bench.child import cpu_of
from tests.bench.town import only_task, town
from tests.builders import NOW, make_user


def whole(path: Path) -> tuple[int, float]:
    """Match the city's task by the service, from database rows to stored visits: visits and CPU-seconds."""
    with town(path):
        return cpu_of(matching.match_inspectors, only_task(), make_user("planner", roles.PLANNER), NOW)


def bare(path: Path) -> float:
    """CPU-seconds of OR-tools alone, solving the network of the match for the first time in its process."""
    with town(path):
        draw, made = db.session.query(Draw).one(), db.session.query(Matching).one()
        key, instance = matching.pair_keys(draw)(made.purpose), _instance(draw)
    network = build(Columns.of(instance), pair_costs(instance, key))
    return cpu_of(cheapest_flow, network)[1]


def parts(path: Path) -> dict[str, float]:
    """CPU-seconds of the parts of a match that was made."""
    with town(path):
        draw, made = db.session.query(Draw).one(), db.session.query(Matching).one()
        key, visits, prices = matching.pair_keys(draw)(made.purpose), _visits(made), _prices(made)
        instance, reading = cpu_of(_instance, draw)
    columns = Columns.of(instance)
    costs, hashing = cpu_of(pair_costs, instance, key)
    network, building = cpu_of(build, columns, costs)
    chosen = cheapest_flow(network)[: len(costs)] > 0
    return {
        "pairs": len(costs),
        "eligibility": reading,
        "costs": hashing,
        "network": building,
        "certificate": cpu_of(_certify, columns, costs, chosen)[1],
        "files": cpu_of(_files, instance, visits, prices)[1],
        "check": cpu_of(_check, instance, key, visits, prices, made.cost)[1],
    }


def peers(path: Path) -> dict[str, match_peers.Outcome]:
    """What other ways of assigning make of the same people and targets."""
    with town(path):
        draw, made = db.session.query(Draw).one(), db.session.query(Matching).one()
        key, visits, instance = matching.pair_keys(draw)(made.purpose), _visits(made), _instance(draw)
    costs = pair_costs(instance, key).tolist()
    return {
        "this match": match_peers.of_match(instance, visits),
        "peer: round-robin from one random start": match_peers.round_robin(instance, key),
        "peer: round-robin that skips the ineligible": match_peers.skipping_round_robin(instance, key),
        "peer: greedy by random priority": match_peers.greedy(instance, costs),
    }


def _instance(draw: Draw) -> Instance:
    session = db.session()
    task = session.get(InspectionTask, draw.task_id)
    return matching.eligible_for(session, task, draw, routes_of(session, task, draw)).instance


def _certify(columns, costs, chosen) -> bool:
    return is_unique(columns, costs, chosen, find_prices(columns, costs, chosen))


def _files(instance: Instance, visits: Mapping[str, tuple[str, ...]], prices: Prices) -> None:
    for make in (files.staff_file, files.demand_file, files.eligible_file):
        make(instance)
    files.assign_file(visits)
    files.prices_file(instance, prices)


def _check(instance: Instance, key: str, visits, prices: Prices, cost: int) -> None:
    broken = check(instance, key, visits, prices, cost)
    if broken:
        raise SystemExit(str(broken))


def _visits(made: Matching) -> dict[str, tuple[str, ...]]:
    rows = (line.decode().split("\t") for line in fetch_lines(db.session(), made.assign_file))
    return {target: tuple(team) for target, *team in rows}


def _prices(made: Matching) -> Prices:
    """The published prices; every table is in the order of the problem, which is ascending by name."""
    table = json.loads(fetch_bytes(db.session(), made.prices_file))
    return Prices(
        *(np.array([price for _, price in sorted(table[name].items())], dtype=np.int64) for name in "yzu")
    )
