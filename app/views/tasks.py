"""抽查任务: from the plan line through the public steps to the archive; each step a POST with confirmation."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.matching.solve import CannotBeStaffed
from app.domain.vocabulary import PlanState, TaskKind
from app.extensions import db
from app.messages import sentence_for
from app.models import Draw, DrawStep, InspectionPlan, InspectionTask, Job, PlanLine
from app.services import draw_jobs, drawing, jobs, matching, replacing, tasks
from app.services.bundle import write_bundle
from app.services.ceremony import NoDraw, current_draw
from app.views import ceremony
from app.views import entry_forms as typed
from app.views.base import BasePage, LedgerView, RegisterInterface, code, domain_errors_flashed
from app.views.computed import Computed
from app.views.items import ratio
from app.views.labels import LABELS
from app.views.rows import TasksToSee, may, may_conduct
from app.views.task_page import STEP_WORDS, TaskPage

IN_MEMORY = 8 * 1024 * 1024


class InspectionTaskView(Computed, LedgerView):
    """The inspection tasks."""

    route_base = "/tasks"
    datamodel = RegisterInterface(InspectionTask, eager={"items", "lead_agency"})
    class_permission_name = "InspectionTask"
    title = _("Inspection tasks")
    noun = _("inspection task")
    subtitle = _("One batch of a plan line, from the frozen roster to the archive.")
    list_template = "tasks/list.html"
    show_template = "tasks/show.html"
    base_filters = [["id", TasksToSee, None], ["kind", FilterEqual, TaskKind.RANDOM]]
    list_columns = ["number", "name", "lead_agency", "partners", "state", "starts_on", "ends_on"]
    show_columns = ["number", "name", "state"]
    search_columns = ["number", "name", "state", "lead_agency", "is_joint", "starts_on"]
    order_columns = ["number", "name", "starts_on", "ends_on"]
    base_order = ("id", "desc")
    tag_columns = {"state"}
    label_columns = {
        **LABELS,
        "number": _("Task number"),
        "name": _("Task"),
        "partners": _("Departments"),
        "starts_on": _("Begins on"),
        "ends_on": _("Ends on"),
    }
    formatters_columns = {"number": code}
    computed = {"partners": lambda task: partners_of(task)}

    def page(self, task: InspectionTask) -> TaskPage:
        """What the page of a task shows."""
        return TaskPage(task, self.endpoint)

    def may(self, power: str) -> bool:
        """Whether the reader holds this power on tasks."""
        return may(power, "InspectionTask")

    def job(self, task: InspectionTask) -> Job | None:
        """The step of the task that runs in the background now."""
        return jobs.under_way(db.session(), self._address(task))

    def ratio(self, ppm: int) -> str:
        """A ratio as a percentage."""
        return ratio(ppm)

    def name_of(self, item: InspectionTask) -> str:
        """The name of the task."""
        return item.name

    @expose("/create", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def create(self) -> Response | str:
        """Choose a plan line whose next batch becomes a task."""
        if request.method == "POST":
            with domain_errors_flashed(_("The task was opened.")):
                key = tasks.create_task(
                    typed.whole(request.form, "line"),
                    g.user,
                    datetime.now(UTC),
                    publish_list=request.form.get("publish_list") == "1",
                    route_size=request.form.get("route_size", 1, type=int),
                )
                return redirect(url_for(".show", pk=key))
        return self.render_template("tasks/create.html", title=_("New task"), view=self, lines=open_lines())

    @expose("/<int:pk>/freeze", methods=["GET", "POST"])
    @has_access
    @permission_name("freeze")
    def freeze(self, pk: int) -> Response | str:
        """Freeze the roster, the staff and the seed sources; disclose the plan record."""
        task, form = self._led(pk), ceremony.FreezeForm()

        def act(witness: Any) -> int | None:
            return draw_jobs.freeze(
                task.id,
                g.user,
                witness,
                datetime.now(UTC),
                self._address(task),
                seeds=form.seeds(),
                seed_after=form.opens(),
                algorithm=form.algorithm.data,
            )

        return self._ceremony(task, form, act, "freeze", _("Freeze the roster"), _("The roster was frozen."))

    @expose("/<int:pk>/seed", methods=["GET", "POST"])
    @has_access
    @permission_name("seed")
    def seed(self, pk: int) -> Response | str:
        """Enter the outcomes of the planned events, once."""
        task = self._led(pk)
        draw = self._draw(task)
        if draw is None:
            return redirect(url_for(".show", pk=pk))
        form = ceremony.seed_form(draw)

        def act(witness: Any) -> None:
            values = ceremony.values_of(form, draw)
            drawing.enter_seed(
                task.id, values, g.user, witness, datetime.now(UTC), form.evidence.data or None
            )

        return self._ceremony(task, form, act, "seed", _("Enter the public seed"), _("The seed was entered."))

    @expose("/<int:pk>/draw", methods=["GET", "POST"])
    @has_access
    @permission_name("draw")
    def draw(self, pk: int) -> Response | str:
        """Draw the targets."""
        task, form = self._led(pk), ceremony.DrawForm()

        def act(witness: Any) -> int | None:
            return draw_jobs.draw(task.id, g.user, witness, datetime.now(UTC), self._address(task))

        return self._ceremony(task, form, act, "draw", _("Draw the targets"), _("The targets were drawn."))

    @expose("/<int:pk>/void", methods=["GET", "POST"])
    @has_access
    @permission_name("void")
    def void(self, pk: int) -> Response | str:
        """Void the draw on record; the task starts again from its draft."""
        task, form = self._led(pk), ceremony.VoidForm()

        def act(witness: Any) -> None:
            drawing.void_draw(task.id, form.reason.data, g.user, witness, datetime.now(UTC))

        return self._ceremony(task, form, act, "void", _("Void the draw"), _("The draw was voided."))

    @expose("/<int:pk>/replace", methods=["GET", "POST"])
    @has_access
    @permission_name("draw")
    def replace(self, pk: int) -> Response | str:
        """Let the next reserve take the place of a drawn firm that has ceased."""
        task, form = self._led(pk), ceremony.ReplaceForm()

        def act(witness: Any) -> None:
            replacing.replace_target(
                task.id, form.identifier.data.strip(), form.evidence.data, g.user, witness, datetime.now(UTC)
            )

        done = _("The next reserve took the place.")
        return self._ceremony(task, form, act, "replace", _("Replace a ceased firm"), done)

    @expose("/<int:pk>/match", methods=["POST"])
    @has_access
    @permission_name("match")
    def match(self, pk: int) -> Response:
        """Match inspectors; when there are too few, the page of the match explains and offers remedies."""
        task = self._led(pk)
        try:
            job = draw_jobs.match(pk, g.user, datetime.now(UTC), self._address(task))
        except CannotBeStaffed:
            return redirect(url_for("MatchingView.match", pk=pk))
        except DomainError as error:
            flash(sentence_for(error), "danger")
        else:
            return self._after(task, job, _("Inspectors were matched to the visits."))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/disclose", methods=["POST"])
    @has_access
    @permission_name("disclose")
    def disclose(self, pk: int) -> Response:
        """Disclose targets and inspectors."""
        self._led(pk)
        with domain_errors_flashed():
            number = matching.disclose_draw(pk, g.user, datetime.now(UTC))
            flash(_("The draw was disclosed under %(number)s.", number=number), "success")
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/archive", methods=["POST"])
    @has_access
    @permission_name("write")
    def archive(self, pk: int) -> Response:
        """Archive a task whose results have all been disclosed."""
        self._led(pk)
        with domain_errors_flashed(_("The task was archived.")):
            tasks.archive_task(pk, g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/bundle")
    @has_access
    @permission_name("export")
    def bundle(self, pk: int) -> Response:
        """The public bundle: everything needed to compute the draw again."""
        task = self._found(pk)
        draw = self._draw(task)
        if draw is not None:
            file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with the response)
            with domain_errors_flashed():
                write_bundle(db.session(), draw.id, file)
                file.seek(0)
                return send_file(
                    file, "application/zip", as_attachment=True, download_name=f"{draw.number}.zip"
                )
            file.close()
        return redirect(url_for(".show", pk=pk))

    def _led(self, pk: int) -> InspectionTask:
        """The task, if its steps are the reader's business."""
        task = self._found(pk)
        return task if may_conduct(task) else abort(404)

    def _draw(self, task: InspectionTask) -> Draw | None:
        try:
            return current_draw(db.session(), task)
        except NoDraw as error:
            flash(sentence_for(error), "danger")
            return None

    def _ceremony(
        self, task: InspectionTask, form: Any, act: Callable[[Any], Any], step: str, words: Any, done: Any
    ) -> Response | str:
        """Show the form of a public step, or take the step when form and witness hold."""
        if form.validate_on_submit():
            witness = form.witnessed_by()
            if witness is not None and (answer := self._taken(task, act, witness, done)):
                return answer
        page = self.page(self._found(task.id))
        return self.render_template(
            "tasks/step.html", title=words, task=page.task, page=page, form=form, step=step
        )

    def _taken(
        self, task: InspectionTask, act: Callable[[Any], Any], witness: Any, done: Any
    ) -> Response | None:
        try:
            job = act(witness)
        except DomainError as error:
            flash(sentence_for(error), "danger")
            return None
        return self._after(task, job, done)

    def _after(self, task: InspectionTask, job: int | None, done: Any) -> Response:
        """The page of the task, or of the job to which its step was left."""
        if job is not None:
            return redirect(url_for("JobView.show", pk=job))
        flash(done, "success")
        return redirect(url_for(".show", pk=task.id))

    def _address(self, task: InspectionTask) -> str:
        return url_for("InspectionTaskView.show", pk=task.id)


class JointTaskView(InspectionTaskView):
    """The tasks in which several departments inspect together (art. 8)."""

    route_base = "/joint-tasks"
    title = _("Joint inspections")
    subtitle = _("Several departments, one visit to each enterprise, a result from each department.")
    base_filters = [*InspectionTaskView.base_filters, ["is_joint", FilterEqual, True]]
    search_columns = ["number", "name", "state", "lead_agency", "starts_on"]


class WitnessView(BasePage):
    """What the reader has witnessed."""

    route_base = "/witnessed"
    class_permission_name = "InspectionTask"
    title = _("Witnessed by me")

    @expose("/")
    @has_access
    @permission_name("witness")
    def index(self) -> str:
        """The steps of draws to which the reader was the second person."""
        query = (
            select(DrawStep).where(DrawStep.witness_id == g.user.id).order_by(DrawStep.id.desc()).limit(200)
        )
        return self.render("tasks/witnessed.html", steps=list(db.session.scalars(query)), words=STEP_WORDS)


def partners_of(task: InspectionTask) -> str:
    """The departments whose items a task has."""
    return "、".join(sorted({item.agency.short_name for item in task.items}))


def open_lines() -> list[tuple[PlanLine, int]]:
    """The lines of disclosed plans with a batch left, each with the number of its next batch."""
    made = (
        select(InspectionTask.line_id, func.count().label("made")).group_by(InspectionTask.line_id).subquery()
    )
    query = (
        select(PlanLine, func.coalesce(made.c.made, 0))
        .join(InspectionPlan)
        .outerjoin(made, made.c.line_id == PlanLine.id)
        .where(InspectionPlan.state == PlanState.DISCLOSED, func.coalesce(made.c.made, 0) < PlanLine.batches)
        .order_by(InspectionPlan.year.desc(), PlanLine.plan_id, PlanLine.ordinal)
    )
    return [(line, count + 1) for line, count in db.session.execute(query)]
