"""Each measure from the query, and once more in pandas from the raw rows."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import inspect, select

from app.domain.measures import (
    CHINA,
    DISPOSAL_GROUPS,
    MEASURES,
    REPORT_SECTIONS,
    RESULT_GROUPS,
    Period,
)
from app.domain.vocabulary import PROBLEM_RESULTS
from app.extensions import db
from app.models import Disclosure, DrawnTarget, TargetReplacement
from app.services import statistics
from app.services.statistics.facts import Coverage, facts, gathered
from app.services.statistics.progress import planned
from app.services.statistics.tallies import tallies, whole
from tests.reports.world import AS_OF, TODAY, YEAR, World

PERIODS = (Period(YEAR), Period(YEAR, quarter=2), Period(YEAR, quarter=3), Period(YEAR, month=3))


@pytest.fixture
def world(session):
    return World(session).build()


def table(session, name):
    rows = session.execute(select(db.metadata.tables[name])).mappings().all()
    plain = [{key: getattr(cell, "value", cell) for key, cell in row.items()} for row in rows]
    return pd.DataFrame(plain, dtype=object)


def raw_facts(session, period, today=TODAY):
    """One row per standing drawn target, put together from whole tables without the service's joins."""
    targets = table(session, "drawn_target").query("is_reserve == False")
    draws = table(session, "draw").query("state == 'drawn'").rename(columns={"id": "draw_id"})
    rows = targets.merge(draws[["draw_id", "task_id", "frozen_at"]], on="draw_id")
    tasks = table(session, "inspection_task").rename(columns={"id": "task_id"})
    rows = rows.merge(tasks[["task_id", "is_joint", "line_id", "lead_agency_id"]], on="task_id")
    entries = table(session, "task_item").rename(columns={"id": "task_item_id", "code": "item_code"})
    rows = rows.merge(
        entries[["task_item_id", "task_id", "item_code", "agency_id"]], on=["task_id", "item_code"]
    )
    rows = rows[[_within(row, period, session) for row in rows.itertuples()]]
    visits = table(session, "visit").query("state != 'cancelled'").rename(columns={"id": "visit_id"})
    visits = visits[["visit_id", "draw_id", "enterprise_id", "disclose_by"]]
    rows = rows.merge(visits, on=["draw_id", "enterprise_id"], how="left")
    findings = table(session, "item_finding").rename(columns={"id": "finding_id"})
    findings = findings[["finding_id", "visit_id", "task_item_id", "state", "closed_on"]]
    rows = rows.merge(findings, on=["visit_id", "task_item_id"], how="left").astype(object)
    return _companions(_steps(session, rows.where(rows.notna(), None), today))


def _companions(rows):
    """Which departments checked something in the same visit of a joint task, and which one of them is the host."""
    checked = rows[rows["checked"] & rows["is_joint"].astype(bool)]
    met, joined = [], []
    for row in rows.itertuples():
        here = set(checked[checked["visit_id"] == row.visit_id]["agency_id"]) if row.visit_id else set()
        host = row.lead_agency_id if row.lead_agency_id in here else min(here, default=None)
        counts = row.checked and bool(row.is_joint)
        met.append(counts and len(here) > 1)
        joined.append(counts and row.agency_id != host)
    return rows.assign(met=met, joined=joined)


def _within(row, period, session):
    if period.quarter is None and period.month is None:
        lines = table(session, "plan_line").set_index("id")
        plans = table(session, "inspection_plan").set_index("id")
        return plans.loc[lines.loc[row.line_id, "plan_id"], "year"] == period.year
    return period.first <= row.frozen_at.astimezone(CHINA).date() <= period.last


def _steps(session, rows, today):
    records = table(session, "finding_record").sort_values("version").groupby("finding_id").last()["id"]
    codes = {name: _codes(session, name) for name in ("finding_result", "finding_disposal", "finding_method")}
    published = _published(session)
    steps = []
    for row in rows.itertuples():
        record = records.get(row.finding_id)
        first, standing = published.get((row.visit_id, row.agency_id), (None, False))
        checked = row.finding_id is not None and row.state != "unchecked"
        disclosed = row.state == "disclosed" and standing
        deadline = row.disclose_by is not None
        results = codes["finding_result"].get(record, set()) if checked else set()
        steps.append(
            {
                "checked": checked,
                "disclosed": disclosed,
                "closed": disclosed and row.closed_on is not None,
                "problem": bool(results & {code.value for code in PROBLEM_RESULTS}),
                "results": results,
                "disposals": codes["finding_disposal"].get(record, set()) if checked else set(),
                "methods": codes["finding_method"].get(record, set()),
                "due": deadline and (disclosed or row.disclose_by < today),
                "punctual": deadline and disclosed and first <= row.disclose_by,
            }
        )
    return pd.concat([rows.reset_index(drop=True), pd.DataFrame(steps)], axis=1)


def _codes(session, name):
    return table(session, name).groupby("record_id")["code"].agg(set).to_dict()


def _published(session):
    found = {}
    for row in table(session, "disclosure").query("kind == 'result'").itertuples():
        day = row.published_at.astimezone(CHINA).date()
        first, standing = found.get((row.subject_id, row.agency_id), (day, False))
        found[row.subject_id, row.agency_id] = (min(first, day), standing or pd.isna(row.withdrawn_at))
    return found


def recomputed(rows):
    """Every counting measure of the catalogue from the raw rows."""
    found = {}
    for unit, keys in (
        ("households", ["enterprise_id"]),
        ("visits", ["draw_id", "enterprise_id"]),
        ("findings", ["id"]),
    ):
        groups = rows.groupby(keys)
        found[f"{unit}.total"] = groups.ngroups
        for step in ("checked", "problem"):
            found[f"{unit}.{step}"] = int(groups[step].any().sum())
        for step in ("disclosed", "closed"):
            found[f"{unit}.{step}"] = int(groups[step].all().sum())
    found["households.undisclosed"] = found["households.total"] - found["households.disclosed"]
    found["households.unchecked"] = found["households.total"] - found["households.checked"]
    found["households.awaiting"] = found["households.checked"] - found["households.disclosed"]
    return found | _recomputed_conduct(rows) | _recomputed_codes(rows)


def _recomputed_conduct(rows):
    visits = [group for _, group in rows.groupby(["draw_id", "enterprise_id"])]
    methods = [set().union(*group["methods"]) for group in visits]
    due = [group["due"].all() for group in visits]
    saved = sum(group[group["joined"]]["agency_id"].nunique() for group in visits)
    return {
        "conduct.on_site": sum("on_site" in used for used in methods),
        "conduct.joint_on_site": sum(
            "on_site" in used and bool(group["is_joint"].any())
            for used, group in zip(methods, visits, strict=True)
        ),
        "conduct.shared": sum(bool(group["met"].any()) for group in visits),
        "conduct.saved": saved,
        "conduct.external": 0,
        "conduct.withdrawn": 0,
        "separate_visits": sum(bool(group["checked"].any()) for group in visits) + saved,
        "conduct.joint": sum(group["is_joint"].any() for group in visits),
        "conduct.off_site": sum(bool(used) and "on_site" not in used for used in methods),
        "conduct.due": sum(due),
        "conduct.on_time": sum(a and g["punctual"].all() for a, g in zip(due, visits, strict=True)),
    }


def _recomputed_codes(rows):
    found = {}
    for column, groups in (("results", RESULT_GROUPS), ("disposals", DISPOSAL_GROUPS)):
        of_firm = {firm: set().union(*group[column]) for firm, group in rows.groupby("enterprise_id")}
        for key, group in groups.items():
            wanted = {code.value for code in group.codes}
            found[f"{column}.{key}"] = sum(bool(codes & wanted) for codes in of_firm.values())
    return found


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.caption)
def test_r77_r80_every_measure_agrees_with_a_count_in_pandas(session, world, period):
    expected = recomputed(raw_facts(session, period))
    tally = whole(session, facts(Coverage(period, TODAY)))
    for measure in MEASURES.values():
        share = (expected[measure.part], expected[measure.whole] if measure.whole else None)
        rate = share[0] / share[1] if share[1] else None
        assert measure.read(tally) == (rate if measure.whole else share[0]), measure.key
    assert tally.households.checked > 0


@pytest.mark.parametrize("dimension", ["agency_id", "line_id"])
def test_r80_every_group_agrees_with_a_count_in_pandas(session, world, dimension):
    rows = raw_facts(session, Period(YEAR))
    found = tallies(session, facts(Coverage(Period(YEAR), TODAY)), dimension)
    assert {key for (key,) in found} == set(rows[dimension])
    for key, group in rows.groupby(dimension):
        expected = recomputed(group)
        for measure in MEASURES.values():
            if not measure.whole:
                assert measure.read(found[(key,)]) == expected[measure.part], (key, measure.key)


def test_the_world_is_worth_counting(session, world):
    """Overlaps, late disclosures, corrected records and off-site checks all occur in it."""
    rows = raw_facts(session, Period(YEAR))
    tally = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    assert tally.households.total < tally.visits.total < tally.findings.total == len(rows)
    assert 0 < tally.conduct.on_time < tally.conduct.due
    assert 0 < tally.conduct.off_site < tally.visits.checked
    assert 0 < tally.households.closed < tally.households.disclosed < tally.households.checked
    assert len(table(session, "finding_record")) > tally.findings.checked


def test_r31_a_void_draw_and_reserves_are_not_counted(session, world):
    found = tallies(session, facts(Coverage(Period(YEAR), TODAY)), "draw_id")
    void = set(table(session, "draw").query("state == 'void'")["id"])
    assert void
    assert not void & {key for (key,) in found}
    assert sum(tally.findings.total for tally in found.values()) == 12 + 9 + 8 + 6


def replace_first(session, world):
    """The first drawn firm gives its place to the first reserve of the same item before the match."""
    drawn = session.scalars(select(DrawnTarget).order_by(DrawnTarget.id))
    left = next(row for row in drawn if not row.is_reserve)
    reserves = select(DrawnTarget).where(DrawnTarget.draw_id == left.draw_id, DrawnTarget.is_reserve)
    came = session.scalars(reserves.order_by(DrawnTarget.rank)).first()
    row = TargetReplacement(
        draw_id=left.draw_id,
        item_code=left.item_code,
        stratum=left.stratum,
        left_identifier=left.identifier,
        came_identifier=came.identifier,
        evidence="已注销",
        evidence_hash="0" * 64,
        actor_id=world.clerk.id,
        witness_id=world.clerk.id,
        at=AS_OF,
    )
    session.add(row)
    session.flush()
    return left, came


def test_a_replaced_firm_gives_its_place_to_the_reserve_and_the_place_counts_once(session, world):
    before = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    left, came = replace_first(session, world)
    base = facts(Coverage(Period(YEAR), TODAY))
    counted = set(session.scalars(select(base.c.target_id)))
    assert whole(session, base).findings.total == before.findings.total
    assert came.id in counted
    assert left.id not in counted


def test_a_draw_list_says_who_took_whose_place(session, world):
    left, came = replace_first(session, world)
    notes = {row.identifier: row.note for row in statistics.drawn_list(session, left.draw_id).rows}
    assert notes[left.identifier] == f"已由 {came.identifier} 补位"
    assert notes[came.identifier] == f"补位，替换 {left.identifier}"
    assert list(notes.values()).count("") == 11


def test_a_draw_frozen_after_midnight_in_china_belongs_to_the_next_quarter(session, world):
    second, third = (
        whole(session, facts(Coverage(Period(YEAR, quarter=number), TODAY))) for number in (2, 3)
    )
    assert (second.findings.total, third.findings.total) == (9, 14)
    assert whole(session, facts(Coverage(Period(YEAR, month=7), TODAY))).findings.total == 14


def test_r77_a_withdrawn_disclosure_is_no_longer_disclosed(session, world):
    before = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    for row in session.scalars(select(Disclosure)):
        row.withdrawn_at = datetime(2026, 8, 1, tzinfo=UTC)
    session.flush()
    after = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    assert before.households.disclosed > 0
    assert after.households.disclosed == 0
    assert after.households.undisclosed == after.households.total == before.households.total


def test_r54_nothing_is_due_before_its_deadline(session, world):
    early = whole(session, facts(Coverage(Period(YEAR), date(2026, 3, 1)))).conduct
    late = whole(session, facts(Coverage(Period(YEAR), date(2027, 1, 1)))).conduct
    assert early.overdue == 0
    assert early.due == early.on_time + (late.due - late.overdue - late.on_time)
    assert late.overdue > 0


def test_r80_a_department_filter_counts_only_its_own_items(session, world):
    base = facts(Coverage(Period(YEAR), TODAY, world.market.id))
    assert whole(session, base).findings.total == 6
    assert whole(session, base).households.total == 6


def test_facts_read_once_into_a_temporary_table_give_the_same_tally(session, world):
    coverage = Coverage(Period(YEAR), TODAY)
    with gathered(session, coverage) as base:
        assert tallies(session, base, "territory_code") == tallies(session, facts(coverage), "territory_code")


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_no_temporary_table_is_left_behind_however_the_transaction_ends(session, world, end):
    statistics.rows_for(session, "agencies", Period(YEAR), TODAY)
    getattr(session, end)()
    statistics.rows_for(session, "agencies", Period(YEAR), TODAY)
    assert inspect(session.connection()).get_temp_table_names() == []


def test_no_temporary_table_is_left_behind_by_a_failure(session, world):
    with pytest.raises(ZeroDivisionError), gathered(session, Coverage(Period(YEAR), TODAY)):
        1 / 0  # noqa: B018
    assert inspect(session.connection()).get_temp_table_names() == []
    assert len(statistics.rows_for(session, "tasks", Period(YEAR), TODAY).tables["tasks"].rows) == 3


def test_reading_figures_commits_nothing_of_the_callers(session, world):
    world.firms[0].name = "改名有限公司"
    statistics.rows_for(session, "agencies", Period(YEAR), TODAY)
    session.rollback()
    assert world.firms[0].name != "改名有限公司"


def test_an_empty_year_has_only_zeros(session, world):
    tally = whole(session, facts(Coverage(Period(2031), TODAY)))
    assert tally.households.total == 0
    assert MEASURES["completion_rate"].read(tally) is None


def test_departments_and_districts_with_nothing_are_shown_with_zero(session, world):
    data = statistics.rows_for(session, "statistics", Period(YEAR), TODAY)
    agencies = {row.label: row.tally.households.total for row in data.tables["agencies"].rows}
    districts = {row.label: row.tally.households.total for row in data.tables["districts"].rows}
    assert agencies["公安局"] == 0
    assert list(agencies) == ["商务局", "市场监督管理局", "公安局"]
    assert districts["农安县"] == 0
    assert sum(districts.values()) == data.tables["districts"].whole.households.total


def test_work_form_shows_plan_lines_that_are_not_drawn_yet_in_the_yearly_report_only(session, world):
    year = statistics.rows_for(session, "work", Period(YEAR), TODAY).tables["work"].rows
    month = statistics.rows_for(session, "work", Period(YEAR, month=3), TODAY).tables["work"].rows
    assert [(row.label, row.tally.findings.total) for row in year] == [
        ("汽车销售行为检查", 21),
        ("单用途卡发卡企业检查", 8),
        ("登记事项检查", 6),
        ("再生资源回收备案检查", 0),
    ]
    assert [(row.label, row.tally.findings.total) for row in month] == [("汽车销售行为检查", 12)]


def test_r77_rates_have_their_part_and_whole(session, world):
    tally = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    assert sum(planned(session, YEAR).values()) == 21 + 11 + 11 + 6
    assert MEASURES["completion_rate"].share(tally).part == tally.households.disclosed
    found = MEASURES["problem_rate"].share(tally)
    low, high = found.interval
    assert 0 <= low <= found.value <= high <= 1


def test_progress_counts_turns_of_standing_members_of_checked_visits(session, world):
    rows = {
        row.label: row
        for row in statistics.rows_for(session, "progress", Period(YEAR), TODAY).tables["progress"].rows
    }
    facts_rows = raw_facts(session, Period(YEAR))
    checked = set(facts_rows[facts_rows["checked"]]["visit_id"])
    members = table(session, "visit_member")
    agencies = table(session, "inspector").set_index("id")["agency_id"]
    own = [agencies[row.inspector_id] for row in members.itertuples() if row.visit_id in checked]
    assert rows["商务局"].turns == own.count(world.bureau.id)
    assert rows["市场监督管理局"].turns == own.count(world.market.id)
    assert (rows["商务局"].tasks, rows["商务局"].joint_tasks) == (3, 1)
    assert (rows["商务局"].roster, rows["公安局"].roster) == (40, 0)


def test_findings_stream_one_line_per_drawn_target(session, world):
    lines = list(statistics.rows_for(session, "findings", Period(YEAR), TODAY).tables["findings"].rows)
    tally = whole(session, facts(Coverage(Period(YEAR), TODAY)))
    assert len(lines) == tally.findings.total
    assert sum(1 for line in lines if line.results) == tally.findings.checked
    assert {line.state for line in lines if not line.results} == {"未检查"}


def test_r29_the_risk_class_is_in_no_row_of_any_report(session, world):
    for firm in world.firms:
        firm.risk_class = "D"
    session.flush()
    inside = {"risks"}  # says so on its face, names no firm, and is asked for by name only
    for name in set(REPORT_SECTIONS) - inside:
        data = statistics.rows_for(session, name, Period(YEAR), TODAY)
        text = "".join(str(row) for part in data.tables.values() for row in part.rows)
        assert "D 高" not in text
        assert "risk" not in text


def test_an_unknown_report_is_refused_by_name(session):
    with pytest.raises(statistics.ReportUnknown) as caught:
        statistics.rows_for(session, "league", Period(YEAR), TODAY)
    assert caught.value.params == {"name": "league"}
