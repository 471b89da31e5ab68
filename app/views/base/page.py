"""Pages of our own beside the registers, and the way a refused step is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import BaseView
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.extensions import db
from app.messages import sentence_for
from app.views.base.refusal import refusal


class BasePage(BaseView):
    """A view with pages of its own.

    Every method carries `@expose`, `@has_access` and, innermost, `@permission_name`; what changes
    anything is a POST.
    """

    class_permission_name: str | None = None
    default_view = "index"
    title: Any = ""

    def __init__(self) -> None:
        if not type(self).class_permission_name:
            raise TypeError(f"{type(self).__name__} must set class_permission_name")
        super().__init__()

    def render(self, template: str, **values: Any) -> str:
        """Render one of our templates with this view's title."""
        return self.render_template(template, **{"title": self.title, "view": self, **values})

    def go(self, method: str, **values: Any) -> Response:
        """Redirect to another page of this view."""
        return redirect(url_for(f"{self.endpoint}.{method}", **values))


@contextmanager
def domain_errors_flashed(done: Any = None) -> Iterator[None]:
    """Run a step; a refusal becomes a message on the next page, success says `done`."""
    try:
        yield
    except DomainError as error:
        db.session.rollback()
        flash(sentence_for(error), "danger")
    except SQLAlchemyError as error:
        db.session.rollback()
        flash(refusal(error), "danger")
    else:
        if done:
            flash(done, "success")
