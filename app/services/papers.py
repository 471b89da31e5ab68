"""Papers that come with a step after a visit: proof, evidence, receipts; kept by content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.services import storage

LARGEST = 10 << 20
"""Bytes of one paper; more would be a film, which is kept elsewhere."""

_SIGNATURES: tuple[tuple[bytes, frozenset[str]], ...] = (
    (b"%PDF-", frozenset({"pdf"})),
    (b"\xff\xd8\xff", frozenset({"jpg", "jpeg"})),
    (b"\x89PNG\r\n\x1a\n", frozenset({"png"})),
    (b"PK\x03\x04", frozenset({"docx", "xlsx", "ofd"})),
)


class PaperRefused(DomainError):
    """A paper is a PDF, JPEG, PNG, DOCX, XLSX or OFD file of at most 10 MB, by its content; param name."""

    code = "paper_refused"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was handed in."""

    name: str
    content: bytes


def keep(session: Session, paper: Paper | None) -> tuple[str | None, str | None]:
    """Store a paper; its digest and name, or nothing for none. Raises PaperRefused."""
    if paper is None:
        return None, None
    ending = paper.name.rpartition(".")[2].lower()
    fits = any(paper.content.startswith(sign) and ending in names for sign, names in _SIGNATURES)
    if not fits or len(paper.content) > LARGEST:
        raise PaperRefused(name=paper.name[-80:])
    name = paper.name.replace("\\", "/").rpartition("/")[2][-200:]
    return storage.store(session, [paper.content], name), name
