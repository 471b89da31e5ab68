"""Structured logs: one JSON line per event, with the request it belongs to."""

from __future__ import annotations

import logging
import sys
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

ACCESS = structlog.get_logger("access")
SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.processors.format_exc_info,  # the plain traceback: a rich one would print settings
]


def configure(app: Flask) -> None:
    """Send our events and those of the libraries through one JSON line format to stderr."""
    _route_everything_through_structlog()
    if not app.testing:
        _write_lines(app.config.get("LOG_LEVEL", "INFO"))
    app.before_request(_begin)
    app.after_request(_finish)


def _route_everything_through_structlog() -> None:
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _write_lines(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=SHARED
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("flask_appbuilder").setLevel(logging.WARNING)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid4().hex[:12]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint and not request.endpoint.endswith("static"):
        ACCESS.info(
            "request",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000),
            user=_signed_in(),
        )
    return response


def _signed_in() -> str | None:
    """The account already loaded for this request; logging never asks the database for it."""
    user = g.get("_login_user")
    return user.get_id() if user is not None else None
