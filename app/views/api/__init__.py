"""The interface for other departments' systems (R76): keyed per department, described by OpenAPI.

A key opens the rows of its own department and what is disclosed, nothing else: a foreign record is not there.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api

from app.extensions import csrf
from app.views.api import errors
from app.views.api.access import SCHEME, limit_key
from app.views.api.routes import exchange

CALLS = "600 per minute"

errors.register(exchange)  # once: a second application may not set the same blueprint up again


class ExchangeApi(Api):  # type: ignore[misc]
    """The library's interface without its handlers for the whole application: our pages keep their own."""

    def _register_error_handlers(self) -> None:
        """Errors are worded by the blueprint alone."""


def register(app: Flask) -> None:
    """Add the interface and its description; no cookie opens it, so it carries no token either."""
    api = ExchangeApi(app)
    api.spec.components.security_scheme(SCHEME, {"type": "http", "scheme": "bearer"})
    csrf.exempt(exchange)
    limiter: Any = app.appbuilder.sm.limiter  # type: ignore[attr-defined]
    limiter.limit(CALLS, key_func=limit_key)(exchange)
    api.register_blueprint(exchange)
