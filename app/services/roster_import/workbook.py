"""Rows of a spreadsheet, read by a child process after its zip directory and sheets were looked over."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from app.services.roster_import import spreadsheet
from app.services.roster_import.container import (
    MIB,
    Container,
    Limits,
    open_archive,
    open_entry,
    pieces,
)
from app.services.roster_import.faults import FileUnreadable, Unreadable
from app.services.roster_import.text import Row

_FAR_OUT = re.compile(rb"""r\s*=\s*["'](?:([A-Z]{3,9})([0-9]{1,9})|([A-Z]{0,2})([0-9]{7,20}))""")
"""A cell beyond column ZZ or row 999,999; only such are looked at, all others are near enough."""
_DOCUMENT_TYPE = re.compile(b"\0?".join(re.escape(bytes([byte])) for byte in b"<!DOCTYPE") + b"|<!ENTITY")
"""Also where every second byte is nothing, as in UTF-16."""
_LONGEST_REFERENCE = 40
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_EXITS = {
    spreadsheet.EMPTY: Unreadable.EMPTY,
    spreadsheet.ENCRYPTED: Unreadable.ENCRYPTED,
    spreadsheet.TOO_LARGE: Unreadable.TOO_LARGE,
    spreadsheet.FOREIGN_ENTITIES: Unreadable.FOREIGN_ENTITIES,
}
_OUT_OF_TIME = {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL")}
_OUT_OF_MEMORY = -signal.SIGABRT


def workbook_rows(path: Path, container: Container, limits: Limits) -> Generator[Row]:
    """The rows of the first sheet that holds anything. Raises FileUnreadable, also after some rows."""
    _look_over(path, container, limits)
    with _reader(path, container, limits) as (child, clock):
        assert child.stdout is not None
        try:
            for line in child.stdout:
                clock.cancel()  # it is the reader's time that counts, not that of whoever takes the rows
                for number, cells in json.loads(line):
                    yield Row(number, cells)
        except ValueError as error:  # the child died in the middle of a line
            raise FileUnreadable(_reason(child.wait()), limit=limits.cells) from error
        if code := child.wait():
            raise FileUnreadable(_reason(code), limit=limits.cells)


@contextmanager
def _reader(
    path: Path, container: Container, limits: Limits
) -> Iterator[tuple[subprocess.Popen[bytes], Timer]]:
    program = [sys.executable, "-I", spreadsheet.__file__, str(path), container.value]
    bounds = [str(limits.child_memory), str(limits.child_seconds)]
    child = subprocess.Popen(
        program + bounds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    clock = Timer(limits.child_seconds * 2, child.kill)
    clock.daemon = True
    clock.start()
    try:
        yield child, clock
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _reason(code: int) -> Unreadable:
    if code in _OUT_OF_TIME:
        return Unreadable.TIMEOUT
    return Unreadable.TOO_LARGE if code == _OUT_OF_MEMORY else _EXITS.get(code, Unreadable.DAMAGED)


def _look_over(path: Path, container: Container, limits: Limits) -> None:
    if path.stat().st_size > limits.workbook_bytes:
        raise FileUnreadable(Unreadable.TOO_LARGE, limit=limits.workbook_bytes // MIB)
    if container == Container.WORKBOOK:
        with open_archive(path) as archive:
            _check_directory(archive, limits)
            _check_parts(archive, limits)
    elif container == Container.OLD_WORKBOOK and _ENCRYPTED_PACKAGE in path.read_bytes():
        raise FileUnreadable(Unreadable.ENCRYPTED)


def _check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    claimed = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or claimed > limits.inflated_bytes:
        raise FileUnreadable(Unreadable.BOMB)
    for entry in entries:
        if entry.file_size > MIB and entry.file_size > limits.ratio * max(1, entry.compress_size):
            raise FileUnreadable(Unreadable.BOMB)
        if entry.filename.startswith("/") or ".." in entry.filename.split("/"):
            raise FileUnreadable(Unreadable.DAMAGED)
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= {entry.filename for entry in entries}:
        raise FileUnreadable(Unreadable.NOT_A_WORKBOOK)


def _check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            is_sheet = entry.filename.startswith("xl/worksheets/")
            with open_entry(archive, entry) as part:
                _check_part(pieces(part), is_sheet, limits)


def _check_part(content: Iterator[bytes], is_sheet: bool, limits: Limits) -> None:
    """No document type in any part; no cell of a sheet so far out that its rectangle cannot be held."""
    rows, columns, total, tail = 0, 0, 0, b""
    for piece in content:
        if not total and _DOCUMENT_TYPE.search(piece):
            raise FileUnreadable(Unreadable.FOREIGN_ENTITIES)
        total += len(piece)
        if total > limits.inflated_bytes:
            raise FileUnreadable(Unreadable.BOMB)
        if is_sheet:
            for found in _FAR_OUT.finditer(tail + piece):
                rows = max(rows, int(found[2] or found[4]))
                columns = max(columns, _column_number(found[1] or found[3] or b"A"))
                if _is_too_wide(rows, columns, limits):
                    raise FileUnreadable(Unreadable.TOO_LARGE, limit=limits.cells)
            tail = piece[-_LONGEST_REFERENCE:]


def _is_too_wide(rows: int, columns: int, limits: Limits) -> bool:
    beyond_sheet = rows > spreadsheet.MOST_ROWS or columns > spreadsheet.MOST_COLUMNS
    return beyond_sheet or rows * columns > limits.cells


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
