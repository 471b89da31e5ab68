"""年度抽查计划: its lines, its life from draft to disclosure, and the form for a new line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.domain.lifecycle import PLAN
from app.domain.lifecycle import may as lawful
from app.domain.vocabulary import PlanState
from app.extensions import db
from app.models import Agency, InspectionPlan
from app.services import planning
from app.services.joint import settled
from app.views.base import LedgerView, RegisterInterface, domain_errors_flashed, label_of
from app.views.base.fields import ChoiceWidget, NumberWidget, TextWidget
from app.views.base.format import CLOCK
from app.views.items import ratio
from app.views.labels import LABELS
from app.views.rows import OwnAgency, may

STEPS: dict[str, tuple[str, Any]] = {
    "submit": ("write", _("Submit for approval")),
    "approve": ("approve", _("Approve")),
    "file": ("file", _("Record the filing")),
    "disclose": ("disclose", _("Disclose the plan")),
}


class PlanForm(DynamicForm):
    """A new plan."""

    year = IntegerField(LABELS["year"], [InputRequired(), NumberRange(2000, 2999)], widget=NumberWidget())
    title = StringField(LABELS["title"], [InputRequired(), Length(max=120)], widget=TextWidget())
    agency = SelectField(LABELS["agency"], coerce=int, widget=ChoiceWidget())


class InspectionPlanView(LedgerView):
    """The annual plans: draft, approval, filing, disclosure (R21)."""

    route_base = "/plans"
    datamodel = RegisterInterface(InspectionPlan, eager={"lines"})
    class_permission_name = "InspectionPlan"
    title = _("Annual plans")
    noun = _("annual plan")
    subtitle = _("No task without an approved, filed and disclosed plan.")
    base_filters = [["agency_id", OwnAgency, None]]
    list_template = "plans/list.html"
    show_template = "plans/show.html"
    list_columns = ["title", "year", "agency", "state", "filing_no", "disclosed_at"]
    show_columns = ["title", "year", "agency", "state", "filing_no"]
    search_columns = ["year", "title", "state"]
    order_columns = ["year", "title"]
    base_order = ("year", "desc")
    tag_columns = {"state"}
    label_columns = {**LABELS, "filing_no": _("Filing number"), "disclosed_at": _("Disclosed at")}

    def steps_of(self, plan: InspectionPlan) -> list[tuple[str, str]]:
        """The life of the plan as a bar."""
        order = list(PlanState)
        reached = order.index(plan.state)
        return [
            (label_of(state), "now" if place == reached else "done" if place < reached else "")
            for place, state in enumerate(order)
        ]

    def next_step(self, plan: InspectionPlan) -> tuple[str, Any, str] | None:
        """The next lawful step as (name, words, why not)."""
        for event, (power, words) in STEPS.items():
            if lawful(PLAN, plan.state, event):
                return event, words, self._why_not(plan, event, power)
        return None

    def may_return(self, plan: InspectionPlan) -> bool:
        """Whether the reader may send the plan back."""
        return lawful(PLAN, plan.state, "return") and may("approve", "InspectionPlan")

    def may_write(self, plan: InspectionPlan) -> bool:
        """Whether the reader may add lines."""
        return plan.state == PlanState.DRAFT and may("write", "InspectionPlan")

    def ratio(self, ppm: int) -> str:
        """A ratio as a percentage."""
        return ratio(ppm)

    def total(self, plan: InspectionPlan) -> int:
        """The targets that the whole plan asks for, item by item."""
        return sum(entry.target_count for line in plan.lines for entry in line.items)

    def may(self, power: str) -> bool:
        """Whether the reader holds this power on plans."""
        return may(power, "InspectionPlan")

    def _why_not(self, plan: InspectionPlan, event: str, power: str) -> str:
        if not may(power, "InspectionPlan"):
            return str(_("Another role takes this step."))
        if event == "submit" and not any(line.items for line in plan.lines):
            return str(_("Add a line with an item first."))
        if event == "submit" and (waiting := settled.waiting_for(db.session(), plan)):
            return str(_("Not settled between departments: %(names)s", names="、".join(waiting)))
        if event == "approve" and plan.submitted_by_id == g.user.id:
            return str(_("You submitted it; somebody else approves."))
        return ""

    @expose("/create", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def create(self) -> Response | str:
        """Open a new draft."""
        form = PlanForm(data={"year": datetime.now(CLOCK).year, "title": ""})
        agencies = db.session.scalars(select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)).all()
        form.agency.choices = [SelectChoice(agency.id, agency.name) for agency in agencies]
        if form.validate_on_submit():
            with domain_errors_flashed(_("The draft was opened; now add its lines.")):
                key = planning.create_plan(form.year.data, form.title.data, form.agency.data, g.user)
                return redirect(url_for(".show", pk=key))
        fields = [form.year, form.title, form.agency]
        return self.render_template("plans/create.html", title=_("New plan"), form=form, fields=fields)

    @expose("/<int:pk>/submit", methods=["POST"])
    @has_access
    @permission_name("write")
    def submit(self, pk: int) -> Response:
        """Submit the plan for approval."""
        self._found(pk)
        with domain_errors_flashed(_("The plan was submitted; its counts were taken anew.")):
            planning.submit_plan(pk, g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/return", methods=["POST"])
    @has_access
    @permission_name("approve")
    def send_back(self, pk: int) -> Response:
        """Send the plan back with a reason."""
        self._found(pk)
        with domain_errors_flashed(_("The plan was sent back.")):
            planning.return_plan(pk, request.form.get("reason", "").strip(), g.user)
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/approve", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve(self, pk: int) -> Response:
        """Approve a plan that somebody else submitted."""
        self._found(pk)
        with domain_errors_flashed(_("The plan was approved.")):
            planning.approve_plan(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/file", methods=["POST"])
    @has_access
    @permission_name("file")
    def file(self, pk: int) -> Response:
        """Put the filing number on record."""
        self._found(pk)
        with domain_errors_flashed(_("The filing was recorded.")):
            planning.file_plan(pk, request.form.get("filing_no", ""), g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/disclose", methods=["POST"])
    @has_access
    @permission_name("disclose")
    def disclose(self, pk: int) -> Response:
        """Disclose the filed plan."""
        self._found(pk)
        with domain_errors_flashed(_("The plan was disclosed.")):
            planning.disclose_plan(pk, g.user, datetime.now(UTC))
        return redirect(url_for(".show", pk=pk))
