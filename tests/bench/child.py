"""Measure a function in a process of its own, so that neither memory nor caches of another step count."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")
TIMES = 3
ROUNDS = 6


@dataclass(frozen=True)
class Run:
    """What a child gave back, its CPU-seconds, and its highest memory in megabytes."""

    value: Any
    cpu: float
    peak: float


def run(function, *args) -> Run:
    """Call a module-level function in a fresh interpreter; CPU counts from the call on, memory from the start."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_measured, function, args).result()


def command(*words, **environ) -> Run:
    """Run a command of the product to its end; everything counts, its start too."""
    environment = os.environ | environ
    with subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, env=environment) as process:
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words[:3])} {process.returncode}: {said}")
    return Run(said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def cpu_of(function, *args) -> tuple[Any, float]:
    """Call in this process; the answer and its CPU-seconds, those of all threads."""
    start = time.process_time()
    value = function(*args)
    return value, time.process_time() - start


def least_cpu(*calls) -> list[float]:
    """The least CPU-seconds of each call when all take turns: what neighbours on the machine add falls away."""
    rounds = [[cpu_of(call)[1] for call in calls] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def peak_memory() -> float:
    """The highest resident memory of this process so far, in megabytes."""
    if STATUS.exists():
        # ru_maxrss of a forked child begins with what its parent held; the kernel's own mark does not.
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(function, args) -> Run:
    value, cpu = cpu_of(function, *args)
    return Run(value, cpu, peak_memory())
