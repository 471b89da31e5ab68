"""The roster of a whole city from a file: first load, weekly re-loads, memory; beside the barest way in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import child, roster_files, roster_peers, roster_steps
from tests.bench.roster_server import Server
from tests.bench.table import FOLDER, Bench

COUNT = 1_600_000
SHEET = 100_000
"""Rows of the workbook; it has 20 columns."""


def run(count: int = COUNT) -> Bench:
    """Measure everything and compare with the goals. CPU counts client and server, clock what a clerk waits."""
    bench = Bench("roster", f"Roster: {count:,} rows of 15 columns, 5 indexes, loaded into each database")
    bench.note("CPU-seconds are those of the program and of the database server together.")
    bench.note("The search index is built after the roster is stored, in a transaction of its own.")
    files = roster_files.make(count)
    with _room() as room:
        _database(bench, "SQLite", f"sqlite:///{room / 'roster.db'}", files, None)
        with Server(room / "data") as server:
            _database(bench, "PostgreSQL", server.url, files, server)
        _workbook(bench, room)
    return bench


def _database(bench: Bench, name: str, url: str, files: dict[str, Path], server: Server | None) -> None:
    on_sqlite = server is None
    way = "executemany" if on_sqlite else "COPY"
    peer = roster_peers.executemany if on_sqlite else roster_peers.copy
    where = Path(url.removeprefix("sqlite:///")).with_name("peer.db") if on_sqlite else url
    bare = _measured(
        bench, f"peer: {name}, bare {way} into an indexed table", server, peer, str(where), files["first"]
    )
    child.run(roster_steps.prepare, url)
    steps = [
        (step, _measured(bench, f"{name}: {words}", server, roster_steps.load, url, files[file], bare=bare))
        for step, file, words in (
            ("first", "first", "first load"),
            ("same", "first", "the same file again"),
            ("shuffled", "shuffled", "unchanged rows in another order"),
            ("week", "week", "1 % changed, 0.1 % gone, 0.2 % new"),
        )
    ]
    index = _measured(bench, f"{name}: search index after the first load", server, roster_steps.index, url)
    assert index
    found = dict(steps)
    bench.goal(f"{name}: first load to bare {way}", found["first"]["cpu"] / bare["cpu"], 2.5)
    bench.goal(f"{name}: unchanged rows to first load", found["shuffled"]["cpu"] / found["first"]["cpu"], 0.4)
    bench.goal(f"{name}: memory, MB", max(figures["peak"] for figures in found.values()), 400.0)
    if server is not None:
        bench.goal("PostgreSQL: first load, s", found["first"]["clock"], 90.0)


def _measured(bench: Bench, words: str, server: Server | None, step, *args, bare=None) -> dict[str, float]:
    before = server.cpu() if server else 0.0
    made = child.run(roster_steps.timed, step, *args)
    value, clock = made.value.value, made.value.clock
    cpu = made.value.cpu + (server.cpu() - before if server else 0.0)
    ratio = {"ratio": cpu / bare["cpu"]} if bare else {"ratio": 1.0} if "peer" in words else {}
    counts = (
        {name: value[name] for name in ("added", "changed", "gone") if name in value}
        if isinstance(value, dict)
        else {}
    )
    bench.row(words, clock_s=clock, cpu_s=cpu, peak_mb=made.peak, **ratio, **counts)
    return {"cpu": cpu, "clock": clock, "peak": made.peak}


def _workbook(bench: Bench, room: Path) -> None:
    path = roster_files.workbook(SHEET)
    url = f"sqlite:///{room / 'sheet.db'}"
    child.run(roster_steps.prepare, url)
    bare = child.run(roster_steps.timed, roster_peers.calamine, path)
    read = child.run(roster_steps.timed, roster_steps.read_workbook, url, path)
    bench.row(
        "peer: calamine alone, 100,000 × 20 cells",
        clock_s=bare.value.clock,
        cpu_s=bare.value.cpu,
        peak_mb=bare.peak,
        ratio=1.0,
    )
    bench.row(
        "workbook read and every row examined",
        clock_s=read.value.clock,
        cpu_s=read.value.cpu,
        peak_mb=read.peak,
        ratio=read.value.clock / bare.value.clock,
    )
    bench.goal("workbook to calamine, clock", read.value.clock / bare.value.clock, 2.0)


@contextmanager
def _room() -> Iterator[Path]:
    """A folder that the database server may enter too, whoever it runs as."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix="roster-bench-"))
    room.chmod(0o755)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
