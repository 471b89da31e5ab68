"""文书: the documents issued so far and their files; and those of a visit that come next."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from flask import Flask, abort, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import BaseFilter
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Query
from werkzeug.wrappers import Response

from app.domain.documents import PICTURE
from app.domain.errors import DomainError
from app.domain.vocabulary import DocumentKind, DocumentState
from app.extensions import db
from app.messages import sentence_for
from app.models import InspectionTask, IssuedDocument, ItemFinding, Visit, VisitNotice
from app.reports.documents.pdf import PdfUnavailable
from app.services import documents, paper_jobs
from app.services.documents import Paper
from app.services.documents.delivering import Receipt
from app.services.documents.issuing import maker_of
from app.services.documents.reading import pdf_of
from app.services.storage import fetch_bytes
from app.views.base import TONES, LedgerView, RegisterInterface, code, domain_errors_flashed, tag_of
from app.views.computed import Computed, hashed, person
from app.views.labels import LABELS
from app.views.rows import foreign_agency, is_own, may

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
TONES["DocumentState"] = {"standing": "ok", "replaced": "", "void": "bad"}


def furnish(app: Flask) -> None:
    """Give the page of a visit its card of documents."""
    app.jinja_env.globals["documents_of_visit"] = documents_of_visit
    app.jinja_env.globals["document_state"] = documents.state_of
    app.jinja_env.globals["receipt_of_document"] = receipt_of_document
    app.jinja_env.globals["notices_to_print"] = notices_to_print
    app.jinja_env.globals["refusal_words"] = sentence_for
    app.jinja_env.globals["may_with_documents"] = may_with_documents


def notices_to_print(task: InspectionTask) -> int:
    """How many visits of a task have a notice that the reader may print."""
    if not may("write", "Document"):
        return 0
    query = (
        select(func.count(Visit.id.distinct()))
        .join(VisitNotice, VisitNotice.visit_id == Visit.id)
        .where(Visit.task_id == task.id)
    )
    return db.session.scalar(query) or 0


def receipt_of_document(document: IssuedDocument) -> Receipt | None:
    """How a document was delivered."""
    return documents.receipt_of(db.session(), document)


def may_with_documents(power: str) -> bool:
    """Whether the reader holds this power on documents."""
    return may(power, "Document")


def documents_of_visit(visit: Visit) -> list[Paper]:
    """The documents of a visit, those that exist and those that come next."""
    return documents.papers_of(db.session(), visit.id, datetime.now(UTC))


class DocumentsToSee(BaseFilter):
    """The documents of the visits that the reader may see."""

    name = "documents to see"
    arg_name = None

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        """Narrow a query of records with a visit."""
        if not may("read", "ItemFinding"):
            return query.filter(self.model.visit.has(is_own(g.user.id)))
        agency = foreign_agency()
        if agency is None:
            return query
        return query.filter(self.model.visit.has(Visit.findings.any(ItemFinding.agency_id == agency.id)))


class DocumentView(Computed, LedgerView):
    """The ledger of issued documents."""

    route_base = "/documents"
    datamodel = RegisterInterface(IssuedDocument, eager={"enterprise", "agency", "void", "replaced_by"})
    class_permission_name = "Document"
    title = _("Documents")
    noun = _("document")
    subtitle = _("Every paper with its number; a changed one gets a new number, none is rewritten.")
    show_template = "documents/show.html"
    base_filters = [["id", DocumentsToSee, None]]
    list_columns = ["number", "kind", "enterprise", "agency", "issued_at", "standing"]
    show_columns = [
        "number",
        "kind",
        "enterprise",
        "agency",
        "issued_at",
        "issued_by",
        "pages",
        "word_digest",
        "pdf_digest",
        "facts_digest",
    ]
    search_columns = ["number", "kind", "agency", "issued_at"]
    prefix_columns = {"number"}
    order_columns = ["number", "issued_at"]
    base_order = ("id", "desc")
    formatters_columns = {
        "number": code,
        "issued_by": person,
        "word_digest": hashed,
        "pdf_digest": hashed,
        "facts_digest": hashed,
    }
    label_columns = {
        **LABELS,
        "number": _("Document number"),
        "kind": _("Document"),
        "enterprise": _("Target enterprise"),
        "issued_at": _("Issued at"),
        "issued_by": _("Issued by"),
        "standing": _("State"),
        "pages": _("Number of pages"),
        "word_digest": _("SHA-256 of the Word file"),
        "pdf_digest": _("SHA-256 of the PDF"),
        "facts_digest": _("SHA-256 of what it says"),
    }
    computed = {"standing": lambda document: tag_of(documents.state_of(document))}

    def name_of(self, item: IssuedDocument) -> str:
        """Kind and number."""
        return str(item)

    def state(self, item: IssuedDocument) -> DocumentState:
        """Whether it stands."""
        return documents.state_of(item)

    def said(self, item: IssuedDocument) -> list[tuple[str, Any]]:
        """What the paper says, field by field; pictures by what they are."""
        return [(name, value) for name, value in item.context.items() if not _is_picture(value)]

    def may_void(self, item: IssuedDocument) -> bool:
        """Whether the reader may void it."""
        return may("void", "Document") and item.void is None

    def receipt(self, item: IssuedDocument) -> Receipt | None:
        """How it was delivered."""
        return documents.receipt_of(db.session(), item)

    @expose("/<int:pk>/word")
    @has_access
    @permission_name("read")
    def word(self, pk: int) -> Response:
        """The Word file as it was issued."""
        found = self._found(pk)
        return _sent(fetch_bytes(db.session(), found.word_digest), WORD, f"{found}.docx")

    @expose("/<int:pk>/pdf")
    @has_access
    @permission_name("read")
    def pdf(self, pk: int) -> Response:
        """The PDF as it was issued, to print or to look at."""
        found = self._found(pk)
        with domain_errors_flashed():
            return _sent(pdf_of(db.session(), found), PDF, f"{found}.pdf", attached=False)
        return redirect(url_for(".show", pk=pk))

    @expose("/issue/<kind>/<int:subject>", methods=["POST"])
    @has_access
    @permission_name("write")
    def issue(self, kind: str, subject: int) -> Response:
        """Issue a document, or come to the one that says the same."""
        chosen, visit_id = self._subject(kind, subject)
        with domain_errors_flashed(_("The document is issued.")):
            made = documents.issue(chosen, subject, g.user, datetime.now(UTC))
            return redirect(url_for(".show", pk=made))
        return redirect(url_for("VisitView.show", pk=visit_id, _anchor="documents"))

    @expose("/preview/<kind>/<int:subject>/<form>")
    @has_access
    @permission_name("read")
    def preview(self, kind: str, subject: int, form: str) -> Response:
        """The document as it would be issued now, without a number."""
        chosen, visit_id = self._subject(kind, subject)
        with domain_errors_flashed():
            files = documents.preview(db.session(), chosen, subject, datetime.now(UTC))
            if form == "word":
                return _sent(files.word, WORD, f"{chosen.label}（未编号）.docx")
            if files.pdf is None:
                raise PdfUnavailable()
            return _sent(files.pdf, PDF, f"{chosen.label}（未编号）.pdf", attached=False)
        return redirect(url_for("VisitView.show", pk=visit_id, _anchor="documents"))

    @expose("/notices/<int:task>", methods=["POST"])
    @has_access
    @permission_name("write")
    def notices(self, task: int) -> Response:
        """Issue and print the notices of a task, in the background."""
        query = db.session.query(InspectionTask).filter(InspectionTask.id == task)
        agency = foreign_agency()
        if agency is not None:
            query = query.filter(InspectionTask.lead_agency_id == agency.id)
        if query.first() is None or not may("read", "InspectionTask"):
            abort(404)
        back = url_for("InspectionTaskView.show", pk=task)
        made = paper_jobs.print_notices(task, g.user, datetime.now(UTC), back)
        return redirect(url_for("JobView.show", pk=made))

    @expose("/<int:pk>/void", methods=["POST"])
    @has_access
    @permission_name("void")
    def void(self, pk: int) -> Response:
        """Void a document with its reason."""
        self._found(pk)
        with domain_errors_flashed(_("The document is void; its number is not used again.")):
            documents.void(pk, request.form.get("reason", "")[:300], g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    def _subject(self, kind: str, subject: int) -> tuple[DocumentKind, int]:
        """The kind and the visit behind a subject; nothing where the reader may not see that visit."""
        if kind not in {member.value for member in DocumentKind}:
            abort(404)
        chosen = DocumentKind(kind)
        try:
            visit_id = maker_of(chosen).visit_of(db.session(), subject)
        except DomainError:
            abort(404)
        if not may_see_visit(visit_id):
            abort(404)
        return chosen, visit_id


def may_see_visit(visit_id: int) -> bool:
    """Whether the visit is among those that the reader may see."""
    query = db.session.query(Visit).filter(Visit.id == visit_id)
    if not may("read", "ItemFinding"):
        query = query.filter(is_own(g.user.id))
    elif (agency := foreign_agency()) is not None:
        query = query.filter(Visit.findings.any(ItemFinding.agency_id == agency.id))
    return query.first() is not None


def _sent(content: bytes, media: str, name: str, *, attached: bool = True) -> Response:
    return send_file(BytesIO(content), media, as_attachment=attached, download_name=name)


def _is_picture(value: Any) -> bool:
    return isinstance(value, dict) and PICTURE in value
