"""The draw of a whole city: 1.6 million enterprises, eight strata, 48,000 drawn, beside its peers."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench import child, draw_browser, draw_scale, draw_steps
from tests.bench.table import FOLDER, Bench
from tests.bench.town import roster_city

COUNT = 1_600_000
LARGE = 10_000_000


def run() -> Bench:
    """Measure everything and compare with the goals."""
    bench = Bench("draw", f"Draw: {COUNT:,} enterprises in a SQLite file, 8 strata, 48,000 drawn")
    database, bundle = FOLDER / "draw.db", FOLDER / "draw.zip"
    shutil.copyfile(roster_city(COUNT), database)
    try:
        _ceremony(bench, database)
        _selection(bench, database)
        _bundle(bench, database, bundle)
        _browser(bench, bundle)
    finally:
        for path in FOLDER.glob("draw.*"):
            if path.suffix != ".json":
                path.unlink()
    _scale(bench)
    return bench


def _ceremony(bench: Bench, database: Path) -> None:
    made = child.run(draw_steps.ceremony, database)
    steps = made.value
    bench.row("freeze the roster, Merkle root, store", cpu_s=steps["freeze"])
    bench.row("run the draw and store it", cpu_s=steps["draw"], drawn=steps["drawn"], strata=steps["strata"])
    bench.row("freeze, seed and draw in one process", cpu_s=made.cpu, peak_mb=made.peak)
    bench.goal("freeze and root, CPU-s", steps["freeze"], 12.0)
    bench.goal("whole draw, MB", made.peak, 400.0)


def _selection(bench: Bench, database: Path) -> None:
    stored = child.run(draw_steps.selection, database)
    least = child.run(draw_steps.beside_peers, database).value
    loop = least["loop"]
    bench.row("tickets and selection, read from the store", cpu_s=stored.value[0], peak_mb=stored.peak)
    bench.row(
        "tickets and selection, rows in memory", cpu_s=least["select"], times_loop=least["select"] / loop
    )
    bench.row("peer: bare hashlib loop, tickets only", cpu_s=loop, times_loop=1.0)
    bench.row("peer: sort every ticket", cpu_s=least["sort"], times_loop=least["sort"] / loop)
    bench.row("peer: consistent_sampler", cpu_s=least["sampler"], times_loop=least["sampler"] / loop)
    bench.goal("tickets and selection, CPU-s", stored.value[0], 1.5)
    bench.goal("selection to bare hashlib loop", least["select"] / loop, 1.5)


def _bundle(bench: Bench, database: Path, bundle: Path) -> None:
    made = child.run(draw_steps.export, database, bundle)
    bench.row("export the bundle", cpu_s=made.cpu, peak_mb=made.peak, size_mb=made.value / 1e6)
    checked = child.command("flask", "draw", "verify", str(bundle), FLASK_APP="run.py")
    bench.row("flask draw verify, start included", cpu_s=checked.cpu, peak_mb=checked.peak)
    bench.goal("flask draw verify, CPU-s", checked.cpu, 10.0)
    bench.goal("flask draw verify, MB", checked.peak, 700.0)


def _browser(bench: Bench, bundle: Path) -> None:
    reason = draw_browser.missing()
    if reason:
        bench.note(f"Verification in the browser was not measured: {reason}.")
        return
    seconds = child.run(draw_browser.verify, bundle).value
    bench.row("verify in the browser (clock)", seconds=seconds)
    bench.goal("verify in the browser, s", seconds, 60.0)


def _scale(bench: Bench) -> None:
    small, large = (child.run(draw_scale.freeze_and_draw, count) for count in (COUNT, LARGE))
    for count, made in ((COUNT, small), (LARGE, large)):
        bench.row(
            f"domain alone, {count:,} generated rows", cpu_s=made.cpu, peak_mb=made.peak, drawn=made.value
        )
    bench.goal("10 M rows to 1.6 M", large.cpu / small.cpu, 7.0)
