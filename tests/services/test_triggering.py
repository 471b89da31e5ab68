"""Checks outside the draw: triggered ones, special inspections, other areas (R1, R15-R18, R34, R35, R39, R43, R44)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain import entry, undrawn
from app.domain.matching.refusal import Refusal
from app.domain.measures import Period
from app.domain.vocabulary import (
    TRIGGERS,
    ClockKind,
    RecusalKind,
    SpecialApprover,
    SpecialOrigin,
    SpecialState,
    StaffKind,
    TaskKind,
    TaskSource,
    TaskState,
)
from app.extensions import db
from app.models import Complaint, Disclosure, Draw, InspectionTask, Recusal, SpecialInspection, Visit
from app.services import applying, approving, clocks, special, statistics, territory, triggering, visits
from app.services.notice_body import source_of
from app.services.planning import ItemNotPublished
from tests.builders import (
    APPLIED,
    DAY,
    NOW,
    World,
    at,
    clean,
    make_enterprise,
    make_inspector,
    make_item,
)
from tests.evidence_builders import make_ready

LATER = NOW + timedelta(hours=4)
SOON = DAY + timedelta(days=2)
END = DAY + timedelta(days=30)
LETTER = undrawn.Trigger(TaskSource.TRANSFER, "市场监管局转办：未明示价格", DAY, "市监转〔2026〕9号")


@pytest.fixture
def world(app):
    found = World(enterprises=10, inspectors=4)
    found.item = make_item("XC-61")
    found.publish_items()
    return found


def team(world, size=2):
    return [person.id for person in world.inspectors[:size]]


def open_check(world, enterprise=None, trigger=LETTER, people=None, versions=None, **values):
    target = enterprise or world.enterprises[0]
    given = {"planned_on": SOON, "ends_on": END} | values
    return triggering.open_check(
        target.id,
        versions or [world.item.id],
        team(world) if people is None else people,
        trigger,
        given["planned_on"],
        given["ends_on"],
        world.planner,
        LATER,
    )


def visit_of(key):
    db.session.expire_all()
    return db.session.get(Visit, key)


def clear(world, key):
    task = visit_of(key).task_id
    world.approve(task)
    world.prepare(task)


def record(world, key, **values):
    visit = visit_of(key)
    for finding in visit.findings:
        visits.record_finding(finding.id, clean(finding, **values), visit.team[0].inspector.user, at(END, 8))


def test_r34_a_triggered_check_has_its_source_and_no_draw(world):
    visit = visit_of(open_check(world))
    assert (visit.draw_id, visit.task.line_id, visit.task.kind) == (None, None, TaskKind.TRIGGERED)
    assert visit.task.state == TaskState.READY
    assert source_of(visit.task) == TaskSource.TRANSFER
    assert (visit.task.trigger.document_no, visit.task.trigger.reason) == (LETTER.document_no, LETTER.reason)


def test_r34_a_triggered_check_never_fills_the_quota(world):
    """Neither the figures of the plan nor the turns of the draw know of it."""
    world.drawn(versions=[world.item], ppm=300_000)
    roster = db.session.query(Draw).one().roster_root
    figures = tally()
    key = open_check(world)
    clear(world, key)
    record(world, key)
    assert tally() == figures
    again = world.task(versions=[world.item], ppm=300_000)
    world.freeze(again)
    assert db.session.query(Draw).filter_by(task_id=again).one().roster_root == roster


def tally():
    table = statistics.rows_for(db.session(), "progress", Period(2026), END).tables["progress"]
    return [row.planned for row in table.rows], table.whole


def test_r34_its_paper_is_kept_by_content(world):
    key = triggering.open_check(
        world.enterprises[0].id,
        [world.item.id],
        team(world),
        LETTER,
        SOON,
        END,
        world.planner,
        LATER,
        triggering.Paper("转办函.pdf", b"%PDF-1.7"),
    )
    trigger = visit_of(key).task.trigger
    assert (trigger.document_name, len(trigger.document)) == ("转办函.pdf", 64)


def test_r34_a_complaint_on_record_is_paper_enough_but_only_for_its_enterprise(world):
    mine = Complaint(enterprise_id=world.enterprises[0].id, received_on=DAY, subject="价格")
    other = Complaint(enterprise_id=world.enterprises[1].id, received_on=DAY, subject="价格")
    db.session.add_all([mine, other])
    db.session.commit()
    reported = undrawn.Trigger(TaskSource.COMPLAINT, "投诉未明示价格", DAY, complaint_id=mine.id)
    with pytest.raises(undrawn.NoTrigger):
        open_check(world, trigger=replace(reported, complaint_id=other.id))
    assert visit_of(open_check(world, trigger=reported)).task.trigger.complaint_id == mine.id


@pytest.mark.parametrize(
    "missing",
    [
        {"reason": " "},
        {"document_no": " "},
        {"received_on": DAY + timedelta(days=1)},
        {"source": TaskSource.ANNUAL_PLAN},
        {"source": TaskSource.SUPERIOR},
    ],
)
def test_r34_nothing_is_checked_without_source_reason_and_paper(world, missing):
    with pytest.raises(undrawn.NoTrigger):
        open_check(world, trigger=replace(LETTER, **missing))
    assert db.session.query(InspectionTask).count() == 0


def test_r44_no_licence_case_sets_off_a_check():
    assert {source.label for source in TRIGGERS} == {"投诉举报", "转办交办", "数据监测", "企业申请"}
    assert not any("许可" in source.label or "licen" in source.english.lower() for source in TaskSource)


def test_r1_only_published_items_are_checked(world):
    with pytest.raises(ItemNotPublished):
        open_check(world, versions=[make_item("XC-62").id])


def test_r17_two_at_least(world):
    with pytest.raises(entry.TeamTooSmall):
        open_check(world, people=team(world, 1))


@pytest.mark.parametrize("fault", ["certificate", "recusal", "assistant", "stranger"])
def test_r15_r18_the_team_is_chosen_by_the_rules_of_the_match(world, fault):
    person = world.inspectors[1]
    if fault == "certificate":
        person.certificates[0].valid_to = SOON - timedelta(days=1)
    elif fault == "recusal":
        target = world.enterprises[0].id
        db.session.add(Recusal(inspector_id=person.id, enterprise_id=target, kind=RecusalKind.RELATION))
    elif fault == "assistant":
        person.kind = StaffKind.ASSISTANT
    else:
        person = make_inspector(agency="A02")
    db.session.commit()
    with pytest.raises(undrawn.NotEligible) as refusal:
        open_check(world, people=[world.inspectors[0].id, person.id])
    reasons = {
        "certificate": Refusal.CERTIFICATE_EXPIRED,
        "recusal": Refusal.RECUSED_RELATION,
        "assistant": Refusal.NOT_AN_INSPECTOR,
        "stranger": Refusal.WRONG_AGENCY,
    }
    assert refusal.value.params == {"name": person.name, "reason": reasons[fault]}


def test_r16_somebody_in_the_team_may_lead(world):
    led = make_inspector(may_lead=False), make_inspector(may_lead=False)
    with pytest.raises(undrawn.NoLead):
        open_check(world, people=[person.id for person in led])
    key = open_check(world, people=[led[0].id, world.inspectors[0].id])
    assert visit_of(key).team[0].inspector_id == world.inspectors[0].id


def test_the_planned_day_lies_in_the_period(world):
    for day in (DAY - timedelta(days=1), END + timedelta(days=1)):
        with pytest.raises(undrawn.PeriodInvalid):
            open_check(world, planned_on=day)


def test_r35_a_triggered_check_is_approved_as_every_other(world):
    key = open_check(world)
    with pytest.raises(entry.NotApproved):
        record(world, key)
    clear(world, key)
    record(world, key)
    assert visit_of(key).task.state == TaskState.INSPECTING


def test_a_triggered_check_goes_through_review_to_disclosure(world):
    key = open_check(world)
    clear(world, key)
    record(world, key)
    make_ready(visit_of(key))
    visits.submit_visit(key, visit_of(key).team[0].inspector.user)
    visits.review_visit(key, world.approver, at(END, 9))
    visits.disclose_visit(key, world.approver, at(END, 9))
    assert visit_of(key).task.state == TaskState.RESULTS_DISCLOSED


# special inspections


def draft(**values):
    given = {
        "title": "成品油市场专项检查",
        "origin": SpecialOrigin.OWN,
        "reason": "近期投诉集中",
        "quota": 3,
        "starts_on": DAY,
        "ends_on": END,
    }
    return special.Draft(**(given | values))


def create(world, **values):
    return special.create_special(draft(**values), [world.item.id], world.planner, LATER)


def disclosed(world, **values):
    key = create(world, **values)
    government = SpecialApprover.CITY_GOVERNMENT
    special.approve_special(key, government, "市人民政府", "长府批〔2026〕3号", DAY, world.planner, LATER)
    special.file_special(key, "长司专备〔2026〕1号", DAY, world.planner, LATER)
    special.disclose_special(key, world.planner, LATER)
    return key


def chosen(world, count=1, ground="投诉三件"):
    return [special.Chosen(each.id, ground, SOON) for each in world.enterprises[:count]]


def form(world, key, wanted):
    return special.form_visits(key, wanted, team(world), world.planner, LATER)


@pytest.mark.parametrize("quota", [0, 10, 11])
def test_r39_a_special_inspection_never_covers_everybody(world, quota):
    with pytest.raises(undrawn.FullCoverage):
        create(world, quota=quota)


def test_r39_the_yearly_number_is_limited_except_for_those_from_above(world):
    for _ in range(2):
        create(world)
    with pytest.raises(undrawn.SpecialsExhausted):
        create(world)
    create(world, origin=SpecialOrigin.SUPERIOR)


def test_r39_nobody_is_visited_before_approval_filing_and_publication(world):
    key = create(world)
    with pytest.raises(undrawn.SpecialNotDisclosed):
        form(world, key, chosen(world))
    with pytest.raises(undrawn.SpecialIncomplete):
        special.approve_special(key, SpecialApprover.COUNTY_GOVERNMENT, " ", "1", DAY, world.planner, LATER)
    assert db.session.get(SpecialInspection, key).state == SpecialState.DRAFT


def test_r39_approval_filing_and_publication_stand_on_record(world):
    row = db.session.get(SpecialInspection, disclosed(world))
    assert (row.approving_organ, row.approval_no, row.filing_no) == (
        "市人民政府",
        "长府批〔2026〕3号",
        "长司专备〔2026〕1号",
    )
    published = db.session.query(Disclosure).filter_by(kind="special").one()
    assert (published.body["quota"], published.body["items"][0]["code"]) == (3, "XC-61")


def test_r39_every_enterprise_has_its_ground_within_the_quota(world):
    key = disclosed(world)
    with pytest.raises(undrawn.GroundMissing):
        form(world, key, chosen(world, ground=" "))
    assert len(form(world, key, chosen(world, 2))) == 2
    with pytest.raises(undrawn.SpecialQuotaExceeded):
        form(world, key, [special.Chosen(each.id, "投诉", SOON) for each in world.enterprises[2:4]])


def test_r39_one_from_above_ends_with_its_report(world):
    key = disclosed(world, origin=SpecialOrigin.SUPERIOR)
    with pytest.raises(undrawn.SpecialIncomplete):
        special.close_special(key, None, world.planner)
    special.close_special(key, END, world.planner)
    assert db.session.get(SpecialInspection, key).reported_on == END


# other areas


def test_r43_outside_the_area_the_local_body_is_asked_first(world):
    away = make_enterprise(territory_code="220211")
    for person in world.inspectors:
        person.certificates[0].area_code = None
    db.session.commit()
    key = open_check(world, enterprise=away)
    with pytest.raises(entry.OutOfArea):
        applying.apply_for(key, APPLIED, world.planner, LATER)
    with pytest.raises(territory.AssistanceIncomplete):
        territory.record_assistance(key, " ", "吉市函〔2026〕4号", DAY, world.planner, LATER)
    territory.record_assistance(key, "吉林市商务局", "吉市函〔2026〕4号", DAY, world.planner, LATER)
    (approval,) = applying.apply_for(key, APPLIED, world.planner, LATER)
    approving.approve(approval, "同意", world.approver, LATER)


def test_r43_a_check_outside_the_area_is_filed_within_twenty_days(world):
    away = make_enterprise(in_jurisdiction=False)
    key = open_check(world, enterprise=away)
    with pytest.raises(territory.NoAssistance):
        territory.file_assistance(key, "司备〔2026〕1号", END, world.planner)
    territory.record_assistance(key, "吉林市商务局", "吉市函〔2026〕4号", DAY, world.planner, LATER)
    assert territory.filing_due(visit_of(key).assistance) is None
    clear(world, key)
    record(world, key, checked_on=SOON)
    assert territory.filing_due(visit_of(key).assistance) == SOON + timedelta(days=20)
    running = {each.running.kind: each.deadline.due_on for each in clocks.readings(db.session(), LATER)}
    assert running[ClockKind.AREA_FILING] == SOON + timedelta(days=20)
    territory.file_assistance(key, "司备〔2026〕1号", END, world.planner)
    assert territory.filing_due(visit_of(key).assistance) is None
    assert ClockKind.AREA_FILING not in {each.running.kind for each in clocks.readings(db.session(), LATER)}
