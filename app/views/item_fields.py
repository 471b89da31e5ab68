"""Form fields of an item version: ratios typed as percentages, methods ticked instead of coded."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, SelectMultipleField, StringField

from app.domain.policy import PPM
from app.domain.vocabulary import CheckMethod
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


class MethodsField(SelectMultipleField):
    """The methods of inspection, kept in the record as codes separated by commas."""

    widget = Boxes()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[], **kwargs)

    def iter_choices(self) -> Any:
        """Every method with its label."""
        chosen = (self.data or "").split(",") if isinstance(self.data, str) else self.data or []
        return [(member.value, label_of(member), member.value in chosen, {}) for member in CheckMethod]

    def process_data(self, value: Any) -> None:
        """Take the codes of the record."""
        self.data = (value or CheckMethod.ON_SITE.value).replace("、", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the ticked codes in the order of the vocabulary."""
        self.data = ",".join(member.value for member in CheckMethod if member.value in valuelist)

    def pre_validate(self, form: Any) -> None:
        """At least one method."""
        if not self.data:
            raise ValueError(_("Choose at least one method."))
