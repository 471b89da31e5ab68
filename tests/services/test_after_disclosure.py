"""异议、更正、撤下、期满、信用记录: what happens to what was disclosed (R57-R59, R61, R63)."""

from datetime import date, timedelta

import pytest

from app.domain.credit import MeasureDoesNotFit, RestorationBeforeEnd
from app.domain.lifecycle import IllegalTransition
from app.domain.personal import PersonalDataFound
from app.domain.vocabulary import (
    CreditState,
    DeliveredPaper,
    DeliveryMethod,
    Disposal,
    FindingState,
    MeasureKind,
    ObjectionState,
    ResultCode,
    Severity,
)
from app.extensions import db
from app.models import CreditMeasure, CreditRecord, Disclosure, FindingRecord, Objection, Withdrawal
from app.reports import credit_exchange
from app.services import (
    correcting,
    credit,
    delivering,
    disclosing,
    expiry,
    objecting,
    recording,
    reviewing,
    withdrawing,
)
from app.services.delivering import Service
from app.services.disclosure import AlreadyWithdrawn, ReasonMissing
from app.services.objecting import Complaint
from app.services.rectifying import TermsMissing
from app.services.transaction import NotFound
from tests.builders import World, at, clean
from tests.services import after

DAY = date(2026, 5, 20)
WRONG = Complaint("长春市样例有限公司", "13800138000", "价目表当时就在墙上。")


@pytest.fixture
def world(app):
    return World(enterprises=5, inspectors=4)


@pytest.fixture
def found(world):
    return after.disclosed(world)


def results():
    db.session.expire_all()
    return db.session.query(Disclosure).filter_by(kind="result").order_by(Disclosure.id).all()


def correct(found, **values):
    given = {"results": frozenset({ResultCode.NO_ISSUE}), "disposals": frozenset({Disposal.NONE_NEEDED})}
    entry = clean(found, **(given | {"checked_on": after.CHECKED} | values))
    return correcting.correct_finding(found.id, entry, "价目表已找到", after.recorder(found), at(DAY))


def redisclose(world, found):
    reviewing.review_finding(found.id, world.approver, at(DAY))
    disclosing.disclose_findings(found.visit_id, found.agency_id, world.approver, at(DAY))


def object_to(found, complaint=WRONG):
    code = found.task_item.code
    number = objecting.submit_objection(results()[-1].index_no, code, complaint, at(DAY))
    return db.session.query(Objection).filter_by(receipt_no=number).one()


def test_r58_a_correction_is_reviewed_and_disclosed_with_the_earlier_version_beside_it(world, found):
    assert correct(found) == 2
    assert after.finding().state == FindingState.SUBMITTED
    assert results()[0].body["items"][0]["results"] == ["2"]
    redisclose(world, found)
    before, now = results()
    assert now.replaces_id == before.id
    assert (before.body["items"][0]["results"], now.body["items"][0]["results"]) == (["2"], ["1"])
    assert before.withdrawn_at is None
    assert after.finding().visit.state == "disclosed"
    kept = db.session.query(FindingRecord).order_by(FindingRecord.version)
    assert [row.correction_reason for row in kept] == [None, "价目表已找到"]


def test_r58_a_correction_sent_back_is_corrected_again_and_nothing_else_changes(world, found):
    correct(found)
    reviewing.return_finding(found.id, "缺照片", world.approver)
    assert (after.finding().state, after.finding().visit.state) == (FindingState.RETURNED, "disclosed")
    assert correct(found) == 3
    redisclose(world, found)
    assert len(results()) == 2


def test_r58_a_correction_needs_its_reason_and_a_disclosed_finding(world):
    world.open(ppm=200_000)
    open_finding = after.finding()
    with pytest.raises(IllegalTransition):
        correct(open_finding)
    disclosed = after.disclose_next(world)
    entry = clean(disclosed, checked_on=after.CHECKED)
    with pytest.raises(ReasonMissing):
        correcting.correct_finding(disclosed.id, entry, " ", after.recorder(disclosed), at(DAY))
    with pytest.raises(recording.NotOfThisVisit):
        correcting.correct_finding(disclosed.id, entry, "误", world.approver, at(DAY))


def test_r58_nobody_reviews_their_own_correction(world, found):
    correct(found)
    with pytest.raises(reviewing.OwnReview):
        reviewing.review_finding(found.id, after.recorder(found), at(DAY))


def test_r58_an_objection_is_registered_and_decided_with_the_reason(world, found):
    row = object_to(found)
    assert (row.state, row.receipt_no, row.finding_id) == (
        ObjectionState.RECEIVED,
        "YY-2026-00001",
        found.id,
    )
    objecting.register_objection(row.id, world.planner, at(DAY))
    with pytest.raises(ReasonMissing):
        objecting.decide_objection(row.id, True, " ", world.approver, at(DAY))
    with pytest.raises(objecting.OwnDecision):
        objecting.decide_objection(row.id, True, "属实", after.recorder(found), at(DAY))
    objecting.decide_objection(row.id, True, "经核查属实，予以更正", world.approver, at(DAY))
    assert db.session.get(Objection, row.id).state == ObjectionState.ACCEPTED
    with pytest.raises(IllegalTransition):
        objecting.decide_objection(row.id, False, "再议", world.approver, at(DAY))


def test_r58_r60_a_decision_that_can_be_read_outside_names_no_personal_data(world, found):
    row = object_to(found)
    with pytest.raises(PersonalDataFound):
        objecting.dismiss_objection(row.id, "已电话告知13800138000", world.planner, at(DAY))
    assert db.session.get(Objection, row.id).state == ObjectionState.RECEIVED


@pytest.mark.parametrize(
    "complaint",
    [Complaint("", "1", "误"), Complaint("张", " ", "误"), Complaint("张", "1", "")],
)
def test_r58_an_objection_says_who_and_why(world, found, complaint):
    with pytest.raises(TermsMissing):
        object_to(found, complaint)
    assert db.session.query(Objection).count() == 0


def test_r58_only_a_result_that_stands_is_objected_to(world, found):
    task = db.session.query(Disclosure).filter_by(kind="task").first()
    with pytest.raises(objecting.NotObjectable):
        objecting.submit_objection(task.index_no, found.task_item.code, WRONG, at(DAY))
    with pytest.raises(objecting.NotObjectable):
        objecting.submit_objection(results()[0].index_no, "XX-99", WRONG, at(DAY))
    with pytest.raises(NotFound):
        objecting.submit_objection("SW-2026-99999", "XX-99", WRONG, at(DAY))


def test_r57_what_is_known_to_be_wrong_is_withdrawn_and_the_others_are_told(world, found):
    shown = results()[0]
    withdrawing.find_wrong(shown.id, DAY, "处罚决定已撤销", world.approver, at(DAY))
    with pytest.raises(AlreadyWithdrawn):
        withdrawing.find_wrong(shown.id, DAY, "再次", world.approver, at(DAY))
    row = db.session.query(Withdrawal).one()
    with pytest.raises(withdrawing.NotWithdrawn):
        withdrawing.propagate(row.id, "已函告信用平台", world.approver, at(DAY))
    withdrawing.withdraw(shown.id, "处罚决定已撤销", world.approver, at(DAY))
    assert db.session.query(Withdrawal).one().known_on == DAY
    withdrawing.propagate(row.id, "已函告信用平台", world.approver, at(DAY))
    with pytest.raises(withdrawing.AlreadyPropagated):
        withdrawing.propagate(row.id, "再次函告", world.approver, at(DAY))
    assert db.session.query(CreditRecord).one().state == CreditState.WITHDRAWN


def test_r57_r60_the_public_reason_of_a_withdrawal_is_scanned(world, found):
    with pytest.raises(PersonalDataFound):
        withdrawing.withdraw(results()[0].id, "联系13800138000", world.approver, at(DAY))
    assert results()[0].withdrawn_at is None


@pytest.mark.parametrize(
    ("results_found", "severity", "last"),
    [
        ({ResultCode.VIOLATION_OWN}, Severity.ORDINARY, date(2027, 5, 6)),
        ({ResultCode.CORRECTED}, Severity.MINOR, date(2026, 8, 6)),
        ({ResultCode.FALSE_PUBLICITY}, Severity.SERIOUS, date(2029, 5, 6)),
    ],
)
def test_r59_a_disclosed_record_stops_by_itself_and_leaves_a_tombstone(world, results_found, severity, last):
    disclosed = after.disclosed(world, results=frozenset(results_found))
    assert disclosed.severity == severity
    assert results()[0].expires_on == last
    assert expiry.expire_disclosures(at(last, 15)) == (0, 0)
    assert expiry.expire_disclosures(at(last + timedelta(days=1))) == (1, 1)
    assert results()[0].expired_at is not None
    assert db.session.query(CreditRecord).one().state == CreditState.EXPIRED
    assert expiry.expire_disclosures(at(last + timedelta(days=2))) == (0, 0)


def test_r59_the_reviewer_sets_the_severity_before_the_disclosure_with_the_reason(world):
    world.open(ppm=200_000)
    visit = after.finding().visit
    for each in visit.findings:
        entry = clean(each, **after.PROBLEM)
        recording.record_finding(each.id, entry, after.recorder(each), at(after.CHECKED, 8))
    after.make_ready(visit)
    recording.submit_visit(visit.id, visit.team[0].inspector.user)
    key = after.finding().id
    with pytest.raises(reviewing.NotClassifiable):
        reviewing.classify_finding(key, Severity.SERIOUS, "多次", world.approver)
    reviewing.review_finding(key, world.approver, at(DAY))
    with pytest.raises(ReasonMissing):
        reviewing.classify_finding(key, Severity.SERIOUS, "", world.approver)
    reviewing.classify_finding(key, Severity.SERIOUS, "情节严重", world.approver)
    disclosing.disclose_visit(visit.id, world.approver, at(DAY))
    assert results()[0].expires_on == date(2029, 5, 20)


def test_r63_every_disclosed_finding_is_entered_and_a_correction_replaces_the_entry(world, found):
    first = db.session.query(CreditRecord).one()
    assert (first.is_problem, first.severity, first.state) == (True, Severity.ORDINARY, CreditState.CURRENT)
    correct(found)
    redisclose(world, found)
    rows = db.session.query(CreditRecord).order_by(CreditRecord.id).all()
    assert [(row.state, row.is_problem) for row in rows] == [
        (CreditState.REPLACED, True),
        (CreditState.CURRENT, False),
    ]


def measure(kind):
    return db.session.query(CreditMeasure).filter_by(kind=kind, for_serious_only=False).first()


def test_r63_a_measure_comes_from_the_national_list_and_ends_with_its_entry(world, found):
    entry = db.session.query(CreditRecord).one()
    with pytest.raises(MeasureDoesNotFit):
        credit.take_measure(entry.id, measure(MeasureKind.INCENTIVE).id, "守信", world.approver, at(DAY))
    punished = measure(MeasureKind.PUNISHMENT).id
    with pytest.raises(ReasonMissing):
        credit.take_measure(entry.id, punished, " ", world.approver, at(DAY))
    with pytest.raises(NotFound):
        credit.take_measure(entry.id, 4711, "失信", world.approver, at(DAY))
    credit.take_measure(entry.id, punished, "失信", world.approver, at(DAY))
    expiry.expire_disclosures(at(date(2027, 5, 7)))
    db.session.expire_all()
    assert [row.lifted_on for row in db.session.query(CreditRecord).one().sanctions] == [date(2027, 5, 7)]


def test_r59_restored_credit_is_no_longer_shown_in_public(world, found):
    entry = db.session.query(CreditRecord).one()
    later = date(2026, 9, 1)
    with pytest.raises(RestorationBeforeEnd):
        credit.restore(entry.id, "已整改", world.approver, at(later))
    found.closed_on = DAY
    db.session.commit()
    credit.restore(entry.id, "已整改", world.approver, at(later))
    assert credit.hidden_items(db.session(), results()[0].id, later) == {found.task_item.code}


def test_r63_the_exchange_file_holds_what_was_entered_or_ended(world, found):
    rows = credit.exchange_rows(db.session(), date(2026, 5, 1), date(2026, 5, 31))
    assert [(row["results"], row["severity"], row["state"]) for row in rows] == [("2", "YB", "current")]
    assert credit.exchange_rows(db.session(), date(2026, 6, 1), date(2026, 6, 30)) == []
    text = credit_exchange.as_csv(rows).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("记录编号,主体名称,统一社会信用代码")
    assert found.visit.enterprise.identifier in text
    document = credit_exchange.as_json(rows, date(2026, 5, 1), date(2026, 5, 31), at(DAY)).decode()
    assert '"count": 1' in document
    assert "risk" not in document


def test_r61_the_enterprise_is_told_the_result_with_proof(world, found):
    service = Service(DAY, "人民大街1号", DeliveryMethod.DIRECT, "王经理")
    paper = DeliveredPaper.RESULT
    where = (found.visit_id, found.visit_id, found.agency_id)
    delivering.deliver(paper, *where, service, world.planner, at(DAY, 8))
    left = Service(DAY, "人民大街1号", DeliveryMethod.LEFT, "王经理")
    with pytest.raises(delivering.RefusalWithoutWitness):
        delivering.deliver(paper, *where, left, world.planner, at(DAY, 8))
    with pytest.raises(TermsMissing):
        delivering.deliver(
            paper, *where, Service(DAY, "", DeliveryMethod.POST, ""), world.planner, at(DAY, 8)
        )
    assert [row.recipient for row in found.visit.deliveries] == ["王经理"]


def test_r61_nothing_is_told_before_the_review(world):
    world.open(ppm=200_000)
    open_finding = after.finding()
    service = Service(DAY, "人民大街1号", DeliveryMethod.DIRECT, "王经理")
    with pytest.raises(delivering.ResultNotKnown):
        delivering.deliver(
            DeliveredPaper.RESULT,
            open_finding.visit_id,
            open_finding.visit_id,
            open_finding.agency_id,
            service,
            world.planner,
            at(DAY, 8),
        )
