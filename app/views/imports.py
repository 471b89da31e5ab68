"""导入: a roster file is loaded, or only tried; what was refused comes back with line and reason."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from flask import abort, flash, g, request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.messages import SENTENCES, sentence_for
from app.models import ImportBatch
from app.reports import rejects as rejects_report
from app.services.roster_import import Outcome, Reject, keep_rejects, load_file
from app.services.storage import fetch_bytes
from app.views.base import BasePage, LedgerView, RegisterInterface
from app.views.computed import hashed, person
from app.views.labels import LABELS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = ("read", "added", "changed", "unchanged", "rejected", "flagged")
MOST_REFUSED_SHOWN = 20


@dataclass(frozen=True)
class Refused:
    """A refused row in the words of the reader."""

    line: int
    reason_text: str
    cells: tuple[str, ...]


class ImportView(BasePage):
    """Loads roster files."""

    route_base = "/import"
    class_permission_name = "ImportBatch"
    title = _("Import")

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("import")
    def index(self) -> Response | str:
        """Choose a kind and a file; load it, or only try it."""
        chosen = request.values.get("kind", "")
        kind = (
            ImportKind.of(chosen)
            if chosen in {member.value for member in ImportKind}
            else ImportKind.ENTERPRISES
        )
        if request.method == "POST":
            outcome = self._loaded(kind)
            if outcome is not None:
                return self._report(outcome)
        return self.render("imports/form.html", kinds=list(ImportKind), kind=kind, names=COUNTS)

    def flag_words(self, flag: str) -> str:
        """What a flag says."""
        return str(SENTENCES.get(flag, flag))

    def _loaded(self, kind: ImportKind) -> Outcome | None:
        file = request.files.get("file")
        if file is None or not file.filename:
            flash(_("Choose a file first."), "danger")
            return None
        try:
            return self._load(kind, file, request.form.get("dry_run") == "1")
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            return None

    def _load(self, kind: ImportKind, file: FileStorage, dry_run: bool) -> Outcome:
        name = Path(file.filename or "").name[-200:]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"roster{Path(name).suffix[:8]}"
            file.save(path)
            outcome = load_file(kind, path, g.user, datetime.now(UTC), dry_run=dry_run, name=name)
        if outcome.batch_id is not None and outcome.rejects:
            keep_rejects(outcome.batch_id, workbook_of(outcome), f"未导入记录 {name}.xlsx")
        return outcome

    def _report(self, outcome: Outcome) -> str:
        return self.render(
            "imports/outcome.html",
            title=_("What became of the file"),
            outcome=outcome,
            counts=[(LABELS[name], count, name) for name, count in outcome.counts().items()],
            refused=in_words(outcome.rejects.first(MOST_REFUSED_SHOWN)),
            flags=sorted(outcome.flags.items(), key=lambda flag: -flag[1]),
        )


class ImportBatchView(LedgerView):
    """The loads so far."""

    route_base = "/imports"
    datamodel = RegisterInterface(ImportBatch)
    class_permission_name = "ImportBatch"
    title = _("Loads")
    noun = _("load")
    list_template = "imports/list.html"
    show_template = "imports/show.html"
    list_columns = ["file_name", "kind", "loaded_at", "loaded_by", *COUNTS]
    show_columns = [*list_columns, "file_digest"]
    search_columns = ["kind", "file_name", "loaded_at"]
    order_columns = ["loaded_at"]
    base_order = ("id", "desc")
    formatters_columns = {"loaded_by": person, "file_digest": hashed}
    label_columns = {**LABELS, "kind": _("Roster"), "file_digest": _("Hash of the file")}

    @expose("/<int:pk>/rejects")
    @has_access
    @permission_name("read")
    def rejects(self, pk: int) -> Response:
        """The workbook of the refused rows."""
        batch = self._found(pk)
        if not batch.rejects_file:
            abort(404)
        content = fetch_bytes(db.session(), batch.rejects_file)
        return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"未导入记录-{pk}.xlsx")


def in_words(rejects: Iterable[Reject]) -> list[Refused]:
    """Refused rows with their reason as a sentence."""
    return [Refused(row.line, sentence_for(row.error), row.cells) for row in rejects]


def workbook_of(outcome: Outcome) -> bytes:
    """The refused rows as a workbook to correct and load again."""
    return rejects_report.build(outcome.headers, in_words(outcome.rejects))
