"""期限: working days by the announced calendar, calendar days without one (R54-R57)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import CalendarNotConfirmed, NegativePeriod, WorkingCalendar
from app.reference.holidays import CONFIRMED_FROM, CONFIRMED_UNTIL, WORKED_WEEKENDS, calendar, rows

CALENDAR = calendar()
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 8, 31))


def make_calendar(**exceptions: bool) -> WorkingCalendar:
    """A calendar of June 2026; keywords d15=True mean that the 15th is worked."""
    table = ((date(2026, 6, int(name[1:])), is_worked) for name, is_worked in exceptions.items())
    return WorkingCalendar.from_table(table, date(2026, 6, 30), date(2026, 6, 1))


def test_r56_the_first_day_is_not_counted():
    assert CALENDAR.add_working_days(date(2026, 3, 2), 1) == date(2026, 3, 3)


def test_r56_a_weekend_is_left_out():
    assert CALENDAR.add_working_days(date(2026, 3, 6), 1) == date(2026, 3, 9)


def test_r56_a_weekend_worked_in_exchange_counts():
    plain = make_calendar()
    exchanged = make_calendar(d13=True)
    assert plain.add_working_days(date(2026, 6, 12), 1) == date(2026, 6, 15)
    assert exchanged.add_working_days(date(2026, 6, 12), 1) == date(2026, 6, 13)


def test_r56_a_holiday_on_a_weekday_is_left_out():
    assert make_calendar(d15=False).add_working_days(date(2026, 6, 12), 1) == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 4, 30), 7, date(2026, 5, 13)),
        (date(2026, 9, 30), 20, date(2026, 11, 3)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
    ],
)
def test_r54_r55_periods_over_announced_holidays(start, days, expected):
    assert CALENDAR.add_working_days(start, days) == expected


@given(days_of_2026, st.integers(0, 60))
def test_counting_back_gives_the_number_of_days_added(start, days):
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, days)) == days


@given(days_of_2026, days_of_2026)
def test_the_other_way_round_is_negative(first, last):
    assert CALENDAR.working_days_between(first, last) == -CALENDAR.working_days_between(last, first)


@given(days_of_2026, st.integers(1, 60))
def test_a_period_always_ends_on_a_working_day(start, days):
    assert CALENDAR.is_working(CALENDAR.add_working_days(start, days))


def test_r56_a_year_that_is_not_announced_is_refused_not_guessed():
    with pytest.raises(CalendarNotConfirmed) as refusal:
        CALENDAR.add_working_days(date(2026, 12, 31), 1)
    assert refusal.value.code == "calendar_not_confirmed"
    assert refusal.value.params == {
        "day": date(2027, 1, 1),
        "confirmed_from": CONFIRMED_FROM,
        "confirmed_until": CONFIRMED_UNTIL,
    }


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2027, 1, 4)])
def test_r56_days_outside_the_table_are_refused(day):
    with pytest.raises(CalendarNotConfirmed):
        CALENDAR.is_working(day)


def test_r56_counting_between_is_refused_past_the_table():
    with pytest.raises(CalendarNotConfirmed):
        CALENDAR.working_days_between(date(2026, 12, 30), date(2027, 1, 2))


def test_r56_calendar_days_run_on_through_holidays_and_past_the_table():
    assert CALENDAR.add_calendar_days(date(2026, 9, 25), 15) == date(2026, 10, 10)
    assert CALENDAR.add_calendar_days(date(2026, 12, 20), 90) == date(2027, 3, 20)


def test_a_calendar_period_may_have_to_end_on_a_working_day():
    assert CALENDAR.add_calendar_days(date(2026, 9, 20), 15, ends_on_working_day=True) == date(2026, 10, 8)


@pytest.mark.parametrize("add", [CALENDAR.add_working_days, CALENDAR.add_calendar_days])
def test_a_negative_period_is_refused(add):
    with pytest.raises(NegativePeriod) as refusal:
        add(date(2026, 3, 2), -1)
    assert refusal.value.params == {"days": -1}


@pytest.mark.parametrize("add", [CALENDAR.add_working_days, CALENDAR.add_calendar_days])
def test_no_days_lead_nowhere(add):
    assert add(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_the_announced_table_names_every_day_once():
    days = [day for day, _, _ in rows()]
    assert len(days) == len(set(days)) == 72
    assert (min(days), max(days)) == (date(2025, 1, 1), date(2026, 10, 10))


def test_every_worked_weekend_is_a_weekend():
    assert {day.weekday() for day in WORKED_WEEKENDS} == {5, 6}


@pytest.mark.parametrize(("year", "working_days"), [(2025, 248), (2026, 248)])
def test_the_number_of_working_days_of_a_year(year, working_days):
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    assert sum(CALENDAR.is_working(first + timedelta(days=step)) for step in range(length)) == working_days
