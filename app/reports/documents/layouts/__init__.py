"""Our own layouts of every document; a bureau may put a Word template of its own in their place."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import DocumentKind
from app.reports.documents.layout import Layout
from app.reports.documents.layouts.after import AGENCY_NOTICE, RECTIFICATION, RESULT, TRANSFER
from app.reports.documents.layouts.before import APPROVAL, NOTICE
from app.reports.documents.layouts.filing import COVER, DELIVERY, FILE_NOTE, INDEX
from app.reports.documents.layouts.on_site import RECORD

LAYOUTS: Mapping[DocumentKind, Layout] = {
    DocumentKind.APPROVAL: APPROVAL,
    DocumentKind.NOTICE: NOTICE,
    DocumentKind.RECORD: RECORD,
    DocumentKind.RESULT: RESULT,
    DocumentKind.RECTIFICATION: RECTIFICATION,
    DocumentKind.AGENCY_NOTICE: AGENCY_NOTICE,
    DocumentKind.TRANSFER: TRANSFER,
    DocumentKind.DELIVERY: DELIVERY,
    DocumentKind.COVER: COVER,
    DocumentKind.INDEX: INDEX,
    DocumentKind.FILE_NOTE: FILE_NOTE,
}

__all__ = ["LAYOUTS"]
