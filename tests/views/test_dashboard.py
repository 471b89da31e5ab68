"""The overview of a year: who sees it, and that every figure opens exactly its rows."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain import policy
from app.domain.measures import MEASURES, SPREADS, Period
from app.domain.vocabulary import CountKind
from app.extensions import db
from app.models import Agency, FigureRefresh
from app.security import roles
from app.services import figures, statistics
from app.services.chain import ensure_heads
from app.services.figures import behind, keeping
from app.services.figures.behind import LISTED, Question
from tests.builders import make_user
from tests.reports.world import AS_OF, TODAY, YEAR, World
from tests.views.pages import enter, visible_text

ADDRESS = f"/dashboard/?year={YEAR}"
LINK = re.compile(r'<a[^>]*href="(/dashboard/rows/[^"]*)"[^>]*>([\d,]+)</a>')
HEADING = re.compile(r"<h1>\D*([\d,]+)")


@pytest.fixture
def world(session):
    made = World(session).build()
    ensure_heads(session)
    session.commit()
    return made


@pytest.fixture
def leader(app, world):
    make_user("leader", roles.LEADING_GROUP)
    return enter(app, "leader")


def number(text):
    return int(text.replace(",", ""))


@pytest.mark.parametrize("role", [roles.LEADING_GROUP, roles.APPROVER, roles.AUDITOR])
def test_the_leaders_the_chief_and_the_auditor_see_the_year(app, world, role):
    make_user("reader", role)
    text = visible_text(enter(app, "reader").get(ADDRESS).text)
    assert "各区县问题发现率" in text
    assert "数据截至" in text


@pytest.mark.parametrize("role", [roles.INSPECTOR, roles.ROSTER_CLERK, roles.ADMINISTRATOR])
def test_others_do_not(app, world, role):
    make_user("reader", role)
    assert enter(app, "reader").get(ADDRESS).status_code == 403


def test_R77_every_linked_figure_is_the_number_of_rows_behind_it(leader):
    links = LINK.findall(leader.get(ADDRESS).text)
    assert len(links) > 40
    for address, shown in dict(links).items():
        listed = leader.get(html.unescape(address)).text
        assert number(HEADING.search(listed).group(1)) == number(shown), address


@pytest.mark.parametrize("measure", sorted(LISTED))
def test_R80_the_list_counts_what_the_measure_counts(world, session, measure):
    whole = figures.sheet_of(session, YEAR, AS_OF).whole
    question = Question(YEAR, measure)
    assert behind.number_behind(session, question) == MEASURES[measure].read(whole)
    rows = behind.rows_behind(session, question, 0, 1000)
    assert len(rows) == behind.number_behind(session, question)


def test_R80_a_list_of_households_names_each_enterprise_once(world, session):
    rows = behind.rows_behind(session, Question(YEAR, "drawn"), 0, 1000)
    assert len({row.enterprise_id for row in rows}) == len(rows)


def test_the_pages_of_a_list_hold_each_row_once(world, session):
    question = Question(YEAR, "findings")
    total = behind.number_behind(session, question)
    pages = [behind.rows_behind(session, question, begin, 7) for begin in range(0, total, 7)]
    assert sum(map(len, pages)) == total


def test_R26_the_planned_items_add_up_to_the_planned_figure(world, session):
    rows = behind.planned_behind(session, YEAR, None)
    assert sum(row.targets for row in rows) == figures.sheet_of(session, YEAR, AS_OF).planned


@pytest.mark.parametrize("kind", list(CountKind))
def test_R45_a_spread_names_nobody_and_its_bins_open_exactly_their_rows(world, session, kind):
    spread = figures.sheet_of(session, YEAR, AS_OF).spread(kind)
    assert list(spread) == list(SPREADS[kind])
    for place, subjects in spread.items():
        total, rows = behind.counted_behind(session, YEAR, kind, place, None, 0, 1000)
        assert total == len(rows) == subjects
        assert all(place.holds(row.number) for row in rows)
        assert [row.key for row in rows] == sorted(row.key for row in rows)


def test_R45_the_page_ranks_nobody_and_shows_no_fine(leader):
    text = visible_text(leader.get(ADDRESS).text)
    assert "罚款" not in text
    assert "排名" not in text


def test_R88_a_district_in_which_few_were_checked_says_so(leader, world):
    page = leader.get(ADDRESS).text
    districts = statistics.rows_for(db.session(), "districts", Period(YEAR), TODAY).tables["districts"].rows
    few = [row for row in districts if 0 < row.tally.households.checked < 20]
    assert few
    assert "样本少" in page
    assert all(re.search(f'aria-label="{row.label}：问题发现率[^"]*样本少', page) for row in few)


def test_R88_a_rate_stands_with_its_interval_and_its_numbers(leader):
    share = figures.sheet_of(db.session(), YEAR, AS_OF).share("problem_rate")
    low, high = share.interval
    assert f"{share.part} ÷ {share.whole} · {low:.1%}".rstrip("%") in visible_text(leader.get(ADDRESS).text)
    assert low < share.value < high


def test_R75_joint_and_off_site_share_stand_beside_the_year_before(leader):
    text = visible_text(leader.get(ADDRESS).text)
    assert "联合占现场检查" in text
    assert "非现场检查占比" in text
    assert "上年无数据" in text


def test_a_department_sees_itself_whatever_it_asks_for(app, world):
    make_user("partner", roles.APPROVER, agency="A02")
    partner = enter(app, "partner")
    bureau = db.session.query(Agency).filter_by(code="A01").one().id
    own = db.session.query(Agency).filter_by(code="A02").one().short_name
    page = partner.get(f"{ADDRESS}&department={bureau}").text
    assert f"{YEAR} 年 · {own}" in visible_text(page)
    rows = partner.get(f"/dashboard/rows/findings?year={YEAR}&department={bureau}").text
    found = figures.sheet_of(
        db.session(), YEAR, AS_OF, db.session.query(Agency).filter_by(code="A02").one().id
    )
    assert number(HEADING.search(rows).group(1)) == found.whole.findings.total


@pytest.mark.parametrize("name", ["visits", "rate"])
def test_the_lines_of_two_years_are_a_picture_with_a_table_beside_it(leader, name):
    answer = leader.get(f"/dashboard/months/{name}.svg?year={YEAR}")
    assert answer.mimetype == "image/svg+xml"
    assert str(YEAR) in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/dashboard/rows/nothing",
        "/dashboard/rows/saved_visits",
        "/dashboard/rows/problem_rate",
        "/dashboard/months/other.svg",
        "/dashboard/spread/other/1",
        "/dashboard/spread/burden/77",
        "/dashboard/?year=99999",
        "/dashboard/?department=99999999999999999999",
    ],
)
def test_what_does_not_exist_is_not_found(leader, address):
    assert leader.get(address).status_code == 404


def test_no_page_fails_for_the_counts_of_its_menu(app, world, session, monkeypatch):
    figures.forget()
    session.add(FigureRefresh(scope=keeping.DEADLINES, head=-1, seconds=0.0, claimed_at=datetime.now(UTC)))
    session.commit()
    monkeypatch.setattr(keeping, "FIGURES", replace(policy.FIGURES, first_seconds=0.1))
    make_user("planner", roles.PLANNER)
    assert enter(app, "planner").get("/plans/list/").status_code == 200


def test_a_rule_that_no_page_answers_itself_is_told_in_its_own_words(leader, session, monkeypatch):
    figures.forget()
    session.add(FigureRefresh(scope=str(YEAR), head=-1, seconds=0.0, claimed_at=datetime.now(UTC)))
    session.commit()
    monkeypatch.setattr(keeping, "FIGURES", replace(policy.FIGURES, first_seconds=0.1))
    answer = leader.get(ADDRESS)
    assert answer.status_code == 409
    assert "统计数据正在首次计算，请一分钟后再试。" in visible_text(answer.text)
