"""R88: what stands out is found, what is only chance or a small number is not."""

import pytest

from app.domain import policy
from app.domain.vocabulary import RiskDimension, WarningKind, WarningLevel
from app.services.risk.analysis import alarms_in, pair_alarms
from app.services.risk.comparison import alarms_of, cells_of, drifts, level_of
from tests.services.risk.frames import MONTH, frame, group, usual

DISTRICT = RiskDimension.DISTRICT, "territory_code"


def districts(rows, month=MONTH):
    return {cell.value: cell for cell in cells_of(rows, *DISTRICT, month)}


def found(rows, month=MONTH):
    return {alarm.cell.value: alarm for alarm in alarms_of(list(districts(rows, month).values()))}


def quiet(*but):
    return [group(district=code) for code in ("220102", "220103", "220104") if code not in but]


def test_R88_a_quiet_month_gives_no_warning():
    assert found(frame(usual(), *quiet())) == {}


def test_R88_a_district_with_three_times_the_problems_is_found():
    alarms = found(frame(usual(), *quiet("220103"), group(problems=34, district="220103")))
    assert list(alarms) == ["220103"]
    assert alarms["220103"].level == WarningLevel.SEVERE


def test_R88_what_is_always_high_is_no_rise_but_stands_above_its_peers():
    always = usual(problems=34, districts=("220105",))
    alarms = found(frame(usual(), always, *quiet(), group(problems=34, district="220105")))
    assert {value: alarm.kind for value, alarm in alarms.items()} in (
        {},
        {"220105": WarningKind.ABOVE_PEERS},
    )


def test_R88_a_small_cell_is_shown_with_its_interval_but_never_judged():
    checked = policy.RISK.minimum_cell - 1
    rows = frame(usual(), *quiet("220103"), group(checked=checked, problems=checked, district="220103"))
    cell = districts(rows)["220103"]
    assert cell.is_small
    assert cell.share.interval[0] < 1
    assert "220103" not in found(rows)


def test_R88_a_district_is_not_worse_for_checking_the_worse_trade():
    trades = [*usual(item=1, problems=5), *usual(item=2, problems=40)]
    rows = frame(trades, *quiet("220103"), group(item=2, checked=200, problems=80, district="220103"))
    cell = districts(rows)["220103"]
    assert cell.expected == pytest.approx(80, rel=0.1)
    assert "220103" not in found(rows)


def test_R88_a_slow_rise_is_summed_up():
    slow = [group(MONTH - back, 60, 6 + 3 * (5 - back), district="220103") for back in range(6)]
    before = usual(months=18, problems=10)
    rest = [row for row in before if not (row["territory_code"] == "220103" and row["month"] > MONTH - 6)]
    rows = frame(rest, *quiet("220103"), *slow)
    assert [alarm.cell.value for alarm in drifts(rows, *DISTRICT, MONTH)] == ["220103"]
    assert drifts(frame(before, *quiet()), *DISTRICT, MONTH) == []


def test_R45_a_pair_that_finds_nothing_where_others_do_is_found_and_nobody_is_ranked():
    pairs = [row for place in range(8) for row in usual(checked=20, problems=4, pair=f"P{place}")]
    now = [group(checked=60, problems=12, pair=f"P{place}") for place in range(1, 8)]
    alarms = pair_alarms(frame(pairs, *now, group(checked=90, problems=0, pair="P0")), MONTH)
    assert [(alarm.cell.value, alarm.kind) for alarm in alarms] == [("P0", WarningKind.UNUSUALLY_LOW)]


def test_without_a_past_nothing_is_said():
    rows = frame(group(problems=90))
    assert cells_of(rows, *DISTRICT, MONTH) == []
    assert alarms_in(rows, MONTH) == []


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (1.5, WarningLevel.ORDINARY),
        (2.0, WarningLevel.RAISED),
        (2.9, WarningLevel.RAISED),
        (3.0, WarningLevel.SEVERE),
    ],
)
def test_the_level_follows_the_ratio(ratio, level):
    assert level_of(ratio) == level
