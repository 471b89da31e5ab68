"""The blueprint of the disclosure site and what all of its answers share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

site = Blueprint("public", __name__, url_prefix="/public")

FRESH_SECONDS = 60


@site.after_request
def make_cacheable(response: Response) -> Response:
    """Pages without a reader's name may be kept for a minute; errors and answers to questions may not."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and "Cache-Control" not in response.headers:
        response.cache_control.public = True
        response.cache_control.max_age = FRESH_SECONDS
    return response


def page(template: str, **values: Any) -> str:
    """Render one page of the site."""
    return render_template(f"public/{template}", **values)
