"""A server of its own that can be killed, and a wire to it that can be cut at any byte."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from app import create_app
from config import Testing
from waitress import serve
app = create_app(Testing({"DATABASE_URL": sys.argv[1], "VAR_DIR": sys.argv[2]}))
serve(app, host="127.0.0.1", port=int(sys.argv[3]), threads=8)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The program as a process, which can be killed in the middle of its work and started again."""

    def __init__(self, url, var_dir):
        self.port, self.arguments = free_port(), [url, str(var_dir)]
        self.process, self.kills = None, 0
        self.start()

    def start(self):
        command = [sys.executable, "-c", SERVE, *self.arguments, str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def kill(self):
        self.kills += 1
        self.process.kill()
        self.process.wait()


class Wire:
    """Carries bytes to the server. `cut()` drops everything under way; `cut_after(n)` drops at the n-th byte
    that comes next, so that a request may have been done and its answer be lost."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.is_up, self.budget, self.cuts = True, None, 0
        self.pairs, self.guard = set(), threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        with self.guard:
            self.is_up, self.budget = False, None
            self.cuts += 1
            pairs, self.pairs = list(self.pairs), set()
        for end in pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut_after(self, count):
        with self.guard:
            self.budget = count

    def mend(self):
        with self.guard:
            self.is_up, self.budget = True, None

    def close(self):
        self.cut()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = None
            if self.is_up:
                with contextlib.suppress(OSError):
                    far = socket.create_connection(("127.0.0.1", self.target), 5)
            if far is None:
                near.close()
                continue
            far.settimeout(None)
            with self.guard:
                self.pairs |= {near, far}
            threading.Thread(target=self._join, args=(near, far), daemon=True).start()

    def _join(self, near, far):
        back = threading.Thread(target=self._carry, args=(far, near), daemon=True)
        back.start()
        self._carry(near, far)
        back.join()
        with self.guard:
            self.pairs -= {near, far}
        near.close()
        far.close()

    def _carry(self, source, sink):
        with contextlib.suppress(OSError, ValueError):
            while chunk := source.recv(65536):
                if self._spent(len(chunk)):
                    self.cut()
                    break
                sink.sendall(chunk)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _spent(self, count):
        with self.guard:
            if self.budget is None:
                return False
            self.budget -= count
            return self.budget < 0
