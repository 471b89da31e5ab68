"""The monthly run of the analysis (综合分析研判): by the daily work when a month has ended, or when somebody asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.measures import CHINA
from app.domain.vocabulary import JobKind
from app.models import RiskRun
from app.services.jobs import Running, enqueue, job
from app.services.risk.cells import first_day, month_of
from app.services.risk.warnings import Raised, raise_warnings
from app.services.transaction import beside_the_work

_MOST_CAUGHT_UP = 12


def month_before(now: datetime) -> date:
    """The first day of the month before the present one in China."""
    return first_day(month_of(now.astimezone(CHINA).date()) - 1)


def ask_for_analysis(month: date, actor: User, now: datetime, origin: str) -> int:
    """Have a month analysed in the background; gives the key of the job. The same month again is safe."""
    title = f"风险分析：{month.year}年{month.month}月"
    return enqueue(JobKind.RISK, {"month": month.isoformat()}, actor, now, title, origin)


def analyse_if_due(now: datetime) -> Raised | None:
    """Analyse each ended month that was not yet, some days after its end, when most results are in (art. 11).

    Gives what all of them brought, None when none was due. A year at most is caught up after a standstill.
    """
    found = [raise_warnings(month, None, now) for month in _months_due(now)]
    return Raised(sum(each.new for each in found), sum(each.renewed for each in found)) if found else None


def _months_due(now: datetime) -> list[date]:
    today = now.astimezone(CHINA).date()
    this = month_of(today)
    with beside_the_work() as session:
        analysed = session.scalar(select(func.max(RiskRun.month)))
    done = month_of(analysed) if analysed else this - 2
    ended = this - (1 if today.day >= policy.RISK.analysis_day else 2)
    return [first_day(month) for month in range(max(done + 1, this - _MOST_CAUGHT_UP), ended + 1)]


def newest_run(session: Session) -> RiskRun | None:
    """The newest run, of whatever month."""
    return session.scalar(select(RiskRun).order_by(RiskRun.id.desc()).limit(1))


@job(JobKind.RISK)
def _analyse(running: Running, month: str) -> dict[str, Any]:
    """Analyse a month; begun anew it changes nothing that it has raised already."""
    raised = raise_warnings(date.fromisoformat(month), running.actor, running.now)
    return {"new": raised.new, "renewed": raised.renewed}
