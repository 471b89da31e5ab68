"""结果审核 and 公示结果: findings of the reviewer's department, the ledger of all, disclosing what was reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.vocabulary import FindingState, TaskState, VisitState
from app.extensions import db
from app.messages import sentence_for
from app.models import InspectionTask, ItemFinding, Visit
from app.services import visits
from app.views.base import BasePage, LedgerView, RegisterInterface, domain_errors_flashed, shown, tag
from app.views.computed import Computed, person
from app.views.labels import LABELS
from app.views.rows import FindingsToReview, FindingsToSee, foreign_agency, may
from app.views.visit_form import words_of


class FindingView(Computed, LedgerView):
    """The ledger of findings: one item of one visit a row."""

    route_base = "/findings"
    datamodel = RegisterInterface(ItemFinding, eager={"visit", "task_item", "records", "agency"})
    class_permission_name = "ItemFinding"
    title = _("Ledger of findings")
    noun = _("finding")
    show_template = "findings/show.html"
    base_filters = [["id", FindingsToSee, None]]
    list_columns = ["enterprise", "item", "agency", "checked_on", "outcome", "follow_up", "state"]
    show_columns = ["state", "agency"]
    search_columns = ["agency", "state"]
    order_columns = ["state"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    label_columns = {
        **LABELS,
        "checked_on": _("Checked on"),
        "outcome": _("Result"),
        "follow_up": _("Follow-up"),
    }
    computed = {
        "enterprise": lambda row: row.visit.enterprise.name,
        "item": lambda row: row.task_item.version.name,
        "checked_on": lambda row: shown(row.latest.checked_on if row.latest else None),
        "outcome": lambda row: outcome_of(row),
        "follow_up": lambda row: shown(words_of(row.latest, "disposals")),
    }

    def name_of(self, item: ItemFinding) -> str:
        """Enterprise and item."""
        return f"{item.visit.enterprise} · {item.task_item.version.name}"

    def words(self, record: Any, part: str) -> list[Any]:
        """The codes of one part of a record."""
        return words_of(record, part)

    def may_review(self, item: ItemFinding) -> bool:
        """Whether the reader may decide on the finding here; only the page of review offers it."""
        return False


class ReviewView(FindingView):
    """What waits for the reader's review."""

    route_base = "/review"
    title = _("Review of results")
    subtitle = _("Findings handed in for your department; nobody reviews what they recorded themselves.")
    base_filters = [["id", FindingsToReview, None], ["state", FilterEqual, FindingState.SUBMITTED]]
    search_columns = []
    list_columns = ["enterprise", "item", "checked_on", "outcome", "follow_up", "recorder"]
    powers = {
        "list": "review",
        "show": "review",
        "action_post": "review",
        "action": "review",
        "approve_all": "review",
    }
    label_columns = {**FindingView.label_columns, "recorder": _("Recorded by")}
    computed = {
        **FindingView.computed,
        "recorder": lambda row: person(row.latest.recorded_by if row.latest else None),
    }

    def may_review(self, item: ItemFinding) -> bool:
        """Whether the finding still waits."""
        return item.state == FindingState.SUBMITTED and may("review", "ItemFinding")

    @action("approve_all", _("Approve the chosen"), _("Approve the chosen findings?"), single=False)
    def approve_all(self, chosen: list[ItemFinding]) -> Response:
        """Review several findings at once; each refusal is told."""
        done = 0
        for key in [finding.id for finding in chosen]:
            try:
                visits.review_finding(key, g.user, datetime.now(UTC))
                done += 1
            except DomainError as error:
                flash(sentence_for(error), "danger")
        flash(_("%(count)s findings were approved.", count=done), "success" if done else "warning")
        return redirect(self.list_url())

    @expose("/<int:pk>/approve", methods=["POST"])
    @has_access
    @permission_name("review")
    def approve(self, pk: int) -> Response:
        """Approve one finding."""
        self._found(pk)
        with domain_errors_flashed(_("The finding was approved.")):
            visits.review_finding(pk, g.user, datetime.now(UTC))
        return redirect(self.list_url())

    @expose("/<int:pk>/return", methods=["POST"])
    @has_access
    @permission_name("review")
    def send_back(self, pk: int) -> Response:
        """Send one finding back with a reason."""
        self._found(pk)
        with domain_errors_flashed(_("The finding was sent back.")):
            visits.return_finding(pk, request.form.get("reason", ""), g.user)
        return redirect(self.list_url())


class ResultDisclosureView(BasePage):
    """The results that have been reviewed and wait to be disclosed, task by task."""

    route_base = "/results"
    class_permission_name = "ItemFinding"
    title = _("Disclose results")

    @expose("/")
    @has_access
    @permission_name("disclose")
    def index(self) -> str:
        """Tasks with visits under way, and how many of them are ready."""
        return self.render("findings/results.html", rows=self.rows())

    @expose("/<int:pk>/disclose", methods=["POST"])
    @has_access
    @permission_name("disclose")
    def disclose(self, pk: int) -> Response:
        """Disclose every reviewed visit of a task, a result from each department."""
        if foreign_agency() is not None:
            abort(404)
        with domain_errors_flashed():
            count = visits.disclose_reviewed(pk, g.user, datetime.now(UTC))
            flash(_("The results of %(count)s visits were disclosed.", count=count), "success")
        return redirect(url_for(".index"))

    def rows(self) -> list[tuple[InspectionTask, dict[VisitState, int], Any]]:
        """Each task with its visits by state and the earliest day by which one must be disclosed."""
        if foreign_agency() is not None:
            return []
        query = (
            select(InspectionTask, Visit.state, func.count(), func.min(Visit.disclose_by))
            .join(Visit)
            .where(InspectionTask.state.in_([TaskState.INSPECTING, TaskState.UNDER_REVIEW]))
            .group_by(InspectionTask.id, Visit.state)
            .order_by(InspectionTask.id)
        )
        found: dict[int, tuple[InspectionTask, dict[VisitState, int], list[Any]]] = {}
        for task, state, count, due in db.session.execute(query):
            entry = found.setdefault(task.id, (task, {}, []))
            entry[1][state] = count
            if due and state in UNDISCLOSED:
                entry[2].append(due)
        return [(task, counts, min(days, default=None)) for task, counts, days in found.values()]


def outcome_of(finding: ItemFinding) -> Any:
    """The results of a finding as one tag, red where a problem was found."""
    codes = words_of(finding.latest, "results")
    if not codes:
        return shown(None)
    return tag(shown(codes), "bad" if any(each.is_problem for each in codes) else "ok")


UNDISCLOSED = (VisitState.RECORDED, VisitState.UNDER_REVIEW, VisitState.REVIEWED)
