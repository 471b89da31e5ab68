"""Files kept by content: what was stored under a digest can never change."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.models import StoredChunk, StoredFile

CHUNK = 1 << 20


class FileMissing(DomainError):
    """No file is stored under this digest."""

    code = "file_missing"


def store(session: Session, pieces: Iterable[bytes], name: str) -> str:
    """Keep the bytes of `pieces` (any sizes) and give back their SHA-256 digest in hex.

    The chunks stand under a provisional name until the digest is known, so a file of any size
    passes through memory one chunk at a time.
    """
    provisional = f"~{name[:40]}~{id(pieces):x}"
    moment = datetime.now(UTC)
    session.execute(
        insert(StoredFile).values(digest=provisional, size=0, name=name[:120], stored_at=moment)
    )
    whole, size = hashlib.sha256(), 0
    for ordinal, chunk in enumerate(_even(pieces)):
        whole.update(chunk)
        size += len(chunk)
        session.execute(
            insert(StoredChunk).values(digest=provisional, ordinal=ordinal, content=zlib.compress(chunk, 1))
        )
    return _settle(session, provisional, whole.hexdigest(), size, name)


def fetch_pieces(session: Session, digest: str) -> Iterator[bytes]:
    """The stored bytes in order, chunk by chunk. Raises FileMissing."""
    if session.get(StoredFile, digest) is None:
        raise FileMissing(digest=digest)
    query = select(StoredChunk.content).where(StoredChunk.digest == digest).order_by(StoredChunk.ordinal)
    for content in session.scalars(query.execution_options(yield_per=4)):
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


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)


def _settle(session: Session, provisional: str, digest: str, size: int, name: str) -> str:
    """Give the provisional file its real name, or drop it when the same bytes are kept already."""
    kept = session.get(StoredFile, digest)
    if kept is None:
        session.execute(
            insert(StoredFile).values(
                digest=digest, size=size, name=name[:120], stored_at=datetime.now(UTC)
            )
        )
        session.execute(
            update(StoredChunk).where(StoredChunk.digest == provisional).values(digest=digest),
            execution_options={"synchronize_session": False},
        )
    session.execute(
        delete(StoredChunk).where(StoredChunk.digest == provisional),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        delete(StoredFile).where(StoredFile.digest == provisional),
        execution_options={"synchronize_session": False},
    )
    return digest
