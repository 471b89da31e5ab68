"""`flask serve` alone is a whole system: it brings a worker, begins it anew, and takes it along."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from app.queue import WORKER_KEY, JobQueue
from config import ROOT, Development


@pytest.fixture
def queue(tmp_path):
    found = JobQueue(f"sqlite:///{tmp_path / 'jobs.db'}", Development.SECRET_KEY)
    yield found
    found.close()


@pytest.fixture
def server(tmp_path):
    surroundings = {**os.environ, "APP_ENV": "development", "DATABASE_URL": "", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "run", "serve", "--port", "0"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, cwd=ROOT, env=surroundings, **quiet)
    yield child
    child.kill()
    child.wait()


def worker_of(queue, but=0):
    """The process number of the worker that gives signs of life, once it is another than `but`."""
    pause = Event()
    while True:
        noted = queue.noted(WORKER_KEY)
        if noted and (pid := int(noted["worker"].split(":")[1])) != but:
            return pid
        pause.wait(0.1)


def gone(pid):
    pause = Event()
    while (status := Path(f"/proc/{pid}/stat")).exists() and status.read_text().rpartition(")")[2].split()[
        0
    ] != "Z":
        pause.wait(0.1)
    return True


def test_a_worker_that_dies_is_begun_anew_and_none_outlives_its_server(server, queue):
    first = worker_of(queue)
    os.kill(first, 9)
    second = worker_of(queue, but=first)
    server.kill()
    server.wait()
    assert gone(second)
