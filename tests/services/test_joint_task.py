"""R73, R75: a joint task asks its departments, freezes their staff together, and goes on when one withdraws."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from time import sleep

import pytest
from flask_appbuilder.security.sqla.models import User

from app.domain.entry import ContactMissing
from app.domain.joint import LeadCannotWithdraw, NotThatDepartment, WholeNotConfirmed
from app.domain.lifecycle import IllegalTransition
from app.domain.matching.solve import CannotBeStaffed
from app.domain.measures import Period
from app.domain.vocabulary import (
    ApprovalState,
    ClockKind,
    Cooperation,
    CountKind,
    FindingState,
    OutboxKind,
    PartState,
    RecusalKind,
    RecusalState,
    TaskState,
    VisitState,
)
from app.extensions import db
from app.models import (
    DrawnTarget,
    Escalation,
    InspectionTask,
    ItemFinding,
    OutboxMessage,
    Recusal,
    Visit,
    VisitApproval,
)
from app.reports import enterprise_form
from app.services import applying, clocks, match_review, matching, staffing, statistics, tasks, visits
from app.services.archiving import filing
from app.services.disclosure import ReasonMissing
from app.services.figures import sheet_of
from app.services.frequency import acts_of
from app.services.joint import lines
from app.services.joint.confirming import confirm_visit
from app.services.joint.parts import confirm_part, remind_departments
from app.services.joint.withdrawing import withdraw
from app.services.recording import record_in
from app.services.statistics.facts import Coverage, facts
from app.services.statistics.tallies import whole
from app.services.storage import fetch_bytes
from app.services.transaction import transaction
from tests.builders import APPLIED, NOW, YEAR, at, clean, make_inspector
from tests.builders_joint import JointWorld, agency, make_district
from tests.evidence_builders import make_ready
from tests.remembering import remembered


@pytest.fixture
def world(app):
    return JointWorld()


def task_of(key):
    db.session.expire_all()
    return db.session.get(InspectionTask, key)


@remembered
def drawn(world, **values):
    task = world.joint_task(**values)
    world.freeze(task)
    world.seed(task)
    world.draw(task)
    return task


@remembered
def opened(world, **values):
    task = drawn(world, **values)
    world.match(task)
    matching.disclose_draw(task, world.planner, NOW + timedelta(hours=3))
    world.clear(task)
    return task


def messages(kind):
    found = db.session.query(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id)
    return [message.agency.code for message in found]


def tally():
    return whole(db.session(), facts(Coverage(Period(YEAR), NOW.date())))


def record(visit, code, now=None):
    """Every item of a department in a visit, by one of its own people."""
    moment = now or at(visit.planned_on, 8)
    for finding in [each for each in visit.findings if each.agency.code == code]:
        person = next(each.inspector for each in visit.team if each.inspector.agency.code == code)
        visits.record_finding(finding.id, clean(finding), person.user, moment)


def test_R73_opening_a_joint_task_asks_every_other_department(world):
    task = task_of(world.joint_task())
    assert [(part.agency.code, part.state) for part in task.parts] == [("A02", PartState.ASKED)]
    assert messages(OutboxKind.TASK_ASKED) == ["A02"]
    kinds = [reading.running.kind for reading in clocks.readings(db.session(), NOW)]
    assert kinds == [ClockKind.JOINT_REPLY]


def test_R73_a_department_confirms_and_names_a_contact(world):
    task = world.joint_task()
    with pytest.raises(ContactMissing):
        confirm_part(task, agency("A02").id, " ", world.market, NOW)
    with pytest.raises(NotThatDepartment):
        confirm_part(task, agency("A02").id, "王某", _stranger(), NOW)
    confirm_part(task, agency("A02").id, "王某 0431-1", world.market, NOW)
    part = task_of(task).parts[0]
    assert (part.state, part.replies[-1].contact) == (PartState.CONFIRMED, "王某 0431-1")
    assert clocks.readings(db.session(), NOW) == []
    assert messages(OutboxKind.TASK_ANSWERED) == ["A01"]


def test_R73_a_department_that_does_not_reply_comes_before_the_leading_group(world):
    world.joint_task()
    assert clocks.escalate_late(NOW + timedelta(days=3)) == 0
    assert clocks.escalate_late(NOW + timedelta(days=10)) == 1
    assert db.session.query(Escalation).one().kind == ClockKind.JOINT_REPLY
    assert messages(OutboxKind.OVERDUE) == ["A01", "A02"]


def test_R73_the_disclosed_draw_is_told_to_those_who_take_part(world):
    opened(world)
    assert messages(OutboxKind.TASK_DISCLOSED) == ["A02"]


def test_R73_staff_and_recusals_of_all_departments_are_frozen_together(world):
    task = world.joint_task()
    person, firm = world.partners[0], world.enterprises[0]
    db.session.add(
        Recusal(
            inspector_id=person.id,
            enterprise_id=firm.id,
            kind=next(iter(RecusalKind)),
            reason="亲属任职",
            state=RecusalState.GRANTED,
        )
    )
    db.session.commit()
    world.freeze(task)
    frozen = staffing.from_json(fetch_bytes(db.session(), task_of(task).draws[-1].staff_detail))
    assert {each.group for each in frozen} == {"A01", "A02"}
    recused = next(each for each in frozen if each.staff_no == person.staff_no)
    assert [each.target for each in recused.recusals] == [firm.identifier]


def test_R75_the_draw_says_how_few_visits_its_quotas_need(world):
    task = task_of(drawn(world))
    draw = task.draws[-1]
    chosen = {row.identifier for row in db.session.query(DrawnTarget).filter_by(is_reserve=False)}
    assert (draw.separate_visits, draw.least_visits, len(chosen)) == (8, 5, 5)


def test_R17_R73_every_department_sends_two_and_one_person_leads(world):
    task = task_of(opened(world))
    for visit in task.visits:
        codes = [member.inspector.agency.code for member in visit.team]
        assert {codes.count(code) for code in codes} == {2}
        assert sum(member.is_lead for member in visit.team) == 1
        assert visit.team[0].inspector.agency.code == "A01"
    assert {len(visit.team) for visit in task.visits} == {2, 4}


def test_R73_a_department_sends_as_many_as_the_plan_says(world):
    task = task_of(opened(world, team_sizes={agency("A02").id: 3}))
    sizes = {
        sum(member.inspector.agency.code == "A02" for member in visit.team)
        for visit in task.visits
        if any(finding.agency.code == "A02" for finding in visit.findings)
    }
    assert sizes == {3}


def test_R73_the_people_of_a_district_come_along_in_their_district_only(world):
    district = make_district()
    for place, firm in enumerate(world.enterprises):
        firm.territory_code = "220104" if place % 2 else "220102"
    for _ in range(4):
        make_inspector(agency="D04")
    db.session.commit()
    keys = [world.offer(world.own, 1_000_000, world.planner)]
    joint = world.formed(offers=keys, cooperation=Cooperation.VERTICAL, guests=[district.id])
    lines.confirm_joint(joint, world.planner, NOW)
    lines.answer(joint, district.id, True, "", world.planner, NOW, document_no="朝商函1号")
    line = lines.agree(joint, world.planner, NOW)
    world.disclose(world.plan)
    task = tasks.create_task(line, world.planner, NOW)
    for step in (world.freeze, world.seed, world.draw, world.match):
        step(task)
    for visit in task_of(task).visits:
        theirs = sum(member.inspector.agency.code == "D04" for member in visit.team)
        assert theirs == (2 if visit.enterprise.territory_code == "220104" else 0)


def test_R73_a_department_that_only_comes_along_leaves_the_teams(world):
    district = make_district()
    for _ in range(4):
        make_inspector(agency="D04")
    keys = [world.offer(world.own, 1_000_000, world.planner)]
    joint = world.formed(offers=keys, cooperation=Cooperation.VERTICAL, guests=[district.id])
    lines.confirm_joint(joint, world.planner, NOW)
    lines.answer(joint, district.id, True, "", world.planner, NOW, document_no="朝商函1号")
    line = lines.agree(joint, world.planner, NOW)
    world.disclose(world.plan)
    task = tasks.create_task(line, world.planner, NOW)
    assert task_of(task).is_joint
    for step in (world.freeze, world.seed, world.draw, world.match):
        step(task)
    assert withdraw(task, district.id, "另有任务", world.planner, NOW, document_no="朝商函2号") == 0
    codes = {member.inspector.agency.code for visit in task_of(task).visits for member in visit.team}
    assert codes == {"A01"}
    assert {visit.state for visit in task_of(task).visits} == {VisitState.PLANNED}


def test_R73_a_shortage_names_the_department_that_is_short_of_people(world):
    for person in world.partners[1:]:
        person.certificates.clear()
    db.session.commit()
    task = drawn(world)
    with pytest.raises(CannotBeStaffed) as refusal:
        world.match(task)
    assert refusal.value.params["shortfall"] == 3
    found = match_review.shortages_of(db.session(), task_of(task))
    assert {group for shortage in found for group in shortage.by_group()} == {"A02"}
    assert sum(sum(shortage.by_group().values()) for shortage in found) == 6


def test_R73_a_department_that_withdraws_before_the_freeze_takes_its_items_back(world):
    task = world.joint_task()
    assert withdraw(task, agency("A02").id, "专项任务冲突", world.market, NOW) == 0
    found = task_of(task)
    assert [item.code for item in found.items] == ["XC-51"]
    assert (found.is_joint, found.parts[0].state) == (False, PartState.WITHDRAWN)
    assert messages(OutboxKind.WITHDRAWN) == ["A01"]
    world.freeze(task)
    assert task_of(task).state == TaskState.FROZEN


def test_R73_after_the_draw_the_targets_stay_those_of_the_department_that_withdraws(world):
    task = drawn(world)
    before = tally()
    assert withdraw(task, agency("A02").id, "专项任务冲突", world.market, NOW) == 3
    world.match(task)
    found = task_of(task)
    assert {finding.agency.code for visit in found.visits for finding in visit.findings} == {"A01"}
    assert tally().findings == before.findings
    assert tally().conduct.withdrawn == 3
    reply = found.parts[0].replies[-1]
    assert (reply.targets, "仍由该部门负责" in reply.carried) == (3, True)
    assert [step.step for step in found.draws[-1].steps][-2:] == ["part_withdrawn", "matched"]


def test_R73_after_the_match_the_others_go_on_to_the_archive(world):
    task = opened(world)
    assert withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9)) == 3
    withdrawn = db.session.query(ItemFinding).filter_by(state=FindingState.WITHDRAWN).all()
    assert len(withdrawn) == 3
    for visit in task_of(task).visits:
        assert {member.inspector.agency.code for member in visit.team} == {"A01"}
        record(visit, "A01")
        make_ready(visit)
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
        visits.review_visit(visit.id, world.approver, at(visit.planned_on, 9))
        visits.disclose_visit(visit.id, world.approver, at(visit.planned_on, 10))
    assert task_of(task).state == TaskState.RESULTS_DISCLOSED
    counted = tally()
    assert (counted.findings.total, counted.findings.checked, counted.conduct.saved) == (8, 5, 0)
    assert (counted.conduct.withdrawn, counted.visits.checked) == (3, 5)
    with pytest.raises(WholeNotConfirmed):
        tasks.archive_task(task, world.planner)
    for visit in task_of(task).visits:
        if len(visit.findings) > 1:
            confirm_visit(visit.id, "其余部门结果属实", world.planner, NOW)
    tasks.archive_task(task, world.planner)
    assert task_of(task).state == TaskState.ARCHIVED


def test_R73_what_the_department_recorded_before_it_withdraws_stays(world):
    task = opened(world)
    shared = next(visit for visit in task_of(task).visits if len(visit.findings) == 2)
    record(shared, "A02")
    assert withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9)) == 2
    kept = db.session.get(Visit, shared.id)
    assert {finding.state for finding in kept.findings} == {FindingState.RECORDED, FindingState.UNCHECKED}
    assert {member.inspector.agency.code for member in kept.team} == {"A01", "A02"}


def test_R73_what_is_being_recorded_while_the_department_withdraws_stays(app, world):
    task = opened(world)
    first, second = [visit for visit in task_of(task).visits if len(visit.findings) == 2][:2]
    record(first, "A01")
    finding = next(each for each in second.findings if each.agency.code == "A02")
    person = next(each.inspector.user for each in second.team if each.inspector.agency.code == "A02")
    begun, actor = Event(), world.market.id

    def leave():
        with app.app_context():
            user = db.session.get(User, actor)
            db.session.commit()
            begun.set()
            try:
                withdraw(task, agency("A02").id, "专项任务冲突", user, at(NOW.date(), 9))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            record_in(session, finding.id, clean(finding), person, at(second.planned_on, 8))
            left = pool.submit(leave)
            begun.wait(timeout=10)
            sleep(0.5)  # the other transaction has looked at the finding, or waits for this one
        left.result(timeout=20)
    db.session.expire_all()
    assert db.session.get(ItemFinding, finding.id).state == FindingState.RECORDED


def test_R37_R73_a_department_that_has_withdrawn_burdens_nobody(world):
    task = opened(world)
    withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9))
    for visit in task_of(task).visits:
        record(visit, "A01")

    def burdened(code):
        found = sheet_of(db.session(), YEAR, at(date(YEAR, 6, 1)), agency(code).id)
        return sum(found.spread(CountKind.BURDEN).values())

    assert (burdened("A01"), burdened("A02")) == (5, 0)


def test_R73_a_visit_for_the_items_of_the_withdrawn_alone_is_cancelled(world):
    keys = [world.offer(world.own, 300_000, world.planner), world.offer(world.partner, 500_000, world.market)]
    task = opened(world, offers=keys)
    withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9))
    states = [visit.state for visit in task_of(task).visits]
    assert (states.count(VisitState.CANCELLED), states.count(VisitState.PLANNED)) == (2, 3)
    assert all(_left(visit) for visit in task_of(task).visits if visit.state == VisitState.PLANNED)


def test_R73_the_lead_does_not_withdraw_and_nobody_without_a_reason(world):
    task = world.joint_task()
    with pytest.raises(LeadCannotWithdraw):
        withdraw(task, agency("A01").id, "理由", world.planner, NOW)
    with pytest.raises(ReasonMissing):
        withdraw(task, agency("A02").id, "", world.market, NOW)
    with pytest.raises(NotThatDepartment):
        withdraw(task, agency("A02").id, "理由", _stranger(), NOW)


def test_R73_a_department_withdraws_once(world):
    task = drawn(world)
    withdraw(task, agency("A02").id, "理由", world.market, NOW)
    with pytest.raises(IllegalTransition):
        withdraw(task, agency("A02").id, "理由", world.market, NOW)


def _left(visit):
    return [each for each in visit.findings if each.state != FindingState.WITHDRAWN]


def _stranger():
    from app.security import roles
    from tests.builders import make_user

    return make_user("head-a03", roles.APPROVER, "A03")


def test_R35_R36_a_withdrawn_department_waits_for_no_approval_and_makes_no_visit(world):
    task = drawn(world)
    world.match(task)
    matching.disclose_draw(task, world.planner, NOW + timedelta(hours=3))
    applying.apply_for_task(task, APPLIED, world.planner, NOW + timedelta(hours=4))
    withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9))
    theirs = db.session.query(VisitApproval).filter_by(agency_id=agency("A02").id)
    assert {approval.state for approval in theirs} == {ApprovalState.REFUSED}
    visit = db.session.query(Visit).filter(Visit.findings.any(state=FindingState.WITHDRAWN)).first()
    acts = acts_of(db.session(), [visit.enterprise_id], YEAR)
    assert not acts[visit.enterprise_id, agency("A02").id].days
    outcome = applying.apply_for_task(task, APPLIED, world.planner, NOW + timedelta(hours=5))
    assert outcome.done == []


def test_R83_the_papers_of_a_visit_bear_a_department_that_has_withdrawn(world):
    task = opened(world)
    withdraw(task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9))
    visit = db.session.query(Visit).filter(Visit.findings.any(state=FindingState.WITHDRAWN)).first()
    record(visit, "A01")
    make_ready(visit)
    visits.submit_visit(visit.id, visit.team[0].inspector.user)
    visits.review_visit(visit.id, world.approver, at(visit.planned_on, 9))
    visits.disclose_visit(visit.id, world.approver, at(visit.planned_on, 10))
    form = statistics.enterprise_form(db.session(), visit.id, None)
    assert len(form.items) == 2
    assert enterprise_form.build([form], at(visit.planned_on, 11))
    assert filing.file_visit(visit.id, world.planner, at(visit.planned_on, 12))


def test_R73_the_lead_reminds_who_has_not_answered(world):
    task = world.joint_task()
    with pytest.raises(NotThatDepartment):
        remind_departments(task, world.market, NOW)
    assert remind_departments(task, world.planner, NOW) == 1
    assert messages(OutboxKind.TASK_ASKED) == ["A02", "A02"]
    confirm_part(task, agency("A02").id, "王某", world.market, NOW)
    assert remind_departments(task, world.planner, NOW) == 0


def test_R73_a_task_from_before_this_was_so_asks_its_departments_later(world):
    task = world.joint_task()
    for part in task_of(task).parts:
        db.session.delete(part)
    db.session.commit()
    assert remind_departments(task, world.planner, NOW) == 1
    assert [part.agency.code for part in task_of(task).parts] == ["A02"]
