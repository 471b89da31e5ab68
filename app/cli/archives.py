"""The archive on the command line: are the sealed files whole."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, with_appcontext

from app.console import say, sentences
from app.extensions import db
from app.services import archiving

archive_group = AppGroup("archive", help="档案。")


@archive_group.command("verify", help="核验全部案卷：重新计算每个文件的摘要。")
@with_appcontext
def archive_verify() -> None:
    with sentences():
        checked = list(archiving.check_all(db.session()))
    damaged = [file for file in checked if file.faults]
    say({"files": len(checked), "damaged": [f"{file.number}-{file.version}" for file in damaged]})
    for file in damaged:
        click.echo(f"案卷 {file.number} 第{file.version}版已损坏：{'、'.join(file.faults[:10])}", err=True)
    if damaged:
        sys.exit(1)
