"""Who stands in the roster, in which stratum and tier, and how many are drawn (R12-R36)."""

from datetime import date, timedelta

import pytest

from app.domain.draw.seed import SeedEntropyTooLow, SeedValueInvalid
from app.domain.lifecycle import IllegalTransition
from app.domain.quota import QuotaInvalid
from app.domain.vocabulary import DrawForm, ListType, MembershipSource, RiskClass, Stratification
from app.extensions import db
from app.models import (
    AuditEvent,
    Complaint,
    Disclosure,
    Draw,
    DrawnTarget,
    DrawQuota,
    DrawStep,
    InspectionTask,
    Listing,
    LogEntry,
    Visit,
)
from app.services import drawing, freezing, planning, tasks
from app.services.storage import fetch_lines
from tests.builders import DAY, DICE, NOW, World, make_enterprise, make_item


@pytest.fixture
def world(app):
    return World()


def draw_of(task):
    return db.session.query(Draw).filter_by(task_id=task).order_by(Draw.id.desc()).first()


def cells(task):
    """Identifier to cells of the frozen roster."""
    lines = fetch_lines(db.session(), draw_of(task).roster_file)
    return dict(line.decode().split("\t", 1) for line in lines)


def quotas(task):
    return {row.stratum_label: row for row in db.session.query(DrawQuota).filter_by(draw_id=draw_of(task).id)}


def test_seed_sources_below_sixty_bits_are_refused(world):
    with pytest.raises(SeedEntropyTooLow):
        world.freeze(world.task(), seeds=[("cwl-3d", "2026100")])


def test_nobody_keeps_two_open_plans_for_the_same_item_and_period(world):
    item = make_item("XC-90")
    first, second = world.task(versions=[item]), world.task(versions=[item])
    world.freeze(first)
    with pytest.raises(freezing.OpenPlanExists):
        world.freeze(second)


def test_r30_complaints_and_listings_draw_at_the_higher_ratio(world):
    listed, complained = world.enterprises[0], world.enterprises[1]
    db.session.add(
        Listing(
            enterprise_id=listed.id,
            list_type=ListType.ABNORMAL_OPERATIONS,
            included_on=DAY - timedelta(days=9),
        )
    )
    db.session.add(Complaint(enterprise_id=complained.id, received_on=DAY - timedelta(days=30)))
    db.session.commit()
    task = world.task(ppm=100_000, stratification=Stratification.ATTENTION)
    world.freeze(task)
    marked, ordinary = quotas(task)["投诉、经营异常、严重失信"], quotas(task)["一般"]
    assert (marked.pool, marked.ppm) == (2, 300_000)
    assert (ordinary.pool, ordinary.ppm) == (8, 100_000)


def test_r30_a_listing_that_was_removed_counts_no_more(world):
    enterprise = world.enterprises[0]
    past = DAY - timedelta(days=90)
    db.session.add(
        Listing(
            enterprise_id=enterprise.id,
            list_type=ListType.SERIOUSLY_DISHONEST,
            included_on=past,
            removed_on=DAY - timedelta(days=1),
        )
    )
    db.session.commit()
    task = world.task(stratification=Stratification.ATTENTION)
    world.freeze(task)
    assert set(quotas(task)) == {"一般"}


def test_r29_the_risk_class_leaves_no_trace_in_what_is_published(world):
    for place, enterprise in enumerate(world.enterprises):
        enterprise.risk_class = list(RiskClass)[place % 4]
    db.session.commit()
    task = world.task(stratification=Stratification.RISK)
    world.freeze(task)
    draw = draw_of(task)
    assert draw.form == DrawForm.SEALED
    lines = [line.split("|") for line in draw.plan_record.splitlines() if line.startswith("quota=")]
    assert {line[3] for line in lines} == {"-"}
    assert all(line[1].startswith("S") and len(line[1]) == 7 for line in lines)
    notice = db.session.query(Disclosure).filter_by(kind="task").one()
    assert "risk" not in str(notice.body).lower()


def test_r28_a_higher_class_is_drawn_at_a_higher_ratio(world):
    for place, enterprise in enumerate(world.enterprises):
        enterprise.risk_class = RiskClass.A if place < 5 else RiskClass.D
    db.session.commit()
    task = world.task(ppm=200_000, stratification=Stratification.RISK)
    world.freeze(task)
    assert quotas(task)[RiskClass.A.label].quota == 1
    assert quotas(task)[RiskClass.D.label].quota == 4


def test_r26_three_batches_never_exceed_the_yearly_ratio(world):
    item = make_item("XC-91")
    world.publish_items()
    line = world.plan_line([item], ppm=400_000, batches=3)
    taken = 0
    for number in range(3):
        task = tasks.create_task(line, world.planner, NOW)
        world.freeze(task)
        world.seed(task, {("dice-d10", "ceremony"): f"{number}1415926535897932384"})
        world.draw(task)
        taken += db.session.query(DrawnTarget).filter_by(draw_id=draw_of(task).id, is_reserve=False).count()
    assert taken == 4


def test_r27_firms_visited_this_year_stand_behind_the_others(world):
    done = world.open(ppm=100_000)
    visit = db.session.query(Visit).filter_by(task_id=done).one()
    task = world.task(starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))
    world.freeze(task)
    tiers = {identifier: cell for identifier, cell in cells(task).items() if "~" in cell}
    assert tiers == {visit.enterprise.identifier: "ALL~1"}


def test_r28_class_d_is_not_put_behind(world):
    done = world.open(ppm=100_000)
    db.session.query(Visit).filter_by(task_id=done).one().enterprise.risk_class = RiskClass.D
    db.session.commit()
    task = world.task(starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))
    world.freeze(task)
    assert all("~" not in cell for cell in cells(task).values())


def test_r36_a_firm_at_its_yearly_cap_stays_out(world):
    for months in (4, 6):
        world.open(ppm=1_000_000, starts_on=date(2026, months, 1), ends_on=date(2026, months, 28))
    with pytest.raises(freezing.RosterIsEmpty):
        world.freeze(world.task(starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 28)))


def test_a_guessed_category_is_drawn_only_where_the_line_says_so(world):
    make_enterprise(source=MembershipSource.GUESS)
    strict = world.task(versions=[make_item("XC-92")])
    world.freeze(strict)
    assert draw_of(strict).roster_n == 10
    open_minded = world.task(versions=[make_item("XC-93")], accepts_guesses=True)
    world.freeze(open_minded)
    assert draw_of(open_minded).roster_n == 11


@pytest.mark.parametrize(
    ("values", "hours", "refusal"),
    [
        (DICE, -1, drawing.SeedTooEarly),
        ({("dice-d10", "ceremony"): "123"}, 1, SeedValueInvalid),
        ({("cwl-kl8", "2026100"): "1 2 3"}, 1, drawing.SeedsDoNotFit),
    ],
)
def test_a_refused_seed_leaves_only_the_attempt(world, values, hours, refusal):
    task = world.task()
    world.freeze(task)
    moment = NOW + timedelta(hours=hours)
    with pytest.raises(refusal):
        drawing.enter_seed(task, values, world.planner, world.witness, moment)
    assert db.session.query(LogEntry).count() == 1
    assert draw_of(task).seed_hash is None
    assert db.session.query(AuditEvent).filter_by(tag="draw:seeded:refused").count() == 1


def test_a_seed_is_entered_once(world):
    task = world.task()
    world.freeze(task)
    world.seed(task)
    with pytest.raises(IllegalTransition):
        world.seed(task)


def test_sm3_draws_as_well(world):
    task = world.task()
    world.freeze(task, algorithm="sm3")
    world.seed(task)
    assert sum(world.draw(task).values()) == 3


def test_r31_every_step_names_actor_and_witness(world):
    task = world.drawn()
    steps = db.session.query(DrawStep).filter_by(draw_id=draw_of(task).id).order_by(DrawStep.id).all()
    assert [step.step for step in steps] == ["frozen", "seeded", "drawn"]
    assert {(step.actor_id, step.witness_id) for step in steps} == {(world.planner.id, world.witness.id)}
    assert db.session.get(InspectionTask, task).state.value == "drawn"


def test_r25_minimum_and_maximum_of_a_line_bound_the_number(world):
    few = world.task(ppm=100_000, bounds=planning.Bounds(minimum=4))
    world.freeze(few)
    assert [(q.quota, q.decided_by) for q in quotas(few).values()] == [(4, "minimum")]
    many = world.task(ppm=900_000, bounds=planning.Bounds(maximum=2))
    world.freeze(many)
    assert [(q.quota, q.decided_by) for q in quotas(many).values()] == [(2, "maximum")]


def test_r30_a_line_may_set_the_ratio_for_complaints_itself(world):
    db.session.add(Complaint(enterprise_id=world.enterprises[0].id, received_on=DAY - timedelta(days=30)))
    db.session.commit()
    bounds = planning.Bounds(attention_ppm=1_000_000)
    task = world.task(ppm=100_000, stratification=Stratification.ATTENTION, bounds=bounds)
    world.freeze(task)
    assert quotas(task)["投诉、经营异常、严重失信"].ppm == 1_000_000


def test_r25_bounds_that_contradict_each_other_are_refused(world):
    with pytest.raises(QuotaInvalid):
        planning.Bounds(minimum=5, maximum=2)
