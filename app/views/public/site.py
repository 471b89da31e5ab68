"""The blueprint of the disclosure site and what all of its answers share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from app.domain.vocabulary import DisclosureKind
from app.models import Disclosure

FRESH_SECONDS = 60
KINDS: dict[str, DisclosureKind] = {
    "items": DisclosureKind.ITEM_LIST,
    "plans": DisclosureKind.PLAN,
    "tasks": DisclosureKind.TASK,
    "draws": DisclosureKind.DRAW,
    "results": DisclosureKind.RESULT,
    "special": DisclosureKind.SPECIAL,
}


def make_site() -> Blueprint:
    """An empty site; its pages are added before it is registered."""
    site = Blueprint("public", __name__, url_prefix="/public")
    site.before_request(refuse_null_characters)
    site.after_request(make_cacheable)
    return site


def refuse_null_characters() -> None:
    """No document has such a name, and PostgreSQL cannot even be asked."""
    asked = [request.path, *request.args.values(), *request.form.values()]
    if any("\0" in text for text in asked):
        abort(404)


def make_cacheable(response: Response) -> Response:
    """Pages without a reader's name may be kept for a minute; errors and answers to questions may not."""
    if (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and "Cache-Control" not in response.headers
    ):
        response.cache_control.public = True
        response.cache_control.max_age = FRESH_SECONDS
    return response


def page(template: str, **values: Any) -> str:
    """Render one page of the site."""
    return render_template(f"public/{template}", kinds=KINDS, address_of=address_of, **values)


def address_of(notice: Disclosure) -> str:
    """Where a document is best read: a draw on the page that lets it be checked."""
    if "result_hash" in notice.body and notice.withdrawn_at is None:
        return url_for("public.draw", number=notice.body["draw"])
    return url_for("public.notice", index_no=notice.index_no)
