"""The language of the pages: Chinese unless the reader chose English."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, session
from flask_appbuilder import BaseView, expose
from flask_appbuilder.utils.base import get_safe_redirect
from werkzeug.wrappers import Response


def chosen() -> str:
    """The language of this request; reading it creates no session."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    return session.get("locale", default) if request else default


class LanguageView(BaseView):
    """The switch in the head of every page."""

    route_base = "/language"
    class_permission_name = "Language"
    default_view = "choose"

    @expose("/", methods=["POST"])
    def choose(self) -> Response:
        """Remember the language for this session and return to the page."""
        language = request.form.get("language", "")
        if language not in current_app.config["LANGUAGES"]:
            abort(400)
        session["locale"] = language
        return redirect(get_safe_redirect(request.form.get("next", "")))
