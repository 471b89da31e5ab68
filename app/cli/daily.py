"""What is done once a day: publications whose time is over, deadlines brought before the leaders, risks."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.console import now, say, sentences
from app.services.clocks import escalate_late
from app.services.expiry import expire_disclosures
from app.services.holidays import recompute_due_dates
from app.services.outbox import send_waiting
from app.services.risk.runs import analyse_if_due


@click.command(
    "daily", help="每日例行：重算期限，停止到期公示，逾期期限上报领导小组，每月分析一次风险；可重复执行。"
)
@with_appcontext
def daily_command() -> None:
    with sentences():
        recomputed = recompute_due_dates()
        disclosures, credit_records = expire_disclosures(now())
        done = {"due_dates": recomputed, "expired": disclosures, "credit_ended": credit_records}
        done["mail_sent"] = send_waiting(now())["sent"]
        raised = analyse_if_due(now())
        done["risk_warnings"] = raised.new if raised else 0
        say({**done, "escalated": escalate_late(now())})
