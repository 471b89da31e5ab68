"""R73: every department fills in its own part of a visit, the lead confirms the whole; nobody's work is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask_appbuilder.security.sqla.models import User

from app.domain.joint import ConfirmedAlready, NotJoint, NotThatDepartment, PartsMissing
from app.domain.notice import merged_materials
from app.domain.vocabulary import CheckMethod, ClockKind, FindingState, VisitState
from app.extensions import db
from app.models import AuditEvent, Escalation, ItemFinding, Visit, VisitConfirmation
from app.services import clocks, entries, evidence, notices, visits
from app.services.disclosure import ReasonMissing
from app.services.joint.confirming import (
    confirm_visit,
    needs_confirmation,
    parts_of_visit,
    to_confirm,
    unconfirmed,
)
from app.services.joint.withdrawing import withdraw
from app.services.visits import NotOfThisVisit
from tests.builders import NOW, at, clean
from tests.builders_joint import JointWorld, agency
from tests.evidence_builders import make_ready, mark
from tests.services.test_joint_task import opened, record

LONG_AFTER = NOW + timedelta(days=60)


@pytest.fixture
def world(app):
    return JointWorld()


@pytest.fixture
def visit(world):
    """A visit of both departments whose checks may begin."""
    task = opened(world)
    world.task = task
    return next(
        each
        for each in db.session.query(Visit).filter_by(task_id=task).order_by(Visit.id)
        if len(each.findings) == 2
    )


def fresh(visit):
    db.session.expire_all()
    return db.session.get(Visit, visit.id)


def finding_of(visit, code):
    return next(each for each in visit.findings if each.agency.code == code)


def person_of(visit, code):
    return next(each.inspector.user for each in visit.team if each.inspector.agency.code == code)


def reviewed(world, visit):
    for code in ("A01", "A02"):
        record(visit, code)
    make_ready(visit)
    visits.submit_visit(visit.id, visit.team[0].inspector.user)
    for code, head in (("A01", world.approver), ("A02", world.market)):
        visits.review_finding(finding_of(visit, code).id, head, at(visit.planned_on, 9))
    return fresh(visit)


def test_R73_nobody_fills_in_the_part_of_another_department(world, visit):
    with pytest.raises(NotOfThisVisit):
        visits.record_finding(
            finding_of(visit, "A02").id,
            clean(finding_of(visit, "A02")),
            person_of(visit, "A01"),
            at(visit.planned_on, 8),
        )


def test_R73_two_departments_save_their_parts_at_one_moment_and_nothing_is_lost(app, world, visit):
    start = Barrier(2)
    asked = {
        code: (finding_of(visit, code).id, person_of(visit, code).id, at(visit.planned_on, 8))
        for code in ("A01", "A02")
    }
    db.session.commit()

    def save(given):
        finding_id, user_id, moment = given
        with app.app_context():
            finding = db.session.get(ItemFinding, finding_id)
            entry, user = clean(finding), db.session.get(User, user_id)
            db.session.commit()
            start.wait()
            try:
                return entries.record_over(finding_id, entry, 0, user, moment)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, asked.values()))
    kept = fresh(visit)
    assert {each.agency.code: each.state for each in kept.findings} == {
        "A01": FindingState.RECORDED,
        "A02": FindingState.RECORDED,
    }
    assert [len(each.records) for each in kept.findings] == [1, 1]
    assert kept.done_on == kept.planned_on


def test_R73_the_lead_sees_whose_part_is_missing(world, visit):
    record(visit, "A01")
    parts = {part.agency.code: part for part in parts_of_visit(fresh(visit))}
    assert [item.state for item in parts["A02"].missing] == [FindingState.UNCHECKED]
    assert next(iter(parts)) == "A01"
    with pytest.raises(PartsMissing) as refusal:
        confirm_visit(visit.id, "属实", world.planner, NOW)
    assert agency("A02").short_name in refusal.value.params["missing"]


def test_R73_the_lead_confirms_the_whole_once_every_part_is_complete(world, visit):
    done = reviewed(world, visit)
    assert needs_confirmation(done)
    with pytest.raises(NotThatDepartment):
        confirm_visit(visit.id, "属实", world.market, NOW)
    with pytest.raises(ReasonMissing):
        confirm_visit(visit.id, " ", world.planner, NOW)
    assert confirm_visit(visit.id, "结果属实，予以认定", world.planner, NOW) == 1
    row = db.session.query(VisitConfirmation).one()
    assert [part["agency"] for part in row.parts] == [agency("A01").short_name, agency("A02").short_name]
    assert not needs_confirmation(fresh(visit))
    tags = [event.tag for event in db.session.query(AuditEvent)]
    assert "joint:visit:confirmed" in tags


def test_R73_what_has_not_changed_is_not_confirmed_twice(world, visit):
    reviewed(world, visit)
    confirm_visit(visit.id, "属实", world.planner, NOW)
    with pytest.raises(ConfirmedAlready):
        confirm_visit(visit.id, "再次", world.planner, NOW)


def test_R73_a_department_that_is_called_otherwise_changes_no_confirmation(world, visit):
    reviewed(world, visit)
    confirm_visit(visit.id, "属实", world.planner, NOW)
    agency("A02").short_name = "市场局"
    db.session.commit()
    assert not needs_confirmation(fresh(visit))
    with pytest.raises(ConfirmedAlready):
        confirm_visit(visit.id, "再次", world.planner, NOW)


def test_R53_R73_a_correction_asks_for_a_further_confirmation(world, visit):
    reviewed(world, visit)
    confirm_visit(visit.id, "属实", world.planner, NOW)
    finding = finding_of(fresh(visit), "A02")
    finding.state = FindingState.RETURNED
    finding.visit.state = VisitState.RECORDED
    db.session.commit()
    other = replace(clean(finding), methods=frozenset({CheckMethod.DOCUMENT_REVIEW}))
    visits.record_finding(finding.id, other, person_of(visit, "A02"), at(visit.planned_on, 10))
    make_ready(fresh(visit))
    visits.submit_visit(visit.id, fresh(visit).team[0].inspector.user)
    visits.review_finding(finding.id, world.market, at(visit.planned_on, 11))
    assert needs_confirmation(fresh(visit))
    before = unconfirmed(db.session(), world.task)
    assert to_confirm(db.session(), agency("A01").id, 9) == 1
    assert confirm_visit(visit.id, "更正后属实", world.planner, at(visit.planned_on, 12)) == 2
    assert unconfirmed(db.session(), world.task) == before - 1
    assert to_confirm(db.session(), agency("A01").id, 9) == 0


def test_R73_a_part_that_was_withdrawn_is_complete(world, visit):
    withdraw(world.task, agency("A02").id, "专项任务冲突", world.market, at(NOW.date(), 9))
    record(fresh(visit), "A01")
    make_ready(fresh(visit))
    visits.submit_visit(visit.id, fresh(visit).team[0].inspector.user)
    visits.review_visit(visit.id, world.approver, at(visit.planned_on, 9))
    assert confirm_visit(visit.id, "市场监管部门退出，其余属实", world.planner, NOW) == 1
    assert [part.withdrawn for part in parts_of_visit(fresh(visit))] == [0, 1]


def test_R73_a_visit_of_one_department_needs_no_confirmation(world, visit):
    alone = next(each for each in db.session.query(Visit) if len(each.findings) == 1)
    with pytest.raises(NotJoint):
        confirm_visit(alone.id, "属实", world.planner, NOW)


def test_R54_R73_each_department_discloses_its_own_result_and_waits_for_nobody(world, visit):
    for code in ("A01", "A02"):
        record(visit, code)
    make_ready(visit)
    visits.submit_visit(visit.id, visit.team[0].inspector.user)
    visits.review_finding(finding_of(visit, "A02").id, world.market, at(visit.planned_on, 9))
    visits.disclose_findings(visit.id, agency("A02").id, world.market, at(visit.planned_on, 10))
    states = {each.agency.code: each.state for each in fresh(visit).findings}
    assert states == {"A01": FindingState.SUBMITTED, "A02": FindingState.DISCLOSED}


def test_R73_materials_are_asked_for_once():
    asked = merged_materials(
        [("商务局", ["营业执照副本", "近一年台账"]), ("市场监管局", ["营业执照 副本；", "发票存根"])]
    )
    assert [material.name for material in asked] == ["营业执照副本", "近一年台账", "发票存根"]
    assert asked[0].wanted_by == ("商务局", "市场监管局")


def test_R41_R73_the_notice_lists_every_material_once(world):
    from app.models import ItemVersion

    for version in db.session.query(ItemVersion):
        version.materials = "营业执照副本\n经营台账"
    db.session.commit()
    task = opened(world)
    shared = next(each for each in db.session.query(Visit) if len(each.findings) == 2)
    body = shared.notices[-1].body
    assert [row["name"] for row in body["materials"]] == ["营业执照副本", "经营台账"]
    assert all(len(row["agencies"]) == 2 for row in body["materials"])
    assert notices.has_news(shared) is False
    assert db.session.query(ItemFinding).filter_by(visit_id=shared.id).count() == 2
    assert task


def test_R52_R73_things_kept_are_a_deadline_of_the_department_that_took_them(world, visit):
    evidence.hold(visit.id, mark(), "进货台账两册", NOW.date(), person_of(visit, "A02"), NOW)

    def kept(code):
        found = clocks.readings(db.session(), NOW, agency(code).id)
        return [each.running.agency.code for each in found if each.running.kind == ClockKind.EVIDENCE_HOLD]

    assert kept("A02") == ["A02"]
    assert kept("A01") == []


def test_R52_two_things_kept_at_one_visit_are_brought_before_the_leaders(world, visit):
    for what in ("进货台账两册", "价目表一份"):
        evidence.hold(visit.id, mark(), what, NOW.date(), person_of(visit, "A02"), NOW)
    clocks.escalate_late(LONG_AFTER)
    raised = db.session.query(Escalation).filter_by(kind=ClockKind.EVIDENCE_HOLD).all()
    assert [each.agency.code for each in raised] == ["A02"]
    assert clocks.escalate_late(LONG_AFTER) == 0
