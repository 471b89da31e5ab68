"""The disclosure site (一公开): no sign-in, no session, nothing but what has been disclosed."""

from __future__ import annotations

from flask import Flask

from app.extensions import csrf
from app.views.public import draws, notices
from app.views.public.site import make_site

FIRM_LIMIT = "30 per minute"


def register(app: Flask) -> None:
    """Add the site to the application; asking for one firm is limited, because it reads the whole roster."""
    site = make_site()
    notices.add_pages(site)
    draws.add_pages(site)
    # The question about one firm changes nothing and needs no session, so it carries no token either.
    csrf.exempt(draws.firm)
    app.register_blueprint(site)
    limiter = app.appbuilder.sm.limiter  # type: ignore[attr-defined]
    app.view_functions["public.firm"] = limiter.limit(FIRM_LIMIT)(app.view_functions["public.firm"])
