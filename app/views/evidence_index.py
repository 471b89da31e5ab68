"""The index of what was collected at a visit, for the desk (R50)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.extensions import db
from app.models import Attachment, EvidenceHold, Signature, Visit
from app.services import evidence
from app.views.phone_state import lacking


@dataclass(frozen=True)
class EvidenceIndex:
    """Files with the other visits that carry the same one, signatures with what they stand under, holds."""

    files: list[tuple[Attachment, list[str]]]
    signatures: list[tuple[Signature, bool]]
    holds: list[EvidenceHold]
    lacking: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was collected."""
        return not (self.files or self.signatures or self.holds)


def evidence_index(visit: Visit) -> EvidenceIndex:
    """Everything that was collected at a visit."""
    session = db.session()
    digest = evidence.recorded_digest(visit)
    recorded = any(finding.latest for finding in visit.findings)
    return EvidenceIndex(
        [(each, evidence.also_used_in(session, each)) for each in evidence.files_of(session, visit)],
        [(each, each.content == digest) for each in evidence.signatures_of(session, visit)],
        evidence.holds_of(session, visit),
        lacking(session, visit) if recorded else "",
    )


def place_of(each: Any) -> str:
    """Latitude, longitude and how exact they are; "" where the device said nothing."""
    if each.latitude is None:
        return ""
    return f"{each.latitude:.5f}, {each.longitude:.5f} ±{each.accuracy or 0:.0f} m"
