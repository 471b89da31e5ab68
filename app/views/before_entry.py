"""入企前手续: what stands before the entries of a task, and of one visit; each step a POST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.domain.vocabulary import ApprovalState, VisitState
from app.extensions import db
from app.messages import sentence_for
from app.models import InspectionTask, ItemFinding, TaskItem, Visit, VisitApproval
from app.services import adding, applying, approving, entering, notices, territory
from app.services.approving import Outcome
from app.services.certificates import certificate_on
from app.services.visits import OPEN_TASKS
from app.views import entry_forms as typed
from app.views.base import BasePage, RegisterInterface, domain_errors_flashed
from app.views.entry_status import EntryStatus, line_tag, now_local
from app.views.public.csv import csv_response
from app.views.rows import TasksToSee, VisitsToSee, duty_agency, may

MOST_ROWS = 500
MOST_TOLD = 8


class BeforeEntryView(BasePage):
    """What stands before an entry."""

    route_base = "/before-entry"
    class_permission_name = "VisitApproval"
    title = _("Before entry")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Tasks whose visits are under way, and how far each has come."""
        return self.render("entry/index.html", rows=self.rows())

    @expose("/tasks/<int:pk>")
    @has_access
    @permission_name("read")
    def task(self, pk: int) -> str:
        """Every visit of a task with what stands before it."""
        task = self._task(pk)
        query = self._visits().filter(Visit.task_id == task.id).order_by(Visit.planned_on, Visit.id)
        visits = query.options(*EAGER).limit(MOST_ROWS).all()
        rows = [EntryStatus(visit) for visit in visits]
        return self.render(
            "entry/task.html",
            task=task,
            rows=rows,
            waiting=self.waiting(task),
            off_site=[item for item in task.items if item.version.off_site_possible],
        )

    @expose("/visits/<int:pk>")
    @has_access
    @permission_name("read")
    def visit(self, pk: int) -> str:
        """One visit: who has approved, what the enterprise was told, whether the checklist is open."""
        visit = self._visit(pk)
        return self.render("entry/visit.html", visit=visit, status=EntryStatus(visit), now=now_local())

    # the whole task

    @expose("/tasks/<int:pk>/apply", methods=["POST"])
    @has_access
    @permission_name("write")
    def apply_task(self, pk: int) -> Response:
        """Apply for every visit of a task at once."""
        application = typed.application_of(request.form)
        return self._bulk(pk, lambda: applying.apply_for_task(pk, application, g.user, datetime.now(UTC)))

    @expose("/tasks/<int:pk>/approve", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve_task(self, pk: int) -> Response:
        """Approve every visit of a task that waits for the reader's body."""
        decision = typed.words(request.form, "decision") or str(_("Approved"))
        return self._bulk(pk, lambda: approving.approve_many(pk, decision, g.user, datetime.now(UTC)))

    @expose("/tasks/<int:pk>/file", methods=["POST"])
    @has_access
    @permission_name("write")
    def file_task(self, pk: int) -> Response:
        """Record the filing numbers pasted from the platform."""
        numbers = typed.filing_numbers(request.form)
        return self._bulk(pk, lambda: entering.file_visits(pk, numbers, g.user, datetime.now(UTC)))

    @expose("/tasks/<int:pk>/notify", methods=["POST"])
    @has_access
    @permission_name("write")
    def notify_task(self, pk: int) -> Response:
        """Issue the notices of a task."""
        contact = typed.contact_of(request.form)
        return self._bulk(pk, lambda: notices.issue_notices(pk, contact, g.user, datetime.now(UTC)))

    @expose("/tasks/<int:pk>/filing.csv")
    @has_access
    @permission_name("write")
    def filing_file(self, pk: int) -> Response:
        """The approved visits of a task that are not filed yet, to be filed on the supervision platform."""
        task = self._task(pk)
        query = self._visits().filter(Visit.task_id == task.id, ~Visit.filing.has())
        approved = Visit.approvals.any(VisitApproval.state == ApprovalState.APPROVED)
        visits = query.filter(approved).order_by(Visit.id).options(*EAGER).all()
        return csv_response(f"filing-{task.id}", FILING_COLUMNS, [filing_row(visit) for visit in visits])

    # one visit

    @expose("/visits/<int:pk>/apply", methods=["POST"])
    @has_access
    @permission_name("write")
    def apply(self, pk: int) -> Response:
        """Apply for one visit."""
        application = typed.application_of(request.form)
        return self._step(pk, lambda now: applying.apply_for(pk, application, g.user, now))

    @expose("/visits/<int:pk>/file", methods=["POST"])
    @has_access
    @permission_name("write")
    def file(self, pk: int) -> Response:
        """Record the filing number."""
        number = typed.words(request.form, "filing_no", 60)
        return self._step(pk, lambda now: entering.file_visit(pk, number, g.user, now))

    @expose("/visits/<int:pk>/notify", methods=["POST"])
    @has_access
    @permission_name("write")
    def notify(self, pk: int) -> Response:
        """Issue the notice of one visit."""
        contact = typed.contact_of(request.form)
        return self._step(pk, lambda now: notices.issue_notice(pk, contact, g.user, now))

    @expose("/visits/<int:pk>/urgent", methods=["POST"])
    @has_access
    @permission_name("record")
    def urgent(self, pk: int) -> Response:
        """Report an urgent check."""
        reason, to = typed.words(request.form, "reason"), typed.words(request.form, "reported_to", 60)
        return self._step(pk, lambda now: applying.report_urgent(pk, reason, to, g.user, now))

    @expose("/visits/<int:pk>/scan", methods=["POST"])
    @has_access
    @permission_name("record")
    def scan(self, pk: int) -> Response:
        """Record the scan on entry, a failure of the network, or the scan that makes it good."""
        if not EntryStatus(self._visit(pk)).is_member:
            abort(404)
        device, at = typed.words(request.form, "device", 120), typed.moment(request.form, "scanned_at")
        kind = request.form.get("kind", "")
        if kind == "outage":
            return self._step(pk, lambda now: entering.declare_outage(pk, device, at, g.user, now))
        if kind == "reentry":
            return self._step(pk, lambda now: entering.make_good(pk, device, g.user, now))
        return self._step(pk, lambda now: entering.scan_entry(pk, device, at, g.user, now))

    @expose("/visits/<int:pk>/items", methods=["POST"])
    @has_access
    @permission_name("record")
    def add_item(self, pk: int) -> Response:
        """Add an item on the spot; it waits for its own approval."""
        version, reason = typed.whole(request.form, "version"), typed.words(request.form, "reason")
        return self._step(pk, lambda now: adding.add_item(pk, version, reason, g.user, now))

    @expose("/visits/<int:pk>/assistance", methods=["POST"])
    @has_access
    @permission_name("write")
    def assistance(self, pk: int) -> Response:
        """Record that the local body assists, or the filing after the check."""
        form = request.form
        if form.get("filing_no"):
            number, on = typed.words(form, "filing_no", 60), typed.day(form, "on")
            return self._step(pk, lambda now: territory.file_assistance(pk, number, on, g.user))
        body, letter = typed.words(form, "assisting_body", 120), typed.words(form, "letter_no", 60)
        on = typed.day(form, "on")
        return self._step(pk, lambda now: territory.record_assistance(pk, body, letter, on, g.user, now))

    def may(self, power: str) -> bool:
        """Whether the reader holds this power before an entry."""
        return may(power, "VisitApproval")

    def line_tag(self, line: Any) -> Any:
        """The frequency line as a tag."""
        return line_tag(line)

    def waiting(self, task: InspectionTask) -> int:
        """How many visits of the task wait for the head of the reader's body."""
        agency = duty_agency()
        if agency is None or not self.may("approve"):
            return 0
        query = (
            select(func.count())
            .select_from(VisitApproval)
            .join(Visit, Visit.id == VisitApproval.visit_id)
            .where(
                Visit.task_id == task.id,
                VisitApproval.agency_id == agency.id,
                VisitApproval.state == ApprovalState.APPLIED,
            )
        )
        return db.session.scalar(query) or 0

    def rows(self) -> list[tuple[InspectionTask, dict[str, int]]]:
        """Open tasks with how many of their visits are planned, applied for, approved and told."""
        tasks = self._tasks().filter(InspectionTask.state.in_(OPEN_TASKS)).order_by(InspectionTask.id.desc())
        return [(task, self._counts(task.id)) for task in tasks.limit(100)]

    def _counts(self, task_id: int) -> dict[str, int]:
        visits = select(func.count()).select_from(Visit)
        visits = visits.where(Visit.task_id == task_id, Visit.state != VisitState.CANCELLED)
        approved = VisitApproval.state == ApprovalState.APPROVED
        conditions = {
            "applied": Visit.approvals.any(),
            "approved": Visit.approvals.any(approved),
            "filed": Visit.filing.has(),
            "told": Visit.notices.any(),
        }
        counts = {name: db.session.scalar(visits.where(test)) or 0 for name, test in conditions.items()}
        return {"visits": db.session.scalar(visits) or 0, **counts}

    def _bulk(self, pk: int, act: Callable[[], Outcome]) -> Response:
        self._task(pk)
        with domain_errors_flashed():
            tell(act())
        return redirect(url_for(".task", pk=pk))

    def _step(self, pk: int, act: Callable[[datetime], Any]) -> Response:
        self._visit(pk)
        with domain_errors_flashed(_("Recorded.")):
            act(datetime.now(UTC))
        return redirect(url_for(".visit", pk=pk))

    def _task(self, pk: int) -> InspectionTask:
        found: InspectionTask | None = self._tasks().filter(InspectionTask.id == pk).first()
        return found or abort(404)

    def _visit(self, pk: int) -> Visit:
        found: Visit | None = self._visits().filter(Visit.id == pk).first()
        return found or abort(404)

    def _tasks(self) -> Any:
        query = db.session.query(InspectionTask)
        if not may("read", "ItemFinding"):
            return query.filter(
                InspectionTask.visits.any(Visit.id.in_(self._visits().with_entities(Visit.id)))
            )
        return TasksToSee("id", RegisterInterface(InspectionTask, db.session)).apply(query, None)

    def _visits(self) -> Any:
        return VisitsToSee("id", RegisterInterface(Visit, db.session)).apply(db.session.query(Visit), None)


FILING_COLUMNS = (
    _("Visit"),
    _("Target enterprise"),
    _("Credit code"),
    _("Item"),
    _("Planned on"),
    _("Inspector"),
    _("Certificate"),
)
EAGER = (
    selectinload(Visit.enterprise),
    selectinload(Visit.task),
    selectinload(Visit.filing),
    selectinload(Visit.scans),
    selectinload(Visit.notices),
    selectinload(Visit.approvals).selectinload(VisitApproval.agency),
    selectinload(Visit.findings).selectinload(ItemFinding.task_item).selectinload(TaskItem.version),
)


def filing_row(visit: Visit) -> tuple[str, ...]:
    """One visit as the supervision platform asks for it."""
    people = [member.inspector for member in visit.team]
    papers = [certificate_on(person, visit.planned_on) for person in people]
    return (
        visit.number,
        visit.enterprise.name,
        visit.enterprise.identifier,
        "；".join(str(finding.task_item.version) for finding in visit.findings),
        visit.planned_on.isoformat(),
        "、".join(person.name for person in people),
        "、".join(paper.number for paper in papers if paper),
    )


def tell(outcome: Outcome) -> None:
    """Say how many were done, and of the others which rule stopped them."""
    if outcome.done:
        flash(_("%(count)s done.", count=len(outcome.done)), "success")
    for number, error in outcome.refused[:MOST_TOLD]:
        flash(f"{number}：{sentence_for(error)}", "danger")
    if len(outcome.refused) > MOST_TOLD:
        flash(_("%(count)s more were refused.", count=len(outcome.refused) - MOST_TOLD), "danger")
    if not outcome.done and not outcome.refused:
        flash(_("Nothing was waiting for this step."), "warning")
