"""Turning the pages of a list of any length.

The first pages are numbered; a jump walks over the rows before it and is bounded. From any page the next and the
one before are found through the index, beside the last or first row already seen ("keyset").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.views.base import arguments
from app.views.base.interface import COUNT_CAP, Place, RegisterInterface, Total

Order = tuple[str, str]


@dataclass(frozen=True)
class Pager:
    """One page of a list and the addresses of its neighbours; an empty address leads nowhere.

    `number` counts from 0 and is None on the way back from the end, where nobody has counted.
    """

    view: str
    number: int | None
    size: int
    count: Total
    keys: list[Any]
    more: bool
    by_place: bool

    @property
    def first(self) -> str:
        """The first page, unless this is it."""
        return "" if self.number == 0 else self._address()

    @property
    def previous(self) -> str:
        """The page before."""
        if self.number == 0:
            return ""
        before = {"before": self.keys[0]} if self.by_place and self.keys else {}
        return self._address(page=self.number and self.number - 1, **before)

    @property
    def next(self) -> str:
        """The page after."""
        if not self.more:
            return ""
        after = {"after": self.keys[-1]} if self.by_place else {}
        return self._address(page=None if self.number is None else self.number + 1, **after)

    @property
    def last(self) -> str:
        """The last page."""
        if not self.more:
            return ""
        if self.count.capped or self.count.estimated:
            return self._address(last=1) if self.by_place else ""
        return self._address(page=(self.count - 1) // self.size)

    def sized(self, size: int) -> str:
        """The first page in another size."""
        return self._address(psize=size)

    def _address(self, **given: Any) -> str:
        kept = request.args.copy()
        for name in ("page", *arguments.PLACES):
            kept.pop(f"{name}_{self.view}", None)
        kept.update({f"{name}_{self.view}": str(value) for name, value in given.items() if value})
        asked = urlencode(list(kept.items(multi=True)))
        return f"{request.path}?{asked}" if asked else request.path


def read(
    view: str, datamodel: RegisterInterface, filters: Any, orders: tuple[Order, Order], usual_size: int
) -> tuple[list[Any], Pager]:
    """The rows that the address asks for, and the pager below them.

    `orders` are the one asked for and the usual one, which holds while more rows match than are counted:
    sorting them all would take seconds and help nobody.
    """
    size = arguments.size_asked(view, usual_size)
    total = datamodel.count(filters)
    order = orders[1] if total.capped else orders[0]
    place = _place_asked(view)
    few = not (total.capped or total.estimated)
    page = datamodel.turn(filters, *order, place, size, few) if place else None
    if place is None or page is None or (not page.earlier and len(page.rows) < size):
        return _numbered(view, datamodel, filters, order, size, total)
    number = arguments.page_asked(view, None) if place.side != "last" else None
    number = number if page.earlier else 0
    keys = datamodel.get_keys(page.rows)
    return page.rows, Pager(view, number, size, total, keys, page.more, by_place=True)


def _numbered(
    view: str, datamodel: RegisterInterface, filters: Any, order: Order, size: int, total: Total
) -> tuple[list[Any], Pager]:
    furthest = COUNT_CAP // size
    number = min(arguments.page_asked(view) if _place_asked(view) is None else 0, furthest)
    _total, rows = datamodel.query(filters, *order, number, size, total=total)
    by_place = datamodel.has_places(order[0])
    more = len(rows) == size and (total.capped or total.estimated or (number + 1) * size < total)
    more = more and (by_place or number < furthest)
    return rows, Pager(view, number, size, total, datamodel.get_keys(rows), more, by_place)


def _place_asked(view: str) -> Place | None:
    """The row beside which the page lies, None for a numbered page."""
    asked = ((side, request.args.get(f"{side}_{view}")) for side in arguments.PLACES)
    return next((Place(side, key) for side, key in asked if key), None)
