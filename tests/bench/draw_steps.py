"""The steps of a draw on a real database; each function runs in a child of its own."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from app.domain.draw import record, verify
from app.domain.draw.selection import select
from app.extensions import db
from app.models import Draw
from app.services import drawing, freezing
from app.services.bundle import write_bundle
from tests.bench.child import cpu_of
from tests.bench.town import only_task, town
from tests.builders import DICE, NOW, make_user
from app.security import roles

LATER = NOW + timedelta(hours=1)


def ceremony(path: Path) -> dict[str, float]:
    """Freeze, seed and draw the city's task by the services; CPU-seconds by step."""
    with town(path):
        task = only_task()
        planner, witness = make_user("planner", roles.PLANNER), make_user("auditor", roles.AUDITOR)
        _, freeze = cpu_of(freezing.freeze_roster_of, task, planner, witness, NOW)
        _, seed = cpu_of(drawing.enter_seed, task, DICE, planner, witness, LATER, "照片")
        drawn, draw = cpu_of(drawing.run_draw, task, planner, witness, LATER)
        return {"freeze": freeze, "seed": seed, "draw": draw, "drawn": sum(drawn.values()), "strata": len(drawn)}


def selection(path: Path) -> float:
    """CPU-seconds of tickets and selection alone, from the stored roster."""
    with town(path):
        draw, plan, keys = _drawn()
        rows = drawing.FrozenRows(db.session(), draw.roster_file)
        return cpu_of(select, rows, plan, keys)[1]


def in_memory(path: Path):
    with town(path):
        draw, plan, keys = _drawn()
        rows = list(drawing.FrozenRows(db.session(), draw.roster_file))
        ids = [i for i, _ in rows]
        key = keys["unit"]
        return cpu_of(select, rows, plan, keys)[1], cpu_of(bare, ids, key)[1], cpu_of(list, drawing.FrozenRows(db.session(), draw.roster_file))[1]

def bare(ids, key):
    """The least that any draw by tickets costs."""
    prefix, sha256 = f"{key}:", hashlib.sha256
    for identifier in ids:
        sha256((prefix + identifier).encode()).digest()


def export(path: Path, bundle: Path) -> int:
    with town(path), bundle.open("wb") as out:
        write_bundle(db.session(), _drawn()[0].id, out)
    return bundle.stat().st_size


def check(bundle: Path) -> list[str]:
    report = verify.verify(bundle)
    if report.failure:
        raise SystemExit(report.failure)
    return report.lines


def _drawn() -> tuple[Draw, record.Plan, dict[str, str]]:
    draw = db.session.query(Draw).one()
    plan = record.parse_plan(draw.plan_record)
    return draw, plan, plan.keys(draw.seed_hash)
