"""The monthly run of the analysis (综合分析研判): by the daily work when a month has ended, or when somebody asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.measures import CHINA
from app.domain.vocabulary import JobKind
from app.models import RiskRun
from app.services.jobs import Running, enqueue, job
from app.services.risk.cells import first_day, month_of
from app.services.risk.warnings import Raised, raise_warnings
from app.services.transaction import beside_the_work


def month_before(now: datetime) -> date:
    """The first day of the month before the present one in China."""
    return first_day(month_of(now.astimezone(CHINA).date()) - 1)


def ask_for_analysis(month: date, actor: User, now: datetime, origin: str) -> int:
    """Have a month analysed in the background; gives the key of the job. The same month again is safe."""
    title = f"风险分析：{month.year}年{month.month}月"
    return enqueue(JobKind.RISK, {"month": month.isoformat()}, actor, now, title, origin)


def analyse_if_due(now: datetime) -> Raised | None:
    """Analyse the month before once, some days after its end, when most results are in; None when it was (art. 11)."""
    month = month_before(now)
    if now.astimezone(CHINA).day < policy.RISK.analysis_day:
        return None
    with beside_the_work() as session:
        if newest_run(session, month) is not None:
            return None
    return raise_warnings(month, None, now)


def newest_run(session: Session, month: date | None = None) -> RiskRun | None:
    """The newest run, of one month or of any."""
    query = select(RiskRun).order_by(RiskRun.id.desc()).limit(1)
    if month is not None:
        query = query.where(RiskRun.month == month.replace(day=1))
    return session.scalar(query)


@job(JobKind.RISK)
def _analyse(running: Running, month: str) -> dict[str, Any]:
    """Analyse a month; begun anew it changes nothing that it has raised already."""
    raised = raise_warnings(date.fromisoformat(month), running.actor, running.now)
    return {"new": raised.new, "renewed": raised.renewed}
