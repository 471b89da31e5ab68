"""The annual plan: counts, caps, approval, filing, disclosure (R4, R21-R26)."""

from datetime import date

import pytest

from app.domain.lifecycle import IllegalTransition
from app.domain.quota import QuotaInvalid
from app.domain.vocabulary import EntityStatus, ItemCategory, MembershipSource, PlanState, Scope
from app.extensions import db
from app.models import AuditEvent, Disclosure, InspectionPlan, PlanLine
from app.services import planning
from app.services.disclosure import ReasonMissing
from tests.builders import DAY, NOW, YEAR, World, make_enterprise, make_item


@pytest.fixture
def world(app):
    return World(enterprises=10, inspectors=2)


@pytest.fixture
def version(world):
    made = make_item()
    world.publish_items()
    return made


def own_bureau_id():
    from app.services.agencies import own_bureau

    return own_bureau(db.session()).id


def make_plan(world):
    return planning.create_plan(YEAR, "年度计划", own_bureau_id(), world.planner)


def add_line(world, plan, version, ppm=300_000, **values):
    given = {"lead_agency_id": own_bureau_id(), "starts_on": DAY, "ends_on": date(YEAR, 5, 29)} | values
    return planning.add_line(plan, "抽查", {version.id: ppm}, world.planner, **given)


def state_of(plan):
    db.session.expire_all()
    return db.session.get(InspectionPlan, plan).state


def entry_of(line):
    db.session.expire_all()
    return db.session.get(PlanLine, line).items[0]


def test_r21_a_plan_is_approved_filed_and_disclosed_in_this_order(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    for step in ("approve", "file", "disclose"):
        with pytest.raises(IllegalTransition):
            take(world, plan, step)
    for step in ("submit", "approve", "file", "disclose"):
        take(world, plan, step)
    assert state_of(plan) == PlanState.DISCLOSED


def take(world, plan, step):
    match step:
        case "submit":
            planning.submit_plan(plan, world.planner)
        case "approve":
            planning.approve_plan(plan, world.approver, NOW)
        case "file":
            planning.file_plan(plan, "长司备〔2026〕1号", world.approver, NOW)
        case "disclose":
            planning.disclose_plan(plan, world.planner, NOW)


def test_r21_nobody_approves_what_they_submitted(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    planning.submit_plan(plan, world.planner)
    with pytest.raises(planning.OwnApproval):
        planning.approve_plan(plan, world.planner, NOW)
    assert state_of(plan) == PlanState.SUBMITTED


@pytest.mark.parametrize("number", ["", "  "])
def test_r21_filing_needs_its_number(world, version, number):
    plan = make_plan(world)
    add_line(world, plan, version)
    planning.submit_plan(plan, world.planner)
    planning.approve_plan(plan, world.approver, NOW)
    with pytest.raises(planning.FilingNumberMissing):
        planning.file_plan(plan, number, world.approver, NOW)
    assert state_of(plan) == PlanState.APPROVED


def test_a_plan_without_an_item_is_not_submitted(world):
    plan = make_plan(world)
    with pytest.raises(planning.PlanIsEmpty):
        planning.submit_plan(plan, world.planner)


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_r22_a_plan_takes_no_line_after_its_draft(world, version, steps):
    plan = make_plan(world)
    add_line(world, plan, version)
    for step in ("submit", "approve", "file", "disclose")[:steps]:
        take(world, plan, step)
    with pytest.raises(planning.PlanIsFixed):
        add_line(world, plan, version)
    assert len(db.session.get(InspectionPlan, plan).lines) == 1


def test_r22_a_returned_plan_is_a_draft_again_with_the_reason(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    planning.submit_plan(plan, world.planner)
    planning.return_plan(plan, " 比例过高 ", world.approver)
    assert state_of(plan) == PlanState.DRAFT
    assert db.session.get(InspectionPlan, plan).return_reason == "比例过高"
    add_line(world, plan, version)


def test_a_return_needs_its_reason(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    planning.submit_plan(plan, world.planner)
    with pytest.raises(ReasonMissing):
        planning.return_plan(plan, "  ", world.approver)
    assert state_of(plan) == PlanState.SUBMITTED


@pytest.mark.parametrize(
    ("category", "cap", "ppm", "lawful"),
    [
        (ItemCategory.ORDINARY, 200_000, 200_000, True),
        (ItemCategory.ORDINARY, 200_000, 200_001, False),
        (ItemCategory.ORDINARY, 50_000, 100_000, False),
        (ItemCategory.KEY, None, 1_000_000, True),
        (ItemCategory.KEY, 200_000, 1_000_000, True),
    ],
)
def test_r4_r25_only_ordinary_items_are_capped(world, category, cap, ppm, lawful):
    version = make_item("XC-09", maximum_ppm=cap)
    version.category = category
    db.session.commit()
    world.publish_items()
    plan = make_plan(world)
    if lawful:
        assert entry_of(add_line(world, plan, version, ppm)).ppm == ppm
        return
    with pytest.raises(planning.RatioAboveCap) as refusal:
        add_line(world, plan, version, ppm)
    assert refusal.value.params["cap"] == cap / 10_000
    assert db.session.query(PlanLine).count() == 0


@pytest.mark.parametrize("ppm", [-1, 0, 1_000_001])
def test_r25_a_ratio_lies_above_nothing_and_up_to_everybody(world, ppm):
    version = make_item("XC-09")
    version.category = ItemCategory.KEY
    db.session.commit()
    world.publish_items()
    with pytest.raises(QuotaInvalid):
        add_line(world, make_plan(world), version, ppm)


def test_r4_a_cap_lowered_meanwhile_stops_the_submission(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    version.maximum_ppm = 100_000
    db.session.commit()
    with pytest.raises(planning.RatioAboveCap):
        planning.submit_plan(plan, world.planner)


@pytest.mark.parametrize(
    ("ppm", "expected"), [(1, 1), (100_000, 1), (100_001, 2), (300_000, 3), (1_000_000, 10)]
)
def test_r26_targets_are_pool_times_ratio_rounded_up(world, version, ppm, expected):
    entry = entry_of(add_line(world, make_plan(world), version, ppm))
    assert (entry.base_count, entry.target_count) == (10, expected)


def test_r26_counts_are_taken_anew_on_submission(world, version):
    plan = make_plan(world)
    line = add_line(world, plan, version)
    for _ in range(10):
        make_enterprise()
    assert entry_of(line).base_count == 10
    planning.submit_plan(plan, world.planner)
    assert (entry_of(line).base_count, entry_of(line).target_count) == (20, 6)


@pytest.mark.parametrize("status", list(EntityStatus))
def test_r12_r26_only_those_who_may_be_drawn_are_counted(world, version, status):
    make_enterprise(status=status)
    gone = {
        EntityStatus.LICENCE_REVOKED,
        EntityStatus.DEREGISTERED,
        EntityStatus.RESCINDED,
        EntityStatus.MOVED_OUT,
    }
    entry = entry_of(add_line(world, make_plan(world), version))
    assert entry.base_count == (10 if status in gone else 11)


def test_r26_other_cities_and_guesses_are_not_counted(world, version):
    make_enterprise(in_jurisdiction=False)
    make_enterprise(source=MembershipSource.GUESS)
    plan = make_plan(world)
    assert entry_of(add_line(world, plan, version)).base_count == 10
    assert entry_of(add_line(world, plan, version, accepts_guesses=True)).base_count == 11


def test_r24_a_targeted_line_counts_its_category_a_non_targeted_one_everybody(world, version):
    for _ in range(3):
        make_enterprise(category=None)
    plan = make_plan(world)
    assert entry_of(add_line(world, plan, version)).base_count == 10
    assert entry_of(add_line(world, plan, version, scope=Scope.NON_TARGETED)).base_count == 13


def test_r23_the_disclosed_plan_states_base_ratio_number_and_time(world, version):
    plan = make_plan(world)
    add_line(world, plan, version, batches=2)
    for step in ("submit", "approve", "file", "disclose"):
        take(world, plan, step)
    body = db.session.query(Disclosure).filter_by(kind="plan", subject_id=plan).one().body
    line = body["lines"][0]
    assert (body["year"], body["filing_no"]) == (YEAR, "长司备〔2026〕1号")
    assert (line["from"], line["to"], line["batches"], line["scope"]) == (
        "2026-04-01",
        "2026-05-29",
        2,
        "targeted",
    )
    assert {key: line["items"][0][key] for key in ("base", "ppm", "targets")} == {
        "base": 10,
        "ppm": 300_000,
        "targets": 3,
    }


def test_every_step_of_a_plan_names_who_took_it(world, version):
    plan = make_plan(world)
    add_line(world, plan, version)
    for step in ("submit", "approve", "file", "disclose"):
        take(world, plan, step)
    events = (
        db.session.query(AuditEvent).filter(AuditEvent.tag.startswith("plan:")).order_by(AuditEvent.number)
    )
    assert [(event.tag, event.actor_name) for event in events] == [
        ("plan:created", "planner"),
        ("plan:line:added", "planner"),
        ("plan:submit", "planner"),
        ("plan:approve", "approver"),
        ("plan:file", "approver"),
        ("plan:disclose", "planner"),
    ]
