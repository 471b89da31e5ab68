"""The figures by department of F6 to F8, once more in pandas from whole tables."""

from datetime import date, datetime

import pandas as pd
import pytest
from sqlalchemy import select

from app.domain.forms import DECLARED, DEPARTMENT_KINDS
from app.domain.measures import CHINA, Period
from app.domain.vocabulary import PROBLEM_RESULTS, PenaltyType
from app.extensions import db
from app.models import Enterprise
from app.services import declaring, statistics
from tests.reports.casework import CaseWorld
from tests.reports.world import TODAY, YEAR

PERIODS = (
    Period(YEAR),
    Period(YEAR, half=1),
    Period(YEAR, quarter=2),
    Period(YEAR, month=3),
    Period.between(date(YEAR - 1, 12, 20), date(YEAR, 7, 15)),
)
STANDING = {"approved", "filed", "disclosed"}


@pytest.fixture
def world(session):
    return CaseWorld(session).build()


def table(session, name):
    rows = session.execute(select(db.metadata.tables[name])).mappings().all()
    plain = [{key: getattr(cell, "value", cell) for key, cell in row.items()} for row in rows]
    return pd.DataFrame(plain, columns=db.metadata.tables[name].columns.keys(), dtype=object)


def within(series, period):
    """Which days of a column lie in the period; a moment by the Chinese clock."""
    days = series.map(lambda at: at.astimezone(CHINA).date() if isinstance(at, datetime) else at)
    return days.map(lambda day: isinstance(day, date) and period.first <= day <= period.last)


def rows_of(session, name, period, **limits):
    data = statistics.rows_for(session, name, period, TODAY, **limits)
    codes = table(session, "agency").set_index("code")["id"]
    return {codes[row.code]: row for row in data.tables[name].rows}


def per_agency(frame, key="agency_id"):
    return frame.groupby(key).size().to_dict()


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.key)
def test_r78_penalties_by_the_kind_under_which_each_decision_counts(session, world, period):
    cases = table(session, "penalty_case")
    cases = cases[within(cases["decided_on"], period)]
    order = [kind.value for kind in PenaltyType if kind != PenaltyType.OTHER]
    cases["counts"] = [
        max((kind for kind in kinds.split(",") if kind in order), default=PenaltyType.OTHER.value)
        for kinds in cases["penalties"]
    ]
    for key, row in rows_of(session, "penalties", period).items():
        own = cases[cases["agency_id"] == key]
        for kind in PenaltyType:
            assert row.values.get(kind.value, 0) == (own["counts"] == kind.value).sum(), kind
        assert row.values["total"] == len(own)
        assert row.values["fines"] == (12.5 if key == world.bureau.id and period == Period(YEAR) else None)


def checks(session, period):
    """One row for each visit and department of which something was checked in the period."""
    visits = table(session, "visit").query("state != 'cancelled'")
    visits = visits[within(visits["done_on"], period)].rename(columns={"id": "visit_id"})
    findings = (
        table(session, "item_finding").query("state != 'unchecked'").rename(columns={"id": "finding_id"})
    )
    rows = findings[["finding_id", "visit_id", "agency_id"]].merge(
        visits[["visit_id", "task_id", "enterprise_id"]], on="visit_id"
    )
    newest = table(session, "finding_record").sort_values("version").groupby("finding_id").last()["id"]
    methods, results = (
        table(session, name).groupby("record_id")["code"].agg(set).to_dict()
        for name in ("finding_method", "finding_result")
    )
    rows["methods"] = [methods.get(newest.get(key), set()) for key in rows["finding_id"]]
    rows["results"] = [results.get(newest.get(key), set()) for key in rows["finding_id"]]
    joined = rows.groupby(["visit_id", "agency_id", "task_id", "enterprise_id"], as_index=False).agg(
        {"methods": lambda sets: set().union(*sets), "results": lambda sets: set().union(*sets)}
    )
    tasks = table(session, "inspection_task").set_index("id")
    origins = table(session, "special_inspection").set_index("id")["origin"].to_dict()
    sources = table(session, "task_trigger").set_index("task_id")["source"].to_dict()
    joined["kind"] = [tasks.loc[key, "kind"] for key in joined["task_id"]]
    joined["joint"] = [tasks.loc[key, "is_joint"] for key in joined["task_id"]]
    joined["source"] = [sources.get(key) for key in joined["task_id"]]
    joined["origin"] = [origins.get(tasks.loc[key, "special_id"]) for key in joined["task_id"]]
    return joined


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.key)
def test_r80_inspections_are_counted_by_visit_and_department_once_each(session, world, period):
    rows = checks(session, period)
    problems = {code.value for code in PROBLEM_RESULTS}
    for key, row in rows_of(session, "inspections", period).items():
        own = rows[rows["agency_id"] == key]
        times = own.groupby("enterprise_id").size()
        found = own["results"].map(lambda codes: bool(codes & problems)).sum()
        assert {name: row.values[name] for name in row.values} == {
            "total": len(own),
            "ordinary": (own["kind"] == "random").sum(),
            "random": (own["kind"] == "random").sum(),
            "triggered": (own["kind"] == "triggered").sum(),
            "special": (own["kind"] == "special").sum(),
            "superior": (own["origin"] == "superior").sum(),
            "complaint": (own["source"] == "complaint").sum(),
            "joint": own["joint"].map(bool).sum(),
            "on_site": own["methods"].map(lambda used: "on_site" in used).sum(),
            "off_site": own["methods"].map(lambda used: bool(used) and "on_site" not in used).sum(),
            "firms": own["enterprise_id"].nunique(),
            "most": times.max() if len(times) else 0,
            "problem": found,
            "problem_rate": pytest.approx(found / len(own)) if len(own) else None,
        }


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.key)
def test_r77_r82_what_the_summary_adds_to_the_tally(session, world, period):
    cases, lines = table(session, "penalty_case"), plan_lines(session)
    transfers = table(session, "case_transfer")
    transfers = transfers[within(transfers["opened_at"], period)]
    expected = {
        "filed": per_agency(cases[within(cases["filed_on"], period)]),
        "decided": per_agency(cases[within(cases["decided_on"], period)]),
        "to_agencies": per_agency(transfers[transfers["kind"] == "agency"]),
        "to_police": per_agency(transfers[transfers["kind"] == "police"]),
        "plans": per_agency(lines[lines["year"] == period.year], "lead_agency_id"),
        "listed": listed(session, period),
    }
    for key, row in rows_of(session, "summary", period).items():
        for name, numbers in expected.items():
            assert row.values[name] == numbers.get(key, 0), (key, name)
        drawn = row.tally.households.total
        assert row.drawn_share == (pytest.approx(drawn / row.roster) if row.roster else None)


def listed(session, period):
    notices = table(session, "agency_notice").query("outcome == 'listed'")
    notices = notices[within(notices["answered_on"], period)]
    findings = table(session, "item_finding").set_index("id")["visit_id"]
    firms = table(session, "visit").set_index("id")["enterprise_id"]
    notices["firm"] = [firms[findings[key]] for key in notices["finding_id"]]
    return notices.groupby("agency_id")["firm"].nunique().to_dict()


def plan_lines(session):
    plans = table(session, "inspection_plan").rename(columns={"id": "plan_id"})
    plans = plans[plans["state"].isin(STANDING)][["plan_id", "year"]]
    return table(session, "plan_line").merge(plans, on="plan_id")


def drawn_lines(session, period):
    """Lines with a standing draw: of a year by the year of the plan, else by the day of the freeze."""
    draws = table(session, "draw").query("state == 'drawn'")
    lines = plan_lines(session)
    if period.key != str(period.year):
        draws = draws[within(draws["frozen_at"], period)]
    tasks = table(session, "inspection_task").set_index("id")["line_id"]
    drawn = {tasks[key] for key in draws["task_id"]}
    own = lines[lines["id"].isin(drawn)]
    return per_agency(
        own[own["year"] == period.year] if period.key == str(period.year) else own, "lead_agency_id"
    )


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.key)
def test_r79_enforcement_is_counted_or_declared(session, world, period):
    cases, made = table(session, "penalty_case"), checks(session, period)
    done, before = drawn_lines(session, period), drawn_lines(session, period.year_before)
    plans = table(session, "inspection_plan")
    filed = per_agency(plans[(plans["year"] == period.year) & plans["filing_no"].notna()])
    staff = table(session, "inspector").query("kind == 'inspector' and status != 'left'")
    for key, row in rows_of(session, "enforcement", period).items():
        own = made[made["agency_id"] == key]
        values = row.values
        assert values["inspectors"] == per_agency(staff).get(key, 0)
        assert values["reviewed"] == per_agency(cases[within(cases["reviewed_on"], period)]).get(key, 0)
        assert values["decided"] == per_agency(cases[within(cases["decided_on"], period)]).get(key, 0)
        assert values["plans_done"] == done.get(key, 0)
        assert values["plans_before"] == before.get(key, 0)
        assert values["plans_change"] == done.get(key, 0) - before.get(key, 0)
        assert values["filed"] == filed.get(key, 0)
        mean = len(own) / own["enterprise_id"].nunique() if len(own) else None
        assert values["frequency"] == (pytest.approx(mean) if mean else None)
        assert values["staff_passed"] == (17 if (key, period.key) == (world.bureau.id, str(YEAR)) else None)


def test_the_cases_are_worth_counting(session, world):
    """Every kind of check, several decisions of a kind, days before and after the year all occur in it."""
    year = checks(session, Period(YEAR))
    assert set(year["kind"]) == {"random", "triggered", "special"}
    assert {"complaint", "transfer"} <= set(year["source"])
    assert len(checks(session, Period(YEAR - 1))) > 0
    assert year.groupby(["agency_id", "enterprise_id"]).size().max() > 2
    assert len(table(session, "penalty_case")) > 15
    assert sum(listed(session, Period(YEAR)).values()) > 0


def test_f8_says_what_was_planned_last_year_and_drawn_in_this_one(session, world):
    data = statistics.rows_for(session, "building", Period(YEAR), TODAY)
    rows = {row.values["item"]: row.values for row in data.tables["building"].rows}
    assert rows["汽车销售行为检查"]["before"] == "30%；1次/年"
    assert rows["单用途卡发卡企业检查"]["before"] == "未列入上年计划"
    assert rows["汽车销售行为检查"]["now"] == "20%；2次"
    assert rows[""]["has_list"] is False
    assert rows["汽车销售行为检查"]["publicity"] == "是"


def test_r81_departments_with_nothing_stand_in_every_form_with_noughts(session, world):
    for name in ("penalties", "enforcement", "inspections", "summary"):
        row = rows_of(session, name, Period(YEAR, month=12))[world.police.id]
        counts = [
            value for key, value in row.values.items() if key not in DECLARED and isinstance(value, int)
        ]
        assert counts
        assert not any(counts)


def test_r73_another_department_gets_its_own_rows_only(session, world):
    for name in DEPARTMENT_KINDS:
        data = statistics.rows_for(session, name, Period(YEAR), TODAY, agency_id=world.market.id)
        assert {row.code for row in data.tables[name].rows} == {"A02"}


def test_r79_the_newest_declaration_counts_and_every_one_is_kept(app, session, world):
    now = datetime(YEAR, 9, 1, tzinfo=CHINA)
    changed = declaring.declare(
        world.bureau.id, YEAR, {"staff_passed": " 18 ", "fines": "1,250.50", "training": ""}, world.clerk, now
    )
    assert changed == 3
    said = declaring.figures(session, YEAR)[world.bureau.id]
    assert (said["staff_passed"], said["fines"], "training" in said) == ("18", "1250.5", False)
    values = [
        row.value for row in declaring.history(session, YEAR, world.bureau.id) if row.name == "staff_passed"
    ]
    assert values == ["18", "17", "1"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("staff_passed", "-1"),
        ("staff_passed", "1.5"),
        ("staff_passed", "NaN"),
        ("fines", "很多"),
        ("publicity", "也许"),
        ("training", "长" * 1001),
    ],
)
def test_r79_a_declaration_of_another_form_is_refused(app, session, world, name, value):
    now = datetime(YEAR, 9, 1, tzinfo=CHINA)
    with pytest.raises(declaring.DeclaredInvalid):
        declaring.declare(world.bureau.id, YEAR, {name: value}, world.clerk, now)
    with pytest.raises(declaring.DeclaredUnknown):
        declaring.declare(world.bureau.id, YEAR, {"league": "1"}, world.clerk, now)


COUNTED_BY_FIRM = {
    "penalties": ("total",),
    "inspections": ("total", "firms", "problem", "triggered", "special"),
    "summary": ("filed", "decided", "to_agencies", "to_police", "listed"),
    "enforcement": ("reviewed", "decided"),
}


def districts_of(session):
    """The districts of the firms, of which none is left without one."""
    firms = session.query(Enterprise).order_by(Enterprise.id).all()
    found = sorted({firm.territory_code for firm in firms if firm.territory_code})
    for firm in firms:
        firm.territory_code = firm.territory_code or found[0]
    session.commit()
    return found


@pytest.mark.parametrize(("name", "figures"), COUNTED_BY_FIRM.items(), ids=COUNTED_BY_FIRM)
def test_r11_the_districts_of_a_report_add_up_to_the_city(session, world, name, figures):
    parts = [rows_of(session, name, Period(YEAR), territory=code) for code in districts_of(session)]
    for key, row in rows_of(session, name, Period(YEAR)).items():
        for figure in figures:
            own = [part[key].values.get(figure, 0) for part in parts]
            assert sum(own) == row.values.get(figure, 0), figure
            assert not any(part[key].values.get("fines") for part in parts)


def test_r11_the_roster_of_a_district_holds_its_own_firms(session, world):
    parts = [
        rows_of(session, "summary", Period(YEAR), territory=code)[world.bureau.id]
        for code in districts_of(session)
    ]
    whole = rows_of(session, "summary", Period(YEAR))[world.bureau.id]
    assert sum(part.roster for part in parts) == whole.roster
    assert all(part.drawn_share is None or part.drawn_share <= 1 for part in parts)
    assert len([part for part in parts if part.roster]) > 1
