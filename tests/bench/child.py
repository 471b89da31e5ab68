"""Measure a function in a process of its own, so that neither memory nor caches of another step count."""

from __future__ import annotations

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")
MEGABYTE = 1 << 20


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


def cpu_of(function, *args) -> tuple[Any, float]:
    """Call in this process; the answer and its CPU-seconds (of all threads)."""
    start = time.process_time()
    value = function(*args)
    return value, time.process_time() - start


def peak_memory() -> float:
    """The highest resident memory of this process so far, in megabytes."""
    if STATUS.exists():
        # ru_maxrss of a Linux child begins with what its parent held; the kernel's own high-water mark does not.
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def _measured(function, args) -> Run:
    value, cpu = cpu_of(function, *args)
    return Run(value, cpu, peak_memory())
