"""List columns that are worked out from a row instead of being stored in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import g
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.models import Industry, Region
from app.views.base import shown
from app.views.frame import full_name


class Computed:
    """Mixin of a register, before its base class: `computed` maps a list column to a function of the row."""

    computed: ClassVar[dict[str, Callable[[Any], Any]]] = {}

    def _values(self, rows: list[Any]) -> list[dict[str, Any]]:
        found = super()._values(rows)  # type: ignore[misc]
        for row, values in zip(rows, found, strict=True):
            values.update({name: work_out(row) for name, work_out in self.computed.items()})
        return found


def person(user: Any) -> Any:
    """The name of a user, family name first; a dash for nobody."""
    return full_name(user) if user is not None else shown(None)


def region_name(key: str | None) -> Any:
    """The name of a region by its code; the code where the table knows none."""
    if "region_names" not in g:
        g.region_names = dict(db.session.execute(select(Region.code, Region.name)).all())
    return g.region_names.get(key, key) if key else shown(None)


def industry_name(key: str | None) -> Any:
    """Name and code of an industry, looked up once a request."""
    if not key:
        return shown(None)
    known = g.setdefault("industry_names", {})
    if key not in known:
        found = db.session.get(Industry, key)
        known[key] = f"{found.name} {key}" if found else key
    return known[key]


def hashed(text: str | None) -> Any:
    """A digest in small letters that may break across lines."""
    return Markup('<span class="hash">{}</span>').format(text) if text else shown(None)
