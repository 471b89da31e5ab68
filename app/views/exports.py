"""导出筛选结果: a list is taken along under its present filter, as a job of the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import Any, ClassVar

from flask import abort, current_app, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

import app.documents  # noqa: F401 (how an export is written)
from app.services import exporting
from app.services.exporting import ExportNotPermitted, Extract, Form
from app.views.base import criteria
from app.views.base.format import colon, label_of, local
from app.views.rows import may

BLOCK = 2_000

Value = Callable[[Any], Any]


class Exportable:
    """Mixin of a register, before its base class: its rows can be exported by whoever holds the power.

    `export_columns` are columns of the table, `export_values` say how a column is written.
    """

    export_columns: ClassVar[list[str]] = []
    export_values: ClassVar[dict[str, Value]] = {}
    powers: ClassVar[dict[str, str]] = {"export": "export"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        exporting.LISTS[type(self).__name__] = partial(opened, type(self).__name__)

    def may_export(self) -> bool:
        """Whether the reader may take the rows along."""
        return may("export", self.class_permission_name)  # type: ignore[attr-defined]

    @expose("/export", methods=["POST"])
    @has_access
    @permission_name("export")
    def export(self) -> Response:
        """Have the rows under the filter of the form written to a file."""
        form = request.form.get("form", "")
        if form not in list(Form):
            abort(400)
        query = request.form.get("query", "")[: exporting.LONGEST_QUERY]
        title = _("Export: %(list)s", list=self.title)  # type: ignore[attr-defined]
        now, origin = datetime.now(UTC), self.list_url()  # type: ignore[attr-defined]
        key = exporting.ask(type(self).__name__, query, Form(form), title, g.user, now, origin)
        return redirect(url_for("JobView.show", pk=key))


@contextmanager
def opened(name: str, query: str, actor: User) -> Iterator[Extract]:
    """The rows of a register as that reader may see them now. Raises ExportNotPermitted."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    view = next(each for each in app.appbuilder.baseviews if type(each).__name__ == name)
    with app.test_request_context(f"{view.route_base}/list/?{query}"):
        g.user = g._login_user = actor
        if not actor.is_active or not may("export", view.class_permission_name):
            raise ExportNotPermitted()
        filters = view.datamodel.get_filters()
        criteria.apply(view.criteria, filters, request.args)
        matching = view.datamodel.apply_filters(
            view.datamodel.session.query(view.datamodel.obj), filters.get_joined_filters(view._base_filters)
        )
        yield Extract(
            title=str(view.title),
            headings=[str(view.label_columns.get(name, name)) for name in view.export_columns],
            rows=_rows(view, matching),
            total=matching.order_by(None).count(),
            origin=view.data_note(),
            filter_words=_words(view),
        )


def _rows(view: Any, matching: Query[Any]) -> Iterator[list[Any]]:
    model, last = view.datamodel.obj, 0
    columns = [getattr(model, name) for name in view.export_columns]
    values = [view.export_values.get(name, plain) for name in view.export_columns]
    wanted = matching.with_entities(model.id, *columns).order_by(model.id)
    while found := wanted.filter(model.id > last).limit(BLOCK).all():
        last = found[-1][0]
        for row in found:
            yield [write(value) for write, value in zip(values, row[1:], strict=True)]


def plain(value: Any) -> Any:
    """A value as a spreadsheet takes it: words for terms and answers, times on the clock of the bureau."""
    if isinstance(value, Enum):
        return label_of(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None, microsecond=0)
    return value


def _words(view: Any) -> str:
    chips = criteria.chips(view.criteria, view.datamodel, request.args)
    return "；".join(f"{chip.label}{colon()}{chip.value}" for chip in chips)
