"""Bare extension objects; create_app() binds them. AppBuilder is made inside create_app().

A global AppBuilder breaks the second application of a test run, so it is not here; the rate
limiter belongs to the security manager of each application for the same reason.
"""

from __future__ import annotations

from flask_appbuilder import Model
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app.queue import Jobs

db = SQLAlchemy(model_class=Model)  # db.Model is Model: one metadata for FAB, for us and for Alembic
migrate = Migrate()
csrf = CSRFProtect()
jobs = Jobs()
