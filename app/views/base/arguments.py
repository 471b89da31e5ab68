"""Page, size, place and order in the address: checked once for every view, never a server error."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request

from app.views.base.interface import LARGEST_KEY

LONGEST_NUMBER = 9
MOST_ROWS_ASKED = 200
PLACES = ("after", "before", "last")


def register(app: Flask) -> None:
    """Refuse addresses that no view can read before any view reads them."""
    app.before_request(check_paging)
    app.before_request(check_keys)


def check_paging() -> None:
    """Answer 400 to a page or page size that is not a small whole number, and to a NUL, which no text holds."""
    for name, value in request.args.items(multi=True):
        if "\0" in value and request.blueprint != "public":  # the disclosure site has its own answer
            abort(400)
        if name.startswith(("page_", "psize_")) and not _is_number(value):
            abort(400)


def check_keys() -> None:
    """Answer 404 to a key that no database can hold."""
    for value in (request.view_args or {}).values():
        if isinstance(value, int) and value > LARGEST_KEY:
            abort(404)


def page_asked(view: str, usual: int | None = 0) -> Any:
    """The page asked for, counted from 0."""
    asked = request.args.get(f"page_{view}")
    return usual if asked is None else int(asked)


def size_asked(view: str, usual: int) -> int:
    """The page size asked for, between 1 and the cap."""
    return max(1, min(int(request.args.get(f"psize_{view}", usual)), MOST_ROWS_ASKED))


def order_asked(view: str) -> tuple[str, str]:
    """The column and direction asked for, ("", "") for none."""
    column, direction = request.args.get(f"_oc_{view}", ""), request.args.get(f"_od_{view}", "")
    return (column, direction) if direction in ("asc", "desc") else ("", "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
