"""文书: built from the records, numbered, filled as Word and PDF, kept for good (R42, R46–R51, R61, R72)."""

from app.services.documents import after, before, delivering, on_site, results
from app.services.documents.delivering import receipt_of
from app.services.documents.drafts import BUILDERS, DocumentNotReady, NoSuchPaper
from app.services.documents.issuing import (
    issue,
    issue_prepared,
    preview,
    standing,
    state_of,
    void,
)
from app.services.documents.overview import DELIVERED, Paper, documents_of, papers_of

__all__ = [
    "BUILDERS",
    "DELIVERED",
    "DocumentNotReady",
    "NoSuchPaper",
    "Paper",
    "after",
    "before",
    "delivering",
    "documents_of",
    "issue",
    "issue_prepared",
    "on_site",
    "papers_of",
    "preview",
    "receipt_of",
    "results",
    "standing",
    "state_of",
    "void",
]
