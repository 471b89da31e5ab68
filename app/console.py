"""What the commands share: setting up, one line of JSON, a Chinese sentence instead of a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import force_locale
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from app.domain.errors import DomainError
from app.messages import sentence_for
from app.services import figures, search
from app.services.roster_import import index_loads
from app.services.setup import ensure_vocabularies


@contextmanager
def sentences(exit_code: int = 1) -> Iterator[None]:
    """An error that the caller can mend ends the command with its Chinese sentence, never a traceback."""
    with force_locale("zh"):
        try:
            yield
        except DomainError as error:
            click.echo(sentence_for(error), err=True)
            sys.exit(exit_code)
        except OSError as error:
            click.echo(f"文件无法读写：{error.filename or ''}（{error.strerror}）。", err=True)
            sys.exit(2)
        except DBAPIError as error:
            click.echo(
                f"数据库无法使用：{_first_line(error)}。尚未建库或升级时，请先执行 flask init。", err=True
            )
            sys.exit(2)


def say(values: dict[str, Any]) -> None:
    """One line of JSON on standard output."""
    click.echo(json.dumps(values, ensure_ascii=False, default=str))


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).splitlines() or [""])[0]


def initialise() -> None:
    """Bring schema, roles and vocabularies to this version; safe to repeat."""
    upgrade(directory=str(Path(current_app.root_path).parent / "migrations"))
    current_app.appbuilder.sm.bootstrap()  # type: ignore[attr-defined]
    ensure_vocabularies()
    search.ensure_index()
    index_loads()
    figures.forget()
