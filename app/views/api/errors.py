"""Errors of the interface: a status, a code and a Chinese sentence, never a page and never a trace."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_babel import force_locale
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError
from app.extensions import db
from app.messages import sentence_for
from app.services.transaction import NotFound
from app.views.errors import EXPLAINED

UNPROCESSABLE = 422
CONFLICT = 409


def register(blueprint: Blueprint) -> None:
    """Word every error of the blueprint."""
    blueprint.register_error_handler(HTTPException, refused)
    blueprint.register_error_handler(DomainError, unlawful)


def refused(error: HTTPException) -> Any:
    """An error with a status; what is wrong with the arguments is named field by field."""
    status = error.code or 500
    with force_locale("zh"):
        title, text = EXPLAINED.get(status, EXPLAINED[400 if status < 500 else 500])
        body: dict[str, Any] = {"code": str(status), "message": f"{title}。{text}"}
    fields = getattr(error, "data", {}).get("messages")
    if fields:
        body["fields"] = fields
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return jsonify(body), status, headers


def unlawful(error: DomainError) -> Any:
    """A rule that the call breaks, by its code and in words."""
    db.session.rollback()
    with force_locale("zh"):
        message = sentence_for(error)
    status = 404 if isinstance(error, NotFound) else CONFLICT
    return jsonify({"code": error.code, "message": message}), status
