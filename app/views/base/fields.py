"""Form fields: native dates, vocabularies with labels, options fetched while typing.

Nothing here loads a related table: FAB's own selects read every row into the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any

from flask import url_for
from flask_appbuilder.forms import FieldConverter, GeneralModelConverter
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    FloatField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import Choice
from wtforms.widgets import html_params

from app.views.base.format import CLOCK, label_of, local
from app.views.base.interface import RegisterInterface

BLANK = ""


class TextWidget(widgets.TextInput):
    """One line of text; the label is above it, not inside."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", **kwargs})


class TextAreaWidget(widgets.TextArea):
    """Several lines of text."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", "rows": 3, **kwargs})


class DateWidget(widgets.DateInput):
    """The browser's own calendar, in the reader's language."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", **kwargs})


class DateTimeWidget(widgets.DateTimeLocalInput):
    """The browser's own calendar with a time."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", "step": "60", **kwargs})


class NumberWidget(widgets.NumberInput):
    """A number; the keyboard of a phone shows digits."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", **kwargs})


class ChoiceWidget(widgets.Select):
    """A select that needs no script."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{"class": "form-control", **kwargs})


class MomentField(DateTimeLocalField):
    """A moment typed and shown on the clock of the bureau; the data carries its zone."""

    def process_data(self, value: datetime | None) -> None:
        """Show a stored moment on the bureau's clock."""
        super().process_data(local(value) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed as the bureau's clock."""
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=CLOCK)


class VocabularyField(SelectField):
    """A choice among the members of a vocabulary; the data is the member, the page shows labels."""

    widget = ChoiceWidget()

    def __init__(
        self, label: Any = None, validators: Any = None, vocabulary: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, coerce=self._member, choices=[], **kwargs)
        self.vocabulary = vocabulary

    def iter_choices(self) -> Iterator[Choice]:
        """The members in their order, after a blank one."""
        yield Choice(BLANK, _("Please choose"), self.data is None, {})
        for member in self.vocabulary:
            yield Choice(member.value, label_of(member), member == self.data, {})

    def pre_validate(self, form: Any) -> None:
        """Coercion already refused what is no member."""

    def _member(self, value: Any) -> Enum | None:
        if value in (None, BLANK):
            return None
        return self.vocabulary(value.value if isinstance(value, Enum) else value)


class RemoteWidget:
    """A select whose options come from `data-url` while the user types."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        attributes = {
            "id": field.id,
            "name": field.name,
            "class": "remote form-control",
            "data-url": url_for(field.endpoint, field=field.column),
        }
        if field.multiple:
            attributes["multiple"] = True
        return Markup("<select {}>{}</select>").format(
            Markup(html_params(**attributes)), self._options(field)
        )

    def _options(self, field: Field) -> Markup:
        blank = Markup("" if field.multiple else '<option value=""></option>')
        return blank + Markup("").join(
            Markup('<option value="{}" selected>{}</option>').format(key, text)
            for key, text in field.chosen()
        )


class RemoteField(Field):
    """One related row (or several); only what was chosen is ever read."""

    widget = RemoteWidget()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        interface: RegisterInterface,
        endpoint: str,
        column: str,
        multiple: bool = False,
        base_filters: list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.interface, self.endpoint, self.column = interface, endpoint, column
        self.multiple, self.base_filters = multiple, base_filters or []

    def chosen(self) -> list[tuple[Any, str]]:
        """Keys and texts of the rows chosen so far."""
        rows = list(self.data or []) if self.multiple else [self.data] if self.data is not None else []
        return [(self.interface.get_pk_value(row), str(row)) for row in rows]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the chosen rows by key, through the same filter as the options."""
        keys = {value for value in valuelist if value}
        filters = self.interface.get_filters().add_filter_list(self.base_filters)
        rows = self.interface.get_many(keys, filters) if keys else []
        if len(rows) != len(keys):
            raise ValueError(self.gettext("Not a valid choice"))
        self.data = rows if self.multiple else (rows[0] if rows else None)


class PlainConverter(FieldConverter):
    """FAB's table of fields with widgets that need neither script nor style."""

    conversion_table = (
        ("is_text", TextAreaField, TextAreaWidget),
        ("is_json", TextAreaField, TextAreaWidget),
        ("is_string", StringField, TextWidget),
        ("is_integer", IntegerField, NumberWidget),
        ("is_float", FloatField, TextWidget),
        ("is_numeric", DecimalField, TextWidget),
        ("is_boolean", *FieldConverter.conversion_table[9][1:]),
        ("is_date", DateField, DateWidget),
        ("is_datetime", MomentField, DateTimeWidget),
    )


class RegisterConverter(GeneralModelConverter):
    """Makes the forms of a register; relations become remote fields."""

    def __init__(self, view: Any) -> None:
        super().__init__(view.datamodel)
        self.view = view

    def _convert_col(
        self,
        col_name: str,
        label: Any,
        description: Any,
        lst_validators: list[Any],
        filter_rel_fields: Any,
        form_props: dict[str, Any],
    ) -> dict[str, Any]:
        rules = list(lst_validators)  # FAB appends to the list it is given, which the class owns
        vocabulary = self.view.vocabulary_of(col_name)
        if self.datamodel.is_relation(col_name):
            form_props[col_name] = self.view.remote_field(col_name, label, description, rules)
        elif vocabulary is not None:
            form_props[col_name] = self._choice(col_name, label, description, rules, vocabulary)
        else:
            self._plain(col_name, label, description, rules, form_props)
        return form_props

    def _choice(
        self, col_name: str, label: Any, description: Any, rules: list[Any], vocabulary: Any
    ) -> VocabularyField:
        needed = validators.Optional() if self.datamodel.is_nullable(col_name) else validators.InputRequired()
        default = self.datamodel.get_col_default(col_name)
        return VocabularyField(label, [needed, *rules], vocabulary, description=description, default=default)

    def _plain(
        self, col_name: str, label: Any, description: Any, rules: list[Any], form_props: dict[str, Any]
    ) -> None:
        self._convert_simple(col_name, label, description, rules, form_props)  # completes the rules
        default = self.datamodel.get_col_default(col_name)
        if self.datamodel.is_boolean(col_name) or default == "":
            rules = [rule for rule in rules if not isinstance(rule, validators.InputRequired)]
        field = PlainConverter(self.datamodel, col_name, label, description, rules, default).convert()
        if self.datamodel.is_string(col_name) or self.datamodel.is_text(col_name):
            field.kwargs["filters"] = [blank_to_none if self.datamodel.is_nullable(col_name) else stripped]
        form_props[col_name] = field


def stripped(text: str | None) -> str:
    """Text without the blanks around it."""
    return (text or "").strip()


def blank_to_none(text: str | None) -> str | None:
    """Nothing typed is nothing stored: two empty texts would break a unique column."""
    return stripped(text) or None


def vocabulary_of_column(datamodel: Any, name: str) -> Any:
    """The enumeration that a column stores, None for other columns."""
    column = datamodel.list_columns.get(name)
    if column is None:
        return None
    kind = column.type
    return getattr(kind, "enum_class", None) or getattr(kind, "vocabulary", None)
