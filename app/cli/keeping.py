"""Keeping what was recorded: backup, restore, and the move to another database."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app import installation
from app.cli.arguments import replacing
from app.console import now, say, sentences
from app.extensions import db
from app.services.carrying import take_backup
from config import settings_at

PIECE = 1 << 20
OWNER_ONLY = 0o600


@click.command("backup", help="备份全部数据到一个文件；使用中也可以执行。")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    with sentences():
        began = now()
        with replacing(file) as out:
            Path(out.name).chmod(OWNER_ONLY)
            manifest = take_backup(db.engine, out, str(current_app.config["AUDIT_KEY"]), began)
        said = {"file": str(file), "bytes": file.stat().st_size, "sha256": _digest(file)}
        say({**said, "tables": len(manifest.tables), "rows": manifest.rows, "seconds": _since(began)})


@click.command("restore", help="把备份恢复到一个空的数据库，并核对两条链。")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    with sentences(), file.open("rb") as backup:
        began = now()
        say({**installation.restore(backup), "seconds": _since(began)})


@click.command("copy", help="把全部数据复制到另一个空的数据库（例如从 SQLite 到 PostgreSQL），逐表核对。")
@click.option(
    "--to", "url", required=True, metavar="DATABASE_URL", help="新的数据库，同 DATABASE_URL 的写法。"
)
@with_appcontext
def copy_command(url: str) -> None:
    from app import create_app  # the application registers these commands

    with sentences():
        began = now()
        copied = installation.copy_to(create_app(settings_at(url)))
        say({"tables": copied.tables, "rows": copied.rows, "seconds": _since(began)})


def _digest(file: Path) -> str:
    whole = hashlib.sha256()
    with file.open("rb") as pieces:
        while piece := pieces.read(PIECE):
            whole.update(piece)
    return whole.hexdigest()


def _since(began: datetime) -> float:
    return round((now() - began).total_seconds(), 1)
