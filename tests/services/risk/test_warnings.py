"""Art. 11: a warning is found, assessed, reported or handled, and lifted; nothing is skipped or forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from app.domain.findings import Finding
from app.domain.lifecycle import IllegalTransition
from app.domain.undrawn import FullCoverage
from app.domain.vocabulary import (
    ClockKind,
    Disposal,
    ProposalState,
    ResultCode,
    RiskDimension,
    SpecialOrigin,
    WarningKind,
    WarningState,
)
from app.extensions import db
from app.models import (
    AuditEvent,
    InspectionItem,
    ItemVersion,
    Job,
    RatioProposal,
    RiskRun,
    RiskWarning,
    SpecialInspection,
    Visit,
)
from app.services import clocks, visits
from app.services.risk.cells import checked_findings
from app.services.risk.evidence import evidence_of, months_of
from app.services.risk.proposals import (
    OwnProposal,
    RatioOutOfRange,
    adopted_ratios,
    decide_proposal,
    propose_ratio,
)
from app.services.risk.responses import WarningNotAssessed, start_special
from app.services.risk.runs import analyse_if_due, ask_for_analysis
from app.services.risk.warnings import NoteMissing, assign_owner, is_late, raise_warnings, take_step
from app.services.special import Draft
from tests.builders import NOW, World, at, clean, make_enterprise, make_item
from tests.remembering import remembered

LATER = NOW + timedelta(days=40)


def problem(finding) -> Finding:
    return clean(
        finding,
        results=frozenset({ResultCode.PENDING}),
        disposals=frozenset({Disposal.RECTIFY}),
        problem="未明示价格",
    )


def record(visit, entry):
    for finding in visit.findings:
        member = next(m for m in visit.team if m.inspector.agency_id == finding.agency_id)
        visits.record_finding(finding.id, entry(finding), member.inspector.user, at(visit.planned_on, 8))


@pytest.fixture
def twice(app):
    """A bureau whose one enterprise had a problem in the same item in two visits."""
    world = World(enterprises=1)
    find_twice(world)
    return world


@remembered
def find_twice(world):
    version = make_item("XC-77")
    for _ in range(2):
        task = world.open(versions=[version], ppm=1_000_000)
        record(db.session.query(Visit).filter_by(task_id=task).one(), problem)


def test_R88_the_frame_holds_each_checked_item_once_with_its_newest_record(twice):
    visit = db.session.query(Visit).first()
    record(visit, clean)
    frame = checked_findings(db.session(), date(2026, 1, 1), date(2026, 12, 31))
    assert len(frame) == 2
    assert sorted(frame["problem"]) == [0, 1]


def test_a_repeated_problem_raises_one_warning_and_the_same_again_none(twice):
    first = raise_warnings(date(2026, 4, 1), None, LATER)
    again = raise_warnings(date(2026, 4, 1), None, LATER)
    assert (first.new, again.new, again.renewed) == (1, 0, 0)
    warning = db.session.query(RiskWarning).one()
    assert warning.kind == WarningKind.REPEATED
    assert warning.evidence["visits"] == 2
    assert twice.enterprises[0].name in warning.label
    assert warning.answer_by is not None


def test_a_warning_is_assessed_reported_handled_and_lifted(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning = db.session.query(RiskWarning).one()
    for event in ("assess", "report", "handle", "lift"):
        take_step(warning.id, event, "已研判", twice.approver, LATER)
    assert warning.state == WarningState.LIFTED
    assert [step.event for step in warning.steps] == ["found", "assess", "report", "handle", "lift"]


def test_a_warning_is_not_lifted_before_it_was_assessed(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning = db.session.query(RiskWarning).one()
    with pytest.raises(IllegalTransition):
        take_step(warning.id, "lift", "无事", twice.approver, LATER)


def test_every_step_says_what_was_found(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning = db.session.query(RiskWarning).one()
    with pytest.raises(NoteMissing):
        take_step(warning.id, "assess", "  ", twice.approver, LATER)


def test_a_warning_is_late_after_its_day_and_only_while_nobody_assessed_it(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning = db.session.query(RiskWarning).one()
    assert not is_late(warning, warning.answer_by)
    assert is_late(warning, warning.answer_by + timedelta(days=1))
    take_step(warning.id, "assess", "已研判", twice.approver, LATER)
    assert not is_late(warning, warning.answer_by + timedelta(days=1))


def test_a_lifted_matter_that_comes_back_is_a_new_warning(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning = db.session.query(RiskWarning).one()
    take_step(warning.id, "assess", "已研判", twice.approver, LATER)
    take_step(warning.id, "lift", "已整改", twice.approver, LATER)
    assert raise_warnings(date(2026, 4, 1), None, LATER).new == 1


def test_a_ratio_is_proposed_and_decided_by_somebody_else(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning, item = db.session.query(RiskWarning).one(), db.session.query(InspectionItem).one()
    made = propose_ratio(warning.id, item.id, 2027, 200_000, "问题集中", twice.approver, LATER)
    with pytest.raises(OwnProposal):
        decide_proposal(made, "adopt", "同意", twice.approver, LATER)
    assert adopted_ratios(2027) == {}
    decide_proposal(made, "adopt", "同意", twice.planner, LATER)
    assert adopted_ratios(2027) == {item.id: 200_000}
    assert db.session.get(RatioProposal, made).state == ProposalState.ADOPTED


@pytest.mark.parametrize("ppm", [0, -1, 1_000_001])
def test_a_ratio_outside_its_range_is_refused(twice, ppm):
    raise_warnings(date(2026, 4, 1), None, LATER)
    warning, item = db.session.query(RiskWarning).one(), db.session.query(InspectionItem).one()
    with pytest.raises(RatioOutOfRange):
        propose_ratio(warning.id, item.id, 2027, ppm, "理由", twice.approver, LATER)


@pytest.fixture
def warning(twice):
    raise_warnings(date(2026, 4, 1), None, LATER)
    return db.session.query(RiskWarning).one()


def test_a_false_alarm_is_lifted_with_its_reason_and_says_so(twice, warning):
    take_step(warning.id, "assess", "已研判", twice.planner, LATER)
    take_step(warning.id, "dismiss", "同一批次集中检查所致", twice.approver, LATER)
    assert warning.state == WarningState.LIFTED
    assert warning.is_false_alarm
    assert warning.steps[-1].note == "同一批次集中检查所致"


def test_nothing_is_a_false_alarm_before_it_was_assessed(twice, warning):
    with pytest.raises(IllegalTransition):
        take_step(warning.id, "dismiss", "误报", twice.approver, LATER)


def test_R88_the_evidence_holds_the_findings_behind_the_warning(twice, warning):
    found = evidence_of(db.session(), warning)
    assert (found.share.part, found.share.whole) == (2, 2)
    assert (found.firms.part, found.firms.whole) == (1, 1)
    assert {row.finding_id for row in found.rows} == set(warning.evidence["findings"])
    assert all(row.problem for row in found.rows)


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        (RiskDimension.DISTRICT, lambda world, item: "220104"),
        (RiskDimension.ITEM, lambda world, item: str(item.id)),
        (RiskDimension.ITEM_IN_DISTRICT, lambda world, item: f"{item.id}/220104"),
        (RiskDimension.PAIR, lambda world, item: pair_of(db.session.query(Visit).first())),
    ],
)
def test_R88_the_evidence_of_a_group_is_counted_as_the_analysis_counts_it(twice, warning, dimension, value):
    item = db.session.query(InspectionItem).one()
    warning.dimension, warning.value = dimension, value(twice, item)
    warning.month, warning.kind = date(2026, 4, 1), WarningKind.RISE
    frame = checked_findings(db.session(), *months_of(warning))
    found = evidence_of(db.session(), warning)
    assert 0 < found.share.whole <= len(frame)
    assert found.share.part == found.share.whole


def pair_of(visit):
    low, high = sorted(member.inspector_id for member in visit.team)
    return f"{low}-{high}"


def test_article_11_the_month_before_is_analysed_once_some_days_after_its_end(twice):
    second, third = at(date(2026, 5, 2)), at(date(2026, 5, 3))
    assert analyse_if_due(second) is None
    assert analyse_if_due(third).new == 1
    assert analyse_if_due(third) is None
    run = db.session.query(RiskRun).one()
    assert (run.month, run.new) == (date(2026, 4, 1), 1)


def test_article_11_months_missed_in_a_standstill_are_caught_up(twice):
    analyse_if_due(at(date(2026, 4, 3)))
    analyse_if_due(at(date(2026, 7, 2)))
    months = [run.month for run in db.session.query(RiskRun).order_by(RiskRun.id)]
    assert months == [date(2026, month, 1) for month in (3, 4, 5)]


def test_article_11_a_month_is_analysed_in_the_background_for_whoever_asks(twice):
    key = ask_for_analysis(date(2026, 4, 1), twice.planner, LATER, "/warnings/list/")
    assert db.session.get(Job, key).result == {"new": 1, "renewed": 0}
    assert db.session.query(RiskRun).one().actor_id == twice.planner.id


def test_article_11_a_warning_that_waits_stands_among_the_deadlines(twice, warning):
    kinds = [reading.running.kind for reading in clocks.readings(db.session(), LATER)]
    assert ClockKind.RISK_WARNING in kinds
    take_step(warning.id, "assess", "已研判", twice.planner, LATER)
    kinds = [reading.running.kind for reading in clocks.readings(db.session(), LATER)]
    assert ClockKind.RISK_WARNING not in kinds


def test_article_15_a_special_inspection_follows_from_an_assessed_warning(twice, warning):
    for _ in range(4):
        make_enterprise()
    version = db.session.query(ItemVersion).one()
    draft = Draft("专项", SpecialOrigin.OWN, "预警", 2, LATER.date(), LATER.date() + timedelta(days=30))
    with pytest.raises(WarningNotAssessed):
        start_special(warning.id, draft, [version.id], twice.planner, LATER)
    take_step(warning.id, "assess", "已研判", twice.planner, LATER)
    special = start_special(warning.id, draft, [version.id], twice.planner, LATER)
    assert [row.special_id for row in warning.responses] == [special]
    assert "risk:special:started" in [event.tag for event in db.session.query(AuditEvent)]


def test_article_15_a_special_inspection_that_is_refused_leaves_no_answer_to_the_warning(twice, warning):
    take_step(warning.id, "assess", "已研判", twice.planner, LATER)
    version = db.session.query(ItemVersion).one()
    everybody = Draft("专项", SpecialOrigin.OWN, "预警", 1, LATER.date(), LATER.date() + timedelta(days=30))
    with pytest.raises(FullCoverage):
        start_special(warning.id, everybody, [version.id], twice.planner, LATER)
    assert warning.responses == []
    assert db.session.query(SpecialInspection).count() == 0


def test_article_12_nobody_is_made_the_owner_of_a_warning_that_was_lifted(twice, warning):
    assign_owner(warning.id, twice.planner.id, twice.approver, LATER)
    take_step(warning.id, "assess", "已研判", twice.planner, LATER)
    take_step(warning.id, "lift", "已处理", twice.approver, LATER)
    with pytest.raises(IllegalTransition):
        assign_owner(warning.id, twice.approver.id, twice.approver, LATER)


def test_R88_the_evidence_reaches_to_the_day_in_china(twice, warning):
    warning.raised_at = at(date(2026, 5, 1), 0) - timedelta(hours=8)
    assert months_of(warning)[1] == date(2026, 5, 1)


def test_article_11_two_analyses_at_one_moment_raise_one_warning(app, twice):
    both = Barrier(2)

    def analyse(_):
        with app.app_context():
            both.wait(timeout=10)
            try:
                return raise_warnings(date(2026, 4, 1), None, LATER)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(analyse, range(2)))
    assert sorted(each.new for each in found) == [0, 1]
    assert db.session.query(RiskWarning).count() == 1
