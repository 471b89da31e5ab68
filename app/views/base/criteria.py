"""The visible search form above a list: one field for each searched column, values remembered.

FAB's builder needs three clicks for a filter and accepts any operator; here every column has the
one comparison that its kind calls for, and the address says `?name=…&day_from=…`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_appbuilder.models.filters import BaseFilter, Filters
from flask_babel import gettext as _
from sqlalchemy.orm import Query, Session
from werkzeug.datastructures import MultiDict

from app.views.base.format import CLOCK, label_of
from app.views.base.interface import LARGEST_KEY, begins_with

LONGEST_VALUE = 100


@dataclass(frozen=True)
class Criterion:
    """One field of the search form: `kind` is text, prefix, choice, flag, day, number, remote or words.

    `words` is any text that a filter of the view's own makes a condition of; its name is no column.
    """

    name: str
    label: Any
    kind: str
    vocabulary: Any = None
    filter_class: type[BaseFilter] | None = None
    hint: Any = ""


@dataclass(frozen=True)
class Chip:
    """One filter in force: what it says, and the address without it."""

    label: str
    value: str
    arguments: tuple[str, ...]


class Contains(BaseFilter):
    """Text that contains the value, taken literally."""

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        return query.filter(getattr(self.model, self.column_name).contains(value, autoescape=True))


class Begins(BaseFilter):
    """Text that begins with the value, found through the index."""

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        return query.filter(begins_with(self.datamodel, self.column_name, value))


class Equals(BaseFilter):
    """The value itself."""

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        return query.filter(getattr(self.model, self.column_name) == value)


class NotBefore(BaseFilter):
    """From a day on."""

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        return query.filter(getattr(self.model, self.column_name) >= value)


class Before(BaseFilter):
    """Before a moment or day."""

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        return query.filter(getattr(self.model, self.column_name) < value)


class Related(BaseFilter):
    """Rows whose relation is, or holds, the row with this key."""

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        relation = getattr(self.model, self.column_name)
        target = relation.property.mapper.primary_key[0]
        condition = relation.any if relation.property.uselist else relation.has
        return query.filter(condition(target == value))


class Searched(BaseFilter):
    """Rows found by an index of words: `search` gives the condition, and whether more match than are counted."""

    arg_name = None
    search: Callable[[Session, str], Any]

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        if not hasattr(self, "_found"):
            self._found = self.search(self.datamodel.session, value)
        query = query.filter(self._found.condition)
        return query.execution_options(common=True) if self._found.common else query


def kind_of(datamodel: Any, name: str, prefixes: frozenset[str], vocabulary: Any) -> str:
    """The kind of search field a column calls for."""
    if datamodel.is_relation(name):
        return "remote"
    if vocabulary is not None:
        return "choice"
    if datamodel.is_boolean(name):
        return "flag"
    if datamodel.is_date(name) or datamodel.is_datetime(name):
        return "day"
    if datamodel.is_integer(name):
        return "number"
    return "prefix" if name in prefixes else "text"


def apply(criteria: list[Criterion], filters: Filters, given: MultiDict[str, str]) -> None:
    """Add the filters that the address asks for; what cannot be read is left out."""
    for criterion in criteria:
        for filter_class, value in _wanted(criterion, filters.datamodel, given):
            filters.add_filter(criterion.name, filter_class, value)


def chips(criteria: list[Criterion], datamodel: Any, given: MultiDict[str, str]) -> list[Chip]:
    """The filters in force, for the row of chips above the list."""
    found = []
    for criterion in criteria:
        if any(True for _each in _wanted(criterion, datamodel, given)):
            found.append(
                Chip(str(criterion.label), _said(criterion, datamodel, given), _arguments(criterion))
            )
    return found


def given_arguments(criteria: list[Criterion]) -> Iterator[str]:
    """The names in an address under which the criteria are given."""
    for criterion in criteria:
        yield from _arguments(criterion)


def _arguments(criterion: Criterion) -> tuple[str, ...]:
    name = criterion.name
    return (f"{name}_from", f"{name}_to") if criterion.kind == "day" else (name,)


def _wanted(
    criterion: Criterion, datamodel: Any, given: MultiDict[str, str]
) -> Iterator[tuple[type[BaseFilter], Any]]:
    if criterion.kind == "day":
        yield from _days(criterion.name, datamodel, given)
        return
    text = given.get(criterion.name, "").strip()[:LONGEST_VALUE]
    if not text:
        return
    if criterion.filter_class is not None:
        yield criterion.filter_class, text
    elif criterion.kind in ("text", "prefix"):
        yield (Contains if criterion.kind == "text" else Begins), text
    elif criterion.kind == "choice" and text in [member.value for member in criterion.vocabulary]:
        yield Equals, criterion.vocabulary(text)
    elif criterion.kind == "flag" and text in ("1", "0"):
        yield Equals, text == "1"
    elif criterion.kind in ("number", "remote"):
        yield from _numbers(criterion, text)


def _numbers(criterion: Criterion, text: str) -> Iterator[tuple[type[BaseFilter], Any]]:
    if text.isascii() and text.isdigit() and int(text) <= LARGEST_KEY:
        yield (Equals if criterion.kind == "number" else Related), int(text)


def _days(name: str, datamodel: Any, given: MultiDict[str, str]) -> Iterator[tuple[type[BaseFilter], Any]]:
    first, last = (_day(given.get(f"{name}_{end}", "")) for end in ("from", "to"))
    if first is not None:
        yield NotBefore, _as_stored(datamodel, name, first)
    if last is not None:
        yield Before, _as_stored(datamodel, name, last + timedelta(days=1))


def _as_stored(datamodel: Any, name: str, day: date) -> date | datetime:
    if not datamodel.is_datetime(name):
        return day
    moment = datetime.combine(day, time(), CLOCK).astimezone(UTC)
    return moment if datamodel.list_columns[name].type.timezone else moment.replace(tzinfo=None)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day < date.max else None


def _said(criterion: Criterion, datamodel: Any, given: MultiDict[str, str]) -> str:
    if criterion.kind == "day":
        return " – ".join(given.get(argument, "") for argument in _arguments(criterion))
    text = given.get(criterion.name, "").strip()[:LONGEST_VALUE]
    if criterion.kind == "choice":
        return label_of(criterion.vocabulary(text))
    if criterion.kind == "flag":
        return _("yes") if text == "1" else _("no")
    if criterion.kind == "remote":
        return str(datamodel.get_related_interface(criterion.name).get(text) or text)
    return text
