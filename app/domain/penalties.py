"""处罚案件的关口 (R69, R70): legal review before the decision, and no penalty in place of a transfer."""

from __future__ import annotations

from collections.abc import Collection

from app.domain.errors import DomainError
from app.domain.vocabulary import TransferState


class LegalReviewMissing(DomainError):
    """A weighty decision waits for the legal review by somebody qualified (R69)."""

    code = "legal_review_missing"


class PenaltyInsteadOfTransfer(DomainError):
    """A suspected crime is transferred; a penalty may not take the place of that (R70)."""

    code = "penalty_instead_of_transfer"


class NoPenaltyNamed(DomainError):
    """A decision names its penalties (R78)."""

    code = "no_penalty_named"


class CaseDecided(DomainError):
    """The step does not fit the state of the case; params case and step."""

    code = "case_step_wrong"


_CAME_BACK = frozenset({TransferState.NOT_APPROVED, TransferState.UPHELD})


def require_review(needs_review: bool, is_reviewed: bool) -> None:
    """Raise LegalReviewMissing when a case that needs a legal review has none (R69)."""
    if needs_review and not is_reviewed:
        raise LegalReviewMissing()


def require_no_transfer(police: Collection[TransferState]) -> None:
    """Raise PenaltyInsteadOfTransfer unless every transfer to the police came back (R70)."""
    if any(state not in _CAME_BACK for state in police):
        raise PenaltyInsteadOfTransfer()
