"""期限总览: the chief sees what is late and what will be, by department and kind of deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain.vocabulary import ClockKind, ClockState, ClockUnit
from app.extensions import db
from app.models import Agency, HolidayNotice
from app.services import clocks
from app.services.calendar import working_calendar
from app.services.clocks import Reading
from app.services.figures import deadlines
from app.services.figures import keeping as figures
from app.services.figures.deadlines import Asked
from app.views.base import BasePage
from app.views.rows import foreign_agency, may

TONE = {
    ClockState.LATE: "bad",
    ClockState.WARNING: "warn",
    ClockState.UNKNOWN: "warn",
    ClockState.RUNNING: "run",
    ClockState.KEPT: "ok",
    ClockState.KEPT_LATE: "bad",
}
PAGES = {
    "visit": ("VisitView.show", "Visit"),
    "entry": ("BeforeEntryView.visit", "VisitApproval"),
    "order": ("RectificationView.show", "RectificationOrder"),
    "transfer": ("TransferView.show", "CaseTransfer"),
    "notice": ("NoticeView.show", "AgencyNotice"),
    "objection": ("ObjectionView.show", "Objection"),
    "disclosure": ("DisclosureView.show", "Disclosure"),
    "case": ("PenaltyCaseView.show", "PenaltyCase"),
    "joint": ("JointPlanView.show", "JointPlan"),
    "task": ("InspectionTaskView.show", "InspectionTask"),
    "warning": ("RiskWarningView.show", "RiskWarning"),
}
ROWS_SHOWN = 300
ESCALATIONS_SHOWN = 20
NOBODY = -1


class ClockView(BasePage):
    """Every legal deadline that runs."""

    route_base = "/deadlines"
    class_permission_name = "Clock"
    title = _("Deadlines")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """All deadlines, the most urgent first, by department, kind and state as the reader asks."""
        now, session = datetime.now(UTC), db.session()
        stands = figures.as_of(figures.DEADLINES, now)
        asked, foreign = self._asked(), foreign_agency()
        return self.render(
            "clocks/list.html",
            as_of=stands,
            counts=deadlines.counted(session, now, replace(asked, state=None)),
            rows=deadlines.listed(session, now, asked, ROWS_SHOWN),
            total=deadlines.number_of(session, now, asked),
            agencies=session.scalars(select(Agency).order_by(Agency.is_bureau.desc(), Agency.code)).all(),
            kinds=deadlines.kinds_of(session, foreign.id if foreign else None),
            known_until=working_calendar(session).confirmed_until,
            notice=session.scalar(select(HolidayNotice).order_by(HolidayNotice.year.desc()).limit(1)),
            escalated=clocks.brought_up(session, ESCALATIONS_SHOWN, foreign.id if foreign else None),
            address=address_of,
        )

    def _asked(self) -> Asked:
        """What the address asks for, within the reader's business: another department sees its own."""
        given, foreign = request.args, foreign_agency()
        wanted = db.session.scalar(select(Agency.id).where(Agency.code == given.get("agency", "")))
        kind, state = given.get("kind", ""), given.get("state", "")
        return Asked(
            foreign.id if foreign else wanted or (NOBODY if given.get("agency") else None),
            [each for each in ClockKind if each.value == kind] if kind else None,
            next((each for each in ClockState if each.value == state), None),
        )


def furnish(app: Flask) -> None:
    """What templates need to show a deadline."""
    app.jinja_env.globals.update(clock_tone=TONE.get, left_words=left_words, reading_url=address_of)


def address_of(reading: Reading) -> str:
    """The page of the record on which a deadline hangs; none where the reader may not open it."""
    page, view = PAGES[reading.running.record]
    return url_for(page, pk=reading.running.key) if may("read", view) else ""


def left_words(reading: Reading) -> Any:
    """What is left in words: 剩 2 个工作日, 逾期 1 天."""
    left = reading.left
    if reading.state in (ClockState.KEPT, ClockState.KEPT_LATE):
        return ""
    if left is None:
        return _("holidays not announced yet")
    if reading.deadline.counts_hours:
        return _("%(count)s hours left", count=left) if left >= 0 else _("%(count)s hours late", count=-left)
    working = reading.deadline.clock.unit == ClockUnit.WORKING_DAYS
    if reading.state == ClockState.LATE:
        late = max(-left, 1)
        return (
            _("%(count)s working days late", count=late) if working else _("%(count)s days late", count=late)
        )
    if left == 0:
        return _("due today")
    return _("%(count)s working days left", count=left) if working else _("%(count)s days left", count=left)
