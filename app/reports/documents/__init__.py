"""文书 as Word and PDF: layouts of our own or the bureau's Word templates, filled with the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.domain.vocabulary import DocumentKind
from app.reports.documents.fill import Pictures, fill
from app.reports.documents.layouts import LAYOUTS
from app.reports.documents.pdf import PdfUnavailable, print_pages
from app.reports.documents.word import write


@dataclass(frozen=True, slots=True)
class Files:
    """A document as Word, and as PDF with its number of pages where the server can make one."""

    word: bytes
    pdf: bytes | None
    pages: int | None


@cache
def own_template(kind: DocumentKind) -> bytes:
    """Our layout of a kind as a Word template."""
    return write(LAYOUTS[kind])


def files_of(template: bytes, values: Mapping[str, Any], pictures: Pictures) -> Files:
    """A template filled and printed. Raises TemplateForbidden, TemplateBroken, PlaceholderUnknown."""
    word = fill(template, values, pictures)
    try:
        pdf, pages = print_pages(word)
    except PdfUnavailable:
        return Files(word, None, None)
    return Files(word, pdf, pages)


__all__ = ["Files", "Pictures", "files_of", "own_template"]
