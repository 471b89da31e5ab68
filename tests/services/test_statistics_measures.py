"""Periods, rates and the catalogue of measures, without a database."""

from datetime import UTC, date, datetime

import pytest

from app.domain.measures import (
    MEASURES,
    RESULT_GROUPS,
    Count,
    Period,
    PeriodInvalid,
    PeriodKind,
    Share,
    Tally,
    Unit,
)
from app.domain.vocabulary import PROBLEM_RESULTS, ResultCode


@pytest.mark.parametrize(
    ("period", "caption", "kind", "first", "last"),
    [
        (Period(2026), "2026年度", PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Period(2026, quarter=1), "2026年第1季度", PeriodKind.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Period(2028, month=2), "2028年2月", PeriodKind.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_knows_its_days_and_its_name(period, caption, kind, first, last):
    assert (period.caption, period.kind, period.first, period.last) == (caption, kind, first, last)


def test_a_period_begins_at_midnight_in_china():
    assert Period(2026, month=12).moments == (
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize("wrong", [{"month": 13}, {"quarter": 0}, {"month": 3, "quarter": 1}])
def test_a_month_that_is_none_is_refused(wrong):
    with pytest.raises(PeriodInvalid):
        Period(2026, **wrong)


def test_wilson_interval_of_three_in_ten():
    low, high = Share(3, 10).interval
    assert (low, high) == (pytest.approx(0.1078, abs=1e-4), pytest.approx(0.6032, abs=1e-4))


def test_an_interval_stays_between_nothing_and_all():
    assert Share(0, 5).interval[0] == pytest.approx(0, abs=1e-12)
    assert Share(5, 5).interval[1] == pytest.approx(1)
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_r77_completion_is_disclosed_over_drawn_and_closing_is_closed_over_disclosed():
    tally = Tally(households=Count(total=10, checked=9, disclosed=5, closed=4, problem=3))
    assert MEASURES["completion_rate"].read(tally) == 0.5
    assert MEASURES["closing_rate"].read(tally) == 0.8
    assert MEASURES["problem_rate"].read(tally) == pytest.approx(3 / 9)
    assert MEASURES["awaiting"].read(tally) == 4


def test_r80_a_rate_has_the_same_unit_in_part_and_whole():
    units = {measure.part: measure.unit for measure in MEASURES.values() if not measure.whole}
    for measure in MEASURES.values():
        if measure.whole:
            assert units[measure.part] == units[measure.whole], measure.key
            assert measure.unit == Unit.PERCENT


def test_every_measure_says_what_it_counts_and_by_which_rule():
    for measure in MEASURES.values():
        assert measure.name
        assert measure.counts
        assert measure.rule
        assert bool(measure.whole) == bool(measure.against)


def test_r53_every_result_code_has_a_column_and_parents_contain_their_children():
    shown = frozenset().union(*(group.codes for group in RESULT_GROUPS.values()))
    assert shown == set(ResultCode)
    assert RESULT_GROUPS["own"].codes < RESULT_GROUPS["pending"].codes
    assert RESULT_GROUPS["pending"].codes < PROBLEM_RESULTS
