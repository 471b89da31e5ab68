"""Why something was not stored, in words; what the database said goes to the log only."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from structlog import get_logger

from app.domain.errors import DomainError
from app.messages import sentence_for

LOG = get_logger("views")


def refusal(error: Exception, *, deleting: bool = False) -> str:
    """The sentence for a refused record."""
    if isinstance(error, DomainError):
        return sentence_for(error)
    if isinstance(error, StaleDataError):
        return str(_("Somebody else has changed this record meanwhile. Please reload it."))
    LOG.warning("record refused by the database", error=type(error).__name__, app=current_app.name)
    if isinstance(error, IntegrityError):
        if deleting:
            return str(_("Other records refer to this one; it cannot be deleted."))
        return str(_("A record with the same key exists already, or a reference is missing."))
    return str(_("The database could not store the record."))
