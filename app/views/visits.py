"""我的检查 and 一企一表: the inspector's list, the form of a visit, handing it in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.lifecycle import VISIT
from app.domain.lifecycle import may as lawful
from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    FindingState,
    PointOutcome,
    TaskState,
    VisitState,
)
from app.extensions import db
from app.messages import sentence_for
from app.models import ItemFinding, Visit
from app.reports import enterprise_form
from app.services import entries, statistics, visits
from app.services.drafts import drafts_of
from app.services.visits import OPEN_TASKS
from app.views.base import LedgerView, RegisterInterface, code, domain_errors_flashed, tag
from app.views.base.format import CLOCK
from app.views.evidence_index import EvidenceIndex, evidence_index, place_of
from app.views.imports import XLSX
from app.views.labels import LABELS
from app.views.remotes import ENTERPRISES
from app.views.rows import VisitsToSee, foreign_agency, may
from app.views.visit_form import RESULT_GROUPS, Sheet, entry_of, recorded, seen_of, typed, words_of


class VisitView(LedgerView):
    """The visits; the page of one is its 一企一表."""

    route_base = "/visits"
    datamodel = RegisterInterface(Visit, eager={"task", "enterprise"})
    class_permission_name = "Visit"
    title = _("Visits")
    noun = _("visit")
    subtitle = _("Everything for which one enterprise is inspected in a task, done at once.")
    show_template = "visits/show.html"
    base_filters = [["id", VisitsToSee, None]]
    list_columns = ["enterprise", "task", "planned_on", "done_on", "disclose_by", "state"]
    show_columns = ["number", "state"]
    search_columns = ["task", "enterprise", "state", "planned_on"]
    remote = {"enterprise": ENTERPRISES}
    order_columns = ["planned_on", "done_on", "disclose_by"]
    base_order = ("id", "asc")
    tag_columns = {"state"}
    label_columns = {**LABELS, "disclose_by": _("Disclose by")}

    def name_of(self, item: Visit) -> str:
        """The enterprise is the name of its visit."""
        return str(item.enterprise)

    def sheets(self, visit: Visit, refused: Sheet | None = None) -> list[Sheet]:
        """The items of the visit, the reader's own department first."""
        own = self.own_agencies(visit)
        drafts = drafts_of(db.session(), visit)
        made = [
            refused
            if refused is not None and refused.finding.id == finding.id
            else recorded(drafts[finding.id], finding.agency_id in own, self.today())
            for finding in visit.findings
        ]
        return sorted(made, key=lambda sheet: not sheet.is_own)

    def own_agencies(self, visit: Visit) -> set[int]:
        """The departments for which the reader stands in the team and may record."""
        if not may("record", "Visit") or visit.task.state not in OPEN_TASKS:
            return set()
        return {member.inspector.agency_id for member in visit.team if member.inspector.user_id == g.user.id}

    def may_submit(self, visit: Visit) -> bool:
        """Whether the reader may hand the form in."""
        return bool(self.own_agencies(visit)) and lawful(VISIT, visit.state, "submit")

    def may_submit_part(self, visit: Visit) -> bool:
        """Whether the reader may hand in the own department's items while another one's are missing (R73)."""
        own = [each for each in visit.findings if each.agency_id in self.own_agencies(visit)]
        is_whole = bool(own) and all(each.state not in MISSING for each in own)
        waits = any(each.state == FindingState.RECORDED for each in own)
        return is_whole and waits and self.missing(visit) > 0

    def missing(self, visit: Visit) -> int:
        """Items that are not recorded yet or were sent back."""
        return sum(finding.state in MISSING for finding in visit.findings)

    def today(self) -> date:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date()

    def evidence(self, visit: Visit) -> EvidenceIndex:
        """What was collected on the spot (R50)."""
        return evidence_index(visit)

    def place(self, each: Any) -> str:
        """Where a file or a signature was made."""
        return place_of(each)

    def words(self, finding: ItemFinding, part: str) -> list[Any]:
        """Results, methods or disposals of the newest record."""
        return words_of(finding.latest, part)

    def certificate(self, inspector: Any, visit: Visit) -> Any:
        """The certificate valid on the day of the visit (R15, R17)."""
        day = visit.done_on or self.today()
        valid = [
            paper.number
            for paper in inspector.certificates
            if not paper.is_suspended and paper.valid_from <= day <= paper.valid_to
        ]
        return code(valid[0]) if valid else tag(_("no valid certificate"), "bad")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def show(self, pk: str) -> str:
        """The form of one visit."""
        return self._page(self._found(pk))

    @expose("/<int:pk>/findings/<int:finding_id>", methods=["POST"])
    @has_access
    @permission_name("record")
    def record(self, pk: int, finding_id: int) -> Response | str:
        """Record one item; what was typed survives a refusal."""
        visit = self._found(pk)
        finding = next((each for each in visit.findings if each.id == finding_id), None) or abort(404)
        try:
            entry, seen = entry_of(finding, request.form), seen_of(request.form)
            entries.record_over(finding.id, entry, seen, g.user, datetime.now(UTC))
        except DomainError as error:
            db.session.rollback()
            flash(sentence_for(error), "danger")
            fresh = self._found(pk)
            again = next(each for each in fresh.findings if each.id == finding_id)
            return self._page(fresh, typed(again, request.form))
        flash(_("Recorded: %(item)s", item=finding.task_item.version.name), "success")
        return redirect(url_for(".show", pk=pk, _anchor=f"item-{finding_id}"))

    @expose("/<int:pk>/submit", methods=["POST"])
    @has_access
    @permission_name("record")
    def submit(self, pk: int) -> Response:
        """Hand the whole form in for review."""
        self._found(pk)
        with domain_errors_flashed(_("The form was handed in for review.")):
            visits.submit_visit(pk, g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/submit-part", methods=["POST"])
    @has_access
    @permission_name("record")
    def submit_part(self, pk: int) -> Response:
        """Hand in the items of the own department."""
        self._found(pk)
        with domain_errors_flashed(_("Your department's items were handed in for review.")):
            visits.submit_own_part(pk, g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/paper")
    @has_access
    @permission_name("read")
    def paper(self, pk: int) -> Response:
        """The form of the visit on A4, filled in or blank; another department gets its own part."""
        visit = self._found(pk)
        agency = foreign_agency()
        form = statistics.enterprise_form(db.session(), visit.id, agency.id if agency else None)
        content = enterprise_form.build([form], datetime.now(UTC))
        name = f"一企一表 {visit.number}.xlsx"
        return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)

    def _page(self, visit: Visit, refused: Sheet | None = None) -> str:
        return self.render_template(
            "visits/show.html",
            title=self.name_of(visit),
            view=self,
            visit=visit,
            sheets=self.sheets(visit, refused),
            refused=refused,
            outcomes=list(PointOutcome),
            result_groups=RESULT_GROUPS,
            methods=list(CheckMethod),
            disposals=list(Disposal),
        )


MISSING = (FindingState.UNCHECKED, FindingState.RETURNED)
OPEN_VISITS = (VisitState.PLANNED, VisitState.RECORDED)
AFTERWARDS = (TaskState.UNDER_REVIEW, TaskState.RESULTS_DISCLOSED)
