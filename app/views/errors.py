"""Our own pages for what went wrong, in words, with a way on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError
from app.messages import sentence_for
from app.services.transaction import NotFound

LOG = get_logger("errors")

EXPLAINED: dict[int, tuple[Any, Any]] = {
    400: (
        _("The request could not be understood"),
        _("An address or a form was incomplete. Please go back."),
    ),
    401: (_("Please sign in"), _("This page is for signed-in persons.")),
    403: (_("Not permitted"), _("Your role does not include this step. The administrator can tell who may.")),
    404: (_("Not found"), _("The page or record does not exist, or is not yours to see.")),
    405: (_("Not possible this way"), _("This step is taken with its button, not by an address.")),
    409: (_("Not possible now"), _("The state of the record does not allow this step.")),
    413: (_("Too large"), _("The file is too large. Please pack it or split it.")),
    429: (_("Too many tries"), _("Please wait a minute and try again.")),
    500: (_("Something went wrong here"), _("Nothing was stored. The fault has been recorded.")),
}
EXPIRED = (_("The page has expired"), _("Nothing was stored. Please reload the page and try again."))


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, explained)
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(Exception, unexpected)


def expired(error: CSRFError) -> tuple[Any, int]:
    """A form whose token no longer fits the session."""
    return _page(400, *EXPIRED)


def explained(error: HTTPException) -> Any:
    """An error with a status: the page for it, or the nearest one; redirects pass."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    return _page(status, *EXPLAINED.get(status, EXPLAINED[400 if status < 500 else 500]))


def refused(error: DomainError) -> tuple[Any, int]:
    """A rule that a page did not answer itself: its own sentence."""
    status = 404 if isinstance(error, NotFound) else 409
    return _page(status, EXPLAINED[status][0], sentence_for(error))


def unexpected(error: Exception) -> tuple[Any, int]:
    """A fault of ours: recorded in full, shown without detail."""
    LOG.exception("unexpected error", path=request.path, error=type(error).__name__)
    return _page(500, *EXPLAINED[500])


def _page(status: int, title: Any, text: Any) -> tuple[Any, int]:
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(message=str(title), detail=str(text)), status
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    return render_template("error.html", status=status, phrase=phrase, title=title, text=text), status
