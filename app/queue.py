"""The queue of background work: huey under our own table of jobs.

Its store carries the messages "run job N" and, beside them, what must be written while a job's
transaction is open: progress, the sign of life and the wish to stop. Every message carries a job's
number only and is signed, so that a stranger's bytes in the store run nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.constants import EmptyData
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

LOG = structlog.get_logger("jobs")
NAME = "inspection"
WORKER_KEY = "worker"  # the last sign of life of any worker
LONGEST_WAIT = 1.0


class JobQueue:
    """The queue of one application."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._message: Callable[[int], Any] | None = None
        self.work: Callable[[int], None] | None = None

    @property
    def huey(self) -> Huey:
        """The store, opened when first needed: starting the program must not need it."""
        with self._lock:
            if self._huey is None:
                self._huey = _opened(self._url, self._secret)
                self._message = self._huey.task(name="run_job")(self._received)
        return self._huey

    def send(self, job_id: int) -> None:
        """Ask a worker to run a job; a store out of reach is logged, the sweep sends again."""
        try:
            self.huey  # noqa: B018 (opens the store)
            assert self._message is not None
            self._message(job_id)
        except Exception:
            LOG.exception("job_not_sent", job=job_id)

    def waiting(self) -> int:
        """How many messages no worker has taken yet."""
        return int(self.huey.pending_count())

    def consumer(self, work: Callable[[int], None], workers: int) -> Consumer:
        """A worker process of so many threads that does `work` for every message."""
        self.work = work
        return self.huey.create_consumer(
            workers=workers, periodic=False, max_delay=LONGEST_WAIT, scheduler_interval=60
        )

    def note(self, key: str, value: dict[str, Any]) -> None:
        """Keep a small value under a key, outside every transaction of the database."""
        self.huey.storage.put_data(key, json.dumps(value).encode())

    def noted(self, key: str) -> dict[str, Any] | None:
        """The value kept under a key, or None."""
        found = self.huey.storage.peek_data(key)
        if found is EmptyData:
            return None
        value: dict[str, Any] = json.loads(bytes(found))
        return value

    def forget(self, *keys: str) -> None:
        """Drop what was kept under the keys."""
        for key in keys:
            self.huey.storage.delete_data(key)

    def close(self) -> None:
        """Close the store."""
        if self._huey is not None:
            self._huey.storage.close()

    def _received(self, job_id: int) -> None:
        assert self.work is not None, "only a worker receives messages"
        self.work(job_id)


class Jobs:
    """The extension: one queue an application."""

    def init_app(self, app: Flask) -> None:
        """Give the application its queue."""
        app.extensions["jobs"] = JobQueue(app.config["JOBS_URL"], app.config["SECRET_KEY"])

    @property
    def queue(self) -> JobQueue:
        """The queue of the present application."""
        found: JobQueue = current_app.extensions["jobs"]
        return found


def _opened(url: str, secret: str) -> Huey:
    options: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=secret)}
    if url.startswith("postgresql"):
        return PostgresHuey(NAME, dsn=url, **options)
    if url.startswith("redis"):
        return RedisHuey(NAME, url=url, **options)
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=str(path), **options)
    return MemoryHuey(NAME, **options)
