"""亮证、一次性告知: the page behind the QR code of a notice; nothing but what the enterprise is told (R29, R41, R60)."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response

from app.domain import vocabulary
from app.domain.notice import DISCIPLINE, DUTY, RIGHTS, masked
from app.extensions import db
from app.services.notices import notice_by_token
from app.views.base.format import label_of
from app.views.public.site import page


def add_pages(site: Blueprint) -> None:
    """The address of this file."""
    site.add_url_rule("/checks/<token>", "check", check)
    site.add_app_template_filter(named, "named")


def check(token: str) -> Response:
    """One notice; it is its enterprise's alone, so it is neither kept by caches nor found by search engines."""
    notice = notice_by_token(db.session(), token) or abort(404)
    newest = notice.visit.notices[-1]
    answer = make_response(
        page(
            "check.html",
            body=notice.body,
            issued_at=notice.issued_at,
            filing_no=notice.visit.filing,
            is_newest=newest.id == notice.id,
            contact=masked(notice.contact_name),
            phone=masked(notice.contact_phone),
            supervision=masked(notice.supervision_phone),
            rights=RIGHTS,
            discipline=DISCIPLINE,
            duty=DUTY,
        )
    )
    answer.cache_control.no_store = True
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def named(value: str, name: str) -> object:
    """A stored word of a vocabulary in the reader's language."""
    return label_of(getattr(vocabulary, name).of(value))
