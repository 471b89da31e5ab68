"""R75, R76: what joint inspection has spared, by department and beside the year before, platform tasks included."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.exchange import ExchangeRow, Head, Package
from app.domain.measures import JOINT_MEASURES, MEASURES, Change, Period
from app.domain.vocabulary import CheckMethod, Disposal, ResultCode
from app.extensions import db
from app.models import Agency
from app.services import statistics
from app.services.exchange.incoming import take_in
from app.services.figures.joint import joint_sheet
from app.services.statistics.facts import Coverage, facts
from app.services.statistics.tallies import whole
from tests.builders import World, at, make_inspector, make_item

TODAY = date(2026, 5, 1)
LATER = at(date(2026, 4, 20))
FOUND = {
    "checked_on": date(2026, 4, 8),
    "methods": (CheckMethod.ON_SITE,),
    "results": (ResultCode.NO_ISSUE,),
    "disposals": (Disposal.NONE_NEEDED,),
}
HEAD = Head("吉监抽〔2026〕3号", "220000-2026-017", "联合抽查", "商务局", date(2026, 4, 1), date(2026, 5, 29))


def name_of(code):
    return db.session.query(Agency).filter_by(code=code).one().name


@pytest.fixture
def world(app):
    made = World(enterprises=3, inspectors=3)
    make_item("CP-01")
    make_item("SJ-01", agency="A02")
    made.publish_items()
    made.partners = [make_inspector(agency="A02") for _ in range(2)]
    return made


@pytest.fixture
def package(world):
    """Three enterprises, the first two for both departments; everything is recorded."""
    teams = {
        "CP-01": tuple(each.staff_no for each in world.inspectors[:2]),
        "SJ-01": tuple(each.staff_no for each in world.partners),
    }
    wanted = [(firm, "CP-01") for firm in world.enterprises] + [
        (firm, "SJ-01") for firm in world.enterprises[:2]
    ]
    rows = [
        ExchangeRow(firm.identifier, firm.name, item, item, "", date(2026, 4, 8), teams[item], **FOUND)
        for firm, item in wanted
    ]
    return Package(replace(HEAD, lead_agency=name_of("A01")), tuple(rows))


def tally(year=2026):
    return whole(db.session(), facts(Coverage(Period(year), TODAY)))


def test_R76_a_task_of_the_platform_enters_the_statistics_marked_as_such(world, package):
    before = tally()
    take_in(package, "a" * 64, world.planner, LATER)
    after = tally()
    assert before.visits.total == 0
    assert (after.visits.total, after.findings.total, after.households.total) == (3, 5, 3)
    assert after.conduct.external == 3


def test_R76_a_package_that_comes_twice_is_counted_once(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    once = tally()
    take_in(package, "b" * 64, world.planner, LATER)
    assert tally() == once


def test_R76_an_enterprise_in_our_draw_and_in_a_task_of_the_platform_is_one_household(world, package):
    world.disclosed(ppm=1_000_000)
    own = tally()
    take_in(package, "a" * 64, world.planner, LATER)
    both = tally()
    assert own.households.total == both.households.total == 3
    assert both.visits.total == own.visits.total + 3


def test_R75_every_department_beside_the_host_spares_a_visit(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    found = tally()
    assert (found.conduct.shared, found.conduct.saved, found.separate_visits) == (2, 2, 5)
    assert MEASURES["saved_rate"].read(found) == 0.4


def test_R75_the_visits_saved_of_the_departments_add_up(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    figures = statistics.joint_figures(db.session(), Period(2026), TODAY)
    saved = {row.code: row.now.conduct.saved for row in figures.rows}
    assert (saved["A01"], saved["A02"]) == (0, 2)
    assert sum(saved.values()) == figures.whole.now.conduct.saved
    own = statistics.joint_figures(
        db.session(), Period(2026), TODAY, agency_id=db.session.query(Agency).filter_by(code="A02").one().id
    )
    assert own.whole.now.conduct.saved == 2


def test_R75_figures_stand_beside_those_of_the_year_before(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    now = statistics.joint_figures(db.session(), Period(2026), TODAY).whole
    later = statistics.joint_figures(db.session(), Period(2027), TODAY).whole
    assert now.change("saved_visits") == Change(2, 0)
    assert later.change("saved_visits") == Change(0, 2)
    assert later.change("saved_visits").growth == -1.0
    assert now.change("joint_on_site_share").now == 1.0


def test_R75_the_difference_of_rates_is_told_in_points():
    assert Change(0.62, 0.5).points == pytest.approx(12)
    assert Change(0.62, None).points is None
    assert Change(3, 0).growth is None
    assert Period(2026, quarter=2).year_before == Period(2025, quarter=2)


def test_R75_every_joint_measure_says_what_it_counts():
    assert all(MEASURES[key].counts and "R" in MEASURES[key].rule for key in JOINT_MEASURES)


@pytest.mark.parametrize("name", ["statistics", "tasks", "findings", "work"])
def test_R76_reports_show_the_task_of_the_platform(world, package, name):
    take_in(package, "a" * 64, world.planner, LATER)
    data = statistics.rows_for(db.session(), name, Period(2026), TODAY)
    shown = {section: list(table.rows) for section, table in data.tables.items()}
    if "tasks" in shown:
        assert [row.line for row in shown["tasks"]] == ["上级平台抽取"]
    if "work" in shown:
        assert {row.label for row in shown["work"]} == {
            "事项CP-01（上级平台抽取）",
            "事项SJ-01（上级平台抽取）",
        }
    if "findings" in shown:
        assert len(shown["findings"]) == 5


def test_R75_the_kept_figures_say_the_same(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    computed = statistics.joint_figures(db.session(), Period(2026), LATER.date())
    kept = joint_sheet(db.session(), 2026, LATER)
    for measure in JOINT_MEASURES:
        assert kept.whole.change(measure) == computed.whole.change(measure), measure
        for one, other in zip(kept.rows, computed.rows, strict=True):
            assert (one.code, one.change(measure)) == (other.code, other.change(measure)), measure


def test_R75_a_department_sees_its_own_figures_alone(world, package):
    take_in(package, "a" * 64, world.planner, LATER)
    key = db.session.query(Agency).filter_by(code="A02").one().id
    kept = joint_sheet(db.session(), 2026, LATER, key)
    assert [(row.code, row.now.conduct.saved) for row in kept.rows] == [("A02", 2)]
