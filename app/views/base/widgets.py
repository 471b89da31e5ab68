"""The parts of a register's pages, each a template of ours."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.widgets import FormWidget, ListWidget, RenderTemplateWidget, ShowWidget


class RegisterList(ListWidget):
    """The grid with its pager."""

    template = "widgets/list.html"


class RegisterForm(FormWidget):
    """A form in two columns, in fieldsets where the view declares them."""

    template = "widgets/form.html"


class RegisterShow(ShowWidget):
    """The fields of one record."""

    template = "widgets/show.html"


class RegisterSearch(RenderTemplateWidget):
    """The visible search fields and the chips of the filters in force."""

    template = "widgets/search.html"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
