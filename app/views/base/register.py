"""The register: FAB's ModelView made safe for threads, for large tables and for readers.

A subclass declares `class_permission_name`, `title`, `noun` and its columns; every method falls
under the power read or write, further methods under what `powers` says.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.services import saved_filters
from app.views.base import arguments, criteria, paging
from app.views.base.fields import RegisterConverter, vocabulary_of_column
from app.views.base.format import shown, tag_of
from app.views.base.interface import RegisterInterface
from app.views.base.refusal import refusal
from app.views.base.remote import RemoteOptions
from app.views.base.widgets import RegisterForm, RegisterList, RegisterSearch, RegisterShow

MOST_SELECTED = 1000

READ_WRITE = {
    "list": "read",
    "show": "read",
    "lookup": "read",
    "action": "read",
    "action_post": "read",
    "add": "write",
    "edit": "write",
    "delete": "write",
}


class RegisterView(RemoteOptions, ModelView):
    """List, show, add and edit the records of one table."""

    datamodel: RegisterInterface
    class_permission_name: str | None = None
    title: Any = ""
    noun: Any = ""
    subtitle: Any = ""
    may_delete = False
    powers: ClassVar[dict[str, str]] = {}
    vocabularies: ClassVar[dict[str, Any]] = {}
    tag_columns: ClassVar[frozenset[str] | set[str]] = frozenset()
    prefix_columns: ClassVar[frozenset[str] | set[str]] = frozenset()
    word_criteria: ClassVar[list[criteria.Criterion]] = []

    list_template = "register/list.html"
    show_template = "register/show.html"
    add_template = "register/form.html"
    edit_template = "register/form.html"
    list_widget = RegisterList
    show_widget = RegisterShow
    add_widget = RegisterForm
    edit_widget = RegisterForm

    add_row_message = _("The record was added.")
    edit_row_message = _("The record was changed.")
    delete_row_message = _("The record was deleted.")

    def __init__(self, **kwargs: Any) -> None:
        if not type(self).class_permission_name:
            raise TypeError(f"{type(self).__name__} must set class_permission_name")
        self.method_permission_name = {**READ_WRITE, **self.powers}
        closed = {"download"} if self.may_delete else {"download", "delete"}
        self.exclude_route_methods = closed | set(self.exclude_route_methods)
        super().__init__(**kwargs)

    # set-up

    def _init_titles(self) -> None:
        noun = self.noun or self.title
        self.list_title = self.list_title or self.title
        self.add_title = self.add_title or _("Add %(noun)s", noun=noun)
        self.edit_title = self.edit_title or _("Edit %(noun)s", noun=noun)
        self.show_title = self.show_title or noun
        super()._init_titles()
        self.title = type(self).title or self.list_title

    def _init_properties(self) -> None:
        self.search_columns = list(self.search_columns or [])
        declared = list(self.search_columns)
        super()._init_properties()
        self.search_columns = declared  # FAB would search every column when none is declared
        self.label_columns = dict(self.label_columns)
        self._format_columns()
        relations = [name for name in self.list_columns if self.datamodel.is_relation(name)]
        self.datamodel = type(self.datamodel)(
            self.datamodel.obj, self.datamodel._session, {*self.datamodel.eager, *relations}
        )
        self.criteria = [*self.word_criteria, *[self._criterion(name) for name in declared]]

    def _format_columns(self) -> None:
        formatters = dict(self.formatters_columns)
        for name in {*self.list_columns, *self.show_columns}:
            formatters.setdefault(name, tag_of if name in self.tag_columns else shown)
        self.formatters_columns = formatters

    def _criterion(self, name: str) -> criteria.Criterion:
        vocabulary = self.vocabulary_of(name)
        kind = criteria.kind_of(self.datamodel, name, frozenset(self.prefix_columns), vocabulary)
        return criteria.Criterion(name, self.label_columns.get(name, name), kind, vocabulary)

    def _init_forms(self) -> None:
        converter = RegisterConverter(self)
        self.search_form = self.search_form or converter.create_form({}, [])
        for kind in ("add", "edit"):
            if getattr(self, f"{kind}_form") is None:
                setattr(self, f"{kind}_form", self._form(converter, kind))

    def _form(self, converter: RegisterConverter, kind: str) -> Any:
        if kind in self.exclude_route_methods:
            return converter.create_form({}, [])
        return converter.create_form(
            self.label_columns,
            getattr(self, f"{kind}_columns"),
            self.description_columns,
            self.validators_columns,
            getattr(self, f"{kind}_form_extra_fields"),
        )

    def vocabulary_of(self, name: str) -> Any:
        """The enumeration of a column: declared by the view or found in the column's type."""
        return self.vocabularies.get(name) or vocabulary_of_column(self.datamodel, name)

    # filters belong to one request: FAB keeps them on the view, which all threads share

    @property
    def _filters(self) -> Any:
        if not request:
            return self.__dict__.get("_declared_filters")
        store = request.environ.setdefault("app.filters", {})
        if id(self) not in store:
            store[id(self)] = self.datamodel.get_filters()
        return store[id(self)]

    @_filters.setter
    def _filters(self, declared: Any) -> None:
        self.__dict__["_declared_filters"] = declared

    # list

    @expose("/list/")
    @has_access
    @permission_name("read")
    def list(self) -> Response | str:
        """The list; without anything asked of it, under the filter that the reader keeps for every day."""
        usual = (
            "" if request.args else saved_filters.usual(self.datamodel.session, type(self).__name__, g.user)
        )
        return redirect(f"{self.list_url()}?{usual}") if usual else super().list()

    def keeps_filters(self) -> bool:
        """Whether the reader may keep filters of this list."""
        return bool(self.criteria) and self.appbuilder.sm.has_access("can_write", "SavedFilter")

    def data_note(self) -> str:
        """Where the rows come from and of which day they are."""
        return ""

    def _list(self, **kwargs: Any) -> dict[str, Any]:
        name = type(self).__name__
        filters = self._filters
        filters.clear_filters()
        criteria.apply(self.criteria, filters, request.args)
        column, direction = arguments.order_asked(name)
        widgets = self._get_list_widget(filters, order_column=column, order_direction=direction, **kwargs)
        chips = criteria.chips(self.criteria, self.datamodel, request.args)
        widgets["search"] = RegisterSearch(view=self, criteria=self.criteria, chips=chips, given=request.args)
        return widgets

    def _get_list_widget(
        self,
        filters: Any,
        actions: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: int | None = None,
        page_size: int | None = None,
        widgets: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        name = type(self).__name__
        usual = self.base_order or ("", "")
        asked = (order_column, order_direction) if order_column in self.sortable_columns() else usual
        joined = filters.get_joined_filters(self._base_filters)
        rows, pager = paging.read(name, self.datamodel, joined, (asked, usual), self.page_size)
        return {**(widgets or {}), "list": self._grid(rows, pager, filters, actions, **kwargs)}

    def _grid(
        self, rows: list[Any], pager: paging.Pager, filters: Any, actions: Any, **kwargs: Any
    ) -> RegisterList:
        return self.list_widget(
            view=self,
            rows=list(zip(self.keys_of(rows), rows, self._values(rows), strict=True)),
            label_columns=self.label_columns,
            include_columns=self.list_columns,
            order_columns=self.sortable_columns(),
            formatters_columns=self.formatters_columns,
            pager=pager,
            page=pager.number,
            page_size=pager.size,
            count=pager.count,
            actions=actions or self.actions,
            filters=filters,
            modelview_name=type(self).__name__,
            **kwargs,
        )

    def _values(self, rows: list[Any]) -> list[dict[str, Any]]:
        return list(self.datamodel.get_values(rows, self.list_columns))

    def keys_of(self, rows: list[Any]) -> list[Any]:
        """The keys of the rows as they stand in addresses."""
        return [self._serialize_pk_if_composite(key) for key in self.datamodel.get_keys(rows)]

    def sortable_columns(self) -> list[str]:
        """The columns a reader may sort by: real columns declared in `order_columns`."""
        return [name for name in self.order_columns if name in self.datamodel.list_columns]

    def row_links(self, item: Any) -> list[tuple[Any, str]]:
        """Further links of a row: (words, address). Override where a record leads elsewhere."""
        return []

    def row_steps(self, item: Any) -> list[tuple[Any, str, Any]]:
        """Steps taken by POST from a row: (words, address, question asked first)."""
        return []

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """Further links at the head of a record's page."""
        return []

    def name_of(self, item: Any) -> str:
        """What the record is called in headings."""
        return str(item)

    # show

    def _show(self, pk: Any) -> dict[str, Any]:
        item = self._found(pk)
        widgets = self._get_show_widget(pk, item)
        widgets["show"].template_args["view"] = self
        widgets["item"] = item
        return self._get_related_views_widgets(item, widgets=widgets)

    def _get_related_views_widgets(
        self,
        item: Any,
        orders: Any = None,
        pages: Any = None,
        page_sizes: Any = None,
        widgets: Any = None,
        **args: Any,
    ) -> dict[str, Any]:
        widgets = widgets or {}
        widgets["related_views"] = [
            (view, self._get_related_view_widget(item, view, *arguments.order_asked(type(view).__name__)))
            for view in self._related_views
            if self.appbuilder.sm.has_access("can_read", view.class_permission_name)
        ]
        return widgets

    def _found(self, pk: Any) -> Any:
        item = self.datamodel.get(pk, self._base_filters)
        if item is None:
            abort(404)
        return item

    # add and edit: what was typed survives a refusal

    def _add(self) -> dict[str, Any] | None:
        form = self.add_form.refresh()
        if request.method == "POST":
            if form.validate() and self._stored(self.datamodel.obj(), form, adding=True):
                return None
        else:
            self._prefill_relations(form)
        return self._framed(self._get_add_widget(form=form), "add")

    def _edit(self, pk: Any) -> dict[str, Any] | None:
        item = self._found(pk)
        if request.method == "POST":
            form = self.edit_form.refresh()
            form._id = self.datamodel.get_pk_value(item)  # FAB's Unique rule leaves out the row itself
            if form.validate() and self._stored(item, form, adding=False):
                return None
        else:
            form = self.edit_form.refresh(obj=item)
            self.prefill_form(form, pk)
        return {**self._framed(self._get_edit_widget(form=form), "edit"), "item": self._found(pk)}

    def _framed(self, widgets: dict[str, Any], kind: str) -> dict[str, Any]:
        widgets[kind].template_args["view"] = self
        return widgets

    def _prefill_relations(self, form: Any) -> None:
        for name in self.add_columns:
            if self.datamodel.is_relation(name) and name in request.args and name in form:
                form[name].process(request.args)

    def _stored(self, item: Any, form: Any, *, adding: bool) -> bool:
        """Store the form in the record; a refusal is shown and leaves everything as it was."""
        session = self.datamodel.session
        try:
            with session.no_autoflush:
                self.process_form(form, adding)
                form.populate_obj(item)
                self.pre_add(item) if adding else self.pre_update(item)
                session.add(item)
            session.commit()
        except (DomainError, SQLAlchemyError) as error:
            session.rollback()
            flash(refusal(error), "danger")
            return False
        flash(self.add_row_message if adding else self.edit_row_message, "success")
        return True

    def post_add_redirect(self) -> Response:
        return redirect(self.list_url())

    def post_edit_redirect(self) -> Response:
        return redirect(url_for(f"{self.endpoint}.show", pk=request.view_args["pk"]))

    def post_delete_redirect(self) -> Response:
        return redirect(self.list_url())

    def list_url(self) -> str:
        """The address of the list."""
        return url_for(f"{self.endpoint}.list")

    def update_redirect(self) -> None:
        """No page history in the session: every page knows where it leads."""

    def get_redirect(self) -> str:
        return self.list_url()

    # delete and actions: by POST only, and only on rows the reader may see

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    @permission_name("write")
    def delete(self, pk: Any) -> Response:
        item = self._found(self._deserialize_pk_if_composite(pk))
        session = self.datamodel.session
        try:
            self.pre_delete(item)
            session.delete(item)
            session.commit()
            flash(self.delete_row_message, "success")
        except (DomainError, SQLAlchemyError) as error:
            session.rollback()
            flash(refusal(error, deleting=True), "danger")
        return self.post_delete_redirect()

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    @has_access
    @permission_name("read")
    def action(self, name: str, pk: Any) -> Response:
        act = self._permitted_action(name)
        return act.func(self._found(self._deserialize_pk_if_composite(pk)))

    @expose("/action_post", methods=["POST"])
    @has_access
    @permission_name("read")
    def action_post(self) -> Response:
        act = self._permitted_action(request.form.get("action", ""))
        chosen = request.form.getlist("rowid")
        if len(chosen) > MOST_SELECTED:
            abort(400)
        return act.func(self.datamodel.get_many(chosen, self._base_filters))

    def _permitted_action(self, name: str) -> Any:
        if name not in self.actions:
            abort(404)
        if not self.appbuilder.sm.has_access(
            self.get_action_permission_name(name), self.class_permission_name
        ):
            abort(403)
        return self.actions[name]


class LedgerView(RegisterView):
    """A register that is only read: what stands in it comes from services."""

    exclude_route_methods: ClassVar[set[str]] = {"add", "edit", "delete"}


class MasterView(RegisterView):
    """A register whose record shows related registers in tabs."""

    show_template = "register/master.html"
