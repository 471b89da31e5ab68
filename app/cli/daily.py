"""What is done once a day: publications whose time is over, deadlines that are brought before the leaders."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.console import now, say, sentences
from app.services.clocks import escalate_late
from app.services.expiry import expire_disclosures


@click.command("daily", help="每日例行：停止到期公示，逾期期限上报领导小组；可重复执行。")
@with_appcontext
def daily_command() -> None:
    with sentences():
        disclosures, credit_records = expire_disclosures(now())
        say({"expired": disclosures, "credit_ended": credit_records, "escalated": escalate_late(now())})
