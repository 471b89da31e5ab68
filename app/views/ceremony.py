"""The forms of the public steps: freezing, seed, draw, voiding; each with a second person as witness."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.draw.seed import SOURCES as KNOWN_SOURCES
from app.models import Draw
from app.services.freezing import DEFAULT_SEEDS
from app.views.base.fields import ChoiceWidget, MomentField, TextAreaWidget, TextWidget
from app.views.task_page import SOURCES, VIEW, event_name, source_name

MOST_SOURCES = 3
EVENT_HELP = _("Dice: ceremony or ceremony-20; lottery: issue number such as 2026312; drand: round")


class WitnessForm(DynamicForm):
    """The second person types name and password; only who may witness is accepted."""

    witness = StringField(
        _("User name of the witness"), [InputRequired(), Length(max=64)], widget=TextWidget()
    )
    witness_password = PasswordField(_("Password of the witness"), [InputRequired(), Length(max=200)])

    def witnessed_by(self) -> User | None:
        """The witness, or None with an error at the field when the proof fails."""
        manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
        user = manager.auth_user_db(self.witness.data.strip(), self.witness_password.data)
        if user is None or not manager._has_view_access(user, "can_witness", VIEW):
            self.witness_password.errors = [
                *self.witness_password.errors,
                _("Name or password is wrong, or this person may not witness."),
            ]
            return None
        return user


class FreezeForm(WitnessForm):
    """Seed sources with their events, the moment from which the seed may be entered, the hash."""

    source_1 = SelectField(_("First seed source"), widget=ChoiceWidget(), default=DEFAULT_SEEDS[0][0])
    event_1 = StringField(
        _("Event number"),
        [Length(max=60)],
        widget=TextWidget(),
        default=DEFAULT_SEEDS[0][1],
        description=EVENT_HELP,
    )
    source_2 = SelectField(_("Second seed source"), widget=ChoiceWidget(), default="")
    event_2 = StringField(_("Event number"), [Length(max=60)], widget=TextWidget())
    source_3 = SelectField(_("Third seed source"), widget=ChoiceWidget(), default="")
    event_3 = StringField(_("Event number"), [Length(max=60)], widget=TextWidget())
    seed_after = MomentField(
        _("Seed may be entered from"),
        [Optional()],
        format=["%Y-%m-%dT%H:%M"],
        description=_("Empty: at once, for dice thrown before the witness"),
    )
    algorithm = SelectField(
        _("Hash algorithm"),
        choices=[SelectChoice("sha256", "SHA-256"), SelectChoice("sm3", "SM3")],
        widget=ChoiceWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [SelectChoice(name, source_name(name)) for name in SOURCES if name in KNOWN_SOURCES]
        for place in range(1, MOST_SOURCES + 1):
            field = self[f"source_{place}"]
            field.choices = known if place == 1 else [SelectChoice("", _("none")), *known]

    def seeds(self) -> list[tuple[str, str]]:
        """The chosen (source, event) pairs."""
        pairs = (
            (self[f"source_{place}"].data, self[f"event_{place}"].data)
            for place in range(1, MOST_SOURCES + 1)
        )
        return [(source, (event or "").strip()) for source, event in pairs if source]

    def opens(self) -> datetime | None:
        """The moment from which the seed may be entered, None for at once."""
        return self.seed_after.data.astimezone(UTC) if self.seed_after.data else None

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in their fieldsets."""
        sources = [
            self[f"{name}_{place}"] for place in range(1, MOST_SOURCES + 1) for name in ("source", "event")
        ]
        return [
            (_("Public seed"), [*sources, self.seed_after, self.algorithm]),
            (_("Witness"), [self.witness, self.witness_password]),
        ]


class DrawForm(WitnessForm):
    """The draw itself asks for nothing but the witness."""

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in their fieldsets."""
        return [(_("Witness"), [self.witness, self.witness_password])]


class VoidForm(WitnessForm):
    """A draw is voided with its reason."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=300)], widget=TextAreaWidget())

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in their fieldsets."""
        return [(_("Voiding"), [self.reason]), (_("Witness"), [self.witness, self.witness_password])]


class ReplaceForm(WitnessForm):
    """A drawn firm that has ceased gives its place to the next reserve."""

    identifier = StringField(
        _("Credit code of the ceased firm"), [InputRequired(), Length(max=22)], widget=TextWidget()
    )
    evidence = TextAreaField(
        _("Evidence"),
        [InputRequired(), Length(max=300)],
        widget=TextAreaWidget(),
        description=_("Why the firm has ceased: notice number, date, authority"),
    )

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in their fieldsets."""
        return [
            (_("Replacement"), [self.identifier, self.evidence]),
            (_("Witness"), [self.witness, self.witness_password]),
        ]


def seed_form(draw: Draw) -> Any:
    """The form for the outcomes of the planned events, one field an event."""
    fields: dict[str, Any] = {
        f"value_{seed.ordinal}": StringField(
            f"{source_name(seed.source)} {event_name(seed.event)}",
            [InputRequired(), Length(max=200)],
            widget=TextWidget(),
            description=_HELP.get(seed.source, ""),
        )
        for seed in draw.seeds
    }
    fields["evidence"] = StringField(
        _("Evidence"),
        [Optional(), Length(max=300)],
        widget=TextWidget(),
        description=_("Notice number, address or photo from which anybody can check the values"),
    )
    fields["parts"] = _seed_parts
    return type("SeedForm", (WitnessForm,), fields)()


def values_of(form: Any, draw: Draw) -> dict[tuple[str, str], str]:
    """What was typed, by (source, event)."""
    return {(seed.source, seed.event): form[f"value_{seed.ordinal}"].data for seed in draw.seeds}


def _seed_parts(form: Any) -> list[tuple[Any, list[Any]]]:
    values = [field for field in form if field.name.startswith("value_")]
    return [
        (_("Outcomes of the public events"), [*values, form.evidence]),
        (_("Witness"), [form.witness, form.witness_password]),
    ]


_HELP: dict[str, Any] = {
    "dice-d10": _("The digits in the order in which they were thrown"),
    "cwl-kl8": _("The 20 numbers, separated by spaces"),
    "cwl-ssq": _("Six red numbers, then the blue one"),
    "cwl-3d": _("Three digits"),
    "drand-quicknet": _("The value (64 hexadecimal characters) or the signature (96), which is then checked"),
}
