"""Reading lists from tables of any size: bounded counts, ids first, stable order.

FAB counts every match and walks to the page with OFFSET over whole rows; on 1.6 million rows both
are felt. Here a count stops at the cap, a page is found as ids through the index, the second half of a
list is read from its end, and a page beside a row already seen is found from that row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.models.filters import Filters
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import UnaryExpression, func, literal, select, text, tuple_
from sqlalchemy.orm import Query, selectinload
from sqlalchemy.sql import operators

from app.services import search

COUNT_CAP = 10_000
COMMON_CAP = 50
MOST_ROWS = 200
LARGEST_KEY = 2**31 - 1
"""Keys are INTEGER columns; PostgreSQL refuses a query that asks them for more."""

# SQLite does not reckon with LIMIT and would walk the whole table in order to meet a few rows; a plus before a
# column keeps its index out of the choice, so that the filter's own index finds them.
_UNINDEXED = operators.custom_op("+")

# Tables that grow with the city: never loaded whole, never offered as a plain list of options.
BIG_TABLES = frozenset(
    {
        "enterprise",
        "enterprise_search",
        "category_membership",
        "listing",
        "complaint",
        "drawn_target",
        "draw_step",
        "visit",
        "item_finding",
        "finding_record",
        "point_result",
        "log_entry",
        "audit_event",
        "stored_chunk",
    }
)


class Total(int):
    """How many rows match; `capped` when there are more, `estimated` when taken from statistics."""

    capped: bool = False
    estimated: bool = False

    @classmethod
    def of(cls, number: int, *, capped: bool = False, estimated: bool = False) -> Total:
        """A total with its reservations."""
        total = cls(number)
        total.capped, total.estimated = capped, estimated
        return total


@dataclass(frozen=True)
class Place:
    """Where a page lies: "after" or "before" the row with a key, or at the "last" rows of the list."""

    side: str
    key: Any = None


@dataclass(frozen=True)
class Page:
    """The rows of one page; `more` when further rows follow, `earlier` when some stand before."""

    rows: list[Any]
    more: bool
    earlier: bool = True


class RegisterInterface(SQLAInterface):
    """FAB's interface for tables that may be large."""

    def __init__(self, obj: Any, session: Any = None, eager: Iterable[str] = ()) -> None:
        super().__init__(obj, session)
        self.eager = frozenset(eager)

    def query(
        self,
        filters: Filters | None = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,
        total: Total | None = None,
    ) -> tuple[Total, list[Any]]:
        """One page of the matching rows and their bounded total."""
        matching = self.apply_filters(self.session.query(self.obj), filters)
        total = self.count(filters) if total is None else total
        size = min(page_size or MOST_ROWS, MOST_ROWS)
        offset = max(page or 0, 0) * size
        return total, self._rows(self._keys(matching, total, order_column, order_direction, offset, size))

    def count(self, filters: Filters | None) -> Total:
        """How many rows the filters let through, bounded."""
        matching = self.apply_filters(self.session.query(self.obj), filters)
        number = len(filters.filters) if filters else 0
        if not matching.get_execution_options().get("common"):
            return self.total(matching, bool(number))
        # an index of words has said already that many rows match the word; no index counts it beside others
        return Total.of(COUNT_CAP, capped=True) if number == 1 else self.total(matching, True, COMMON_CAP)

    def turn(
        self,
        filters: Filters | None,
        column: str,
        direction: str,
        place: Place,
        size: int,
        few: bool = False,
    ) -> Page | None:
        """The page at a place; None when its row is gone, or where a row does not say where it stands.

        `few` says that the rows were counted to the end.
        """
        beyond = self.apply_filters(self.session.query(self.obj), filters)
        if not self.has_places(column):
            return None
        if place.side != "last":
            condition = self._beyond(column, direction, place)
            if condition is None:
                return None
            beyond = beyond.filter(condition)
        order = self._order(column, direction == "desc", place.side != "after", few)
        query = beyond.with_entities(*self._key_columns()).order_by(*order).limit(size + 1)
        found = [tuple(row) for row in query]
        further = len(found) > size
        if place.side == "after":
            return Page(self._rows(found[:size]), more=further)
        return Page(self._rows(found[:size][::-1]), more=place.side == "before", earlier=further)

    def has_places(self, column: str) -> bool:
        """Whether a row alone says where it stands: one key, and an order without blanks."""
        sorted_by = self.obj.__mapper__.columns.get(column) if column else None
        return len(self.obj.__mapper__.primary_key) == 1 and not (
            column and (sorted_by is None or sorted_by.nullable)
        )

    def _beyond(self, column: str, direction: str, place: Place) -> Any:
        """The condition that a row stands on that side of the one with the key; None without such a row."""
        key = self.key_from(place.key)
        columns = [*([getattr(self.obj, column)] if column else []), *self._key_columns()]
        beside = key and self.session.query(*columns).filter(columns[-1] == key[0]).one_or_none()
        if not beside:
            return None
        here = tuple_(*columns)
        there = tuple_(*[literal(value, each.type) for value, each in zip(beside, columns, strict=True)])
        return here > there if (direction == "desc") == (place.side == "before") else here < there

    def total(self, matching: Query[Any], filtered: bool, most: int | None = None) -> Total:
        """Exact up to the cap; beyond it an estimate for a whole table, otherwise just "more"."""
        cap = COUNT_CAP if most is None else most
        keys = matching.with_entities(*self._key_columns()).limit(cap + 1).subquery()
        found = self.session.query(keys).count()
        if found <= cap:
            return Total.of(found)
        estimate = None if filtered else self.estimate()
        if estimate is None:
            return Total.of(cap, capped=True)
        return Total.of(max(estimate, COUNT_CAP), estimated=True)

    def estimate(self) -> int | None:
        """The row count in the statistics of the database, None when there are none."""
        table = self.obj.__tablename__
        if self.session.get_bind().dialect.name == "postgresql":
            query = text("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(:table)")
            return _positive(self.session.execute(query, {"table": table}).scalar())
        if (
            self.session.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")).scalar()
            is None
        ):
            return None
        query = text("SELECT stat FROM sqlite_stat1 WHERE tbl = :table LIMIT 1")
        statistic = self.session.execute(query, {"table": table}).scalar()
        return _positive(int(statistic.split()[0])) if statistic else None

    def _keys(
        self, matching: Query[Any], total: Total, column: str, direction: str, offset: int, size: int
    ) -> list[Any]:
        if total.estimated and offset > total // 2:
            total = Total.of(self.session.execute(select(func.count()).select_from(self.obj)).scalar_one())
        exact = not (total.capped or total.estimated)
        backwards = exact and offset > total // 2
        if exact and backwards:
            size = min(size, max(total - offset, 0))
            offset = max(total - offset - size, 0)
        order = self._order(column, direction == "desc", backwards, few=exact)
        query = matching.with_entities(*self._key_columns()).order_by(*order).offset(offset).limit(size)
        keys = [tuple(row) for row in query] if size and total else []
        return keys[::-1] if backwards else keys

    def _order(self, column: str, descending: bool, backwards: bool, few: bool) -> list[Any]:
        sorted_by = [getattr(self.obj, column)] if column else []
        down = descending != backwards
        every = [*sorted_by, *self._key_columns()]
        if few and self.session.get_bind().dialect.name == "sqlite":
            every = [UnaryExpression(each, operator=_UNINDEXED, type_=each.type) for each in every]
        return [each.desc() if down else each.asc() for each in every]

    def _key_columns(self) -> list[Any]:
        return [getattr(self.obj, column.key) for column in self.obj.__mapper__.primary_key]

    @staticmethod
    def _get_attr_value(item: Any, col: str) -> Any:
        """The value of a column, method or dotted path; FAB would turn an enumeration into its value."""
        found = item
        for name in col.split("."):
            found = getattr(found, name, None)
        return found() if callable(found) else found

    def _rows(self, keys: list[Any]) -> list[Any]:
        if not keys:
            return []
        columns = self._key_columns()
        query = self.session.query(self.obj).options(*self._loading())
        if len(columns) == 1:
            query = query.filter(columns[0].in_([key[0] for key in keys]))
            found = {(getattr(row, columns[0].key),): row for row in query}
        else:
            found = {key: self.session.get(self.obj, key) for key in keys}
        return [found[key] for key in keys if found.get(key) is not None]

    def _loading(self) -> list[Any]:
        return [selectinload(getattr(self.obj, name)) for name in sorted(self.eager)]

    def get(
        self,
        id: Any,
        filters: Filters | None = None,
        select_columns: list[str] | None = None,
        outer_default_load: bool = False,
    ) -> Any:
        """The row with this key if the filters let it through, else None; a malformed key finds none."""
        key = self.key_from(id)
        if key is None:
            return None
        columns = self._key_columns()
        query = self.session.query(self.obj).options(*self._loading())
        query = query.filter(*[column == value for column, value in zip(columns, key, strict=True)])
        return self.apply_filters(query, filters).one_or_none()

    def key_from(self, given: Any) -> tuple[Any, ...] | None:
        """The primary key in a value from an address, or None when it can be none."""
        parts = given if isinstance(given, list | tuple) else [given]
        columns = self.obj.__mapper__.primary_key
        if len(parts) != len(columns):
            return None
        key = tuple(_key_part(column, part) for column, part in zip(columns, parts, strict=True))
        return None if None in key else key

    def get_many(self, ids: Iterable[Any], filters: Filters | None = None) -> list[Any]:
        """The rows with these keys that the filters let through, in one query."""
        keys = [key[0] for key in map(self.key_from, ids) if key is not None]
        query = self.session.query(self.obj).filter(self._key_columns()[0].in_(keys))
        return list(self.apply_filters(query, filters))


def begins_with(interface: SQLAInterface, name: str, term: str) -> Any:
    """The condition that a text column begins with a term, in the form that its index serves."""
    return search.begins_with(interface.session, getattr(interface.obj, name), term)


def _key_part(column: Any, value: Any) -> Any:
    if column.type.python_type is not int:
        return str(value)
    digits = str(value)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
        return None
    return int(digits) if int(digits) <= LARGEST_KEY else None


def _positive(number: int | None) -> int | None:
    return number if number and number > 0 else None
