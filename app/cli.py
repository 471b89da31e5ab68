"""Commands of the application."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

import app.models  # noqa: F401
from app.services.setup import ensure_vocabularies


def register(app: Flask) -> None:
    """Add the commands to the flask command line."""
    app.cli.add_command(init_command)


@click.command("init")
@with_appcontext
def init_command() -> None:
    initialise()
    click.echo('{"ready": true}')


def initialise() -> None:
    """Bring schema, roles and vocabularies to this version."""
    upgrade(directory=str(Path(current_app.root_path).parent / "migrations"))
    current_app.appbuilder.sm.bootstrap()
    ensure_vocabularies()
