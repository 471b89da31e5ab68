"""The commands. Each prints one line of JSON, or one Chinese sentence on standard error and a code that is not 0.

One file a group; a new command is one line in COMMANDS.
"""

from __future__ import annotations

from flask import Flask

from app.cli import archives, chains, daily, draws, keeping, reports, rosters, running, setting_up
from app.demo.command import demo_command

COMMANDS = (
    setting_up.init_command,
    rosters.import_command,
    draws.draw,
    reports.report_command,
    chains.audit_group,
    archives.archive_group,
    daily.daily_command,
    running.serve_command,
    running.work_command,
    keeping.backup_command,
    keeping.restore_command,
    keeping.copy_command,
    demo_command,
)


def register(app: Flask) -> None:
    """Add the commands to the flask command line."""
    for command in COMMANDS:
        app.cli.add_command(command)
