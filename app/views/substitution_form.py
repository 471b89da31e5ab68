"""The form of a substitution: who drops out, why, where, and the second person who approves it (R19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.services.match_review import Person, person_of
from app.views.base.fields import ChoiceWidget, TextAreaWidget, TextWidget
from app.views.ceremony import WitnessForm

VIEW = "Matching"


class SubstitutionForm(WitnessForm):
    """Only people in teams that may still change can be chosen; who comes instead is never asked."""

    inspector = SelectField(_("Inspector who drops out"), [InputRequired()], widget=ChoiceWidget())
    enterprise = SelectField(
        _("Only at this enterprise"),
        [Optional()],
        widget=ChoiceWidget(),
        description=_(
            "Empty: off every visit not yet made (illness, transfer). One enterprise: recusal granted."
        ),
    )
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(), Length(max=300)],
        widget=TextAreaWidget(),
        description=_("Kept inside; what is published names the change only."),
    )
    witness = StringField(
        _("User name of the approver"), [InputRequired(), Length(max=64)], widget=TextWidget()
    )
    witness_password = PasswordField(_("Password of the approver"), [InputRequired(), Length(max=200)])

    def __init__(self, teams: Mapping[str, tuple[str, list[str]]], known: Mapping[str, Person]) -> None:
        super().__init__()
        names = sorted({staff_no for _name, team in teams.values() for staff_no in team})
        self.inspector.choices = [("", _("Please choose")), *((name, _worded(known, name)) for name in names)]
        self.enterprise.choices = [
            ("", _("all visits not yet made")),
            *((identifier, f"{name}（{'、'.join(team)}）") for identifier, (name, team) in teams.items()),
        ]

    def approved_by(self) -> User | None:
        """The approver, or None with an error at the field when the proof fails."""
        user = self.witnessed_by()
        manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
        if user is not None and manager._has_view_access(user, "can_assign", VIEW):
            return user
        self.witness_password.errors = [
            _("Name or password is wrong, or this person may not approve a substitution.")
        ]
        return None

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in their fieldsets."""
        return [
            (_("Substitution"), [self.inspector, self.enterprise, self.reason]),
            (_("Approval"), [self.witness, self.witness_password]),
        ]


def _worded(known: Mapping[str, Person], staff_no: str) -> str:
    person = person_of(known, staff_no)
    return f"{staff_no} {person.name} · {person.agency}"
