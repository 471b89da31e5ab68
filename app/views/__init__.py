"""The whole menu as one table, and the views that stand in no menu."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_appbuilder import AppBuilder
from flask_babel import get_babel
from flask_babel import lazy_gettext as _

from app.views import accounts, language
from app.views.base import arguments
from app.views.frame import furnish
from app.views.home import HomeView
from app.views.menu import Entry, Group
from app.views.search import SearchView

MENU: list[Group] = [
    Group("", "", [Entry(HomeView, _("Work desk"))]),
    Group(_("List and two rosters"), "", []),
    Group(_("Random inspection"), "", []),
    Group(_("Inspection"), "", []),
    Group(_("Disclosure and analysis"), "", []),
    Group(
        _("System"),
        "",
        [Entry(accounts.UserView, _("Users")), Entry(accounts.RoleView, _("Roles and rights"))],
    ),
]

# Views that are reached from other pages only.
OTHER_VIEWS: list[type[Any]] = [
    SearchView,
    accounts.AccountView,
    accounts.PasswordView,
    language.LanguageView,
]

# Everything that answers without a sign-in; a test compares this with what is exposed.
PUBLIC_PAGES: frozenset[str] = frozenset({"SignInView.login", "SignInView.logout", "LanguageView.choose"})


def register(appbuilder: AppBuilder) -> None:
    """Register every view once: those of the menu, those beside it, and the sign-in."""
    get_babel().locale_selector = language.chosen
    accounts.register(appbuilder)
    for group in MENU:
        for entry in group.entries:
            if entry.view is not HomeView:
                appbuilder.add_view_no_menu(entry.view)
    for view in OTHER_VIEWS:
        appbuilder.add_view_no_menu(view)
    app = current_app._get_current_object()
    arguments.register(app)
    app.before_request(accounts.close_unused_pages)
    app.before_request(accounts.ask_to_sign_in)
    furnish(app, MENU)
