"""The match at three sizes, whole and by its parts, beside the bare solver and other ways to assign."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench import child, match_steps, match_town
from tests.bench.match_town import Size
from tests.bench.table import FOLDER, Bench

SIZES = (Size(500, 60, 3, 21), Size(5_000, 500, 12, 27), Size(50_000, 3_000, 140, 45))
LIMITS = (0.3, 3.0, 25.0)
PARTS = ("eligibility", "costs", "network", "certificate", "files", "check")


def run() -> Bench:
    """Measure every size and compare with the goals."""
    bench = Bench("match", "Match: two inspectors a target, caps as small as they can be, SQLite file")
    for size, limit in zip(SIZES, LIMITS, strict=True):
        _measure(bench, size, limit)
    return bench


def _measure(bench: Bench, size: Size, limit: float) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    drawn, database = FOLDER / "match.drawn.db", FOLDER / "match.db"
    name = f"{size.targets:,}×{size.staff:,}"
    _clear()
    try:
        child.run(match_town.build, drawn, size)
        made = min((_whole(drawn, database) for _ in range(child.TIMES)), key=lambda run: run.value[1])
        bare = min(child.run(match_steps.bare, database).value for _ in range(child.TIMES))
        parts = child.run(match_steps.parts, database).value
        outcomes = child.run(match_steps.peers, database).value
    finally:
        _clear()
    visits, step = made.value
    bench.row(
        f"{name}: whole step, stored", cpu_s=step, peak_mb=made.peak, pairs=parts["pairs"], visits=visits
    )
    bench.row(f"{name}: bare OR-tools solve", cpu_s=bare)
    for part in PARTS:
        bench.row(
            f"{name}: of it {part}" if part != "check" else f"{name}: check the certificate",
            cpu_s=parts[part],
        )
    for peer, found in outcomes.items():
        bench.row(
            f"{name}: {peer}", unstaffed=found.unstaffed, pairs_seen=found.pairs, can_occur=found.reachable
        )
    bench.goal(f"{name}: whole step, CPU-s", step, limit)
    bench.goal(f"{name}: whole step to 2.5 × bare + 2 s", step, 2.5 * bare + 2)
    if size is SIZES[-1]:
        bench.goal(f"{name}: certificate check, CPU-s", parts["check"], 3.0)
        bench.goal(f"{name}: memory, MB", made.peak, 1500.0)


def _whole(drawn: Path, database: Path) -> child.Run:
    """One match on a fresh copy of the drawn city; the last copy stays matched."""
    for path in FOLDER.glob("match.db*"):
        path.unlink()
    shutil.copyfile(drawn, database)
    return child.run(match_steps.whole, database)


def _clear() -> None:
    for path in FOLDER.glob("match.*db*"):
        path.unlink()
