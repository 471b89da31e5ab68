"""文书模板: the Word templates of the documents; a bureau may put its own in the place of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePath
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.documents import FACTS, names_of
from app.domain.vocabulary import DocumentKind
from app.extensions import db
from app.models import DocumentTemplate
from app.reports.documents import own_template
from app.reports.documents.check import LARGEST
from app.reports.documents.pdf import PdfUnavailable
from app.services.documents import templates
from app.services.storage import fetch_bytes
from app.views.base import BasePage, domain_errors_flashed
from app.views.documents import PDF, WORD
from app.views.rows import may


class DocumentTemplateView(BasePage):
    """The template of every kind, its versions and its fields."""

    route_base = "/document-templates"
    class_permission_name = "DocumentTemplate"
    title = _("Document templates")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Every kind with the template in force."""
        rows = [(kind, templates.current_template(db.session(), kind)[0]) for kind in DocumentKind]
        return self.render("document_templates/list.html", rows=rows)

    @expose("/<kind>")
    @has_access
    @permission_name("read")
    def show(self, kind: str) -> str:
        """One kind: template in force, versions, fields."""
        chosen = _kind(kind)
        versions = db.session.scalars(
            select(DocumentTemplate)
            .where(DocumentTemplate.kind == chosen)
            .order_by(DocumentTemplate.version.desc())
        )
        return self.render(
            "document_templates/show.html",
            title=chosen.label,
            kind=chosen,
            current=templates.current_template(db.session(), chosen)[0],
            versions=list(versions),
            fields=list(names_of(FACTS[chosen])),
            may_write=may("write", "DocumentTemplate"),
        )

    @expose("/<kind>/file")
    @has_access
    @permission_name("read")
    def file(self, kind: str) -> Response:
        """The template in force, or ours with ?own=1, or a version with ?version=n, as a Word file."""
        chosen = _kind(kind)
        content = self._content(chosen)
        return send_file(BytesIO(content), WORD, as_attachment=True, download_name=f"{chosen.label}模板.docx")

    @expose("/<kind>/sample")
    @has_access
    @permission_name("read")
    def sample(self, kind: str) -> Response:
        """The template in force filled with invented facts."""
        chosen = _kind(kind)
        with domain_errors_flashed():
            files = templates.sample_paper(db.session(), chosen)
            if files.pdf is None:
                raise PdfUnavailable()
            return send_file(BytesIO(files.pdf), PDF, download_name=f"{chosen.label}样张.pdf")
        return redirect(url_for(".show", kind=kind))

    @expose("/<kind>/replace", methods=["POST"])
    @has_access
    @permission_name("write")
    def replace(self, kind: str) -> Response:
        """Put a Word file in the place of the template."""
        chosen, file = _kind(kind), request.files.get("file")
        if file is None or not file.filename:
            flash(_("Choose a file first."), "danger")
            return redirect(url_for(".show", kind=kind))
        name, note = PurePath(file.filename).name[-200:], request.form.get("note", "")
        with domain_errors_flashed(_("The template was tried on a sample and is in force.")):
            content = file.stream.read(LARGEST + 1)
            templates.replace_template(chosen, content, name, note, g.user, datetime.now(UTC))
        return redirect(url_for(".show", kind=kind))

    @expose("/<kind>/revert", methods=["POST"])
    @has_access
    @permission_name("write")
    def revert(self, kind: str) -> Response:
        """Go back to our own layout."""
        with domain_errors_flashed(_("The built-in template is in force again.")):
            templates.revert_template(_kind(kind), g.user, datetime.now(UTC))
        return redirect(url_for(".show", kind=kind))

    def _content(self, kind: DocumentKind) -> bytes:
        if request.args.get("own"):
            return own_template(kind)
        version = request.args.get("version", type=int)
        if version is None:
            return templates.current_template(db.session(), kind)[1]
        digest: Any = db.session.scalar(
            select(DocumentTemplate.digest).where(
                DocumentTemplate.kind == kind, DocumentTemplate.version == version
            )
        )
        return fetch_bytes(db.session(), digest) if digest else abort(404)


def _kind(value: str) -> DocumentKind:
    if value not in {member.value for member in DocumentKind}:
        abort(404)
    return DocumentKind(value)
