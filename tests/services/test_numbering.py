"""Document numbers: no gap and no double, whoever takes them at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.extensions import db
from app.services import numbering
from app.services.transaction import transaction

SERIES = "长商检通"
TAKERS, EACH = 6, 8


def take(series=SERIES, year=2026):
    with transaction() as session:
        return numbering.take(session, series, year)


def failing():
    """Somebody who takes a number and whose work then breaks off."""
    with transaction() as session:
        numbering.take(session, SERIES, 2026)
        raise ZeroDivisionError


def together(app, work):
    """The answers of all takers, who begin at the same moment, each on a connection of its own."""
    start = Barrier(TAKERS)

    def run(taker):
        with app.app_context():
            start.wait()
            answers = [work(taker, turn) for turn in range(EACH)]
            db.session.remove()
            return answers

    with ThreadPoolExecutor(TAKERS) as pool:
        return [number for answers in pool.map(run, range(TAKERS)) for number in answers]


def test_a_series_counts_from_one(app):
    assert [take(), take(), take()] == [1, 2, 3]


def test_each_series_and_each_year_counts_by_itself(app):
    take()
    assert take(year=2027) == 1
    assert take("长商责改") == 1
    assert take() == 2


def test_a_number_not_used_goes_to_the_next(app):
    take()
    with pytest.raises(ZeroDivisionError):
        failing()
    assert take() == 2


def test_several_may_be_taken_in_one_transaction(app):
    with transaction() as session:
        assert [numbering.take(session, SERIES, 2026) for _ in range(3)] == [1, 2, 3]


def test_takers_at_the_same_time_leave_no_gap_and_no_double(app):
    taken = together(app, lambda _taker, _turn: take())
    assert sorted(taken) == list(range(1, TAKERS * EACH + 1))


def test_work_that_breaks_off_among_them_leaves_no_gap_either(app):
    def work(taker, turn):
        if (taker + turn) % 3:
            return take()
        with pytest.raises(ZeroDivisionError):
            failing()
        return 0

    taken = [number for number in together(app, work) if number]
    assert sorted(taken) == list(range(1, len(taken) + 1))
