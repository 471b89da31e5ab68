"""A Word file as PDF, with its Chinese fonts embedded."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from pypdf import PdfWriter

from app.domain.errors import DomainError
from app.reports.documents.pages import html_of


class PdfUnavailable(DomainError):
    """The text layout libraries of the system are missing, so there is Word only."""

    code = "pdf_unavailable"


def print_pages(word: bytes) -> tuple[bytes, int]:
    """The PDF of a Word file and its number of pages; equal files give equal bytes. Raises PdfUnavailable."""
    weasyprint = _weasyprint()
    pages = weasyprint.HTML(string=html_of(word), url_fetcher=_fetcher()).render()
    return bytes(pages.write_pdf(pdf_identifier=b"paper", pdf_version="1.7")), len(pages.pages)


def _weasyprint() -> Any:
    """The library, loaded when first used: it needs Pango, which a server may lack."""
    try:
        import weasyprint
    except OSError:
        raise PdfUnavailable() from None
    return weasyprint


def _fetcher() -> Any:
    """Fetches what stands in the page itself, and nothing from anywhere else."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["data"], allow_redirects=False)


def joined_pdf(papers: Iterable[bytes]) -> bytes:
    """Several PDFs behind each other, to print in one go."""
    whole, out = PdfWriter(), io.BytesIO()
    for paper in papers:
        whole.append(io.BytesIO(paper))
    whole.write(out)
    return out.getvalue()
