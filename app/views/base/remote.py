"""Options of a relation, searched on the server and sent twenty at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, abort, jsonify, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access_api, permission_name
from sqlalchemy import or_
from sqlalchemy.orm import Query, Session
from wtforms import validators

from app.views.base.fields import RemoteField
from app.views.base.interface import BIG_TABLES, RegisterInterface, begins_with

MOST_OPTIONS = 20
LONGEST_TERM = 50
USUAL_NAMES = ("name", "title", "identifier", "code", "number", "username")


@dataclass(frozen=True)
class Remote:
    """How the options of one relation are found: the columns searched, the rows allowed.

    `find` searches a table through an index of its own: the keys of the best rows for a term.
    """

    search: tuple[str, ...] = ()
    filters: list[Any] = field(default_factory=list)
    find: Callable[[Session, str, int], list[int]] | None = None


class RemoteOptions:
    """Mixin of a register: its relations are fields with remote options.

    `remote = {"enterprise": Remote(search=("name", "uscc"))}`; a relation without an entry is
    searched by its usual names.
    """

    remote: dict[str, Remote] = {}
    datamodel: RegisterInterface

    def remote_of(self, name: str) -> Remote:
        """The declared search of a relation, or one over its usual names."""
        declared = self.remote.get(name)
        if declared is not None and declared.search:
            return declared
        columns = self.datamodel.get_related_interface(name).list_columns
        usual = tuple(each for each in USUAL_NAMES if each in columns)
        return replace(declared, search=usual) if declared else Remote(usual)

    def remote_field(self, name: str, label: Any, description: Any, rules: list[Any]) -> Any:
        """An unbound form field for a relation."""
        many = self.datamodel.is_relation_many_to_many(name) or self.datamodel.is_relation_one_to_many(name)
        optional = many or self.datamodel.is_nullable(name)
        needed = validators.Optional() if optional else validators.DataRequired()
        return RemoteField(
            label,
            [needed, *rules],
            description=description,
            interface=self.datamodel.get_related_interface(name),
            endpoint=f"{type(self).__name__}.lookup",
            column=name,
            multiple=many,
            base_filters=self.remote_of(name).filters,
        )

    @expose("/lookup/<field>")
    @has_access_api
    @permission_name("read")
    def lookup(self, field: str) -> Response:
        """At most twenty options that begin with, or else contain, what was typed."""
        if not self.datamodel.is_relation(field):
            abort(404)
        interface = self.datamodel.get_related_interface(field)
        term = request.args.get("q", "").strip()[:LONGEST_TERM]
        rows = options(interface, self.remote_of(field), term)
        found = [{"id": str(interface.get_pk_value(row)), "text": str(row)} for row in rows]
        return jsonify(results=found, pagination={"more": False})


def options(interface: RegisterInterface, remote: Remote, term: str) -> list[Any]:
    """The first rows for a term; a big table is searched by its beginnings only, through the index."""
    filters = interface.get_filters().add_filter_list(remote.filters)
    query = interface.apply_filters(interface.session.query(interface.obj), filters)
    if remote.find is not None and term:
        return _ranked(query, interface, remote.find(interface.session, term, MOST_OPTIONS))
    rows = _first(query, interface, _begins(interface, remote.search, term))
    if len(rows) == MOST_OPTIONS or not term or interface.obj.__tablename__ in BIG_TABLES:
        return rows
    more = _first(query, interface, _contains(interface, remote.search, term))
    return (rows + [row for row in more if row not in rows])[:MOST_OPTIONS]


def _ranked(query: Query[Any], interface: RegisterInterface, keys: list[int]) -> list[Any]:
    found = {interface.get_pk_value(row): row for row in query.filter(interface.get_pk().in_(keys))}
    return [found[key] for key in keys if key in found]


def _first(query: Query[Any], interface: RegisterInterface, condition: Any) -> list[Any]:
    if condition is not None:
        query = query.filter(condition)
    return query.order_by(interface.get_pk()).limit(MOST_OPTIONS).all()


def _begins(interface: RegisterInterface, names: tuple[str, ...], term: str) -> Any:
    return or_(*[begins_with(interface, name, term) for name in names]) if term else None


def _contains(interface: RegisterInterface, names: tuple[str, ...], term: str) -> Any:
    columns = [getattr(interface.obj, name) for name in names]
    return or_(*[column.contains(term, autoescape=True) for column in columns])
