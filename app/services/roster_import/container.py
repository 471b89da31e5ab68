"""What a file really is, by its first bytes, whatever its name says; and its way out of .gz and .zip."""

from __future__ import annotations

import gzip
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from app.services.roster_import.faults import FileUnreadable, Unreadable

HEAD = 8192
PIECE = 1 << 20
MIB = 1 << 20


class Container(StrEnum):
    """The forms in which a table may arrive."""

    TEXT = "text"
    WORKBOOK = "xlsx"
    OLD_WORKBOOK = "xls"
    XML_WORKBOOK = "xml"
    GZIP = "gz"
    ARCHIVE = "zip"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a file may claim and cost; bytes, entries, cells and seconds."""

    text_bytes: int = 8192 * MIB
    workbook_bytes: int = 64 * MIB
    inflated_bytes: int = 512 * MIB
    ratio: int = 200
    ratio_from: int = 16 * MIB
    entries: int = 2000
    cells: int = 40_000_000
    child_memory: int = 1536 * MIB
    child_seconds: int = 60


LIMITS = Limits()
BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
    OverflowError,
)
"""What the zip reader is known to raise on crafted files."""

_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\f\r"))
_MOST_CONTROLS = 20
"""One byte in so many may be a control character."""
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEET_NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"


def sniff(path: Path) -> Container:
    """The container of a file. Raises FileUnreadable when no table can be in it."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise FileUnreadable(Unreadable.EMPTY)
    if head.startswith(b"PK\x03\x04"):
        return Container.WORKBOOK if _holds_workbook(path) else Container.ARCHIVE
    if head.startswith(b"PK\x05\x06"):
        raise FileUnreadable(Unreadable.EMPTY)
    if head.startswith(_COMPOUND):
        return Container.OLD_WORKBOOK
    return Container.GZIP if head.startswith(b"\x1f\x8b") else _sniff_text(head)


@contextmanager
def unpacked(path: Path, limits: Limits) -> Iterator[tuple[Path, Container]]:
    """The file out of its compression, as a temporary file where there was one, and what it is."""
    container = sniff(path)
    if container not in (Container.GZIP, Container.ARCHIVE):
        yield path, container
        return
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        inner = Path(folder, "table")
        with inner.open("wb") as target:
            _inflate(path, container, target, limits)
        kind = sniff(inner)
        if kind in (Container.GZIP, Container.ARCHIVE):
            raise FileUnreadable(Unreadable.NESTED)
        yield inner, kind


def open_archive(path: Path) -> zipfile.ZipFile:
    """The zip directory of a file. Raises FileUnreadable."""
    try:
        return zipfile.ZipFile(path)
    except BAD_ZIP as error:
        raise FileUnreadable(Unreadable.DAMAGED) from error


def pieces(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    """The inflated content piece by piece. Raises FileUnreadable where it is damaged or ends too early."""
    try:
        while piece := file.read(PIECE):
            yield piece
    except EOFError as error:
        raise FileUnreadable(Unreadable.CUT_OFF) from error
    except BAD_ZIP as error:
        raise FileUnreadable(Unreadable.DAMAGED) from error


def open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """One entry for reading. Raises FileUnreadable, also when it asks for a password."""
    if entry.flag_bits & 0x1:
        raise FileUnreadable(Unreadable.ENCRYPTED)
    try:
        return archive.open(entry)
    except (*BAD_ZIP, EOFError) as error:
        raise FileUnreadable(Unreadable.DAMAGED) from error


def _sniff_text(head: bytes) -> Container:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        if _SPREADSHEET_NAMESPACE in head:
            return Container.XML_WORKBOOK
        raise FileUnreadable(Unreadable.WEB_PAGE)
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _MOST_CONTROLS * _controls(head) > len(head):
        raise FileUnreadable(Unreadable.NOT_TEXT)
    return Container.TEXT


def _controls(head: bytes) -> int:
    """A stray one spoils its row only; where they abound, the file is no text."""
    return len(head) - len(head.translate(None, _CONTROLS))


def _holds_workbook(path: Path) -> bool:
    with open_archive(path) as archive:
        names = archive.namelist()
    is_other_kind = {"mimetype", "content.xml"} <= set(names)
    return "[Content_Types].xml" in names or is_other_kind or any(name.startswith("xl/") for name in names)


def _inflate(path: Path, container: Container, target: IO[bytes], limits: Limits) -> None:
    if container == Container.GZIP:
        with gzip.open(path, "rb") as source:
            _copy(source, target, path.stat().st_size, limits)
        return
    with open_archive(path) as archive:
        entry = _only_entry(archive)
        with open_entry(archive, entry) as content:
            _copy(content, target, entry.compress_size, limits)


def _only_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")
    ]
    if len(entries) != 1:
        raise FileUnreadable(Unreadable.SEVERAL_FILES if entries else Unreadable.EMPTY, count=len(entries))
    return entries[0]


def _copy(source: IO[bytes] | gzip.GzipFile, target: IO[bytes], packed: int, limits: Limits) -> None:
    """Bounded by what really comes out, because the sizes that an archive claims may be false."""
    total = 0
    for piece in pieces(source):
        total += len(piece)
        if total > limits.ratio_from and total > packed * limits.ratio:
            raise FileUnreadable(Unreadable.BOMB)
        if total > limits.text_bytes:
            raise FileUnreadable(Unreadable.TOO_LARGE, limit=limits.text_bytes // MIB)
        target.write(piece)
