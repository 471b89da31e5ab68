"""报表表样: the layout file of every form; a bureau may put its own in the place of ours (R81)."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.forms import LayoutBroken
from app.domain.forms.fields import Field
from app.extensions import db
from app.messages import sentence_for
from app.reports.forms import FORM_SPECS, FORMS, LARGEST, shipped_text
from app.services import layouts
from app.views.base import BasePage
from app.views.rows import may

YAML = "application/yaml"


class ReportLayoutView(BasePage):
    """The layout of every form, its versions, and what its columns may name."""

    route_base = "/report-layouts"
    class_permission_name = "ReportLayout"
    title = _("Layouts of reports")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Every form with the layout in force."""
        rows = [(name, form, layouts.current_layout(db.session(), name)) for name, form in FORMS.items()]
        return self.render("reports/layouts.html", rows=rows)

    @expose("/<name>")
    @has_access
    @permission_name("read")
    def show(self, name: str) -> str:
        """One form: the layout in force, its versions, and the figures that it may show."""
        return self._page(_form(name), layouts.layout_text(db.session(), name), [])

    @expose("/<name>/file")
    @has_access
    @permission_name("read")
    def file(self, name: str) -> Response:
        """The layout in force, or ours with ?own=1, or a version with ?version=n, as a file."""
        text = self._text(_form(name))
        content = BytesIO(text.encode("utf-8"))
        return send_file(content, YAML, as_attachment=True, download_name=f"{FORMS[name].caption}表样.yaml")

    @expose("/<name>/replace", methods=["POST"])
    @has_access
    @permission_name("write")
    def replace(self, name: str) -> Response | str:
        """Put a file, or the text of the page, in the place of the layout; a refusal says everything at once."""
        file = request.files.get("file")
        content = file.stream.read(LARGEST + 1) if file and file.filename else None
        content = content or request.form.get("text", "").encode("utf-8")
        try:
            note = request.form.get("note", "")
            layouts.replace_layout(_form(name), content, note, g.user, datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            faults = error.faults if isinstance(error, LayoutBroken) else ()
            sentences = [sentence_for(fault) for fault in faults] or [sentence_for(error)]
            return self._page(name, content.decode("utf-8", "replace"), sentences)
        flash(_("The layout is in force."), "success")
        return redirect(url_for(".show", name=name))

    @expose("/<name>/revert", methods=["POST"])
    @has_access
    @permission_name("write")
    def revert(self, name: str) -> Response:
        """Go back to our own layout."""
        layouts.revert_layout(_form(name), g.user, datetime.now(UTC))
        flash(_("The built-in layout is in force again."), "success")
        return redirect(url_for(".show", name=name))

    def _page(self, name: str, text: str, faults: list[str]) -> str:
        kind = FORM_SPECS[name].row_kind
        found = [kind.find(each) for each in kind.names]
        return self.render(
            "reports/layout.html",
            title=FORMS[name].caption,
            name=name,
            text=text,
            faults=faults,
            current=layouts.current_layout(db.session(), name),
            versions=layouts.layout_versions(db.session(), name),
            figures=[each for each in found if each],
            is_field=lambda each: isinstance(each, Field),
            may_write=may("write", "ReportLayout"),
        )

    def _text(self, name: str) -> str:
        if request.args.get("own"):
            return shipped_text(name)
        version: Any = request.args.get("version", type=int)
        if version is None:
            return layouts.layout_text(db.session(), name)
        found = [row for row in layouts.layout_versions(db.session(), name) if row.version == version]
        return (found[0].content or shipped_text(name)) if found else abort(404)


def _form(name: str) -> str:
    return name if name in FORM_SPECS else abort(404)
