"""Security headers of every response, and the proxies that may be believed."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

SEALED = "default-src 'none'; sandbox"


def install(app: Flask) -> None:
    """A policy with nonces, no framing, no sniffing, no caching of pages."""
    behind_tls = app.config["BEHIND_TLS"]
    app.after_request(_seal)  # before the policy of the pages is installed, so that it speaks last
    Talisman(
        app,
        force_https=behind_tls,
        strict_transport_security=behind_tls,
        session_cookie_secure=behind_tls,
        session_cookie_samesite="Lax",
        content_security_policy=POLICY,
        content_security_policy_nonce_in=["script-src", "style-src"],
        frame_options="DENY",
        referrer_policy="same-origin",
        x_xss_protection=False,
    )
    app.after_request(_keep_pages_out_of_caches)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]


def _seal(response: Response) -> Response:
    """Files that people have sent run nothing and load nothing, wherever they are opened."""
    if g.get("sealed"):
        response.headers["Content-Security-Policy"] = SEALED
    return response


def _keep_pages_out_of_caches(response: Response) -> Response:
    asset = request.endpoint is not None and request.endpoint.endswith("static")
    if not asset and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
