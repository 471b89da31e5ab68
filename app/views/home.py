"""The work desk: this year's figures and what waits for the signed-in person."""

from __future__ import annotations

from datetime import date

from flask import g
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _

from app.views.base.page import BasePage
from app.views.registry import FIGURES, PANELS, TODOS, Todo

MOST_TODOS = 20


class HomeView(BasePage):
    """The first page after the sign-in."""

    route_base = ""
    class_permission_name = "Home"
    title = _("Work desk")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Figures first, then to-dos, the most urgent on top."""
        figures = [figure for source in FIGURES for figure in source(g.user)]
        waiting = sorted((todo for source in TODOS for todo in source(g.user)), key=urgency)
        stands = min((sheet.as_of for sheet in g.get("sheets", {}).values()), default=None)
        return self.render(
            "home.html", figures=figures, as_of=stands, todos=waiting[:MOST_TODOS], panels=PANELS
        )


def urgency(todo: Todo) -> tuple[int, date]:
    """Late before soon before running, each by its due date."""
    rank = {"bad": 0, "warn": 1, "run": 2}.get(todo.tone, 3)
    return rank, todo.due or date.max
