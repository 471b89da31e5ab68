"""The application factory."""

from __future__ import annotations

from flask import Flask
from flask_appbuilder import AppBuilder

from app import cli, database, logs, views
from app.extensions import csrf, db, jobs, migrate
from app.security import headers, sessions
from app.security.manager import AppSecurityManager
from app.views import errors
from app.views.home import HomeView
from config import settings


def create_app(config: object | str | None = None) -> Flask:
    """Build one application: settings, extensions, roles, views, commands."""
    app = Flask(__name__)
    app.config.from_object(settings(config))
    logs.configure(app)
    database.prepare(app)
    for extension in (db, csrf, jobs):
        extension.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    headers.install(app)
    sessions.install(app)
    errors.register(app)
    with app.app_context():
        appbuilder = AppBuilder(indexview=HomeView, security_manager_class=AppSecurityManager)
        appbuilder.init_app(app, db.session)
        views.register(appbuilder)
    cli.register(app)
    return app
