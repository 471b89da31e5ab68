"""联合任务的部门和联合检查的认定: what a department answers, what the lead confirms (art. 8, R73)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.vocabulary import DrawState, PartState, TaskState
from app.extensions import db
from app.models import InspectionTask, TaskPart, Visit
from app.services.joint.confirming import confirm_visit, needs_confirmation, parts_of_visit
from app.services.joint.departments import department_of
from app.services.joint.forecast import visits_drawn
from app.services.joint.parts import confirm_part, remind_departments
from app.services.joint.teams import departments_of
from app.services.joint.withdrawing import BEFORE_THE_MATCH, GIVEN_BACK, ITS_OWN, WITH_VISITS, withdraw
from app.views import given
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.format import TONES
from app.views.rows import may, visits_to_see

VIEW = "JointPlan"
OPEN = (TaskState.DRAFT, *BEFORE_THE_MATCH, *WITH_VISITS)
TONES["PartState"] = {"asked": "warn", "confirmed": "ok", "withdrawn": "bad"}


class JointPartView(BasePage):
    """The answers of departments about a joint task, and the confirmation of a visit."""

    route_base = "/joint-parts"
    class_permission_name = VIEW
    title = _("Joint planning")
    default_view = "confirm"

    @expose("/tasks/<int:pk>/confirm", methods=["POST"])
    @has_access
    @permission_name("approve")
    def confirm(self, pk: int) -> Response:
        """A department confirms that it takes part."""
        with domain_errors_flashed(_("The department has confirmed.")):
            confirm_part(
                pk,
                given.key("agency"),
                given.text("contact", 60),
                g.user,
                datetime.now(UTC),
                document_no=given.text("document_no", 80),
            )
        return redirect(url_for("InspectionTaskView.show", pk=pk, _anchor="departments"))

    @expose("/tasks/<int:pk>/withdraw", methods=["POST"])
    @has_access
    @permission_name("approve")
    def withdraw(self, pk: int) -> Response:
        """A department withdraws."""
        with domain_errors_flashed(_("The department has withdrawn; the others have been told.")):
            withdraw(
                pk,
                given.key("agency"),
                given.text("reason", 300),
                g.user,
                datetime.now(UTC),
                document_no=given.text("document_no", 80),
            )
        return redirect(url_for("InspectionTaskView.show", pk=pk, _anchor="departments"))

    @expose("/tasks/<int:pk>/remind", methods=["POST"])
    @has_access
    @permission_name("write")
    def remind(self, pk: int) -> Response:
        """Tell the departments again that have not answered."""
        with domain_errors_flashed(_("The departments have been told again.")):
            remind_departments(pk, g.user, datetime.now(UTC))
        return redirect(url_for("InspectionTaskView.show", pk=pk, _anchor="departments"))

    @expose("/visits/<int:pk>/confirm", methods=["POST"])
    @has_access
    @permission_name("approve")
    def confirm_whole(self, pk: int) -> Response:
        """The lead confirms the whole of a visit."""
        seen = db.session.scalar(select(Visit.id).where(Visit.id == pk, visits_to_see()))
        if seen is None:
            abort(404)
        with domain_errors_flashed(_("The visit is confirmed as a whole.")):
            confirm_visit(pk, given.text("opinion", 300), g.user, datetime.now(UTC))
        return redirect(url_for("VisitView.show", pk=pk, _anchor="parts"))


class JointTask:
    """What the page of a joint task asks beside its draw."""

    def __init__(self, task: InspectionTask) -> None:
        self.task = task
        self.own = department_of(db.session(), g.user)

    def may_answer(self, part: TaskPart) -> bool:
        """Whether the reader answers for a department: its own, or another one's by its letter."""
        allowed = self.own.id == part.agency_id or self.own.is_bureau
        return may("approve", VIEW) and allowed and part.state != PartState.WITHDRAWN

    def may_remind(self) -> bool:
        """Whether the reader may ask again, and whom: the lead or the bureau, while somebody is silent."""
        silent = any(part.state == PartState.ASKED for part in self.task.parts)
        never = self.task.state in OPEN and departments_of(self.task) - self._known()
        leads = self.own.is_bureau or self.own.id == self.task.lead_agency_id
        return may("write", VIEW) and leads and bool(silent or never)

    def _known(self) -> set[int]:
        return {part.agency_id for part in self.task.parts} | {self.task.lead_agency_id}

    def is_foreign(self, part: TaskPart) -> bool:
        """Whether the reader would enter a letter of another department."""
        return bool(self.own.id != part.agency_id)

    def may_withdraw(self) -> bool:
        """Whether the state of the task still allows it."""
        return self.task.state in OPEN

    def consequence(self) -> str:
        """What becomes of the items of a department that withdraws now."""
        return GIVEN_BACK if self.task.state == TaskState.DRAFT else ITS_OWN

    def figures(self) -> list[tuple[Any, Any, Any]]:
        """Item tasks, visits, the least possible, and what is saved (R75)."""
        draw = next((draw for draw in self.task.draws if draw.state != DrawState.VOID), None)
        if draw is None or draw.least_visits is None:
            return []
        quotas = sum(quota.quota for quota in draw.quotas)
        rows: list[tuple[Any, Any, Any]] = [
            (_("Item tasks"), quotas, _("the sum of all quotas")),
            (
                _("Each department alone"),
                draw.separate_visits,
                _("Σ over departments of the visits of its own draw, expected"),
            ),
            (
                _("Least possible"),
                draw.least_visits,
                _("Σ over enterprises of their largest share, at the time of the freeze"),
            ),
        ]
        visits = visits_drawn(db.session(), draw.id)
        if visits:
            saved = (draw.separate_visits or 0) - visits
            per_visit = f"{quotas / visits:.2f}"
            rows += [
                (_("Visits drawn"), visits, _("enterprises drawn for any item, each visited once")),
                (_("Items a visit"), per_visit, f"{quotas} ÷ {visits}"),
                (
                    _("Visits saved"),
                    saved,
                    f"{draw.separate_visits} − {visits}",
                ),
            ]
        return rows


def joint_of_task(task: InspectionTask) -> JointTask | None:
    """The joint side of a task, where it has one."""
    return JointTask(task) if task.is_joint or task.parts else None


def may_confirm(visit: Visit) -> bool:
    """Whether the reader confirms this visit for its lead."""
    own = department_of(db.session(), g.user)
    return may("approve", VIEW) and own.id == visit.task.lead_agency_id


PARTS = {
    "parts_of_visit": parts_of_visit,
    "joint_of_task": joint_of_task,
    "may_confirm_visit": may_confirm,
    "needs_confirmation": needs_confirmation,
}
