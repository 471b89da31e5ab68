"""Setting up: schema, vocabularies, roles."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.console import initialise, say, sentences


@click.command("init", help="建立或升级数据库、代码表和角色；可重复执行。")
@with_appcontext
def init_command() -> None:
    with sentences():
        initialise()
        say({"ready": True})
