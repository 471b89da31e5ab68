"""Domain errors in the words of the reader."""

from __future__ import annotations

from app.domain.errors import DomainError


def sentence_for(error: DomainError) -> str:
    """The sentence shown for a domain error."""
    return str(error)
