"""The security manager: sign-in with lock-out, cached rights, roles from the allow-table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, g, request
from flask_appbuilder.security.manager import BaseSecurityManager
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_permissionview_role,
)
from flask_jwt_extended import JWTManager
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash

from app.security.models import LoginLock
from app.security.passwords import check_password, fingerprint
from app.security.roles import sync_roles

Right = tuple[str, str]


class AppSecurityManager(SecurityManager):
    """FAB's manager without its start-up writes, with the protection FAB leaves out."""

    userstatschartview = None

    def __init__(self, appbuilder: Any) -> None:
        current_app.config["FAB_PASSWORD_COMPLEXITY_VALIDATOR"] = check_password
        super().__init__(appbuilder)

    # schema and roles

    def create_db(self) -> None:
        """Nothing at start-up: Alembic owns the schema, `flask init` the roles."""

    def register_views(self) -> None:
        """Only the sign-in API; the pages are registered with the other views."""
        api = self.appbuilder.add_api(self.security_api)
        self.limit_sign_in(api)

    def limit_sign_in(self, view: Any) -> None:
        """Slow down whoever tries passwords from one address."""
        self.limiter.limit(self.auth_rate_limit, methods=["POST"])(view.blueprint)

    def bootstrap(self) -> None:
        """Create permissions and set every role to what the allow-table says; repeatable.

        FAB's own `add_permissions` takes a view that shares another's name for its successor and
        deletes the other's permissions.
        """
        BaseSecurityManager.create_db(self)
        for view in self.appbuilder.baseviews:
            for power in sorted(view.base_permissions or ()):
                self.add_permission_view_menu(power, view.class_permission_name)
        sync_roles(self)

    # rights, asked once per request instead of once per menu item and button

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self._rights(user)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        return False

    def _rights(self, user: Any) -> frozenset[Right]:
        cache: dict[str, frozenset[Right]] = request.environ.setdefault("app.rights", {}) if request else {}
        key = user.get_id()
        if key not in cache:
            cache[key] = self._load_rights([role.id for role in self.get_user_roles(user)])
        return cache[key]

    def _load_rights(self, role_ids: list[int]) -> frozenset[Right]:
        query = (
            select(Permission.name, ViewMenu.name)
            .select_from(PermissionView)
            .join(Permission, Permission.id == PermissionView.permission_id)
            .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
            .join(
                assoc_permissionview_role,
                assoc_permissionview_role.c.permission_view_id == PermissionView.id,
            )
            .where(assoc_permissionview_role.c.role_id.in_(role_ids))
        )
        return frozenset((power, view) for power, view in self.session.execute(query))

    # sign-in

    def auth_user_db(self, username: str, password: str) -> User | None:
        """The user, or None for a wrong name, a wrong password and a locked account alike."""
        user = self.find_user(username=username) or self.find_user(email=username)
        if user is not None and self.is_locked(user):
            check_password_hash(current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"], password)
            return None
        return super().auth_user_db(username, password)

    def is_locked(self, user: User) -> bool:
        """Whether failed sign-ins have closed the account for now."""
        until = self.session.scalar(select(LoginLock.until).where(LoginLock.user_id == user.id))
        return until is not None and until > _moment()

    def on_user_login(self, user: User) -> None:
        """A success clears the failures."""
        self.unlock(user)

    def unlock(self, user: User) -> None:
        """Open a locked account again."""
        self.session.execute(delete(LoginLock).where(LoginLock.user_id == user.id))
        self.session.commit()

    def on_user_login_failed(self, user: User) -> None:
        """Count the failure; the last one allowed locks the account."""
        self._count_failure(user.id)
        limit = current_app.config["LOCK_AFTER_FAILURES"]
        until = _moment() + timedelta(minutes=current_app.config["LOCK_MINUTES"])
        self.session.execute(
            update(LoginLock)
            .where(LoginLock.user_id == user.id, LoginLock.failures >= limit)
            .values(failures=0, until=until)
        )
        self.session.commit()

    def _count_failure(self, user_id: int) -> None:
        more = update(LoginLock).where(LoginLock.user_id == user_id).values(failures=LoginLock.failures + 1)
        if self.session.execute(more).rowcount:
            return
        try:
            self.session.execute(insert(LoginLock).values(user_id=user_id, failures=1))
        except IntegrityError:  # another failure of the same account was counted first
            self.session.rollback()
            self.session.execute(more)

    # passwords and tokens

    def add_user(self, *args: Any, password: str = "", **kwargs: Any) -> Any:
        """Create a user; a plain password must satisfy the rule here too."""
        if len(args) > 5:
            args, password = (*args[:5], *args[6:]), args[5]
        if password:
            check_password(password)
        return super().add_user(*args, password=password, **kwargs)

    def reset_password(self, userid: int, password: str) -> None:
        """Set a password, which ends every session and token of the account and any lock."""
        check_password(password)
        super().reset_password(userid, password)
        self.session.execute(delete(LoginLock).where(LoginLock.user_id == userid))
        self.session.commit()

    def create_jwt_manager(self, app: Any) -> JWTManager:
        """Tokens carry the password's fingerprint, so that a new password ends them."""
        manager = super().create_jwt_manager(app)
        manager.additional_claims_loader(self._token_claims)
        return manager

    def load_user_jwt(self, _jwt_header: dict[str, Any], jwt_data: dict[str, Any]) -> User | None:
        """The token's user, unless the password has changed since."""
        user = self.load_user(jwt_data["sub"])
        if user is None or jwt_data.get("password") != fingerprint(user.password):
            return None
        g.user = user
        return user

    def _token_claims(self, identity: str) -> dict[str, str]:
        user = self.get_user_by_id(int(identity))
        return {"password": fingerprint(user.password)}


def _moment() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
