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

from app.domain.closing import needs_note
from app.domain.errors import DomainError
from app.domain.findings import has_problem
from app.domain.vocabulary import FindingState, Harm, Leniency, OpenStep, Severity, VisitState
from app.extensions import db
from app.messages import sentence_for
from app.models import InspectionTask, ItemFinding, LeniencyDecision, Visit
from app.services import clocks, closing, leniency, reviewing, visits
from app.services.leniency import EarlierBreach, Judgement
from app.views import given
from app.views.base import BasePage, LedgerView, RegisterInterface, domain_errors_flashed, shown, tag
from app.views.base.format import CLOCK
from app.views.computed import Computed, person
from app.views.labels import LABELS
from app.views.rows import FindingsToReview, FindingsToSee, TasksToSee, duty_agency, may, task_address
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

    harms = list(Harm)
    leniencies = list(Leniency)
    severities = list(Severity)

    def open_steps(self, item: ItemFinding) -> list[OpenStep]:
        """What keeps the finding from being closed."""
        return list(closing.open_steps_of(item))

    def reading(self, item: ItemFinding) -> Any:
        """The deadline of its disclosure, running or kept."""
        return clocks.disclosure_of(db.session(), item, datetime.now(UTC))

    def has_record(self, item: ItemFinding) -> bool:
        """Whether something was recorded that could be followed up."""
        return item.latest is not None and item.state not in (FindingState.UNCHECKED, FindingState.RETURNED)

    def has_problem(self, item: ItemFinding) -> bool:
        """Whether the newest record says that a problem was found."""
        codes = [row.code for row in item.latest.results] if item.latest else []
        return self.has_record(item) and has_problem(codes)

    def may_close(self, item: ItemFinding) -> bool:
        """Whether the reader closes findings of this department, and this one is open."""
        agency = duty_agency()
        own = agency is not None and item.agency_id == agency.id
        return own and item.closed_on is None and self.has_record(item) and may("review", "ItemFinding")

    def owes_words(self, item: ItemFinding) -> bool:
        """Whether how it ended has to be said in words."""
        return item.latest is not None and needs_note([row.code for row in item.latest.disposals])

    def today(self) -> str:
        """The day on the clock of the bureau."""
        return datetime.now(CLOCK).date().isoformat()

    def earlier(self, item: ItemFinding) -> list[EarlierBreach]:
        """Breaches found before at this enterprise in the same field (R66)."""
        return leniency.earlier_breaches(db.session(), item)

    def decisions(self, item: ItemFinding) -> list[LeniencyDecision]:
        """What was decided on a minor or first breach."""
        return leniency.decisions_on(db.session(), item.id)

    @expose("/<int:pk>/close", methods=["POST"])
    @has_access
    @permission_name("review")
    def close(self, pk: int) -> Response:
        """Close a finding of the own department."""
        self._own(pk)
        with domain_errors_flashed(_("The finding was closed.")):
            closing.close_finding(pk, given.day("on"), g.user, given.text("note", 300))
        return redirect(url_for("FindingView.show", pk=pk))

    @expose("/<int:pk>/severity", methods=["POST"])
    @has_access
    @permission_name("review")
    def classify(self, pk: int) -> Response:
        """How serious a finding is, before it is disclosed."""
        self._own(pk)
        with domain_errors_flashed(_("The severity was recorded.")):
            severity = given.member(Severity, "severity")
            reviewing.classify_finding(pk, severity, given.text("reason", 300), g.user)
        return redirect(url_for("FindingView.show", pk=pk))

    @expose("/<int:pk>/leniency", methods=["POST"])
    @has_access
    @permission_name("review")
    def decide_leniency(self, pk: int) -> Response:
        """What was decided on a minor or first breach."""
        self._own(pk)
        with domain_errors_flashed(_("The decision was recorded.")):
            judgement = Judgement(
                is_minor=given.ticked("is_minor"),
                is_corrected=given.ticked("is_corrected"),
                harm=given.member(Harm, "harm"),
                decision=given.member(Leniency, "decision"),
                education=given.text("education"),
            )
            leniency.decide_leniency(pk, judgement, g.user, datetime.now(UTC))
        return redirect(url_for("FindingView.show", pk=pk))

    def _own(self, pk: int) -> ItemFinding:
        """The finding, if the reader decides for its department."""
        agency = duty_agency()
        finding = self._found(pk)
        return finding if agency is not None and finding.agency_id == agency.id else abort(404)


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
        """Disclose the reviewed results of the reader's own department in a task (R54, R73)."""
        agency = duty_agency()
        if (
            agency is None
            or not TasksToSee("id", TASKS)
            .apply(db.session.query(InspectionTask), None)
            .filter(InspectionTask.id == pk)
            .first()
        ):
            abort(404)
        with domain_errors_flashed():
            count = visits.disclose_reviewed(pk, g.user, datetime.now(UTC), agency.id)
            flash(_("The results of %(count)s visits were disclosed.", count=count), "success")
        return redirect(url_for(".index"))

    def address(self, task: InspectionTask) -> str:
        """The page of a task of any kind."""
        return task_address(task)

    def rows(self) -> list[tuple[InspectionTask, dict[FindingState, int], Any]]:
        """Each task with the own department's findings by state and the earliest day by which one is due."""
        agency = duty_agency()
        if agency is None:
            return []
        query = (
            select(InspectionTask, ItemFinding.state, func.count(), func.min(ItemFinding.disclose_by))
            .join(Visit, Visit.task_id == InspectionTask.id)
            .join(ItemFinding, ItemFinding.visit_id == Visit.id)
            .where(ItemFinding.agency_id == agency.id, Visit.state != VisitState.CANCELLED)
            .group_by(InspectionTask.id, ItemFinding.state)
            .order_by(InspectionTask.id)
        )
        found: dict[int, tuple[InspectionTask, dict[FindingState, int], list[Any]]] = {}
        for task, state, count, due in db.session.execute(query):
            entry = found.setdefault(task.id, (task, {}, []))
            entry[1][state] = count
            if due and state in UNDISCLOSED:
                entry[2].append(due)
        return [
            (task, counts, min(days, default=None))
            for task, counts, days in found.values()
            if any(counts.get(state) for state in UNDISCLOSED)
        ]


def outcome_of(finding: ItemFinding) -> Any:
    """The results of a finding as one tag, red where a problem was found."""
    codes = words_of(finding.latest, "results")
    if not codes:
        return shown(None)
    return tag(shown(codes), "bad" if any(each.is_problem for each in codes) else "ok")


UNDISCLOSED = (FindingState.RECORDED, FindingState.SUBMITTED, FindingState.RETURNED, FindingState.REVIEWED)
TASKS = RegisterInterface(InspectionTask)
