"""导入: a roster file comes in, is looked at and tried, is loaded; what was refused comes back with its reason."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, abort, flash, g, redirect, request, send_file, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import importing  # noqa: F401  the work that is begun here
from app.domain.errors import DomainError
from app.domain.vocabulary import EntityKind, EntityStatus, ImportKind, JobState, RiskClass, RosterField, Term
from app.extensions import db
from app.messages import SENTENCES, sentence_for
from app.models import ImportBatch, ImportProfile, ImportUpload, Job, RosterSource, StoredFile
from app.services.roster_import import RowRefused, profiles, uploads
from app.services.roster_import.columns import IGNORED, field_names, normalise, title_of
from app.services.roster_import.first_rows import Cell, FirstRows
from app.services.sources import sources_in_order
from app.services.storage import fetch_bytes
from app.views.base import BasePage, LedgerView, RegisterInterface, domain_errors_flashed, label_of, shown
from app.views.computed import hashed, person
from app.views.labels import LABELS

VOCABULARIES: dict[str, type[Term]] = {"status": EntityStatus, "kind": EntityKind, "risk_class": RiskClass}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = ("read", "added", "changed", "unchanged", "rejected", "flagged")
MOST_WAITING = 20
SMALL = 1 << 20
"""A file up to this size is tried at once, a larger one in the background."""
FORMS = {
    "text": _("text table"),
    "xlsx": _("Excel workbook"),
    "xls": _("old Excel workbook"),
    "xml": _("XML table of 2003"),
}


class ImportView(BasePage):
    """The way of a roster file from the clerk's disk into the roster."""

    route_base = "/import"
    class_permission_name = "ImportBatch"
    title = _("Import")

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("import")
    def index(self) -> Response | str:
        """Choose a source or a roster, and a file."""
        if request.method == "POST":
            key = self._taken_in()
            if key is not None:
                return self._onward(key)
        return self.render(
            "imports/form.html",
            kinds=list(ImportKind),
            kind=_kind(),
            profiles=profiles.profiles_in_order(db.session()),
            chosen=_number("profile"),
            sources=_sources(),
            waiting=uploads.waiting(db.session(), MOST_WAITING),
        )

    @expose("/<int:pk>")
    @has_access
    @permission_name("import")
    def preview(self, pk: int) -> Response | str:
        """What the file holds and how it will be read."""
        upload = self._upload(pk)
        if upload.report is not None:
            return self.go("result", pk=pk)
        head = uploads.first_rows(db.session(), upload)
        job = db.session.get(Job, upload.job_id) if upload.job_id else None
        return self.render(
            "imports/preview.html",
            title=gettext("Look over"),
            upload=upload,
            head=head,
            form=FORMS.get(upload.form, upload.form),
            job=job if job and job.state in (JobState.QUEUED, JobState.RUNNING) else None,
            fields=[(name, title_of(upload.kind, name)) for name in field_names(upload.kind)],
            ignored=IGNORED,
            account=upload.trial and Account(upload.trial),
            batches=self._batches(upload),
        )

    @expose("/<int:pk>/reading", methods=["POST"])
    @has_access
    @permission_name("import")
    def reading(self, pk: int) -> Response:
        """Set which column is what, and whether offered corrections are taken."""
        upload = self._upload(pk)
        corrects = request.form.get("corrects", "1" if upload.corrects else "0") == "1"
        head = uploads.first_rows(db.session(), upload)
        with domain_errors_flashed():
            uploads.guide(pk, _chosen(head, upload), corrects, g.user)
            self._remember(upload)
            self._try_if_small(pk)
        return self.go("preview", pk=pk)

    @expose("/<int:pk>/try", methods=["POST"])
    @has_access
    @permission_name("import")
    def attempt(self, pk: int) -> Response:
        """Do the whole load and undo it, to see what it would do."""
        return self._begin(pk, uploads.TRY)

    @expose("/<int:pk>/load", methods=["POST"])
    @has_access
    @permission_name("import")
    def load(self, pk: int) -> Response:
        """Load the file in the background."""
        return self._begin(pk, uploads.LOAD)

    @expose("/<int:pk>/drop", methods=["POST"])
    @has_access
    @permission_name("import")
    def drop(self, pk: int) -> Response:
        """Put the file aside."""
        with domain_errors_flashed(_("The file was put aside; nothing of it was loaded.")):
            uploads.drop(pk, g.user, datetime.now(UTC))
        return self.go("index")

    @expose("/<int:pk>/result")
    @has_access
    @permission_name("import")
    def result(self, pk: int) -> Response | str:
        """What became of the file."""
        upload = self._upload(pk)
        if upload.report is None:
            return self.go("preview", pk=pk)
        return self.render(
            "imports/result.html",
            title=gettext("What became of the file"),
            upload=upload,
            account=Account(upload.report),
        )

    def fault(self, cell: Cell) -> str:
        """What is wrong with a cell, as a sentence; empty where nothing is."""
        return sentence_for(cell.fault) if cell.fault else ""

    def reason(self, error: DomainError) -> str:
        """A refusal as a sentence."""
        return sentence_for(error)

    def field_words(self, name: str) -> str:
        """A field of an enterprise in the reader's words."""
        return label_of(RosterField.of(name))

    def value_words(self, name: str, value: Any) -> Any:
        """A stored value of a field as a reader says it."""
        vocabulary = VOCABULARIES.get(name)
        known = vocabulary is not None and value in {member.value for member in vocabulary}
        return label_of(vocabulary(value)) if vocabulary is not None and known else shown(value)

    def flag_words(self, flag: str) -> str:
        """What a flag says."""
        return str(SENTENCES.get(flag, flag))

    def _taken_in(self) -> int | None:
        file = request.files.get("file")
        if file is None or not file.filename:
            flash(_("Choose a file first."), "danger")
            return None
        try:
            return self._take_in(file)
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            return None

    def _take_in(self, file: FileStorage) -> int:
        name = "".join(filter(str.isprintable, Path(file.filename or "").name))[-200:] or "-"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roster"
            with closing(file):
                file.save(path)
            return uploads.take_in(
                _kind(), path, name, _number("profile"), g.user, datetime.now(UTC), _source()
            )

    def _onward(self, pk: int) -> Response:
        """To the preview, or straight to the load where the clerk asked so and the file is as it always was."""
        upload = self._upload(pk)
        fits = uploads.first_rows(db.session(), upload).fits
        if request.form.get("straight") == "1" and upload.profile_id and fits:
            return self._begin(pk, uploads.LOAD)
        if request.form.get("straight") == "1":
            flash(
                _("The columns are not those of last time. Please look them over before loading."), "warning"
            )
        with domain_errors_flashed():
            self._try_if_small(pk)
        return self.go("preview", pk=pk)

    def _try_if_small(self, pk: int) -> None:
        upload = self._upload(pk)
        if upload.size <= SMALL and upload.trial is None and uploads.first_rows(db.session(), upload).fits:
            uploads.try_out(pk, g.user, datetime.now(UTC))

    def _begin(self, pk: int, act: str) -> Response:
        words = _("Load %(name)s") if act == uploads.LOAD else _("Try %(name)s")
        title = str(words) % {"name": self._upload(pk).file_name}
        try:
            key = uploads.begin(pk, act, title, g.user, datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            return self.go("preview", pk=pk)
        db.session.expire_all()
        if db.session.get_one(Job, key).state is JobState.DONE:
            return self.go("result" if act == uploads.LOAD else "preview", pk=pk)
        return redirect(url_for("JobView.show", pk=key))

    def _remember(self, upload: ImportUpload) -> None:
        source = request.form.get("source", "").strip()
        if request.form.get("remember") == "1" and source:
            kind, headings = upload.kind, upload.headings
            now, code = datetime.now(UTC), upload.source_code
            key = profiles.save_profile(kind, source, headings, g.user, now, code)
            uploads.belong_to(upload.id, key)
            flash(_("Remembered: files of this source will be read in this way."), "success")

    def _batches(self, upload: ImportUpload) -> list[ImportBatch]:
        """Earlier loads of the very same bytes."""
        query = db.session.query(ImportBatch).filter_by(file_digest=upload.file_digest, kind=upload.kind)
        return query.order_by(ImportBatch.id.desc()).limit(3).all()

    def _upload(self, pk: int) -> ImportUpload:
        return db.session.get(ImportUpload, pk, populate_existing=True) or abort(404)


def register(app: Flask) -> None:
    """Let whoever is signed in send a whole roster; every other form stays small."""

    def widen(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if endpoint == "ImportView.index" and "_user_id" in session:
            request.max_content_length = app.config["MAX_ROSTER_LENGTH"]

    app.url_value_preprocessor(widen)  # runs before the token of the form is looked for


class Account:
    """What a load or a trial did, in the words of the reader."""

    def __init__(self, account: dict[str, Any]) -> None:
        self.counts = [(LABELS[name], account["counts"][name], name) for name in COUNTS]
        further = ("gone", "conflicts")
        self.counts[3:3] = [(LABELS[name], account[name], name) for name in further if account[name]]
        self.number, self.is_same_file = account["counts"], account["is_same_file"]
        self.samples, self.gone = account["samples"], account["gone"]
        self.headers, self.unknown, self.offers = account["headers"], account["unknown"], account["offers"]
        self.flags = account["flags"]
        self.corrections = [
            {**each, "marked": marked(each["raw"], each["value"])} for each in account["corrections"]
        ]
        self.flagged = account["flagged"]
        self.refused = [
            {"line": row["line"], "reason": reason_of(row), "cells": row["cells"]}
            for row in account["refused"]
        ]


def marked(raw: str, value: str) -> Markup:
    """What the file says, the characters marked that were taken for others."""
    if len(raw) != len(value):
        return Markup("{}").format(raw)
    pairs = zip(raw, value, strict=True)
    return Markup("").join(
        char if char == read else Markup("<mark>{}</mark>").format(char) for char, read in pairs
    )


def reason_of(row: dict[str, Any]) -> str:
    """The sentence of a refused row that was kept as code and parameters."""
    return sentence_for(RowRefused(row["code"], **row["params"]))


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
        """The file of the refused rows."""
        batch = self._found(pk)
        if not batch.rejects_file:
            abort(404)
        suffix = (
            ".csv" if db.session.get_one(StoredFile, batch.rejects_file).name.endswith(".csv") else ".xlsx"
        )
        content = BytesIO(fetch_bytes(db.session(), batch.rejects_file))
        kind = "text/csv" if suffix == ".csv" else XLSX
        return send_file(content, kind, as_attachment=True, download_name=f"未导入记录-{pk}{suffix}")

    def result_of(self, pk: int) -> int | None:
        """The upload that became this load."""
        found = db.session.query(ImportUpload.id).filter_by(batch_id=pk).first()
        return found[0] if found else None


def _sources() -> list[RosterSource]:
    """Whence files of enterprises may come, the most believed first."""
    return [source for source in sources_in_order(db.session()) if not source.is_manual]


def _source() -> str | None:
    code = request.form.get("source_code", "")
    return code if code in {source.code for source in _sources()} else None


def _kind() -> ImportKind:
    chosen = request.values.get("kind", "")
    known = {member.value for member in ImportKind}
    return ImportKind.of(chosen) if chosen in known else ImportKind.ENTERPRISES


def _number(name: str) -> int | None:
    text = request.values.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number and db.session.get(ImportProfile, int(text)) else None


def _chosen(head: FirstRows, upload: ImportUpload) -> dict[str, str]:
    """The headings that the clerk placed: those that differ from what the headings say by themselves."""
    said = dict(upload.headings)
    for column in head.columns:
        choice = request.form.get(f"column-{column.place}")
        if choice is None or column.is_guess or column.heading.startswith("#"):
            continue
        if choice != column.field:
            said[normalise(column.heading)] = choice or IGNORED
    return said
