"""Sign-in, the own account, users and roles."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask_appbuilder import AppBuilder, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import Role, User
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.validators import PasswordComplexityValidator
from flask_babel import lazy_gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response
from wtforms import PasswordField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from app.security.roles import GRANTS
from app.views.base.interface import RegisterInterface
from app.views.base.page import BasePage
from app.views.base.register import LedgerView, RegisterView
from app.views.base.remote import Remote

CLOSED_PAGES = frozenset({"LocaleView.index", "UtilView.back"})
LARGEST_USER = 2**31 - 1
POWER_WORDS: dict[str, Any] = {
    "read": _("look"),
    "write": _("add and edit"),
    "import": _("import"),
    "export": _("export"),
    "freeze": _("freeze the roster"),
    "seed": _("enter the seed"),
    "draw": _("draw"),
    "match": _("match inspectors"),
    "assign": _("assign"),
    "witness": _("witness"),
    "record": _("record findings"),
    "review": _("review"),
    "approve": _("approve"),
    "file": _("file with the superior"),
    "disclose": _("disclose"),
    "void": _("void"),
}
NEW_PASSWORD = _("At least 10 characters of three kinds: capital letters, small letters, digits, signs")


def register(appbuilder: AppBuilder) -> None:
    """The sign-in page; the other views of this file stand in the menu table."""
    manager = appbuilder.sm
    manager.auth_view = appbuilder.add_view_no_menu(SignInView)
    if manager.is_auth_limited:
        manager.limit_sign_in(manager.auth_view)


def close_unused_pages() -> None:
    """FAB brings pages that change the session by GET; ours do that by POST."""
    if request.endpoint in CLOSED_PAGES:
        abort(404)


def ask_to_sign_in() -> Response | None:
    """Lead a reader without a session to the sign-in, without the word "denied"."""
    page = current_app.view_functions.get(request.endpoint or "")
    if current_user.is_authenticated or not hasattr(page, "_permission_name"):
        return None
    if request.method != "GET" or str(request.endpoint).endswith(".lookup"):
        return None
    return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))


class SignInView(AuthDBView):
    """The door. The answer is the same for a wrong name, a wrong password and a locked account."""

    login_template = "sign_in.html"
    title = _("Sign in")
    invalid_login_message = _(
        "User name or password is wrong. After five failures in a row an account is locked for 30 minutes."
    )

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session on the server, not only in the browser."""
        logout_user()
        answer = redirect(url_for(".login"))
        answer.headers["Clear-Site-Data"] = '"storage"'  # what the phone kept at hand
        return answer


class NewPasswordForm(DynamicForm):
    """A new password, typed twice."""

    password = PasswordField(
        _("New password"),
        description=NEW_PASSWORD,
        validators=[InputRequired(), PasswordComplexityValidator()],
    )
    again = PasswordField(
        _("New password again"), validators=[EqualTo("password", message=_("The two passwords differ."))]
    )


class OwnPasswordForm(NewPasswordForm):
    """A new password for oneself; the present one proves who is asking."""

    present = PasswordField(_("Present password"), validators=[InputRequired()])

    def validate_present(self, field: Any) -> None:
        if not check_password_hash(g.user.password, field.data or ""):
            raise ValidationError(_("The present password is wrong."))


class AccountView(BasePage):
    """The signed-in person's own account."""

    route_base = "/account"
    class_permission_name = "Account"
    title = _("My account")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """Name, roles, last sign-in."""
        return self.render("accounts/account.html", user=g.user)

    @expose("/password", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def password(self) -> Response | str:
        """Change the own password; every other session of the account ends."""
        form = OwnPasswordForm()
        if form.validate_on_submit():
            user = self.appbuilder.sm.get_user_by_id(g.user.id)
            self.appbuilder.sm.reset_password(user.id, form.password.data)
            login_user(user)
            flash(_("The password was changed. All other sessions of the account have ended."), "success")
            return self.go("index")
        fields = [form.present, form.password, form.again]
        return self.render("accounts/password.html", form=form, fields=fields, title=_("Change my password"))


class PasswordView(BasePage):
    """Passwords and locks of others, for whoever keeps the accounts."""

    route_base = "/users"
    class_permission_name = "User"
    default_view = "reset"

    @expose("/<int:pk>/password", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def reset(self, pk: int) -> Response | str:
        """Set a new password for a user; all sessions of the account end."""
        user = self._user(pk)
        form = NewPasswordForm()
        if form.validate_on_submit():
            self.appbuilder.sm.reset_password(user.id, form.password.data)
            flash(_("The password was changed. All sessions of the account have ended."), "success")
            return redirect(url_for("UserView.show", pk=pk))
        fields = [form.password, form.again]
        return self.render("accounts/password.html", form=form, fields=fields, title=_("Reset the password"))

    @expose("/<int:pk>/unlock", methods=["POST"])
    @has_access
    @permission_name("write")
    def unlock(self, pk: int) -> Response:
        """Open an account that failed sign-ins have locked."""
        self.appbuilder.sm.unlock(self._user(pk))
        flash(_("The account is open again."), "success")
        return redirect(url_for("UserView.show", pk=pk))

    def _user(self, pk: int) -> User:
        user = self.appbuilder.sm.get_user_by_id(pk) if pk <= LARGEST_USER else None
        return user or abort(404)


class UserView(RegisterView):
    """The accounts. They are switched off, never deleted: what they did stays theirs."""

    route_base = "/users"
    datamodel = RegisterInterface(User)
    class_permission_name = "User"
    title = _("Users")
    noun = _("user")
    list_columns = ["username", "last_name", "first_name", "roles", "active", "last_login"]
    order_columns = ["username", "last_name", "last_login"]
    search_columns = ["username", "last_name", "active", "roles"]
    show_columns = [
        "username",
        "last_name",
        "first_name",
        "email",
        "roles",
        "active",
        "last_login",
        "login_count",
    ]
    add_columns = ["username", "last_name", "first_name", "email", "active", "roles", "password", "again"]
    edit_columns = ["last_name", "first_name", "email", "active", "roles"]
    base_order = ("username", "asc")
    show_template = "accounts/user.html"
    remote: ClassVar[dict[str, Remote]] = {
        "roles": Remote(("name",), [["name", FilterInFunction, lambda: list(GRANTS)]])
    }
    label_columns = {
        "username": _("User name"),
        "last_name": _("Family name"),
        "first_name": _("Given name"),
        "email": _("E-mail"),
        "roles": _("Roles"),
        "active": _("May sign in"),
        "last_login": _("Last sign-in"),
        "login_count": _("Number of sign-ins"),
    }
    add_form_extra_fields = {
        "password": PasswordField(
            _("Password"),
            description=NEW_PASSWORD,
            validators=[InputRequired(), PasswordComplexityValidator()],
        ),
        "again": PasswordField(
            _("Password again"), validators=[EqualTo("password", message=_("The two passwords differ."))]
        ),
    }

    def pre_add(self, item: User) -> None:
        """Store the digest of the password only."""
        method = current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt")
        item.password = generate_password_hash(item.password, method=method)

    def locked(self, item: User) -> bool:
        """Whether failed sign-ins have locked the account."""
        return bool(self.appbuilder.sm.is_locked(item))


class RoleView(LedgerView):
    """The roles and what each may do; the allow-table in code is the only source."""

    route_base = "/roles"
    datamodel = RegisterInterface(Role)
    class_permission_name = "Role"
    title = _("Roles and rights")
    noun = _("role")
    list_columns = ["name", "user"]
    show_columns = ["name", "user"]
    order_columns = ["name"]
    label_columns = {"name": _("Role"), "user": _("Holders")}
    base_filters = [["name", FilterInFunction, lambda: list(GRANTS)]]
    show_template = "accounts/role.html"

    def rights(self, role: Role) -> list[tuple[Any, list[Any]]]:
        """The powers of a role in words, page by page."""
        titles: dict[str, Any] = {}
        for view in self.appbuilder.baseviews:  # those of the menu come first
            titles.setdefault(view.class_permission_name, getattr(view, "title", ""))
        return [
            (titles.get(page) or page, [POWER_WORDS[power] for power in POWER_WORDS if power in powers])
            for page, powers in GRANTS[role.name].items()
        ]
