"""What the leaders of the sample bureau see: meetings, tasks given, training, and the monthly analysis."""

from __future__ import annotations

from datetime import date

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.demo.year import YEAR, at
from app.domain.vocabulary import WarningState
from app.models import Agency, GroupMeeting, GroupTask, PublicityActivity, RiskWarning, TrainingSession
from app.services.agencies import own_bureau
from app.services.risk.warnings import raise_warnings, take_step
from app.services.transaction import transaction

MEETINGS = (
    (date(YEAR, 1, 20), "部署年度抽查工作", "审议年度抽查计划；明确各部门分工和时限。"),
    (date(YEAR, 7, 8), "上半年抽查情况分析", "通报上半年抽查进度；要求按期公示，压实整改。"),
)
TASKS = (
    (0, "按期公布年度抽查计划", date(YEAR, 3, 1), date(YEAR, 2, 20), "已公布并备案。"),
    (1, "逐件核对逾期未公示的结果", date(YEAR, 8, 1), date(YEAR, 8, 12), "已全部公示。"),
    (1, "完善预付卡抽查要点", date(YEAR, 12, 20), None, None),
)


def lead(users: dict[str, User]) -> None:
    """Keep the registers of the leading group, analyse each month, and assess the first warning."""
    with transaction() as session:
        keep_registers(own_bureau(session))
    for month in range(3, 11):
        raise_warnings(date(YEAR, month, 1), None, at(date(YEAR, month + 1, 3)))
    with transaction() as session:
        found = session.scalar(
            select(RiskWarning.id).where(RiskWarning.state == WarningState.FOUND).order_by(RiskWarning.id)
        )
    if found is not None:
        take_step(
            found, "assess", "问题集中在少数企业，建议核实后复查。", users["planner"], at(date(YEAR, 11, 6))
        )


def keep_registers(bureau: Agency) -> None:
    """Two meetings with what they asked for, a training with its exam, a day of publicity."""
    with transaction() as session:
        meetings = [
            GroupMeeting(held_on=on, topic=topic, chair="组长", attendees=9, decisions=decisions)
            for on, topic, decisions in MEETINGS
        ]
        session.add_all(meetings)
        session.flush()
        for place, topic, due_on, done_on, result in TASKS:
            meeting = meetings[place]
            session.add(
                GroupTask(
                    given_on=meeting.held_on,
                    topic=topic,
                    meeting_id=meeting.id,
                    agency_id=bureau.id,
                    due_on=due_on,
                    done_on=done_on,
                    result=result,
                )
            )
        training = {"hours": 16, "attendees": 46, "examined": 45, "passed": 44}
        session.add(TrainingSession(held_on=date(YEAR, 2, 26), topic="执法检查与一企一表", **training))
        session.add(
            PublicityActivity(
                held_on=date(YEAR, 3, 15), topic="双随机抽查怎样验证", channel="门户网站", reach=1200
            )
        )
