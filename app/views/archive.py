"""档案: the register of sealed files, what is due to be filed, their check; the trace of an enterprise."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, abort, flash, g, redirect, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.vocabulary import ClockKind, ClockState
from app.extensions import db
from app.models import ArchiveFile, Enterprise, Visit
from app.services import archiving, paper_jobs
from app.services.archiving.filing import newest
from app.services.storage import fetch_pieces
from app.views.base import BasePage, LedgerView, RegisterInterface, code, domain_errors_flashed
from app.views.base.format import CLOCK
from app.views.computed import Computed, hashed, person
from app.views.documents import DocumentsToSee, may_see_visit
from app.views.figures import deadline_counts_of
from app.views.labels import LABELS
from app.views.registry import Todo, badge, todos
from app.views.rows import foreign_agency, may

ZIP = "application/zip"
IN_MEMORY = 8 * 1024 * 1024
MOST_SHOWN = 200


def furnish(app: Flask) -> None:
    """Give the page of a visit what it needs to know of its file."""
    app.jinja_env.globals["file_of_visit"] = file_of_visit
    app.jinja_env.globals["may_with_archive"] = may_with_archive


@dataclass(frozen=True)
class Waiting:
    """A visit that has come to its end, with the last day for its file."""

    visit: Visit
    due: date | None
    is_late: bool


class ArchiveView(Computed, LedgerView):
    """The register of files."""

    route_base = "/archive"
    datamodel = RegisterInterface(ArchiveFile, eager={"enterprise", "agency", "filed_by"})
    class_permission_name = "Archive"
    title = _("Archived files")
    noun = _("archived file")
    subtitle = _("One sealed file per visit; a later version stands beside the earlier one.")
    list_template = "archive/list.html"
    show_template = "archive/show.html"
    base_filters = [["id", DocumentsToSee, None]]
    list_columns = ["number", "version", "enterprise", "agency", "retention", "pieces", "filed_at"]
    show_columns = [
        "number",
        "version",
        "title",
        "agency",
        "retention",
        "retention_reason",
        "first_on",
        "last_on",
        "pieces",
        "pages",
        "size",
        "due_on",
        "filed_at",
        "filed_by",
        "digest",
        "content_digest",
    ]
    search_columns = ["number", "title", "retention", "agency", "filed_at"]
    prefix_columns = {"number"}
    order_columns = ["number", "filed_at"]
    base_order = ("id", "desc")
    formatters_columns = {
        "number": code,
        "filed_by": person,
        "digest": hashed,
        "content_digest": hashed,
        "size": lambda size: f"{size:,} B",
    }
    label_columns = {
        **LABELS,
        "number": _("File number"),
        "version": _("Version"),
        "title": _("Title"),
        "enterprise": _("Target enterprise"),
        "retention": _("Retention"),
        "retention_reason": _("Reason of the retention"),
        "first_on": _("First day of the file"),
        "last_on": _("Last day of the file"),
        "pieces": _("Pieces"),
        "pages": _("Number of pages"),
        "size": _("Size"),
        "due_on": _("To be filed by"),
        "filed_at": _("Sealed at"),
        "filed_by": _("Filed by"),
        "digest": _("SHA-256 of the file"),
        "content_digest": _("SHA-256 of its contents"),
    }

    def may(self, power: str) -> bool:
        """Whether the reader holds this power on the archive."""
        return may(power, "Archive")

    def waiting(self) -> list[Waiting]:
        """What has come to its end and has no file yet."""
        return waiting()[:MOST_SHOWN]

    def name_of(self, item: ArchiveFile) -> str:
        """Number and version."""
        return f"{item.number}（{item.version}）"

    @expose("/<int:pk>/file")
    @has_access
    @permission_name("export")
    def file(self, pk: int) -> Response:
        """The sealed file."""
        found = self._found(pk)
        content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with the response)
        content.writelines(fetch_pieces(db.session(), found.digest))
        content.seek(0)
        name = f"{found.number}-{found.version} {found.title}.zip"
        return send_file(content, ZIP, as_attachment=True, download_name=name)

    @expose("/<int:pk>/check", methods=["POST"])
    @has_access
    @permission_name("read")
    def check(self, pk: int) -> Response:
        """Recompute every hash of the file."""
        self._found(pk)
        found = archiving.check_file(db.session(), pk)
        if found.faults:
            flash(_("The file is damaged: %(faults)s", faults="、".join(found.faults[:10])), "danger")
        else:
            flash(_("The file is whole: every hash was recomputed and agrees."), "success")
        return redirect(url_for(".show", pk=pk))

    @expose("/visits/<int:visit>", methods=["POST"])
    @has_access
    @permission_name("file")
    def file_visit(self, visit: int) -> Response:
        """File one visit."""
        if not may_see_visit(visit):
            abort(404)
        with domain_errors_flashed(_("The visit was filed.")):
            made = archiving.file_visit(visit, g.user, datetime.now(UTC))
            return redirect(url_for(".show", pk=made))
        return redirect(url_for("VisitView.show", pk=visit, _anchor="documents"))

    @expose("/all", methods=["POST"])
    @has_access
    @permission_name("file")
    def file_all(self) -> Response:
        """File everything that is due, in the background."""
        agency = foreign_agency()
        made = paper_jobs.file_all(g.user, datetime.now(UTC), url_for(".list"), agency.id if agency else None)
        return redirect(url_for("JobView.show", pk=made))


class TraceView(BasePage):
    """Everything on record on one enterprise, to be taken out."""

    route_base = "/trace"
    class_permission_name = "Archive"
    title = _("Everything on record")

    @expose("/<int:pk>")
    @has_access
    @permission_name("export")
    def index(self, pk: int) -> str:
        """Say what will be exported."""
        firm = db.session.get(Enterprise, pk) or abort(404)
        if foreign_agency() is not None:
            abort(404)
        return self.render("archive/trace.html", firm=firm)

    @expose("/<int:pk>/export", methods=["POST"])
    @has_access
    @permission_name("export")
    def export(self, pk: int) -> Response:
        """Export the trace in the background."""
        if foreign_agency() is not None or db.session.get(Enterprise, pk) is None:
            abort(404)
        made = paper_jobs.export_trace(pk, g.user, datetime.now(UTC), url_for(".index", pk=pk))
        return redirect(url_for("JobView.show", pk=made))


def waiting() -> list[Waiting]:
    """What the reader has to file, the longest waiting first."""
    agency = foreign_agency()
    today = datetime.now(CLOCK).date()
    found = []
    for visit in archiving.to_be_filed(db.session(), agency.id if agency else None):
        due = archiving.due_on(db.session(), visit)
        found.append(Waiting(visit, due, due is not None and due < today))
    return found


def file_of_visit(visit: Visit) -> ArchiveFile | None:
    """The newest file of a visit."""
    return newest(db.session(), visit.id)


def may_with_archive(power: str) -> bool:
    """Whether the reader holds this power on the archive."""
    return may(power, "Archive")


@badge("ArchiveView")
def files_due(_user: Any) -> int:
    """How many visits wait for their file."""
    return sum(_standing().values()) if may("file", "Archive") else 0


@todos
def archive_todos(_user: Any) -> Any:
    """Files that are due, the late ones in red (R83)."""
    found = _standing() if may("file", "Archive") else {}
    late, total = found.get(ClockState.LATE, 0), sum(found.values())
    if late:
        yield Todo(
            _("late"),
            _("%(count)s visits should have been filed", count=late),
            url_for("ArchiveView.list"),
            "bad",
        )
    elif total:
        yield Todo(_("to do"), _("%(count)s visits to file", count=total), url_for("ArchiveView.list"))


def _standing() -> dict[ClockState, int]:
    """How the deadlines of the files stand, read once a request; another department counts its own visits."""
    if "files_standing" not in g:
        if foreign_agency() is None:
            g.files_standing = deadline_counts_of(ClockKind.ARCHIVE)
        else:
            late = Counter(each.is_late for each in waiting())
            g.files_standing = {ClockState.LATE: late[True], ClockState.RUNNING: late[False]}
    found: dict[ClockState, int] = g.files_standing
    return found
