"""法定期限 as typed values (R35, R43, R52, R54-R58, R62, R68, R70, R71, R83): how long, counted how, from which rule.

Day clocks end with the last moment of their last day in China, hour clocks to the minute. A working-day
clock whose end no holiday notice covers yet has no due moment; it is never guessed (R56).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from app.domain import policy
from app.domain.deadlines import CalendarNotConfirmed, WorkingCalendar
from app.domain.measures import CHINA
from app.domain.vocabulary import ClockKind, ClockState, ClockUnit

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
WARN_DAYS_BEFORE = 3
"""Calendar days before a date that was set by hand, from which it is called due soon."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One legal period: `amount` of `unit`, a warning once `warn_at` of them have passed."""

    kind: ClockKind
    amount: int
    unit: ClockUnit
    warn_at: int
    rule: str
    basis: str
    escalates: bool = False
    """Whether it is brought before the leading group when it is late (R54)."""
    ends_on_working_day: bool = False
    """Whether an end on a day off moves to the next working day (for the good of the party)."""


def _clocks(*clocks: Clock) -> Mapping[ClockKind, Clock]:
    return MappingProxyType({clock.kind: clock for clock in clocks})


_WORKING, _CALENDAR, _HOURS = ClockUnit.WORKING_DAYS, ClockUnit.CALENDAR_DAYS, ClockUnit.HOURS
_POLICE = "《行政执法机关移送涉嫌犯罪案件的规定》"
_PENALTY = "《行政处罚法》"

CLOCKS: Mapping[ClockKind, Clock] = _clocks(
    Clock(
        ClockKind.DISCLOSURE,
        20,
        _WORKING,
        15,
        "R54",
        "《政府信息公开条例》第二十六条、行政执法公示制度",
        True,
    ),
    Clock(ClockKind.PENALTY_DISCLOSURE, 7, _WORKING, 5, "R55", "行政执法公示制度", True),
    Clock(ClockKind.WITHDRAWAL, 3, _WORKING, 2, "R57", f"{_PENALTY}第四十八条", True),
    Clock(ClockKind.OBJECTION, 20, _WORKING, 15, "R58", "本局办理期限，参照《政府信息公开条例》"),
    Clock(ClockKind.RECTIFICATION, 0, _CALENDAR, 0, "R64", f"{_PENALTY}第二十八条"),
    Clock(ClockKind.NOTICE_REPLY, 10, _WORKING, 7, "R62", "经营异常名录管理规定：查实后 10 个工作日"),
    Clock(ClockKind.TRANSFER_REPLY, 0, _CALENDAR, 0, "R71", "移送函载明的答复期限"),
    Clock(ClockKind.POLICE_DECISION, 3, _CALENDAR, 2, "R70", f"{_POLICE}第五条", True),
    Clock(ClockKind.POLICE_TRANSFER, 24, _HOURS, 18, "R70", f"{_POLICE}第五条", True),
    Clock(ClockKind.POLICE_REPLY, 3, _CALENDAR, 2, "R70", f"{_POLICE}第八条"),
    Clock(ClockKind.POLICE_OBJECTION, 3, _CALENDAR, 2, "R70", f"{_POLICE}第九条"),
    Clock(ClockKind.POLICE_RECONSIDERATION, 3, _CALENDAR, 2, "R70", f"{_POLICE}第九条"),
    Clock(ClockKind.POLICE_EVIDENCE, 3, _CALENDAR, 2, "R70", f"{_POLICE}第十二条", True),
    Clock(ClockKind.CASE_DECISION, 90, _CALENDAR, 75, "R68", f"{_PENALTY}第六十条", True),
    Clock(ClockKind.CASE_DELIVERY, 7, _WORKING, 5, "R68", f"{_PENALTY}第六十一条"),
    Clock(
        ClockKind.CASE_PAYMENT,
        15,
        _CALENDAR,
        10,
        "R68",
        f"{_PENALTY}第六十七条",
        ends_on_working_day=True,
    ),
    Clock(
        ClockKind.URGENT,
        policy.ENTRY.urgent_formalities_hours,
        _HOURS,
        policy.ENTRY.urgent_formalities_hours * 3 // 4,
        "R35",
        "规范涉企行政检查的规定：情况紧急的及时报告并补办手续",
        True,
    ),
    Clock(
        ClockKind.AREA_FILING,
        policy.ENTRY.area_filing_days,
        _CALENDAR,
        policy.ENTRY.area_filing_days - 5,
        "R43",
        "异地检查协作规定：检查后报同级司法行政部门备案",
    ),
    Clock(ClockKind.RISK_WARNING, 0, _WORKING, 0, "R88", "双随机、一公开工作制度第十一条", True),
    Clock(
        ClockKind.EVIDENCE_HOLD,
        policy.EVIDENCE.preservation_working_days,
        _WORKING,
        policy.EVIDENCE.preservation_working_days - 2,
        "R52",
        f"{_PENALTY}第五十六条",
        True,
    ),
    Clock(
        ClockKind.ARCHIVE,
        policy.ARCHIVE.filing_working_days,
        _WORKING,
        policy.ARCHIVE.filing_working_days - 3,
        "R83",
        "行政执法案卷立卷归档规定",
    ),
    Clock(ClockKind.JOINT_ANSWER, policy.JOINT.answer_working_days, _WORKING, 3, "R73", "规章第八条", True),
    Clock(ClockKind.JOINT_REPLY, policy.JOINT.reply_working_days, _WORKING, 2, "R73", "规章第八条", True),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock that was started: when it warns and when it is over, as moments; `due` is the first one too late."""

    clock: Clock
    started: datetime
    warns: datetime | None
    due: datetime | None
    known_until: date
    """Last day that the holiday table covers."""

    @property
    def due_on(self) -> date | None:
        """The last day in time, in China."""
        return (self.due - timedelta(microseconds=1)).astimezone(CHINA).date() if self.due else None

    @property
    def counts_hours(self) -> bool:
        """Whether what is left is told in hours: a few days before the police, an urgent check (R35, R70)."""
        return self.clock.rule in ("R35", "R70")


def start(kind: ClockKind, started: datetime | date, calendar: WorkingCalendar) -> Deadline:
    """The deadline of a clock started at a moment, or in the course of a day (which does not count)."""
    clock, moment = CLOCKS[kind], as_moment(started)
    return Deadline(
        clock,
        moment,
        _moment(clock, moment, clock.warn_at, calendar, begins=True),
        _moment(clock, moment, clock.amount, calendar),
        calendar.confirmed_until,
    )


def until(kind: ClockKind, started: datetime | date, due_on: date, calendar: WorkingCalendar) -> Deadline:
    """The deadline of a clock whose last day was set by hand."""
    warns = midnight(due_on - timedelta(days=WARN_DAYS_BEFORE))
    return Deadline(
        CLOCKS[kind], as_moment(started), warns, midnight(due_on + _DAY), calendar.confirmed_until
    )


def state_of(deadline: Deadline, now: datetime, done_at: datetime | None = None) -> ClockState:
    """How a deadline stands at `now`, or how it was kept when it was done at `done_at`."""
    if done_at is not None:
        return _kept(deadline, done_at)
    if deadline.due is None:
        return ClockState.UNKNOWN
    if now >= deadline.due:
        return ClockState.LATE
    return ClockState.WARNING if deadline.warns and now >= deadline.warns else ClockState.RUNNING


def left(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> int | None:
    """Units left until the deadline, 0 on its last day, negative when late; None when it cannot be told.

    Hours for the clocks of R35 and R70, working days or calendar days for the others, rounded down.
    """
    if deadline.due is None or deadline.due_on is None:
        return None
    if deadline.counts_hours:
        return (deadline.due - now) // _HOUR
    today = now.astimezone(CHINA).date()
    if deadline.clock.unit != ClockUnit.WORKING_DAYS:
        return (deadline.due_on - today).days
    try:
        return calendar.working_days_between(today, deadline.due_on)
    except CalendarNotConfirmed:
        return None


def midnight(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)


def as_moment(started: datetime | date) -> datetime:
    """A moment as it is; of a day, its first moment in China."""
    return started if isinstance(started, datetime) else midnight(started)


def _kept(deadline: Deadline, done_at: datetime) -> ClockState:
    if deadline.due is not None:
        return ClockState.KEPT if done_at < deadline.due else ClockState.KEPT_LATE
    done_on = done_at.astimezone(CHINA).date()
    return ClockState.KEPT if done_on <= deadline.known_until else ClockState.UNKNOWN


def _moment(
    clock: Clock, started: datetime, amount: int, calendar: WorkingCalendar, begins: bool = False
) -> datetime | None:
    """The moment at which `amount` units have passed: for days the end of the last, or with `begins` its start."""
    if clock.unit == ClockUnit.HOURS:
        return started + amount * _HOUR
    day = started.astimezone(CHINA).date()
    try:
        if clock.unit == ClockUnit.WORKING_DAYS:
            last = calendar.add_working_days(day, amount)
        else:
            last = calendar.add_calendar_days(day, amount, ends_on_working_day=clock.ends_on_working_day)
    except CalendarNotConfirmed:
        return None
    return midnight(last if begins else last + _DAY)
