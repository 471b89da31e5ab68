"""The files of an issued document."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.models import IssuedDocument
from app.reports.documents.pdf import print_pages
from app.services import storage


def word_of(session: Session, document: IssuedDocument) -> bytes:
    """The Word file as it was issued. Raises FileMissing."""
    return storage.fetch_bytes(session, document.word_digest)


def pdf_of(session: Session, document: IssuedDocument) -> bytes:
    """The PDF as it was issued, or printed now from the Word file where the server could not then.

    Raises FileMissing, PdfUnavailable.
    """
    if document.pdf_digest is not None:
        return storage.fetch_bytes(session, document.pdf_digest)
    return print_pages(word_of(session, document))[0]
