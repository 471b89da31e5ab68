"""What every template can use: the menu, the trail, formatting, the reader's name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import get_locale

from app.views.base import arguments
from app.views.base.format import (
    colon,
    label_of,
    local,
    percent,
    roughly,
    shown,
    tag,
    tag_of,
    tone_of,
)
from app.views.menu import Group, lines_of, trail_of


def furnish(app: Flask, menu: list[Group]) -> None:
    """Give the templates their filters and the frame its menu."""
    app.jinja_env.filters.update(
        shown=shown, tag_of=tag_of, label_of=label_of, tone_of=tone_of, local=local, full_name=full_name
    )
    app.jinja_env.globals.update(
        colon=colon, tag=tag, percent=percent, without=without, order_link=order_link, roughly=roughly
    )

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "menu_lines": lambda: lines_of(menu),
            "breadcrumb": lambda: trail_of(menu),
            "language": str(get_locale() or "zh")[:2],
        }


def full_name(user: Any) -> str:
    """Family name first, as Chinese names are written; spaced only for Latin letters."""
    family, given = user.last_name or "", user.first_name or ""
    between = " " if (family + given).isascii() else ""
    return f"{family}{between}{given}".strip() or user.username


def without(names: tuple[str, ...], view: str) -> str:
    """The present address without some arguments, on the first page."""
    return _address({name: None for name in names}, view)


def order_link(column: str, view: str) -> str:
    """The present address sorted by a column, the other way round when it is so already."""
    turned = arguments.order_asked(view) == (column, "asc")
    return _address({f"_oc_{view}": column, f"_od_{view}": "desc" if turned else "asc"}, view)


def _address(changed: dict[str, str | None], view: str) -> str:
    places = {f"{name}_{view}": None for name in ("page", *arguments.PLACES)}
    kept = request.args.copy()
    for name, value in (places | changed).items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    return f"{request.path}?{urlencode(list(kept.items(multi=True)))}" if kept else request.path
