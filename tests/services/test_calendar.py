"""The working-day calendar comes from the table of announced days and from nothing else (R54-R56)."""

from datetime import date

import pytest

from app.domain.deadlines import CalendarNotConfirmed
from app.extensions import db
from app.models import Holiday
from app.reference.holidays import rows
from app.services.calendar import ensure_holidays, working_calendar
from app.services.setup import ensure_vocabularies
from app.services.transaction import transaction


def announce(*days):
    with transaction() as session:
        ensure_holidays(session, days)


def calendar():
    return working_calendar(db.session())


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 2, 10), date(2026, 3, 16)),
        (date(2026, 4, 20), date(2026, 5, 20)),
        (date(2026, 9, 15), date(2026, 10, 19)),
        (date(2025, 9, 15), date(2025, 10, 17)),
    ],
)
def test_r54_twenty_working_days_leave_out_holidays_and_take_in_worked_weekends(app, start, due):
    ensure_vocabularies()
    assert calendar().add_working_days(start, 20) == due


def test_r56_the_table_decides_about_single_days(app):
    announce((date(2026, 3, 11), False, "停工"), (date(2026, 3, 14), True, "调休上班"))
    assert calendar().add_working_days(date(2026, 3, 10), 1) == date(2026, 3, 12)
    assert calendar().add_working_days(date(2026, 3, 13), 1) == date(2026, 3, 14)


def test_r56_a_year_is_known_from_its_first_day_to_its_last(app):
    announce((date(2026, 5, 1), False, "劳动节"))
    known = calendar()
    assert (known.confirmed_from, known.confirmed_until) == (date(2026, 1, 1), date(2026, 12, 31))
    for outside in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(CalendarNotConfirmed):
            known.is_working(outside)


def test_r56_a_year_left_out_of_the_table_is_not_guessed(app):
    announce((date(2025, 1, 1), False, "元旦"), (date(2027, 1, 1), False, "元旦"))
    assert calendar().confirmed_until == date(2025, 12, 31)


def test_r56_without_a_table_no_day_is_known(app):
    with pytest.raises(CalendarNotConfirmed):
        calendar().is_working(date(2026, 3, 2))


def test_what_a_clerk_entered_stays_when_the_announced_days_are_added(app):
    day = date(2026, 5, 1)
    announce((day, True, "本局值班"))
    announce(*rows())
    announce(*rows())
    assert db.session.get(Holiday, day).name == "本局值班"
    assert db.session.query(Holiday).count() == len(list(rows()))
