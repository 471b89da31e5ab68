"""Home, lists and single documents of the disclosure site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, or_, select

from app.domain.personal import masked
from app.domain.vocabulary import DisclosureKind
from app.extensions import db
from app.models import Disclosure
from app.services.credit import hidden_items
from app.views.base.format import CLOCK, shown
from app.views.public.csv import csv_response
from app.views.public.site import KINDS, page
from app.views.public.tables import Table, facts_of, table_of

PAGE_SIZE = 20
ROWS_SHOWN = 50
LATEST = 4
LONGEST_LIST = 50_000
LARGEST_PAGE = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """One page of something longer, counted from 1."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))


def add_pages(site: Blueprint) -> None:
    """The addresses of this file."""
    site.add_url_rule("/", "home", home)
    kinds = ",".join(KINDS)
    site.add_url_rule(f"/<any({kinds}):slug>/", "index", index)
    site.add_url_rule(f"/<any({kinds}):slug>.csv", "index_csv", index_csv)
    site.add_url_rule("/notices/<index_no>", "notice", notice)
    site.add_url_rule("/notices/<index_no>.csv", "notice_csv", notice_csv)


def home() -> str:
    """The latest of every kind."""
    latest = {slug: _rows(_published(kind).limit(LATEST)) for slug, kind in KINDS.items()}
    return page("home.html", latest=latest)


def index(slug: str) -> str:
    """All documents of one kind, newest first, by year and by words of the title."""
    query = _asked(KINDS[slug])
    sheet = _sheet(query)
    return page(
        "index.html", slug=slug, kind=KINDS[slug], sheet=sheet, years=_years(KINDS[slug]), chosen=request.args
    )


def index_csv(slug: str) -> Response:
    """The list as an open file, with the filters of the page."""
    headers = (
        _("Index number"),
        _("Title"),
        _("Publishing agency"),
        _("Published on"),
        _("Address"),
        _("State"),
    )
    rows = [
        (
            row.index_no, masked(row.title), row.agency.name, shown(row.published_at),
            url_for("public.notice", index_no=row.index_no, _external=True),
            _("withdrawn") if row.withdrawn_at else _("in force"),
        )
        for row in _rows(_asked(KINDS[slug]).limit(LONGEST_LIST))
    ]  # fmt: skip
    return csv_response(slug, headers, rows)


def notice(index_no: str) -> tuple[str, int] | str:
    """One document under its permanent address; a withdrawn one leaves a tombstone (R57)."""
    found = _found(index_no)
    if found.withdrawn_at is not None:
        return page("withdrawn.html", notice=found), 410
    if is_over(found):
        return page("expired.html", notice=found), 410
    hidden = hidden_items(db.session(), found.id, today())
    table = table_of(found, hidden)
    return page(
        "notice.html",
        notice=found,
        facts=facts_of(found),
        table=table,
        sheet=_slice(table.rows),
        hidden=len(hidden),
        earlier=_earlier(found),
        later=_later(found),
    )


def notice_csv(index_no: str) -> Response:
    """The document's table as an open file."""
    found = _found(index_no)
    if found.withdrawn_at is not None or is_over(found):
        abort(410)
    table = table_of(found, hidden_items(db.session(), found.id, today()))
    return csv_response(found.index_no, table.headers, table.rows)


def today() -> date:
    """The day on the clock of the bureau."""
    return datetime.now(CLOCK).date()


def is_over(notice: Disclosure) -> bool:
    """Whether the time in public of a document is over, also before the nightly run has marked it (R59)."""
    return notice.expired_at is not None or (notice.expires_on is not None and notice.expires_on < today())


def _earlier(notice: Disclosure) -> list[tuple[Disclosure, Table]]:
    """The versions that this document corrects, newest first, with what they said (R58)."""
    found, row = [], notice.replaces
    while row is not None:
        if row.withdrawn_at is None and not is_over(row):
            found.append((row, table_of(row, hidden_items(db.session(), row.id, today()))))
        row = row.replaces
    return found


def _later(notice: Disclosure) -> Disclosure | None:
    """The newest correction of this document, if there is one in public."""
    found, row = None, notice
    while row.replaced_by:
        row = row.replaced_by[-1]
        found = row if row.withdrawn_at is None else found
    return found


def _published(kind: DisclosureKind) -> Select[tuple[Disclosure]]:
    in_time = or_(Disclosure.expires_on.is_(None), Disclosure.expires_on >= today())
    return (
        select(Disclosure)
        .where(Disclosure.kind == kind, in_time, Disclosure.expired_at.is_(None))
        .order_by(Disclosure.published_at.desc(), Disclosure.id.desc())
    )


def _asked(kind: DisclosureKind) -> Select[tuple[Disclosure]]:
    query, year = _published(kind), request.args.get("year", "")
    words = request.args.get("q", "").strip()[:50]
    if year.isascii() and year.isdigit() and len(year) == 4:
        query = query.where(Disclosure.index_no.startswith(f"SW-{year}-"))
    if words:
        query = query.where(Disclosure.title.contains(words, autoescape=True))
    return query


def _rows(query: Select[tuple[Disclosure]]) -> list[Disclosure]:
    return list(db.session.scalars(query))


def _years(kind: DisclosureKind) -> list[str]:
    year = func.substr(Disclosure.index_no, 4, 4)
    return list(
        db.session.scalars(select(year).where(Disclosure.kind == kind).distinct().order_by(year.desc()))
    )


def _sheet(query: Select[tuple[Disclosure]]) -> Sheet:
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = page_number()
    rows = _rows(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Sheet(rows, number, PAGE_SIZE, total)


def _slice(rows: Sequence[Any]) -> Sheet:
    number = page_number()
    start = (number - 1) * ROWS_SHOWN
    return Sheet(rows[start : start + ROWS_SHOWN], number, ROWS_SHOWN, len(rows))


def page_number() -> int:
    """The page asked for in the address, the first when that is no number."""
    return max(1, min(request.args.get("page", 1, type=int), LARGEST_PAGE))


def _found(index_no: str) -> Disclosure:
    found = db.session.scalar(select(Disclosure).where(Disclosure.index_no == index_no))
    return found or abort(404)
