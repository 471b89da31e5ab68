"""节假日安排通知: what a file has to say before its year counts as known (R56)."""

from datetime import date, timedelta

import pytest

from app.domain.holidays import (
    HolidayFileRefused,
    HolidayNoticeNotWhole,
    NoticeDay,
    YearNotNext,
    compare,
    notice_days,
    require_next,
)
from app.reference.holidays import rows

NOTICE = [
    (str(day), "班" if worked else "休", name) for day, worked, name in sorted(rows()) if day.year == 2026
]


def read(lines, year=2026):
    return notice_days(year, enumerate(lines, 1))


def test_r56_the_notice_of_2026_is_read_with_and_without_a_heading():
    assert len(read(NOTICE)) == len(NOTICE)
    assert read([("日期", "类别", "名称"), *NOTICE, ("", "", "")]) == read(NOTICE)


@pytest.mark.parametrize("text", ["2026/1/1", "2026年1月1日", "2026-01-01 00:00:00", "2026-1-1"])
def test_a_date_may_be_written_as_spreadsheets_write_it(text):
    assert read([(text, "休", "元旦"), *NOTICE[1:]])[0].on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("2026-13-01", "休", "节"), "日期无法识别"),
        (("九月一日", "休", "节"), "日期无法识别"),
        (("2026-07-01", "放假", "节"), "类别应为"),
        (("2026-07-01", "休", ""), "名称应为"),
        (("2026-07-01", "班", "调休上班"), "本来就是工作日"),
        (("2027-05-01", "休", "劳动节"), "不属于 2026 年"),
        (("2026-01-01", "休", "元旦"), "日期重复"),
        (("2026-07-01", "休", "节", "provisional: statutory day only"), "暂定"),
    ],
)
def test_r56_a_row_that_cannot_be_used_is_refused_with_its_line_and_reason(row, reason):
    with pytest.raises(HolidayFileRefused) as refusal:
        read([*NOTICE, row])
    assert refusal.value.params["line"] == len(NOTICE) + 1
    assert reason in refusal.value.params["reason"]


def test_r56_a_year_of_statutory_days_alone_is_not_a_whole_notice():
    with pytest.raises(HolidayNoticeNotWhole):
        read([row for row in NOTICE if row[0] != "2026-05-01"])
    fixed = [("2026-01-01", "休", "元旦"), ("2026-05-01", "休", "劳动节"), ("2026-05-02", "休", "劳动节")]
    fixed += [(f"2026-10-0{day}", "休", "国庆节") for day in (1, 2, 3)]
    with pytest.raises(HolidayNoticeNotWhole):
        read(fixed)


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2028, 2029])
def test_r56_years_are_confirmed_without_a_gap(year):
    if year in (2026, 2027):
        require_next(year, [2025, 2026])
    else:
        with pytest.raises(YearNotNext) as refusal:
            require_next(year, [2025, 2026])
        assert refusal.value.params == {"year": year, "expected": 2027}
    require_next(year, [])


def test_r56_the_difference_names_what_is_new_changed_and_gone():
    days = read(NOTICE)
    standing = {day.on: day for day in days}
    gone = NoticeDay(date(2026, 7, 1), False, "本地放假")
    first, second, *rest = days
    standing[gone.on] = gone
    standing[first.on] = NoticeDay(first.on, not first.is_working, first.name)
    del standing[second.on]
    found = compare(standing, days, 2026)
    assert found.added == (second,)
    assert [new for _, new in found.changed] == [first]
    assert found.removed == (gone,)
    assert found.unchanged == len(rest)


def test_r56_days_of_other_years_stay():
    other = NoticeDay(date(2025, 5, 1), False, "劳动节")
    found = compare({other.on: other}, read(NOTICE), 2026)
    assert found.removed == ()
    assert len(found.added) == len(NOTICE)
    assert found.added[0].on + timedelta(days=0) == date(2026, 1, 1)
