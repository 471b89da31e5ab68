"""Addresses of public pages as they are printed on paper."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, has_request_context, url_for


def public_address(endpoint: str, **values: str) -> str:
    """The whole address of a public page: under PUBLIC_URL, else as the reader came in; "" when neither is known."""
    if endpoint not in current_app.view_functions:
        return ""
    base = urlsplit(str(current_app.config["PUBLIC_URL"]))
    if base.netloc:
        adapter = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
        return adapter.build(endpoint, values, force_external=True)
    return url_for(endpoint, **values, _external=True) if has_request_context() else ""
