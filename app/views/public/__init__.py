"""The disclosure site (一公开): no sign-in, no session, nothing but what has been disclosed."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.domain.personal import masked
from app.extensions import csrf
from app.views.public import checks, draws, notices, objecting
from app.views.public.site import make_site

FIRM_LIMIT = "30 per minute"
OBJECTION_LIMIT = "5 per minute; 30 per day"


def register(app: Flask) -> None:
    """Add the site to the application; asking for one firm is limited, because it reads the whole roster."""
    site = make_site()
    notices.add_pages(site)
    draws.add_pages(site)
    objecting.add_pages(site)
    app.jinja_env.filters["masked"] = masked_words
    checks.add_pages(site)
    # The question about one firm changes nothing and needs no session, so it carries no token either.
    csrf.exempt(draws.firm)
    # Whoever objects has no session either; what comes in is registered by hand before it counts.
    csrf.exempt(objecting.object_to)
    app.register_blueprint(site)
    limiter = app.appbuilder.sm.limiter  # type: ignore[attr-defined]
    app.view_functions["public.firm"] = limiter.limit(FIRM_LIMIT)(app.view_functions["public.firm"])
    app.view_functions["public.object"] = limiter.limit(OBJECTION_LIMIT)(app.view_functions["public.object"])


def masked_words(value: Any) -> Any:
    """Free text without the personal data that may have slipped into it (R60); anything else as it is."""
    return masked(value) if isinstance(value, str) else value
