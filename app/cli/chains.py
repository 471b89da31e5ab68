"""The hash chains of the audit trail and the draw log."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, with_appcontext

from app.console import say, sentences
from app.extensions import db
from app.services import audit, draw_log

audit_group = AppGroup("audit", help="审计链与抽取日志。")


@audit_group.command("verify", help="核对审计链和抽取日志。")
@with_appcontext
def audit_verify() -> None:
    with sentences():
        session = db.session()
        events, audit_fault = audit.verify_trail(session)
        entries, log_fault = draw_log.verify_log(session)
    say({"audit": events, "audit_fault": audit_fault, "log": entries, "log_fault": log_fault})
    if audit_fault or log_fault:
        click.echo(
            f"链条在此断开：审计链 {audit_fault or '完整'}，抽取日志 {log_fault or '完整'}。", err=True
        )
        sys.exit(1)
