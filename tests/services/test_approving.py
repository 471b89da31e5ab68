"""Before an entry: the approval of the head, the urgent path, the merge, the off-site choice (R15, R17, R34, R35, R38)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain import entry
from app.domain.findings import CertificateLapsed
from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import ApprovalState, CheckMethod, ClockKind, ClockState, MergeDecision
from app.extensions import db
from app.models import AuditEvent, Visit, VisitApproval
from app.security import roles
from app.services import applying, approving, clocks, visits
from app.services.disclosure import ReasonMissing
from tests.builders import APPLIED, DAY, NOW, World, at, clean, make_inspector, make_item, make_user
from tests.evidence_builders import make_ready

LATER = NOW + timedelta(hours=4)
PAPER, ENTRY = frozenset({CheckMethod.DOCUMENT_REVIEW}), frozenset({CheckMethod.ON_SITE})
AFTER = at(date(2026, 5, 20), 8)


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=4)


@pytest.fixture
def joint(world):
    for _ in range(3):
        make_inspector(agency="A02")
    return world.disclosed(versions=[make_item("XC-71"), make_item("JL-71", agency="A02")], ppm=250_000)


def first_visit():
    db.session.expire_all()
    return db.session.query(Visit).order_by(Visit.id).first()


def apply(world, **values):
    return applying.apply_for(first_visit().id, replace(APPLIED, **values), world.planner, LATER)


def record(finding, now=AFTER, **values):
    """Record on paper, which asks for the approval alone; an entry asks for more (see test_entering)."""
    values = {"methods": PAPER} | values
    people = (member.inspector for member in finding.visit.team)
    who = next(person.user for person in people if person.agency_id == finding.agency_id)
    return visits.record_finding(finding.id, clean(finding, **values), who, now)


def test_r35_nothing_is_recorded_without_an_approval(world):
    world.disclosed()
    with pytest.raises(entry.NotApproved):
        record(first_visit().findings[0])
    (approval,) = apply(world)
    with pytest.raises(entry.NotApproved):
        record(first_visit().findings[0])
    approving.approve(approval, "同意", world.approver, LATER)
    assert record(first_visit().findings[0]) == 1


def test_r35_a_refused_application_opens_nothing_and_can_be_made_again(world):
    world.disclosed()
    (approval,) = apply(world)
    with pytest.raises(ReasonMissing):
        approving.refuse(approval, " ", world.approver, LATER)
    approving.refuse(approval, "方案不具体", world.approver, LATER)
    with pytest.raises(entry.NotApproved):
        record(first_visit().findings[0])
    with pytest.raises(IllegalTransition):
        approving.approve(approval, "同意", world.approver, LATER)
    (again,) = apply(world)
    assert db.session.get(VisitApproval, again).ordinal == 2


def test_r35_the_head_approves_before_the_check_not_after_it(world):
    world.disclosed(ends_on=date(2026, 5, 29))
    (approval,) = apply(world)
    approving.approve(approval, "同意", world.approver, at(DAY + timedelta(days=9)))
    with pytest.raises(entry.NotApproved):
        record(first_visit().findings[0], checked_on=DAY + timedelta(days=8))
    assert record(first_visit().findings[0], checked_on=DAY + timedelta(days=9)) == 1


def test_r35_whoever_applies_does_not_approve(world):
    world.disclosed()
    (approval,) = applying.apply_for(first_visit().id, APPLIED, world.approver, LATER)
    with pytest.raises(entry.OwnApproval):
        approving.approve(approval, "同意", world.approver, LATER)
    approving.approve(approval, "同意", make_user("second-head", roles.APPROVER), LATER)


def test_r35_a_joint_visit_is_approved_by_the_head_of_every_body(world, joint):
    first, second = apply(world)
    with pytest.raises(entry.NotYourBody):
        approving.approve(second, "同意", world.approver, LATER)
    approving.approve(first, "同意", world.approver, LATER)
    own, other = first_visit().findings
    assert record(own) == 1
    with pytest.raises(entry.NotApproved):
        record(other)
    approving.approve(second, "同意", world.head("A02"), LATER)
    assert record(first_visit().findings[1]) == 1


def test_r35_one_step_approves_every_visit_of_a_task_each_with_its_own_row(world):
    task = world.disclosed(ppm=500_000)
    applied = applying.apply_for_task(task, APPLIED, world.planner, LATER)
    outcome = approving.approve_many(task, "同意", world.approver, LATER)
    assert outcome.done == applied.done
    rows = db.session.query(VisitApproval).all()
    assert [(row.state, row.decided_by_id, row.decision) for row in rows] == [
        (ApprovalState.APPROVED, world.approver.id, "同意")
    ] * 2
    assert len({row.visit_id for row in rows}) == 2


def test_r35_a_bulk_approval_may_be_limited_to_a_route(world):
    task = world.disclosed(ppm=500_000)
    done = applying.apply_for_task(task, APPLIED, world.planner, LATER).done
    assert approving.approve_many(task, "同意", world.approver, LATER, chosen=done[:1]).done == done[:1]
    states = [row.state for row in db.session.query(VisitApproval).order_by(VisitApproval.id)]
    assert states == [ApprovalState.APPROVED, ApprovalState.APPLIED]


def test_r15_an_expired_certificate_stops_one_visit_of_a_bulk_approval_by_name(world):
    task = world.disclosed(ppm=500_000)
    applying.apply_for_task(task, APPLIED, world.planner, LATER)
    last = db.session.query(Visit).order_by(Visit.planned_on.desc()).first()
    person = last.team[0].inspector
    person.certificates[0].valid_to = last.planned_on - timedelta(days=1)
    db.session.commit()
    outcome = approving.approve_many(task, "同意", world.approver, LATER)
    assert len(outcome.done) == 1
    ((number, error),) = outcome.refused
    assert number == last.number
    assert isinstance(error, CertificateLapsed)
    assert error.params == {"name": person.name, "day": last.planned_on}


def test_r15_nobody_applies_with_a_lapsed_certificate(world):
    world.disclosed()
    first_visit().team[1].inspector.certificates[0].is_suspended = True
    db.session.commit()
    with pytest.raises(CertificateLapsed):
        apply(world)


def test_r17_one_inspector_alone_is_never_approved(world):
    world.disclosed()
    (approval,) = apply(world)
    first_visit().team[1].left_at = LATER
    db.session.commit()
    with pytest.raises(entry.TeamTooSmall):
        approving.approve(approval, "同意", world.approver, LATER)


def test_r35_an_urgent_check_begins_once_it_is_reported(world):
    world.disclosed()
    member = first_visit().team[0].inspector.user
    with pytest.raises(entry.UrgentReasonMissing):
        applying.report_urgent(first_visit().id, " ", "王局长", member, LATER)
    with pytest.raises(visits.NotOfThisVisit):
        applying.report_urgent(first_visit().id, "险情", "王局长", world.planner, LATER)
    applying.report_urgent(first_visit().id, "油罐泄漏险情", "王局长", member, LATER)
    (report,) = first_visit().urgent_reports
    assert (report.reported_by_id, report.reported_at, report.reason) == (member.id, LATER, "油罐泄漏险情")
    assert report.complete_by == LATER + timedelta(hours=24)
    assert record(first_visit().findings[0], methods=ENTRY) == 1


def test_r35_the_formalities_of_an_urgent_check_run_by_the_hour(world):
    world.disclosed()
    member = first_visit().team[0].inspector.user
    applying.report_urgent(first_visit().id, "油罐泄漏险情", "王局长", member, LATER)
    found = [clocks.readings(db.session(), LATER + timedelta(hours=hours))[0] for hours in (1, 20, 24)]
    assert {reading.running.kind for reading in found} == {ClockKind.URGENT}
    assert [(reading.state, reading.left) for reading in found] == [
        (ClockState.RUNNING, 23),
        (ClockState.WARNING, 4),
        (ClockState.LATE, 0),
    ]


def test_r35_the_results_of_an_urgent_check_wait_for_its_formalities(world):
    world.disclosed()
    member = first_visit().team[0].inspector.user
    applying.report_urgent(first_visit().id, "油罐泄漏险情", "王局长", member, LATER)
    record(first_visit().findings[0])
    make_ready(first_visit())
    make_ready(first_visit())
    visits.submit_visit(first_visit().id, member)
    with pytest.raises(entry.FormalitiesOpen):
        visits.review_visit(first_visit().id, world.approver, AFTER)


def test_r35_an_approval_afterwards_completes_the_formalities(world):
    world.disclosed()
    member = first_visit().team[0].inspector.user
    applying.report_urgent(first_visit().id, "油罐泄漏险情", "王局长", member, LATER)
    record(first_visit().findings[0])
    (approval,) = apply(world)
    approving.approve(approval, "补办，同意", world.approver, LATER + timedelta(hours=5))
    assert first_visit().urgent_reports[0].completed_at == LATER + timedelta(hours=5)
    make_ready(first_visit())
    make_ready(first_visit())
    visits.submit_visit(first_visit().id, member)
    visits.review_visit(first_visit().id, world.approver, AFTER)


def test_r38_off_site_comes_first_and_an_entry_needs_its_reason(world):
    world.disclosed(versions=[make_item("XC-81", off_site_possible=True)])
    with pytest.raises(entry.OnSiteReasonMissing):
        apply(world, on_site_reason="")
    (approval,) = apply(world, is_on_site=False, on_site_reason="")
    approving.approve(approval, "同意", world.approver, LATER)
    finding = first_visit().findings[0]
    with pytest.raises(entry.EntryNotApproved):
        record(finding, methods=ENTRY)
    assert record(finding) == 1


def test_r38_what_needs_an_entry_is_not_approved_off_site(world):
    world.disclosed()
    with pytest.raises(entry.OffSiteNotPossible):
        apply(world, is_on_site=False)


@pytest.fixture
def two_tasks(app):
    """Two tasks that draw the same single enterprise."""
    world = World(enterprises=1, inspectors=6)
    one = world.disclosed(ppm=1_000_000)
    two = world.disclosed(ppm=1_000_000, starts_on=DAY + timedelta(days=7))
    return world, one, two


def test_r38_another_open_visit_forces_a_decision(two_tasks):
    world, _, two = two_tasks
    mine, other = visit_of(two), first_visit()
    with pytest.raises(entry.MergeUndecided) as refusal:
        applying.apply_for(mine.id, replace(APPLIED, merge=None), world.planner, LATER)
    assert refusal.value.params == {"others": other.number}
    with pytest.raises(entry.MergeReasonMissing):
        applying.apply_for(mine.id, replace(APPLIED, merge_reason=""), world.planner, LATER)
    (kept,) = applying.apply_for(mine.id, APPLIED, world.planner, LATER)
    row = db.session.get(VisitApproval, kept)
    assert (row.merge, row.merge_reason, row.others) == (
        MergeDecision.SEPARATE,
        "事项期限不同",
        [other.number],
    )


def test_r38_merged_visits_share_their_day(two_tasks):
    world, _, two = two_tasks
    other, mine = first_visit(), visit_of(two)
    assert other.planned_on != mine.planned_on
    merged = replace(APPLIED, merge=MergeDecision.MERGED, merge_with=other.id)
    (approval,) = applying.apply_for(mine.id, merged, world.planner, LATER)
    assert first_visit().planned_on == visit_of(two).planned_on
    assert db.session.get(VisitApproval, approval).merged_with_id == first_visit().id


def test_r38_a_visit_merges_with_an_open_one_of_the_same_enterprise_only(two_tasks):
    world, _, two = two_tasks
    wrong = replace(APPLIED, merge=MergeDecision.MERGED, merge_with=visit_of(two).id)
    with pytest.raises(entry.NotMergeable):
        applying.apply_for(visit_of(two).id, wrong, world.planner, LATER)
    assert db.session.query(VisitApproval).count() == 0


def test_r38_in_bulk_the_undecided_visits_are_named_and_left(two_tasks):
    world, _, two = two_tasks
    outcome = applying.apply_for_task(two, replace(APPLIED, merge=None), world.planner, LATER)
    assert outcome.done == []
    assert [(number, type(error)) for number, error in outcome.refused] == [
        (visit_of(two).number, entry.MergeUndecided)
    ]


def test_what_was_applied_for_is_not_applied_for_again(world):
    world.disclosed()
    apply(world)
    with pytest.raises(entry.AppliedAlready):
        apply(world)


def test_every_decision_stands_in_the_audit_trail(world):
    world.disclosed()
    (approval,) = apply(world)
    approving.approve(approval, "同意", world.approver, LATER)
    events = db.session.query(AuditEvent).filter(AuditEvent.tag.startswith("approval:"))
    tags = [row.tag for row in events.order_by(AuditEvent.number)]
    assert tags == ["approval:requested", "approval:approved"]


def visit_of(task):
    return db.session.query(Visit).filter_by(task_id=task).order_by(Visit.id).first()
