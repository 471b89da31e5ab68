"""计划行: the form in which published items, ratios and a period become a line of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.policy import PPM
from app.domain.vocabulary import PlanState, Scope, Stratification
from app.extensions import db
from app.models import Agency, InspectionPlan, ItemVersion
from app.services import planning
from app.services.items import published_versions
from app.services.risk.proposals import adopted_ratios
from app.views.base import BasePage, domain_errors_flashed
from app.views.base.fields import ChoiceWidget, DateWidget, NumberWidget, TextWidget, VocabularyField
from app.views.entry_forms import is_key
from app.views.item_fields import PercentField, ppm_of
from app.views.items import ratio
from app.views.labels import LABELS


class PlanLineForm(DynamicForm):
    """Everything of a line but its items."""

    name = StringField(_("Name of the line"), [InputRequired(), Length(max=120)], widget=TextWidget())
    lead_agency = SelectField(LABELS["lead_agency"], coerce=int, widget=ChoiceWidget())
    starts_on = DateField(_("Begins on"), [InputRequired()], widget=DateWidget())
    ends_on = DateField(_("Ends on"), [InputRequired()], widget=DateWidget())
    stratification = VocabularyField(
        _("Strata"),
        [InputRequired()],
        Stratification,
        description=_(
            "Complaints and listings are drawn at a higher ratio; risk classes make a sealed draw."
        ),
    )
    scope = VocabularyField(_("Targeted or not"), [InputRequired()], Scope)
    batches = IntegerField(
        _("Batches"),
        [InputRequired(), NumberRange(1, 12)],
        widget=NumberWidget(),
        description=_("The ratio is a whole-year total, spread over the batches."),
    )
    minimum = IntegerField(
        _("At least per stratum"), [Optional(), NumberRange(0)], widget=NumberWidget(), description=_("firms")
    )
    maximum = IntegerField(
        _("At most per stratum"), [Optional(), NumberRange(0)], widget=NumberWidget(), description=_("firms")
    )
    attention_ppm = PercentField(
        _("Ratio for complaints and listings (per cent)"),
        [Optional()],
        description=_("Empty: three times the ratio of the item"),
    )
    accepts_guesses = BooleanField(_("Guessed categories count as well"))

    def validate_ends_on(self, field: Any) -> None:
        """A line ends after it begins."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_("The end lies before the beginning."))


@dataclass(frozen=True)
class Choice:
    """One published item with its tick and the percentage typed."""

    version: ItemVersion
    chosen: bool
    percent: str
    proposed: bool = False
    """Whether the percentage is one that was proposed because of a warning, and adopted for the year."""


class PlanLineView(BasePage):
    """Adds a line to a draft plan."""

    route_base = "/plans"
    class_permission_name = "InspectionPlan"
    default_view = "add"
    title = _("Add a line")

    @expose("/<int:pk>/lines/add", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def add(self, pk: int) -> Response | str:
        """Choose published items and their ratios."""
        plan = db.session.get(InspectionPlan, pk)
        if plan is None:
            abort(404)
        form = self._form(plan)
        if plan.state == PlanState.DRAFT and form.validate_on_submit():
            items = ratios_of(request.form)
            if items is None:
                flash(
                    _("Tick at least one item and give each a ratio above 0 and up to 100 per cent."),
                    "danger",
                )
            elif self._added(plan, form, items):
                return redirect(url_for("InspectionPlanView.show", pk=pk))
        return self.render(
            "plans/line.html",
            plan=plan,
            form=form,
            groups=grouped(published_versions(db.session()), adopted_ratios(plan.year)),
        )

    def ratio(self, ppm: int) -> str:
        """A ratio as a percentage."""
        return ratio(ppm)

    def _form(self, plan: InspectionPlan) -> PlanLineForm:
        form = PlanLineForm(
            data={"stratification": Stratification.ATTENTION, "scope": Scope.TARGETED, "batches": 1}
        )
        agencies = db.session.scalars(select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)).all()
        form.lead_agency.choices = [SelectChoice(agency.id, agency.name) for agency in agencies]
        if request.method == "GET":
            form.lead_agency.data = plan.agency_id
        return form

    def _added(self, plan: InspectionPlan, form: PlanLineForm, items: dict[int, int]) -> bool:
        with domain_errors_flashed(_("The line was added.")):
            bounds = planning.Bounds(form.minimum.data, form.maximum.data, form.attention_ppm.data)
            planning.add_line(
                plan.id,
                form.name.data,
                items,
                g.user,
                lead_agency_id=form.lead_agency.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                stratification=form.stratification.data,
                scope=form.scope.data,
                batches=form.batches.data,
                accepts_guesses=form.accepts_guesses.data,
                bounds=bounds,
            )
            return True
        return False


def grouped(
    versions: list[ItemVersion], adopted: Mapping[int, int] | None = None
) -> list[tuple[str, list[Choice]]]:
    """The published items by department and field, with what was ticked and typed before.

    `adopted` are the ratios adopted for the year because of risk warnings, by item (art. 11).
    """
    known = adopted or {}
    ticked = set(request.form.getlist("version"))

    def heading(version: ItemVersion) -> tuple[bool, str]:
        return not version.item.agency.is_bureau, f"{version.item.agency.short_name} · {version.item.field}"

    return [
        (name, [_choice(version, str(version.id) in ticked, known.get(version.item_id)) for version in group])
        for (_rank, name), group in groupby(sorted(versions, key=heading), key=heading)
    ]


def ratios_of(given: Any) -> dict[int, int] | None:
    """Item version keys with their ratio in ppm, or None when nothing or nonsense was chosen."""
    found = {}
    for key in given.getlist("version"):
        ppm = ppm_of(given.get(f"percent-{key}", ""))
        if ppm is None or not is_key(key):
            return None
        found[int(key)] = ppm
    return found or None


def _choice(version: ItemVersion, chosen: bool, adopted: int | None) -> Choice:
    usual = f"{(adopted or version.minimum_ppm) * 100 / PPM:g}"
    return Choice(version, chosen, request.form.get(f"percent-{version.id}", usual), adopted is not None)
