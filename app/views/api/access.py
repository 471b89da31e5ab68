"""Who is calling: the key of a department in the Authorization header."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import abort, g, request

from app.extensions import db
from app.models import AgencyKey
from app.services.exchange.keys import key_of

SCHEME = "AgencyKey"


def keyed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Only a caller with a standing key comes in; `caller()` is then its key."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        key = key_of(db.session(), text.strip(), datetime.now(UTC)) if scheme.lower() == "bearer" else None
        if key is None:
            abort(401)
        g.agency_key = key
        return function(*args, **kwargs)

    return guarded


def caller() -> AgencyKey:
    """The key of this call."""
    key: AgencyKey = g.agency_key
    return key


def limit_key() -> str:
    """What calls are counted by: the beginning of the key, so that one system cannot starve another."""
    return request.headers.get("Authorization", "")[-48:][:8] or str(request.remote_addr)
