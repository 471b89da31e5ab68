"""Server-side sessions in the database: ended at sign-out, password change, idleness, old age.

Flask-Session's own SQLAlchemy back end creates its table while the application loads, which Alembic
must do here; so its base class is used with our table.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from flask import Flask, Request, current_app, request, session
from flask_babel.speaklater import LazyString
from flask_login import current_user, user_logged_in, user_logged_out
from flask_session.base import Serializer, ServerSideSession, ServerSideSessionInterface
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.security.models import WebSession
from app.security.passwords import fingerprint

LOG = structlog.get_logger("sessions")
SAVED = "_saved"
SIGNED_IN = "_signed_in"
PASSWORD = "_password"
REFRESH_SECONDS = 60
ASSETS = "/static/"
SILENT = frozenset({"JobView.state", "AllJobsView.state"})  # asked by a script: no sign of a person


def install(app: Flask) -> None:
    """Keep sessions in the database and end them when they must end."""
    app.session_interface = DatabaseSessions(app)
    app.before_request(end_stale_session)
    user_logged_in.connect(_start_afresh, app)
    user_logged_out.connect(_forget, app)


class PlainSerializer(Serializer):
    """MessagePack only: Flask-Session would also unpickle, which lets stored bytes run code."""

    def encode(self, session: ServerSideSession) -> bytes:
        return msgspec.msgpack.encode(dict(session), enc_hook=_text_of)

    def decode(self, serialized_data: bytes) -> dict[str, Any]:
        content: dict[str, Any] = msgspec.msgpack.decode(serialized_data)
        return content


class DatabaseSessions(ServerSideSessionInterface):
    """Sessions as rows of `web_session`, on a connection of their own.

    A page that fails leaves its transaction open until the request ends; the session must neither
    commit nor wait for it.
    """

    ttl = True  # rows are swept at sign-in, not by Flask-Session's random sweep

    def __init__(self, app: Flask) -> None:
        super().__init__(app, key_prefix="", permanent=True, sid_length=32)
        self.serializer = PlainSerializer()

    def open_session(self, app: Flask, request: Request) -> ServerSideSession:
        """No query for a stylesheet."""
        if request.path.startswith(ASSETS):
            return self.session_class(sid="", permanent=self.permanent)
        return super().open_session(app, request)

    def should_set_storage(self, app: Flask, session: ServerSideSession) -> bool:
        """Save what changed, and once a minute the time of the last request that a person made."""
        if session.modified:
            session.only_time = False
        elif request.endpoint in SILENT or _now() - session.get(SAVED, 0) < REFRESH_SECONDS:
            return False
        else:
            session.only_time = True
        session[SAVED] = _now()
        return True

    def should_set_cookie(self, app: Flask, session: ServerSideSession) -> bool:
        return True

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        query = select(WebSession.content).where(
            WebSession.key == _digest(store_id), WebSession.expires > _moment()
        )
        with db.engine.connect() as connection:
            content = connection.scalar(query)
        return self.serializer.decode(content) if content else None

    def _delete_session(self, store_id: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(delete(WebSession).where(WebSession.key == _digest(store_id)))

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        row = {"content": self.serializer.encode(session), "expires": _moment() + session_lifetime}
        try:
            self._write(_digest(store_id), row)
        except OperationalError:
            if not session.only_time:
                raise
            # A long job holds SQLite's only writer; the time of this request is not worth an error.
            LOG.warning("session_time_not_kept")

    def _write(self, key: str, row: dict[str, Any]) -> None:
        with db.engine.begin() as connection:
            changed = connection.execute(update(WebSession).where(WebSession.key == key).values(**row))
            if changed.rowcount == 0:
                connection.execute(insert(WebSession).values(key=key, **row))

    def sweep(self) -> None:
        """Delete the rows of sessions that have run out."""
        with db.engine.begin() as connection:
            connection.execute(delete(WebSession).where(WebSession.expires <= _moment()))


def end_stale_session() -> None:
    """Sign out a session whose password has changed or whose absolute time is over."""
    if "_user_id" not in session:
        return
    oldest = _now() - current_app.config["SESSION_ABSOLUTE_HOURS"] * 3600
    alive = current_user.is_authenticated and session.get(PASSWORD) == fingerprint(current_user.password)
    if not alive or session.get(SIGNED_IN, 0) < oldest:
        session.clear()
        current_app.login_manager._update_request_context_with_user()


def _start_afresh(app: Flask, user: Any) -> None:
    """A new identifier and a new token at sign-in, so that nothing planted before is worth anything."""
    session.pop("csrf_token", None)
    session[SIGNED_IN] = _now()
    session[PASSWORD] = fingerprint(user.password)
    app.session_interface.regenerate(session)
    app.session_interface.sweep()


def _forget(_app: Flask, user: Any) -> None:
    session.clear()


def _text_of(value: Any) -> str:
    """Messages for the next page may be translated lazily; they are stored as they read now."""
    if isinstance(value, LazyString):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not belong in a session")


def _digest(store_id: str) -> str:
    return hashlib.sha256(store_id.encode()).hexdigest()


def _moment() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
