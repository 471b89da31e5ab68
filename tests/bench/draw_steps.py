"""The steps of a draw on a real database; each function runs in a child of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.domain.draw.record import parse_plan
from app.domain.draw.roster import RosterFile
from app.domain.draw.selection import select
from app.extensions import db
from app.models import Draw
from app.security import roles
from app.services import drawing, freezing
from app.services.bundle import write_bundle
from tests.bench import draw_peers
from tests.bench.child import cpu_of, least_cpu
from tests.bench.town import only_task, town
from tests.builders import DICE, NOW, make_user

LATER = NOW + timedelta(hours=1)


class Held(RosterFile):
    """A roster whose columns are in memory already, so that only tickets and selection are measured.

    Equal cells are one text, as the freeze makes them.
    """

    def __init__(self, rows: RosterFile) -> None:
        texts: dict[str, str] = {}
        self._blocks = [
            (identifiers, [texts.setdefault(text, text) for text in cells])
            for identifiers, cells in rows.columns()
        ]

    def columns(self):
        return iter(self._blocks)


def ceremony(path: Path) -> dict[str, float]:
    """Freeze, seed and draw the city's task by the services; CPU-seconds by step, and what was drawn."""
    with town(path):
        task = only_task()
        planner, witness = make_user("planner", roles.PLANNER), make_user("auditor", roles.AUDITOR)
        _, freeze = cpu_of(freezing.freeze_roster_of, task, planner, witness, NOW)
        drawing.enter_seed(task, DICE, planner, witness, LATER, "照片")
        drawn, draw = cpu_of(drawing.run_draw, task, planner, witness, LATER)
        return {"freeze": freeze, "draw": draw, "drawn": sum(drawn.values()), "strata": len(drawn)}


def selection(path: Path) -> list[float]:
    """Least CPU-seconds of tickets and selection from the stored roster."""
    with town(path):
        draw, plan, keys = _drawn()
        rows = drawing.stored_roster(db.session(), draw.roster_file)
        return least_cpu(lambda: select(rows, plan, keys))


def beside_peers(path: Path) -> dict[str, float]:
    """Least CPU-seconds of the selection and of its peers over the same rows in memory."""
    with town(path):
        draw, plan, keys = _drawn()
        rows = Held(drawing.stored_roster(db.session(), draw.roster_file))
        stored = draw.seed_hash
    identifiers = [identifier for block, _ in rows.columns() for identifier in block]
    strata = [cells for _, block in rows.columns() for cells in block]
    size = plan.quotas[0].k
    least = least_cpu(lambda: select(rows, plan, keys), lambda: draw_peers.loop(identifiers, keys["unit"]))
    return {
        "select": least[0],
        "loop": least[1],
        "sort": cpu_of(draw_peers.sort_all, identifiers, strata, keys["unit"], size)[1],
        "sampler": cpu_of(draw_peers.consistent_sampler, identifiers, stored, size * len(plan.quotas))[1],
    }


def export(path: Path, bundle: Path) -> int:
    """Write the public bundle; its size in bytes."""
    with town(path), bundle.open("wb") as out:
        write_bundle(db.session(), _drawn()[0].id, out)
    return bundle.stat().st_size


def _drawn():
    draw = db.session.query(Draw).one()
    plan = parse_plan(draw.plan_record)
    return draw, plan, plan.keys(draw.seed_hash)
