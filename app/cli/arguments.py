"""What the commands take: people, tasks, files that appear only when they are whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select

from app.extensions import db
from app.models import InspectionTask

TASK_VIEW = "InspectionTask"
LONGEST_KEY = 10


def user_named(username: str) -> User:
    """The account of that name, or the end of the command."""
    found = current_app.appbuilder.sm.find_user(username=username)  # type: ignore[attr-defined]
    if found is None:
        click.echo(f"没有名为“{username}”的用户。", err=True)
        sys.exit(2)
    return found


def user_with(username: str, power: str, view: str = TASK_VIEW) -> User:
    """That user, who must be able to sign in and hold the power in the pages as well."""
    found = user_named(username)
    manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
    if not found.is_active or not manager._has_view_access(found, f"can_{power}", view):
        click.echo(f"用户“{username}”没有这一步的权限。", err=True)
        sys.exit(2)
    return found


def task_named(text: str) -> InspectionTask:
    """The task with this key or number, or the end of the command."""
    key = int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_KEY else -1
    query = select(InspectionTask).where(or_(InspectionTask.id == key, InspectionTask.number == text))
    found = db.session.scalar(query)
    if found is None:
        click.echo(f"没有编号为“{text}”的任务。", err=True)
        sys.exit(2)
    return found


@contextmanager
def replacing(out: Path) -> Iterator[BinaryIO]:
    """A file that takes its place only when it is whole, so that a refusal leaves nothing half written."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
