"""Legal deadlines: how long, counted how, when they warn, how they stand (R54-R57, R62, R68, R70)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import clocks
from app.domain.clocks import CLOCKS, Deadline
from app.domain.deadlines import WorkingCalendar
from app.domain.measures import CHINA
from app.domain.vocabulary import ClockKind, ClockState, ClockUnit
from app.reference.holidays import calendar

KNOWN = calendar()
UNKNOWN = WorkingCalendar({}, date.min)


def moment(day, hour=12, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("kind", "started", "due_on"),
    [
        (ClockKind.DISCLOSURE, date(2026, 9, 15), date(2026, 10, 19)),
        (ClockKind.PENALTY_DISCLOSURE, date(2026, 4, 30), date(2026, 5, 13)),
        (ClockKind.WITHDRAWAL, date(2026, 9, 30), date(2026, 10, 10)),
        (ClockKind.NOTICE_REPLY, date(2026, 2, 10), date(2026, 3, 2)),
        (ClockKind.CASE_DECISION, date(2026, 3, 1), date(2026, 5, 30)),
        (ClockKind.CASE_DELIVERY, date(2026, 5, 28), date(2026, 6, 8)),
        (ClockKind.CASE_PAYMENT, date(2026, 9, 17), date(2026, 10, 8)),
        (ClockKind.POLICE_DECISION, date(2026, 10, 1), date(2026, 10, 4)),
    ],
)
def test_r54_r55_r57_r62_r68_r70_each_clock_ends_on_its_day(kind, started, due_on):
    assert clocks.start(kind, started, KNOWN).due_on == due_on


def test_r56_every_clock_says_how_it_counts_and_from_which_rule():
    assert set(CLOCKS) == set(ClockKind)
    for clock in CLOCKS.values():
        assert clock.unit in ClockUnit
        assert clock.rule.startswith("R")
        assert clock.basis
        assert clock.warn_at <= clock.amount


def test_r70_the_police_clocks_count_hours_and_days_not_working_days():
    police = [clock for clock in CLOCKS.values() if clock.rule == "R70"]
    assert {clock.unit for clock in police} == {ClockUnit.HOURS, ClockUnit.CALENDAR_DAYS}
    approved = moment(date(2026, 10, 3), 16, 30)
    deadline = clocks.start(ClockKind.POLICE_TRANSFER, approved, KNOWN)
    assert deadline.due == approved + timedelta(hours=24)
    assert clocks.left(deadline, approved + timedelta(hours=5, minutes=1), KNOWN) == 18
    assert clocks.left(deadline, approved + timedelta(hours=24, minutes=1), KNOWN) == -1


def test_r54_the_warning_comes_with_the_fifteenth_working_day():
    deadline = clocks.start(ClockKind.DISCLOSURE, date(2026, 6, 1), KNOWN)
    fifteenth = KNOWN.add_working_days(date(2026, 6, 1), 15)
    before, on = moment(fifteenth - timedelta(days=1), 23, 59), moment(fifteenth, 0, 0)
    assert clocks.state_of(deadline, before) == ClockState.RUNNING
    assert clocks.state_of(deadline, on) == ClockState.WARNING
    assert clocks.left(deadline, on, KNOWN) == 5


def test_the_last_day_counts_to_its_last_moment_in_china():
    deadline = clocks.start(ClockKind.WITHDRAWAL, date(2026, 6, 1), KNOWN)
    assert deadline.due_on == date(2026, 6, 4)
    last = datetime(2026, 6, 4, 15, 59, 59, tzinfo=UTC)
    assert clocks.state_of(deadline, last) == ClockState.WARNING
    assert clocks.state_of(deadline, last + timedelta(seconds=1)) == ClockState.LATE
    assert clocks.left(deadline, last, KNOWN) == 0


EARLY, WARNED, PAST = moment(date(2026, 6, 2)), moment(date(2026, 6, 3)), moment(date(2026, 6, 6))
TRUTH = [
    # due known, now, done at → state
    (True, EARLY, None, ClockState.RUNNING),
    (True, WARNED, None, ClockState.WARNING),
    (True, PAST, None, ClockState.LATE),
    (True, PAST, EARLY, ClockState.KEPT),
    (True, EARLY, EARLY, ClockState.KEPT),
    (True, PAST, PAST, ClockState.KEPT_LATE),
    (False, EARLY, None, ClockState.UNKNOWN),
    (False, PAST, None, ClockState.UNKNOWN),
    (False, PAST, EARLY, ClockState.UNKNOWN),
]


@pytest.mark.parametrize(("known", "now", "done", "state"), TRUTH)
def test_r54_r56_how_a_deadline_stands(known, now, done, state):
    deadline = clocks.start(ClockKind.WITHDRAWAL, date(2026, 6, 1), KNOWN if known else UNKNOWN)
    assert clocks.state_of(deadline, now, done) == state


def test_r56_a_deadline_beyond_the_last_notice_is_not_guessed_but_what_was_done_before_is_kept():
    deadline = clocks.start(ClockKind.DISCLOSURE, date(2026, 12, 20), KNOWN)
    assert (deadline.due, deadline.due_on) == (None, None)
    assert clocks.left(deadline, moment(date(2026, 12, 21)), KNOWN) is None
    assert clocks.state_of(deadline, moment(date(2026, 12, 21))) == ClockState.UNKNOWN
    done = moment(date(2026, 12, 31))
    assert clocks.state_of(deadline, done, done) == ClockState.KEPT
    assert clocks.state_of(deadline, done, done + timedelta(days=1)) == ClockState.UNKNOWN


def test_r64_a_date_set_by_hand_warns_three_days_before():
    due = date(2026, 12, 31)
    deadline: Deadline = clocks.until(ClockKind.RECTIFICATION, date(2026, 12, 1), due, UNKNOWN)
    assert deadline.due_on == due
    states = {
        day: clocks.state_of(deadline, moment(day))
        for day in (date(2026, 12, 27), date(2026, 12, 28), due, date(2027, 1, 1))
    }
    assert list(states.values()) == [
        ClockState.RUNNING,
        ClockState.WARNING,
        ClockState.WARNING,
        ClockState.LATE,
    ]
    assert clocks.left(deadline, moment(due), UNKNOWN) == 0
