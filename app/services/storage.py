"""Files kept by content: what was stored under a digest can never change."""

from __future__ import annotations

import hashlib
import io
import secrets
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Executable, delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.models import StoredChunk, StoredFile
from app.services.bulk import insert_into

CHUNK = 1 << 20


class FileMissing(DomainError):
    """No file is stored under this digest."""

    code = "file_missing"


class Storing:
    """A file being stored: `write` any sizes of bytes, then `close` for the digest.

    The chunks stand under a provisional name until the digest is known, so a file of any size
    passes through memory one chunk at a time.
    """

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name[:120]
        self._provisional = f"~{secrets.token_hex(16)}"
        self._whole, self._size, self._ordinal, self._held = hashlib.sha256(), 0, 0, bytearray()
        self._enter(self._provisional)

    def write(self, piece: bytes) -> None:
        """Take in some more bytes."""
        self._held += piece
        while len(self._held) >= CHUNK:
            self._keep(bytes(self._held[:CHUNK]))
            del self._held[:CHUNK]

    def close(self) -> str:
        """Settle the file under its SHA-256 digest in hex, once per content."""
        if self._held:
            self._keep(bytes(self._held))
        digest = self._whole.hexdigest()
        if self._enter(digest):
            self._run(
                update(StoredChunk).where(StoredChunk.digest == self._provisional).values(digest=digest)
            )
        self._run(delete(StoredChunk).where(StoredChunk.digest == self._provisional))
        self._run(delete(StoredFile).where(StoredFile.digest == self._provisional))
        return digest

    def _keep(self, chunk: bytes) -> None:
        self._whole.update(chunk)
        self._size += len(chunk)
        values = {"digest": self._provisional, "ordinal": self._ordinal, "content": zlib.compress(chunk, 1)}
        self._run(insert(StoredChunk).values(values))
        self._ordinal += 1

    def _enter(self, digest: str) -> bool:
        """False when the content is there; whoever stores it at this moment is waited for."""
        values = {"digest": digest, "size": self._size, "name": self._name, "stored_at": datetime.now(UTC)}
        statement = insert_into(self._session, StoredFile).values(values).on_conflict_do_nothing()
        return self._session.scalar(statement.returning(StoredFile.digest)) is not None

    def _run(self, statement: Executable) -> None:
        self._session.execute(statement, execution_options={"synchronize_session": False})


def store(session: Session, pieces: Iterable[bytes], name: str) -> str:
    """Keep the bytes of `pieces` and give back their SHA-256 digest in hex."""
    file = Storing(session, name)
    for piece in pieces:
        file.write(piece)
    return file.close()


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file in pieces, as `store` takes them."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def fetch_pieces(session: Session, digest: str) -> Iterator[bytes]:
    """The stored bytes in order, chunk by chunk. Raises FileMissing."""
    if session.get(StoredFile, digest) is None:
        raise FileMissing(digest=digest)
    query = select(StoredChunk.content).where(StoredChunk.digest == digest).order_by(StoredChunk.ordinal)
    with session.scalars(query.execution_options(yield_per=4)) as chunks:
        for content in chunks:
            yield zlib.decompress(content)


def fetch_bytes(session: Session, digest: str) -> bytes:
    """The whole stored file; for small ones."""
    return b"".join(fetch_pieces(session, digest))


def fetch_lines(session: Session, digest: str) -> Iterator[bytes]:
    """The stored file line by line, without the line feeds."""
    rest = b""
    for piece in fetch_pieces(session, digest):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest


def open_text(session: Session, digest: str) -> TextIO:
    """The stored file opened as text, line ends as they are; for those who read in bulk. Raises FileMissing."""
    pieces = io.BufferedReader(_Pieces(fetch_pieces(session, digest)), CHUNK)
    return io.TextIOWrapper(pieces, encoding="utf-8", newline="\n")


class _Pieces(io.RawIOBase):
    """Pieces of bytes as something that can be read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._pieces, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
