"""Visits and findings: who records, who reviews, by when it is disclosed (R15, R32, R33, R49-R54, R58, R65, R73)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import findings
from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    FindingState,
    PointOutcome,
    ResultCode,
    TaskState,
    VisitState,
)
from app.extensions import db
from app.models import Disclosure, FindingRecord, InspectionTask, ItemFinding, Visit
from app.security import roles
from app.services import visits
from app.services.disclosure import ReasonMissing
from tests.builders import DAY, World, at, clean, make_inspector, make_item, make_user
from tests.evidence_builders import make_ready

MAY = date(2026, 5, 20)


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=4)


@pytest.fixture
def joint(world):
    """A task of two agencies with one visit, and somebody who reviews for the second."""
    for _ in range(3):
        make_inspector(agency="A02")
    make_user("review-a02", roles.APPROVER, "A02")
    return world.open(versions=[make_item("XC-71"), make_item("JL-71", agency="A02")], ppm=250_000)


def first_visit():
    return db.session.query(Visit).order_by(Visit.id).first()


def finding_of(agency):
    db.session.expire_all()
    return next(finding for finding in first_visit().findings if finding.agency.code == agency)


def member_of(visit, agency="A01"):
    return next(member.inspector for member in visit.team if member.inspector.agency.code == agency)


def record(finding, actor=None, now=None, **values):
    """Record a finding as the law wants it; keywords say what is different."""
    entry = clean(finding, **values)
    who = actor or member_of(finding.visit, finding.agency.code).user
    return visits.record_finding(finding.id, entry, who, now or at(max(entry.checked_on, MAY), 8))


def submit(visit):
    for finding in visit.findings:
        if finding.state in (FindingState.UNCHECKED, FindingState.RETURNED):
            record(finding)
    make_ready(visit)
    visits.submit_visit(visit.id, visit.team[0].inspector.user)


def test_r32_nothing_is_recorded_before_the_team_is_disclosed(world):
    world.match(world.drawn())
    with pytest.raises(visits.VisitNotOpen):
        record(first_visit().findings[0])


def test_r49_only_the_team_records(world):
    world.open()
    visit = first_visit()
    stranger = next(
        person
        for person in world.inspectors
        if person.id not in {member.inspector_id for member in visit.team}
    )
    for outsider in (stranger.user, world.planner, world.approver):
        with pytest.raises(visits.NotOfThisVisit):
            record(visit.findings[0], actor=outsider)
    assert db.session.query(FindingRecord).count() == 0


def test_r73_each_department_records_its_own_items(joint):
    visit = first_visit()
    for own, other in (("A01", "A02"), ("A02", "A01")):
        with pytest.raises(visits.NotOfThisVisit):
            record(finding_of(own), actor=member_of(visit, other).user)
        assert record(finding_of(own)) == 1


def test_r54_r73_a_department_hands_in_and_discloses_without_waiting_for_the_other(world, joint):
    visit = first_visit()
    record(finding_of("A01"), checked_on=date(2026, 4, 7))
    make_ready(first_visit())
    visits.submit_own_part(visit.id, member_of(visit).user)
    visits.review_finding(finding_of("A01").id, world.approver, at(MAY))
    with pytest.raises(IllegalTransition):
        visits.disclose_visit(visit.id, world.approver, at(MAY))
    visits.disclose_findings(visit.id, finding_of("A01").agency_id, world.approver, at(MAY))
    assert (finding_of("A01").state, finding_of("A02").state) == ("disclosed", "unchecked")
    assert first_visit().state == VisitState.RECORDED
    record(finding_of("A02"), checked_on=date(2026, 4, 9))
    make_ready(first_visit())
    visits.submit_own_part(visit.id, member_of(first_visit(), "A02").user)
    visits.review_finding(finding_of("A02").id, world.approver, at(MAY))
    assert visits.disclose_reviewed(joint, world.approver, at(MAY)) == 1
    assert first_visit().state == VisitState.DISCLOSED
    rows = db.session.query(Disclosure).filter_by(kind="result").order_by(Disclosure.id)
    assert [(row.agency.code, row.body["checked_on"]) for row in rows] == [
        ("A01", "2026-04-07"),
        ("A02", "2026-04-09"),
    ]


def test_r73_nothing_is_handed_in_twice_for_a_department(joint):
    visit = first_visit()
    record(finding_of("A01"))
    make_ready(first_visit())
    visits.submit_own_part(visit.id, member_of(visit).user)
    with pytest.raises(visits.NothingToSubmit):
        visits.submit_own_part(visit.id, member_of(visit).user)
    with pytest.raises(visits.VisitUnfinished):
        visits.submit_own_part(visit.id, member_of(visit, "A02").user)


def test_r54_each_department_has_a_deadline_of_its_own(joint):
    record(finding_of("A01"), checked_on=date(2026, 4, 7))
    record(finding_of("A02"), checked_on=date(2026, 4, 10))
    dues = {code: finding_of(code).disclose_by for code in ("A01", "A02")}
    assert dues == {"A01": date(2026, 5, 8), "A02": date(2026, 5, 12)}
    assert first_visit().disclose_by == dues["A01"]


def test_r73_each_department_discloses_a_result_of_its_own(world, joint):
    visit = first_visit()
    submit(visit)
    for finding in visit.findings:
        visits.review_finding(finding.id, world.approver, at(MAY))
    visits.disclose_visit(visit.id, world.approver, at(MAY))
    published = db.session.query(Disclosure).filter_by(kind="result").order_by(Disclosure.id).all()
    assert [row.agency.code for row in published] == ["A01", "A02"]
    assert [[item["code"] for item in row.body["items"]] for row in published] == [["XC-71"], ["JL-71"]]


@pytest.mark.parametrize("days", [-1, 0, 10, 49, 50, 51])
def test_a_check_lies_within_the_task_and_never_in_the_future(world, days):
    world.open()
    checked_on, today = DAY + timedelta(days=days), DAY + timedelta(days=50)
    if 0 <= days <= 50:
        assert record(first_visit().findings[0], checked_on=checked_on, now=at(today)) == 1
    else:
        with pytest.raises(findings.CheckedOutsidePeriod):
            record(first_visit().findings[0], checked_on=checked_on, now=at(today))


def test_the_day_of_a_check_is_the_day_in_changchun(world):
    world.open()
    early = datetime(2026, 4, 9, 23, tzinfo=UTC)
    assert record(first_visit().findings[0], checked_on=date(2026, 4, 10), now=early) == 1


@pytest.mark.parametrize("fault", ["expired", "not yet valid", "suspended", "none"])
def test_r15_without_a_valid_certificate_on_the_day_there_is_no_finding(world, fault):
    world.open()
    visit = first_visit()
    person = visit.team[1].inspector
    paper = person.certificates[0]
    day = visit.planned_on
    if fault == "expired":
        paper.valid_to = day - timedelta(days=1)
    elif fault == "not yet valid":
        paper.valid_from = day + timedelta(days=1)
    elif fault == "suspended":
        paper.is_suspended = True
    else:
        person.certificates.clear()
    db.session.commit()
    with pytest.raises(findings.CertificateLapsed) as refusal:
        record(visit.findings[0])
    assert refusal.value.params == {"name": person.name, "day": day}


def test_r15_a_certificate_holds_through_its_last_day(world):
    world.open()
    visit = first_visit()
    for member in visit.team:
        member.inspector.certificates[0].valid_to = visit.planned_on
    db.session.commit()
    assert record(visit.findings[0]) == 1


def test_r51_the_points_asked_are_those_of_the_frozen_version(world):
    world.open()
    finding = first_visit().findings[0]
    with pytest.raises(findings.PointMissing):
        record(finding, points={finding.task_item.version.points[0].id: (PointOutcome.NO_ISSUE, "")})
    record(finding)
    kept = finding_of("A01").latest.points
    assert [point.point_id for point in kept] == [point.id for point in finding.task_item.version.points]


def test_r53_results_stand_in_the_record_as_codes(world):
    world.open()
    finding = first_visit().findings[0]
    record(
        finding,
        results=frozenset({ResultCode.CORRECTED, ResultCode.NOT_PUBLICISED}),
        methods=frozenset({CheckMethod.ON_SITE, CheckMethod.ONLINE_MONITORING}),
        disposals=frozenset({Disposal.RECTIFY}),
        problem=" 没有明示价格 ",
    )
    latest = finding_of("A01").latest
    assert {row.code for row in latest.results} == {ResultCode.CORRECTED, ResultCode.NOT_PUBLICISED}
    assert {row.code for row in latest.methods} == {CheckMethod.ON_SITE, CheckMethod.ONLINE_MONITORING}
    assert [row.code for row in latest.disposals] == [Disposal.RECTIFY]
    assert latest.problem == "没有明示价格"


def test_r58_a_correction_is_a_new_version_and_the_earlier_one_stays(world):
    world.open()
    finding = first_visit().findings[0]
    record(finding, checked_on=date(2026, 4, 20))
    ended = {"results": frozenset({ResultCode.NOT_ENGAGED}), "points": {}}
    assert record(finding, checked_on=date(2026, 4, 21), **ended) == 2
    kept = db.session.query(FindingRecord).order_by(FindingRecord.version).all()
    assert [[row.code for row in version.results] for version in kept] == [
        [ResultCode.NO_ISSUE],
        [ResultCode.NOT_ENGAGED],
    ]
    assert finding_of("A01").latest.version == 2


def test_a_refused_finding_leaves_nothing(world):
    world.open()
    with pytest.raises(findings.NoMethod):
        record(first_visit().findings[0], methods=frozenset())
    assert finding_of("A01").state == FindingState.UNCHECKED
    assert first_visit().state == VisitState.PLANNED
    assert db.session.query(FindingRecord).count() == 0


@pytest.mark.parametrize(
    ("checked_on", "due"),
    [
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 4, 20), date(2026, 5, 20)),
        (date(2026, 5, 8), date(2026, 6, 4)),
    ],
)
def test_r54_r56_a_result_is_due_twenty_working_days_after_the_check(world, checked_on, due):
    """In 2026 Monday 6 April and 1-5 May are days off, and Saturday 9 May is worked for them."""
    world.open()
    record(first_visit().findings[0], checked_on=checked_on)
    assert first_visit().disclose_by == due


def test_r54_the_clock_runs_from_the_last_check_and_follows_a_correction(joint):
    record(finding_of("A01"), checked_on=date(2026, 4, 7))
    record(finding_of("A02"), checked_on=date(2026, 4, 9))
    assert first_visit().done_on == date(2026, 4, 9)
    record(finding_of("A02"), checked_on=date(2026, 4, 8))
    assert first_visit().done_on == date(2026, 4, 8)


def test_r56_where_no_holidays_are_announced_the_clock_stays_open(world):
    world.open(ends_on=date(2026, 12, 31))
    record(first_visit().findings[0], checked_on=date(2026, 12, 20), now=at(date(2026, 12, 20), 8))
    assert first_visit().disclose_by is None


def test_a_form_is_handed_in_only_when_every_item_is_recorded(joint):
    visit = first_visit()
    record(finding_of("A01"))
    with pytest.raises(visits.VisitUnfinished):
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
    assert finding_of("A01").state == FindingState.RECORDED
    record(finding_of("A02"))
    make_ready(visit)
    visits.submit_visit(visit.id, visit.team[0].inspector.user)
    assert first_visit().state == VisitState.UNDER_REVIEW


def test_only_the_team_hands_the_form_in(world):
    world.open()
    visit = first_visit()
    record(visit.findings[0])
    with pytest.raises(visits.NotOfThisVisit):
        visits.submit_visit(visit.id, world.approver)


def test_nobody_reviews_what_they_recorded(world):
    world.open()
    visit = first_visit()
    submit(visit)
    recorder = visit.findings[0].latest.recorded_by
    with pytest.raises(visits.OwnReview):
        visits.review_finding(visit.findings[0].id, recorder, at(MAY))
    with pytest.raises(visits.OwnReview):
        visits.review_visit(visit.id, recorder, at(MAY))
    assert finding_of("A01").state == FindingState.SUBMITTED
    visits.review_finding(visit.findings[0].id, world.approver, at(MAY))
    assert finding_of("A01").reviewed_by_id == world.approver.id


def test_a_visit_is_reviewed_when_all_of_its_items_are(world, joint):
    submit(first_visit())
    visits.review_finding(finding_of("A01").id, world.approver, at(MAY))
    assert first_visit().state == VisitState.UNDER_REVIEW
    visits.review_finding(finding_of("A02").id, world.approver, at(MAY))
    assert first_visit().state == VisitState.REVIEWED


def test_a_returned_item_is_recorded_again_and_the_reviewed_one_stays(world, joint):
    submit(first_visit())
    visits.review_finding(finding_of("A01").id, world.approver, at(MAY))
    visits.return_finding(finding_of("A02").id, "缺照片", world.approver)
    assert finding_of("A02").state == FindingState.RETURNED
    assert finding_of("A02").return_reason == "缺照片"
    assert db.session.get(InspectionTask, joint).state == TaskState.INSPECTING
    with pytest.raises(IllegalTransition):
        record(finding_of("A01"))
    submit(first_visit())
    assert finding_of("A01").state == FindingState.REVIEWED
    visits.review_finding(finding_of("A02").id, world.approver, at(MAY))
    assert first_visit().state == VisitState.REVIEWED


def test_both_departments_may_return_their_items_of_one_visit(world, joint):
    submit(first_visit())
    visits.return_finding(finding_of("A01").id, "缺照片", world.approver)
    visits.return_finding(finding_of("A02").id, "缺签名", world.approver)
    assert {finding.state for finding in first_visit().findings} == {FindingState.RETURNED}
    submit(first_visit())
    assert first_visit().state == VisitState.UNDER_REVIEW


def test_a_return_needs_its_reason(world):
    world.open()
    submit(first_visit())
    with pytest.raises(ReasonMissing):
        visits.return_finding(finding_of("A01").id, " ", world.approver)
    assert finding_of("A01").state == FindingState.SUBMITTED


@pytest.mark.parametrize("state", ["recorded", "submitted"])
def test_nothing_is_disclosed_without_review(world, state):
    task = world.open()
    record(finding_of("A01"))
    if state == "submitted":
        submit(first_visit())
    with pytest.raises(IllegalTransition):
        visits.disclose_visit(first_visit().id, world.approver, at(MAY))
    assert visits.disclose_reviewed(task, world.approver, at(MAY)) == 0
    assert db.session.query(Disclosure).filter_by(kind="result").count() == 0


def finish_all(world, task, **values):
    for visit in db.session.query(Visit).filter_by(task_id=task).all():
        for finding in visit.findings:
            record(finding, **values)
        make_ready(visit)
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
        visits.review_visit(visit.id, world.approver, at(MAY))
    return visits.disclose_reviewed(task, world.approver, at(MAY))


@pytest.mark.parametrize("code", [ResultCode.DEREGISTERED, ResultCode.MOVED_OUT, ResultCode.CLOSED])
def test_r33_dead_objects_stay_in_the_denominator(world, code):
    task = world.open(ppm=500_000)
    assert finish_all(world, task, results=frozenset({code}), points={}) == 2
    assert db.session.query(Visit).filter_by(task_id=task).count() == 2
    bodies = [row.body for row in db.session.query(Disclosure).filter_by(kind="result")]
    assert [body["items"][0]["results"] for body in bodies] == [[code.value]] * 2


def test_a_task_follows_its_visits(world):
    task = world.open(ppm=500_000)
    first, second = db.session.query(Visit).order_by(Visit.id).all()
    seen = [state_of(task)]
    submit(first)
    seen.append(state_of(task))
    submit(second)
    seen.append(state_of(task))
    for visit in (first, second):
        visits.review_visit(visit.id, world.approver, at(MAY))
        visits.disclose_visit(visit.id, world.approver, at(MAY))
        seen.append(state_of(task))
    assert seen == [
        TaskState.DISCLOSED,
        TaskState.INSPECTING,
        TaskState.UNDER_REVIEW,
        TaskState.UNDER_REVIEW,
        TaskState.RESULTS_DISCLOSED,
    ]


def state_of(task):
    db.session.expire_all()
    return db.session.get(InspectionTask, task).state


def test_what_is_published_names_no_person_and_no_detail(world):
    task = world.open()
    finish_all(
        world,
        task,
        results=frozenset({ResultCode.VIOLATION_OWN}),
        disposals=frozenset({Disposal.RECTIFY}),
        problem="法定代表人张三的手机号码写在墙上",
    )
    body = db.session.query(Disclosure).filter_by(kind="result").first().body
    assert set(body) == {"task", "enterprise", "identifier", "checked_on", "agency", "items"}
    assert set(body["items"][0]) == {"code", "name", "methods", "results", "disposals", "until"}
    assert "张三" not in str(body)


def test_r65_a_finding_without_follow_up_is_closed_by_its_disclosure(world):
    task = world.open(ppm=500_000)
    first, second = db.session.query(ItemFinding).order_by(ItemFinding.id).all()
    settled, checked_on = first.id, first.visit.planned_on
    ordered = {
        "results": frozenset({ResultCode.VIOLATION_OWN}),
        "disposals": frozenset({Disposal.RECTIFY}),
        "problem": "没有明示价格",
    }
    record(first)
    record(second, **ordered)
    for visit in db.session.query(Visit).all():
        make_ready(visit)
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
        visits.review_visit(visit.id, world.approver, at(MAY))
    visits.disclose_reviewed(task, world.approver, at(MAY))
    db.session.expire_all()
    assert {row.id: row.closed_on for row in db.session.query(ItemFinding)} == {
        settled: checked_on,
        second.id: None,
    }


def test_r65_a_finding_is_not_closed_while_what_it_promised_is_undone(world):
    task = world.open()
    finish_all(
        world,
        task,
        results=frozenset({ResultCode.VIOLATION_OWN}),
        disposals=frozenset({Disposal.RECTIFY}),
        problem="没有明示价格",
    )
    with pytest.raises(visits.StepsOpen) as refusal:
        visits.close_finding(finding_of("A01").id, date(2026, 6, 1), world.approver)
    assert refusal.value.params == {"count": 1, "steps": "责令改正尚未完成"}
    assert finding_of("A01").closed_on is None
