"""The worker process: takes messages from the queue, gives signs of life, looks after lost jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import event

from app.domain.policy import FIGURES
from app.extensions import db
from app.queue import WORKER_KEY, JobQueue
from app.services import figures
from app.services.job_runs import AT_WORK, resume_lost, run_job, worker_name
from app.services.outbox import wake

LOG = structlog.get_logger("worker")
SIGN_SECONDS = 5
SWEEP_SECONDS = 15
RESTART_SECONDS = 2
# A job waits for SQLite's only writer as long as another one works; a page gives up after 15 seconds.
PATIENCE = "PRAGMA busy_timeout=3600000"
ENTRY = Path(__file__).resolve().parent.parent / "run.py"


def run(app: Flask, threads: int, *, follow: bool) -> None:
    """Work until the process is told to stop; `follow`: also when standard input closes."""
    queue: JobQueue = app.extensions["jobs"]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _wait_patiently)
    consumer = queue.consumer(partial(_run_in, app), threads)
    threading.Thread(target=_look_after, args=(app, queue), daemon=True).start()
    threading.Thread(target=_keep_figures, args=(app,), daemon=True).start()
    if follow:
        threading.Thread(target=_stop_with_parent, daemon=True).start()
    LOG.info("worker_started", worker=worker_name(), threads=threads)
    consumer.run()
    if AT_WORK:
        os._exit(0)  # what is still at work is undone by the database and begun anew by the next worker


def _run_in(app: Flask, job_id: int) -> None:
    with app.app_context():
        run_job(job_id, datetime.now(UTC))


def _wait_patiently(connection: Any, _record: Any) -> None:
    connection.execute(PATIENCE)


def _look_after(app: Flask, queue: JobQueue) -> None:
    pause, beats = threading.Event(), 0
    while True:
        try:
            moment = datetime.now(UTC)
            queue.note(WORKER_KEY, {"at": moment.timestamp(), "worker": worker_name()})
            if beats % (SWEEP_SECONDS // SIGN_SECONDS) == 0:
                with app.app_context():
                    resume_lost(moment)
                    wake(moment)
        except Exception:
            LOG.exception("look_after_failed")
        beats += 1
        pause.wait(SIGN_SECONDS)


def _keep_figures(app: Flask) -> None:
    """Compute the figures of the dashboard before they are a minute old; a fault is logged and tried again."""
    pause = threading.Event()
    while True:
        try:
            with app.app_context():
                figures.keep_fresh(datetime.now(UTC))
        except Exception:
            LOG.exception("figures_not_kept")
        pause.wait(FIGURES.look_seconds)


def _stop_with_parent() -> None:
    sys.stdin.buffer.read()
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def embedded(wanted: bool = True) -> Iterator[None]:
    """A worker process beside the web server: begun anew when it dies, stopped when the server stops."""
    if not wanted:
        yield
        return
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stopping,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(timeout=10)


def _keep(stopping: threading.Event) -> None:
    while not stopping.is_set():
        child = _begun()
        while child.poll() is None and not stopping.wait(0.5):
            pass
        if child.poll() is None:
            _ended(child)
        elif not stopping.wait(RESTART_SECONDS):
            LOG.warning("worker_died", code=child.returncode)


def _begun() -> subprocess.Popen[bytes]:
    """The worker in a session of its own, so that Ctrl-C reaches the server alone; its input is our sign."""
    command = [sys.executable, "-m", "flask", "--app", str(ENTRY), "work", "--follow"]
    own = {"creationflags": 0x200} if os.name == "nt" else {"start_new_session": True}
    return subprocess.Popen(command, stdin=subprocess.PIPE, **own)  # type: ignore[call-overload,no-any-return]


def _ended(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
