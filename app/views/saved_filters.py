"""我的筛选: filters that the reader keeps, and those that the department shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, abort, current_app, g, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import SavedFilter
from app.services import saved_filters
from app.views.base import BasePage, RegisterView, domain_errors_flashed
from app.views.base.criteria import given_arguments
from app.views.rows import may


class SavedFilterView(BasePage):
    """Keeps and forgets filters."""

    route_base = "/saved-filters"
    class_permission_name = "SavedFilter"
    title = _("Saved filters")
    default_view = "save"

    @expose("/save", methods=["POST"])
    @has_access
    @permission_name("write")
    def save(self) -> Response:
        """Keep the filter of a list under a name."""
        view = register_named(request.form.get("view", ""))
        query = _kept(view, request.form.get("query", ""))
        with domain_errors_flashed(_("The filter was saved.")):
            saved_filters.save(
                type(view).__name__,
                request.form.get("name", ""),
                query,
                g.user,
                datetime.now(UTC),
                is_usual=request.form.get("usual") == "1",
                is_shared=request.form.get("shared") == "1",
            )
        return redirect(f"{view.list_url()}?{query or 'all=1'}")

    @expose("/<int:pk>/forget", methods=["POST"])
    @has_access
    @permission_name("write")
    def forget(self, pk: int) -> Response:
        """Take one of the reader's own filters away."""
        view = register_named(request.form.get("view", ""))
        with domain_errors_flashed(_("The filter was taken away.")):
            saved_filters.forget(pk, g.user)
        return redirect(f"{view.list_url()}?all=1")


def furnish(app: Flask) -> None:
    """Give the lists their menu of filters."""
    app.jinja_env.globals["filters_offered"] = filters_offered


def register_named(name: str) -> RegisterView:
    """The register with that class name, if the reader may see it; anything else is not found."""
    views = {type(view).__name__: view for view in current_app.appbuilder.baseviews}  # type: ignore[attr-defined]
    view = views.get(name)
    if not isinstance(view, RegisterView) or not may("read", str(view.class_permission_name)):
        abort(404)
    return view


def filters_offered(view: Any) -> list[SavedFilter]:
    """The filters that stand in the menu above a list."""
    return saved_filters.offered(db.session(), type(view).__name__, g.user)


def _kept(view: RegisterView, query: str) -> str:
    """Of a query only what filters or sorts that list."""
    name = type(view).__name__
    known = {*given_arguments(view.criteria), f"_oc_{name}", f"_od_{name}", f"psize_{name}"}
    return urlencode([(key, value) for key, value in parse_qsl(query) if key in known])
