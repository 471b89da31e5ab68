"""The steps of the roster bench, each in a child of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import create_app
from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.services import roster_import
from app.services.roster_import import load_file
from app.services.setup import ensure_vocabularies
from config import Testing


@dataclass(frozen=True)
class Timed:
    """What a step gave back, its seconds on the clock and its CPU-seconds."""

    value: Any
    clock: float
    cpu: float


def timed(step, *args):
    """Run a step; that the application comes up is not counted."""
    with _opened(step, *args) as call:
        clock, cpu = time.perf_counter(), _cpu()
        value = call()
        return Timed(value, time.perf_counter() - clock, _cpu() - cpu)


def prepare(url: str) -> None:
    """Tables and code lists."""
    with _application(url):
        db.create_all()
        ensure_vocabularies()


def load(url: str, path: Path) -> dict[str, int]:
    """Load a file until it is stored; the search index follows by itself and is measured by itself."""
    roster_import.index_loads = lambda: 0
    return load_file(ImportKind.ENTERPRISES, path, None, datetime.now(UTC)).report()


def index(url: str) -> int:
    """Build the search index over what was loaded."""
    return roster_import.index_loads()


def read_workbook(url: str, path: Path) -> dict[str, int]:
    """Read a workbook and examine every row as a load would, without storing it."""
    return load_file(ImportKind.ENTERPRISES, path, None, datetime.now(UTC), dry_run=True).report()


def _cpu() -> float:
    """CPU-seconds of this process and of those it waited for, such as the reader of workbooks."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@contextmanager
def _opened(step, *args) -> Iterator:
    """The step as a call; those of the product inside an application that is up already."""
    if step.__module__ != __name__:
        yield lambda: step(*args)
        return
    with _application(args[0]):
        yield lambda: step(*args)


@contextmanager
def _application(url: str) -> Iterator[None]:
    app = create_app(Testing({"DATABASE_URL": url, "VAR_DIR": "var/bench"}))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
