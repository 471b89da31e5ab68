"""个案检查: opened for one enterprise upon a complaint, a transfer or a lead; kept apart from the draw (R34)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.undrawn import Trigger
from app.domain.vocabulary import TRIGGERS, TaskKind, TaskSource, VersionState
from app.extensions import db
from app.messages import sentence_for
from app.models import Complaint, Enterprise, InspectionItem, InspectionTask, ItemVersion
from app.services import search, triggering, undrawn
from app.services.storage import fetch_bytes
from app.services.triggering import Paper
from app.views import entry_forms as typed
from app.views.base import LedgerView, RegisterInterface, code
from app.views.base.format import CLOCK
from app.views.computed import Computed
from app.views.labels import LABELS
from app.views.rows import TasksToSee, foreign_agency, may

LARGEST_PAPER = 10 * 1024 * 1024
MOST_FOUND = 10


class TriggeredCheckView(Computed, LedgerView):
    """The checks that something set off."""

    route_base = "/triggered-checks"
    datamodel = RegisterInterface(InspectionTask, eager={"trigger", "lead_agency", "visits"})
    class_permission_name = "TriggeredCheck"
    title = _("Triggered checks")
    noun = _("triggered check")
    subtitle = _(
        "Complaints, transfers and leads are checked by themselves; they never fill the quota of the plan."
    )
    list_template = "triggered/list.html"
    base_filters = [["id", TasksToSee, None], ["kind", FilterEqual, TaskKind.TRIGGERED]]
    list_columns = ["number", "name", "origin", "lead_agency", "starts_on", "ends_on", "state"]
    show_columns = ["number", "name", "state"]
    search_columns = ["number", "name", "state", "starts_on"]
    order_columns = ["number", "starts_on"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    formatters_columns = {"number": code}
    label_columns = {
        **LABELS,
        "number": _("Task number"),
        "name": _("Task"),
        "origin": _("Source of the task"),
        "starts_on": _("Begins on"),
        "ends_on": _("Ends on"),
    }
    computed = {"origin": lambda task: task.trigger.source.label if task.trigger else "—"}

    def may_open(self) -> bool:
        """Whether the reader may open a check."""
        return may("write", "TriggeredCheck")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def show(self, pk: str) -> Response:
        """The page of a triggered check is what stands before its entry."""
        return redirect(url_for("BeforeEntryView.task", pk=self._found(pk).id))

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def new(self) -> Response | str:
        """First the enterprise and the items, then the team that the rules allow."""
        if request.method == "POST" and request.form.get("step") == "open":
            try:
                return redirect(url_for("BeforeEntryView.visit", pk=self._open()))
            except DomainError as error:
                db.session.rollback()
                flash(sentence_for(error), "danger")
        given = request.form if request.method == "POST" else request.args
        return self.render_template("triggered/new.html", **self.page(given))

    @expose("/<int:pk>/paper")
    @has_access
    @permission_name("read")
    def paper(self, pk: int) -> Response:
        """The paper that came in; always as a download."""
        trigger = self._found(pk).trigger
        if trigger is None or trigger.document is None:
            abort(404)
        content = BytesIO(fetch_bytes(db.session(), trigger.document))
        return send_file(
            content,
            "application/octet-stream",
            as_attachment=True,
            download_name=trigger.document_name,
        )

    def page(self, given: Any) -> dict[str, Any]:
        """What the form shows: candidates for the enterprise, items, and the people with the reasons against them."""
        enterprise = db.session.get(Enterprise, typed.whole(given, "enterprise"))
        chosen = typed.keys(given, "version")
        planned = typed.day(given, "planned_on")
        planned = planned if planned != date.min else datetime.now(CLOCK).date()
        versions = [version for version in self.versions() if version.id in chosen]
        people = (
            undrawn.prospects(db.session(), enterprise, versions, planned) if enterprise and versions else []
        )
        return {
            "title": _("Open a triggered check"),
            "view": self,
            "given": given,
            "enterprise": enterprise,
            "found": named(given.get("q", "")) if not enterprise else [],
            "versions": self.versions(),
            "chosen": chosen,
            "planned": planned,
            "people": people,
            "sources": TRIGGERS,
            "complaints": self.complaints(enterprise),
        }

    def versions(self) -> list[ItemVersion]:
        """The published items, of the reader's own department where it is not the bureau."""
        query = (
            select(ItemVersion)
            .join(InspectionItem)
            .where(ItemVersion.state == VersionState.PUBLISHED)
            .order_by(InspectionItem.agency_id, InspectionItem.code)
        )
        agency = foreign_agency()
        if agency is not None:
            query = query.where(InspectionItem.agency_id == agency.id)
        return list(db.session.scalars(query))

    def complaints(self, enterprise: Enterprise | None) -> list[Complaint]:
        """Complaints on record about the enterprise, newest first."""
        found = list(enterprise.complaints) if enterprise else []
        return sorted(found, key=lambda row: row.received_on, reverse=True)

    def _open(self) -> int:
        form = request.form
        source = next((each for each in TRIGGERS if each.value == form.get("source")), TaskSource.ANNUAL_PLAN)
        trigger = Trigger(
            source,
            typed.words(form, "reason", 2000),
            typed.day(form, "received_on"),
            typed.words(form, "document_no", 80),
            typed.whole(form, "complaint") or None,
        )
        return triggering.open_check(
            typed.whole(form, "enterprise"),
            typed.keys(form, "version"),
            typed.keys(form, "person"),
            trigger,
            typed.day(form, "planned_on"),
            typed.day(form, "ends_on"),
            g.user,
            datetime.now(UTC),
            _paper(),
        )


def named(term: str) -> list[Enterprise]:
    """The first enterprises by code, name, initials or address."""
    if not term.strip():
        return []
    keys = search.find(db.session(), term.strip()[:50], MOST_FOUND)
    found = {row.id: row for row in db.session.scalars(select(Enterprise).where(Enterprise.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def _paper() -> Paper | None:
    file = request.files.get("paper")
    if file is None or not file.filename:
        return None
    content = file.stream.read(LARGEST_PAPER + 1)
    if len(content) > LARGEST_PAPER:
        abort(413)
    return Paper(file.filename, content)
