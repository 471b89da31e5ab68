"""R73-R75: departments make one plan; nothing goes to approval while one of them has not agreed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask_appbuilder.security.sqla.models import User

from app.domain.joint import (
    JointNeedsDepartments,
    JointTeamTooSmall,
    JointUnsettled,
    LeadTakesNoPart,
    LetterMissing,
    NotThatDepartment,
    OffersOpen,
)
from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import (
    ClockKind,
    Cooperation,
    JointState,
    MembershipSource,
    MemberState,
    OfferState,
    OutboxKind,
    Stratification,
)
from app.extensions import db
from app.models import (
    AuditEvent,
    CategoryMembership,
    Escalation,
    InspectionPlan,
    JointLine,
    LineOffer,
    OutboxMessage,
    PlanLine,
)
from app.services import clocks, items, planning
from app.services.disclosure import ReasonMissing
from app.services.joint import lines, offers
from app.services.joint.departments import partners_of
from app.services.joint.forecast import forecast
from app.services.joint.meeting import meetings
from app.services.planning import ItemNotPublished, PlanIsFixed, RatioAboveCap
from app.services.transaction import NotFound
from tests.builders import DAY, NOW, YEAR, make_category, make_item
from tests.builders_joint import ENDS, JointWorld, agency, make_district, more_enterprises


@pytest.fixture
def world(app):
    return JointWorld()


def joint_of(key):
    db.session.expire_all()
    return db.session.get(JointLine, key)


def member(joint, code):
    return next(each for each in joint_of(joint).members if each.agency.code == code)


def tags():
    return [event.tag for event in db.session.query(AuditEvent).order_by(AuditEvent.number)]


def test_R73_a_department_offers_lines_of_its_own_items_only(world):
    world.offer(world.partner, 100_000, world.market)
    with pytest.raises(NotThatDepartment):
        offers.offer_line(
            world.plan,
            agency("A02").id,
            offers.Wanted("别人的事项", {world.own.id: 100_000}, DAY, ENDS),
            world.market,
            NOW,
        )
    with pytest.raises(NotThatDepartment):
        world.offer(world.own, 100_000, world.market)


def test_R73_the_bureau_enters_what_another_department_sent_on_paper(world):
    world.offer(world.partner, 100_000, world.planner)
    assert db.session.query(LineOffer).one().agency.code == "A02"


def test_R04_an_offer_above_the_cap_of_its_item_is_refused(world):
    capped = make_item("SJ-52", agency="A02", maximum_ppm=50_000)
    world.publish_items()
    with pytest.raises(RatioAboveCap):
        world.offer(capped, 60_000, world.market)


def test_R74_partners_are_those_the_item_names(world):
    found = partners_of(db.session(), world.own)
    assert [each.short_name for each in found.known] == [agency("A02").short_name, agency("A05").short_name]
    assert found.unknown == ("海关",)


def test_R74_an_item_that_names_nobody_has_the_usual_partners_of_its_category(world):
    version = make_item("XC-53", category="单用途商业预付卡")
    known = [each.code for each in partners_of(db.session(), version).known]
    assert known == ["A02", "A05"]


def test_R74_offers_for_the_same_kind_of_enterprise_are_shown_as_one(world):
    world.offered()
    other = make_item("XC-54", category="拍卖")
    world.publish_items()
    world.offer(other, 100_000, world.planner)
    found = meetings(db.session(), world.plan)
    assert [[offer.agency.code for offer in each.offers] for each in found] == [["A01", "A02"]]
    assert found[0].lead.code == "A01"
    assert [each.code for each in found[0].departments] == ["A01", "A02"]


def test_R74_a_usual_partner_that_offered_nothing_is_proposed_with_its_items(world):
    world.offer(world.own, 500_000, world.planner)
    found = meetings(db.session(), world.plan)[0]
    assert [version.item.code for version in found.invited] == ["SJ-51"]
    assert found.outside == ("海关",)
    assert found.shares[world.partner.id] == world.partner.minimum_ppm


def test_R75_in_one_pool_the_smaller_share_costs_no_visit(world):
    found = forecast(db.session(), {world.own.id: 500_000, world.partner.id: 300_000})
    assert [item.base for item in found.items] == [10, 10]
    assert [item.quota for item in found.items] == [5, 3]
    assert found.visits.rounded() == (8, 5)
    assert found.by_department() == {agency("A01").short_name: 5, agency("A02").short_name: 3}


def test_R75_pools_that_do_not_meet_spare_nothing(world):
    more_enterprises(4, "拍卖")
    other = make_item("SJ-55", agency="A02", category="拍卖")
    world.publish_items()
    found = forecast(db.session(), {world.own.id: 500_000, other.id: 500_000})
    assert found.visits.rounded() == (7, 7)


def test_R73_the_lead_confirms_before_anybody_is_asked(world):
    joint = world.formed()
    with pytest.raises(IllegalTransition):
        lines.answer(joint, agency("A02").id, True, "", world.market, NOW)
    with pytest.raises(NotThatDepartment):
        lines.confirm_joint(joint, world.market, NOW)
    lines.confirm_joint(joint, world.planner, NOW)
    assert (joint_of(joint).state, joint_of(joint).saved) == (JointState.CONSULTING, 3)
    assert joint_of(joint).answer_by == date(2026, 4, 9)  # five working days, without 清明
    asked = db.session.query(OutboxMessage).one()
    assert (asked.kind, asked.agency.code) == (OutboxKind.PLAN_ASKED, "A02")
    assert "减少 3 户次" in asked.body


def test_R73_an_unanswered_department_keeps_the_plan_from_approval(world):
    world.asked()
    planning.add_line(
        world.plan,
        "单独抽查",
        {world.own.id: 100_000},
        world.planner,
        lead_agency_id=agency("A01").id,
        starts_on=DAY,
        ends_on=ENDS,
    )
    with pytest.raises(JointUnsettled):
        planning.submit_plan(world.plan, world.planner)


def test_R73_a_declining_department_keeps_the_plan_from_approval(world):
    joint = world.asked()
    lines.answer(joint, agency("A02").id, False, "人手不足", world.market, NOW)
    with pytest.raises(JointUnsettled):
        lines.agree(joint, world.planner, NOW)
    assert [row.reason for row in member(joint, "A02").answers] == ["人手不足"]


def test_R73_a_refusal_names_its_reason(world):
    joint = world.asked()
    with pytest.raises(ReasonMissing):
        lines.answer(joint, agency("A02").id, False, "  ", world.market, NOW)


def test_R73_nobody_answers_for_another_department_without_its_letter(world):
    joint = world.asked()
    with pytest.raises(LetterMissing):
        lines.answer(joint, agency("A02").id, True, "", world.planner, NOW)
    lines.answer(joint, agency("A02").id, True, "", world.planner, NOW, document_no="长市监函〔2026〕8号")
    assert member(joint, "A02").answers[-1].document_no == "长市监函〔2026〕8号"


def test_R73_an_agreed_joint_line_becomes_a_line_of_the_plan(world):
    line = db.session.get(PlanLine, world.agreed())
    assert (line.cooperation, line.is_joint) == (Cooperation.CROSS_DEPARTMENT, True)
    assert [(entry.version.item.code, entry.target_count) for entry in line.items] == [
        ("XC-51", 5),
        ("SJ-51", 3),
    ]
    planning.submit_plan(world.plan, world.planner)
    assert [row.state for row in db.session.query(LineOffer)] == [OfferState.JOINED] * 2
    assert "joint:line:agreed" in tags()


def test_R73_the_lead_goes_on_without_a_department_and_its_offer_is_open_again(world):
    fire = make_item("TX-51", agency="A05")
    world.publish_items()
    joint = world.asked(items={fire.id: 100_000})
    lines.answer(joint, agency("A02").id, False, "另有安排", world.market, NOW)
    lines.answer(joint, agency("A05").id, True, "", world.planner, NOW, document_no="长税函1号")
    lines.go_on_without(joint, agency("A02").id, "尊重该部门安排", world.planner, NOW)
    line = db.session.get(PlanLine, lines.agree(joint, world.planner, NOW))
    assert {entry.version.item.code for entry in line.items} == {"XC-51", "TX-51"}
    with pytest.raises(OffersOpen):
        planning.submit_plan(world.plan, world.planner)
    returned = offers.open_offers(db.session(), world.plan)
    offers.list_alone(returned[0].id, world.planner)
    planning.submit_plan(world.plan, world.planner)
    assert len(db.session.get(InspectionPlan, world.plan).lines) == 2


def test_R73_two_departments_of_which_one_declines_fall_back_to_lines_of_their_own(world):
    joint = world.asked()
    lines.answer(joint, agency("A02").id, False, "另有安排", world.market, NOW)
    with pytest.raises(JointNeedsDepartments):
        lines.go_on_without(joint, agency("A02").id, "继续", world.planner, NOW)
    made = lines.take_apart(joint, "市场监管部门不参加", world.planner, NOW)
    assert [db.session.get(PlanLine, key).lead_agency.code for key in made] == ["A01", "A02"]
    assert joint_of(joint).state == JointState.DISSOLVED
    planning.submit_plan(world.plan, world.planner)
    assert "joint:line:taken_apart" in tags()


def test_R73_a_department_that_declined_can_be_asked_again(world):
    joint = world.asked()
    lines.answer(joint, agency("A02").id, False, "四月无人", world.market, NOW)
    lines.ask_again(joint, agency("A02").id, "改在五月", world.planner, NOW)
    lines.answer(joint, agency("A02").id, True, "", world.market, NOW)
    states = [row.state for row in member(joint, "A02").answers]
    assert states == [MemberState.DECLINED, MemberState.INVITED, MemberState.ACCEPTED]


def test_R73_a_late_answer_counts_and_is_marked(world):
    joint = world.asked()
    lines.answer(joint, agency("A02").id, True, "", world.market, NOW + timedelta(days=20))
    assert member(joint, "A02").answers[-1].is_late


def test_R73_a_department_that_does_not_answer_comes_before_the_leading_group(world):
    world.asked()
    running = clocks.readings(db.session(), NOW)
    assert [(each.running.kind, each.running.agency.code) for each in running] == [
        (ClockKind.JOINT_ANSWER, "A02")
    ]
    assert clocks.escalate_late(NOW + timedelta(days=5)) == 0
    assert clocks.escalate_late(NOW + timedelta(days=20)) == 1
    assert clocks.escalate_late(NOW + timedelta(days=21)) == 0
    assert db.session.query(Escalation).one().agency.code == "A02"
    told = db.session.query(OutboxMessage).filter_by(kind=OutboxKind.OVERDUE).order_by(OutboxMessage.id)
    assert [message.agency.code for message in told] == ["A01", "A02"]


def test_R73_a_plan_that_was_submitted_takes_no_more_answers(world):
    world.agreed()
    planning.submit_plan(world.plan, world.planner)
    with pytest.raises(PlanIsFixed):
        world.offer(world.partner, 100_000, world.market)


def test_R73_an_offer_joins_one_line_only(world):
    keys = world.offered()
    world.formed(offers=keys)
    with pytest.raises(IllegalTransition):
        world.formed(offers=keys)


def test_R73_an_offer_that_nobody_took_up_keeps_the_plan_from_approval(world):
    keys = world.offered()
    offers.list_alone(keys[0], world.planner)
    with pytest.raises(OffersOpen):
        planning.submit_plan(world.plan, world.planner)
    offers.put_aside(keys[1], "与上级专项重复", world.planner)
    planning.submit_plan(world.plan, world.planner)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"lead_agency_id": 5}, LeadTakesNoPart),
        ({"team_sizes": {2: 1}}, JointTeamTooSmall),
        ({"team_sizes": {2: 0}}, JointTeamTooSmall),
    ],
)
def test_R17_R73_a_joint_line_has_a_lead_and_two_people_a_department(world, values, refusal):
    translated = {
        name: agency(f"A0{value}").id
        if name == "lead_agency_id"
        else {agency(f"A0{key}").id: size for key, size in value.items()}
        for name, value in values.items()
    }
    with pytest.raises(refusal):
        world.formed(**translated)


def test_R73_city_and_district_go_together(world):
    district = make_district()
    keys = [world.offer(world.own, 500_000, world.planner)]
    joint = world.formed(
        offers=keys,
        cooperation=Cooperation.VERTICAL,
        guests=[district.id],
        team_sizes={district.id: 0},
    )
    lines.confirm_joint(joint, world.planner, NOW)
    lines.answer(joint, district.id, True, "", world.planner, NOW, document_no="朝商函1号")
    line = db.session.get(PlanLine, lines.agree(joint, world.planner, NOW))
    assert (line.cooperation, line.is_joint) == (Cooperation.VERTICAL, False)
    assert [each.agency.code for each in line.joint.members] == ["A01", "D04"]


def test_R73_two_departments_answer_at_one_moment_and_both_answers_stand(app, world):
    tax = make_item("TX-51", agency="A05")
    world.publish_items()
    joint = world.asked(items={tax.id: 100_000})
    start, actor = Barrier(2), world.planner.id
    keys = [agency("A02").id, agency("A05").id]
    db.session.commit()

    def reply(key):
        with app.app_context():
            user = db.session.get(User, actor)
            db.session.commit()
            start.wait()
            try:
                lines.answer(joint, key, True, "", user, NOW, document_no=f"函{key}号")
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(reply, keys))
    states = {each.agency.code: each.state for each in joint_of(joint).members}
    assert states == dict.fromkeys(("A01", "A02", "A05"), MemberState.ACCEPTED)


def test_an_offer_that_was_put_aside_can_be_taken_up_again(world):
    key = world.offer(world.partner, 100_000, world.market)
    offers.put_aside(key, "本部门另有安排", world.market)
    offers.take_up_again(key, world.planner)
    assert db.session.get(LineOffer, key).state == OfferState.OPEN
    with pytest.raises(IllegalTransition):
        offers.take_up_again(key, world.planner)


def test_R26_R28_a_joint_line_keeps_its_strata_and_batches(world):
    line = db.session.get(PlanLine, world.agreed(stratification=Stratification.DISTRICT, batches=3))
    assert (line.stratification, line.batches) == (Stratification.DISTRICT, 3)


def test_R74_categories_of_mostly_the_same_enterprises_meet(world):
    other = make_category("二手车流通")
    for firm in world.enterprises[:6]:
        firm.memberships.append(CategoryMembership(category_id=other.id, source=MembershipSource.FILE))
    db.session.commit()
    near = make_item("GA-51", agency="A03", category="二手车流通")
    world.publish_items()
    world.offer(world.own, 500_000, world.planner)
    world.offer(near, 500_000, world.planner)
    found = meetings(db.session(), world.plan)[0]
    assert [offer.agency.code for offer in found.offers] == ["A01", "A03"]
    assert found.forecast.visits.alone[agency("A03").id] == 3


def test_R74_an_item_that_is_not_for_joint_checks_is_not_proposed(world):
    make_item("SJ-56", agency="A02")
    world.publish_items()
    world.offer(world.own, 500_000, world.planner)
    invited = meetings(db.session(), world.plan)[0].invited
    assert [version.item.code for version in invited] == ["SJ-51"]


def test_R73_an_offer_to_another_plan_joins_no_line_of_this_one(world):
    keys = world.offered()
    other = planning.create_plan(YEAR, "另一计划", agency("A01").id, world.planner)
    draft = lines.JointDraft("联合", keys, agency("A01").id, DAY, ENDS)
    with pytest.raises(NotFound):
        lines.form_joint(other, draft, world.planner, NOW)
    assert [row.state for row in db.session.query(LineOffer)] == [OfferState.OPEN] * 2


def test_R01_R73_a_line_whose_item_was_withdrawn_can_still_be_taken_apart(world):
    joint = world.accepted()
    items.withdraw_version(world.partner.id, world.approver, NOW)
    with pytest.raises(ItemNotPublished):
        lines.agree(joint, world.planner, NOW)
    made = lines.take_apart(joint, "事项已停用", world.planner, NOW)
    assert [db.session.get(PlanLine, key).lead_agency.code for key in made] == ["A01"]
    left = offers.open_offers(db.session(), world.plan)
    assert [offer.agency.code for offer in left] == ["A02"]


def test_R73_a_department_asked_again_after_the_deadline_has_a_new_one(world):
    joint = world.asked()
    later = NOW + timedelta(days=30)
    lines.answer(joint, agency("A02").id, False, "四月无人", world.market, later)
    lines.ask_again(joint, agency("A02").id, "改在五月", world.planner, later)
    assert joint_of(joint).answer_by > later.date()
    lines.answer(joint, agency("A02").id, True, "", world.market, later)
    assert not member(joint, "A02").answers[-1].is_late


def test_R73_nothing_is_agreed_of_which_no_item_is_left(world):
    keys = [world.offer(world.partner, 300_000, world.market)]
    joint = world.asked(offers=keys, guests=(agency("A01").id, agency("A05").id))
    lines.answer(joint, agency("A02").id, False, "另有安排", world.market, NOW)
    with pytest.raises(JointNeedsDepartments):
        lines.go_on_without(joint, agency("A02").id, "继续", world.planner, NOW)
