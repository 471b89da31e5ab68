"""档案 (R83): how long a file is kept and why, and whether a sealed file is whole."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection, Iterator
from typing import IO

from app.domain.draw.bundle import COMMENT, MANIFEST, READ_BLOCK, manifest_text
from app.domain.vocabulary import Disposal, ResultCode, RetentionClass

CRIMINAL = "涉嫌犯罪移送公安机关的案卷"
PROBLEM = "发现问题或者作出处置的案卷"
CLEAN = "未发现问题的案卷"
HANDED_ON = frozenset({Disposal.CASE, Disposal.NOTIFIED, Disposal.RECTIFY, Disposal.REFERRED_DAILY})


def retention_of(
    results: Collection[ResultCode], disposals: Collection[Disposal], *, to_police: bool
) -> tuple[RetentionClass, str]:
    """保管期限 of the file of a visit with its reason; the periods are those of the archive schedule (R83)."""
    if to_police:
        return RetentionClass.PERMANENT, CRIMINAL
    if any(code.is_problem for code in results) or HANDED_ON & set(disposals):
        return RetentionClass.THIRTY_YEARS, PROBLEM
    return RetentionClass.TEN_YEARS, CLEAN


def faults_of(stream: IO[bytes]) -> Iterator[str]:
    """What is wrong with a sealed file: entries changed, missing or added, or the seal itself; nothing when whole."""
    try:
        with zipfile.ZipFile(stream) as archive:
            yield from _entry_faults(archive)
            comment = archive.comment
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
    ):
        yield "zip"
        return
    if comment != COMMENT + _sealed_hash(stream, len(comment)).encode():
        yield "seal"


def _entry_faults(archive: zipfile.ZipFile) -> Iterator[str]:
    told = {}
    for line in archive.read(MANIFEST).decode().splitlines():
        name, _tab, value = line.partition("\t")
        told[name] = value
    names = archive.namelist()
    found = set(names) - {MANIFEST}
    yield from sorted((found ^ told.keys()) | {name for name in names if names.count(name) > 1})
    yield from (name for name in sorted(found & told.keys()) if _hash(archive, name) != told[name])


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    whole = hashlib.sha256()
    try:
        with archive.open(name) as stream:
            while block := stream.read(READ_BLOCK):
                whole.update(block)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return ""
    return whole.hexdigest()


def _sealed_hash(stream: IO[bytes], comment: int) -> str:
    """The hash that the seal was made from: everything before the comment, its length as it was then."""
    size = stream.seek(0, 2)
    stream.seek(0)
    rest, whole = size - comment - 2, hashlib.sha256()
    while rest > 0 and (block := stream.read(min(READ_BLOCK, rest))):
        whole.update(block)
        rest -= len(block)
    whole.update(b"\x00\x00")
    return whole.hexdigest()


def content_digest(hashes: dict[str, str]) -> str:
    """One digest over the digests of all contents."""
    return hashlib.sha256(manifest_text(hashes).encode()).hexdigest()
