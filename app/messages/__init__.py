"""Domain errors in the words of the reader: one sentence a code.

The domain names what is wrong and gives the parameters; the sentence is chosen here, at the edge.
"""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale

from app.domain.errors import DomainError
from app.domain.vocabulary import Term
from app.messages import (
    documents,
    draws,
    entry,
    evidence,
    exchange,
    figures,
    follow_up,
    general,
    imports,
    jobs,
    joint,
    keeping,
    lists,
    reports,
    risk,
    rosters,
    visits,
)

SENTENCES = {
    **documents.SENTENCES,
    **draws.SENTENCES,
    **entry.SENTENCES,
    **evidence.SENTENCES,
    **exchange.SENTENCES,
    **figures.SENTENCES,
    **follow_up.SENTENCES,
    **general.SENTENCES,
    **imports.SENTENCES,
    **jobs.SENTENCES,
    **joint.SENTENCES,
    **keeping.SENTENCES,
    **lists.SENTENCES,
    **reports.SENTENCES,
    **risk.SENTENCES,
    **rosters.SENTENCES,
    **visits.SENTENCES,
}


def sentence_for(error: DomainError) -> str:
    """The sentence shown for a domain error; its code where none is known."""
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return str(error)
    return str(sentence) % _Worded(error.params)


class _Worded(dict[str, Any]):
    """Parameters as the reader sees them: vocabulary by its label, a missing one as an ellipsis."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, "…")
        if isinstance(value, Term):
            return value.english if str(get_locale()) == "en" else value.label
        return value
