"""文书: what each document says, as plain values with the names under which a template calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.documents.after import (
    CoverFacts,
    DeliveryFacts,
    Enclosure,
    FileNoteFacts,
    IndexFacts,
    IndexLine,
    LetterFacts,
    RectificationFacts,
    ResultFacts,
    ResultLine,
    TransferFacts,
)
from app.domain.documents.facts import (
    ApprovalFacts,
    CheckedItem,
    Head,
    Item,
    NoticeFacts,
    Person,
    Point,
    RecordFacts,
    SignatureLine,
)
from app.domain.documents.fields import (
    PICTURE,
    Picture,
    lasting_values,
    names_of,
    qr_code,
    sample_of,
    stored_picture,
    values_of,
)
from app.domain.vocabulary import DocumentKind

FACTS: Mapping[DocumentKind, type[Any]] = {
    DocumentKind.APPROVAL: ApprovalFacts,
    DocumentKind.NOTICE: NoticeFacts,
    DocumentKind.RECORD: RecordFacts,
    DocumentKind.RESULT: ResultFacts,
    DocumentKind.RECTIFICATION: RectificationFacts,
    DocumentKind.AGENCY_NOTICE: LetterFacts,
    DocumentKind.TRANSFER: TransferFacts,
    DocumentKind.DELIVERY: DeliveryFacts,
    DocumentKind.COVER: CoverFacts,
    DocumentKind.INDEX: IndexFacts,
    DocumentKind.FILE_NOTE: FileNoteFacts,
}
"""What each kind of document says."""

__all__ = [
    "FACTS",
    "PICTURE",
    "ApprovalFacts",
    "CheckedItem",
    "CoverFacts",
    "DeliveryFacts",
    "Enclosure",
    "FileNoteFacts",
    "Head",
    "IndexFacts",
    "IndexLine",
    "Item",
    "LetterFacts",
    "NoticeFacts",
    "Person",
    "Picture",
    "Point",
    "RecordFacts",
    "RectificationFacts",
    "ResultFacts",
    "ResultLine",
    "SignatureLine",
    "TransferFacts",
    "lasting_values",
    "names_of",
    "qr_code",
    "sample_of",
    "stored_picture",
    "values_of",
]
