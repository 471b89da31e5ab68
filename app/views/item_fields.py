"""Form fields of an item version: ratios typed as percentages, methods ticked instead of coded."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, SelectMultipleField, StringField, ValidationError

from app.domain.policy import PPM
from app.domain.vocabulary import AgencyLevel, CheckMethod, Term
from app.views.base import label_of
from app.views.base.fields import TextWidget


def ppm_of(text: str) -> int | None:
    """A percentage as typed in parts per million; None unless above 0 and at most 100."""
    try:
        ppm = Decimal(text.strip().rstrip("%％")) * PPM / 100
    except InvalidOperation:
        return None
    return int(ppm) if ppm.is_finite() and 0 < ppm <= PPM and ppm == int(ppm) else None


class PercentField(StringField):
    """A ratio in per cent on the page, in parts per million in the record."""

    widget = TextWidget()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data * 100 / PPM:g}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the percentage."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = ppm_of(text) if text else None
        if text and self.data is None:
            raise ValueError(_("Type a percentage above 0 and at most 100."))


class Boxes:
    """Check boxes with their labels, side by side."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        box = Markup('<label class="chip"><input type="checkbox" name="{}" value="{}"{}> {}</label>')
        chips = Markup("").join(
            box.format(field.name, value, Markup(" checked") if chosen else "", label)
            for value, label, chosen, *_rest in field.iter_choices()
        )
        return Markup('<div class="bar">{}</div>').format(chips)


class CodesField(SelectMultipleField):
    """Terms of a vocabulary, kept in the record as codes separated by commas; at least one."""

    widget = Boxes()
    vocabulary: type[Term]
    proposed = ""
    missing: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[], **kwargs)

    def iter_choices(self) -> Any:
        """Every term with its label."""
        chosen = (self.data or "").split(",") if isinstance(self.data, str) else self.data or []
        return [(term.value, label_of(term), term.value in chosen, {}) for term in self.vocabulary]

    def process_data(self, value: Any) -> None:
        """Take the codes of the record."""
        self.data = (value or self.proposed).replace("、", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the ticked codes in the order of the vocabulary."""
        self.data = ",".join(term.value for term in self.vocabulary if term.value in valuelist)

    def pre_validate(self, form: Any) -> None:
        """At least one."""
        if not self.data:
            raise ValidationError(str(self.missing))


class MethodsField(CodesField):
    """The methods of inspection (R48)."""

    vocabulary = CheckMethod
    proposed = CheckMethod.ON_SITE.value
    missing = _l("Choose at least one method.")


class LevelsField(CodesField):
    """The levels at which an item is supervised here (R7)."""

    vocabulary = AgencyLevel
    proposed = f"{AgencyLevel.CITY.value},{AgencyLevel.DISTRICT.value}"
    missing = _l("Choose at least one level.")
