"""移送与抄告: receipts and answers, the hours before the police, letters and replies (R62, R70, R71)."""

from datetime import date, datetime, timedelta

import pytest

from app.domain import transfers
from app.domain.measures import CHINA
from app.domain.vocabulary import (
    Disposal,
    EntityStatus,
    LetterFate,
    NoticeOutcome,
    NoticeState,
    NoticeSubject,
    ResultCode,
    TransferAct,
    TransferKind,
    TransferState,
)
from app.extensions import db
from app.models import Agency, AgencyNotice, CaseTransfer, Enterprise, Listing
from app.services import closing, notifying, transferring, visits
from app.services.disclosure import ReasonMissing
from app.services.rectifying import ActInFuture, DueDateWrong, TermsMissing
from tests.builders import World, at
from tests.services import after

DAY = date(2026, 5, 8)
NOON = datetime(2026, 5, 8, 12, tzinfo=CHINA)


@pytest.fixture
def world(app):
    return World(enterprises=5, inspectors=4)


@pytest.fixture
def found(world):
    return after.disclosed(world, disposals=frozenset({Disposal.CASE}))


def one(key, model=CaseTransfer):
    db.session.expire_all()
    return db.session.get(model, key)


def report(world, found, **values):
    officers = [person.id for person in world.inspectors[:2]]
    documents = tuple(f"{name}（无）" for name in transfers.POLICE_DOCUMENTS)
    given = after.case(**({"documents": documents} | values))
    return transferring.report_to_head(found.id, given, officers, world.planner, NOON)


def step(key, act, world, hours=1.0, note="见回执"):
    moment = NOON + timedelta(hours=hours)
    transferring.take_step(key, act, moment, note, world.approver, moment)


def test_r71_a_transfer_to_another_department_ends_with_its_answer(world, found):
    key = transferring.transfer_to_agency(
        found.id,
        TransferKind.AGENCY,
        after.case(receiver="市场监管局"),
        date(2026, 6, 8),
        world.planner,
        NOON,
    )
    step(key, TransferAct.RECEIVE, world)
    with pytest.raises(visits.StepsOpen):
        closing.close_finding(found.id, DAY, world.approver)
    step(key, TransferAct.ANSWER, world, 40, "已立案查处")
    assert one(key).state == TransferState.ANSWERED
    assert [row.note for row in one(key).steps] == ["涉嫌非法经营", "见回执", "已立案查处"]
    closing.close_finding(found.id, DAY, world.approver)


@pytest.mark.parametrize(
    ("values", "due", "refusal"),
    [
        ({"receiver": " "}, date(2026, 6, 8), TermsMissing),
        ({"facts": ""}, date(2026, 6, 8), TermsMissing),
        ({}, DAY, DueDateWrong),
    ],
)
def test_r71_a_transfer_is_whole(world, found, values, due, refusal):
    with pytest.raises(refusal):
        transferring.transfer_to_agency(
            found.id, TransferKind.AGENCY, after.case(**values), due, world.planner, NOON
        )
    assert db.session.query(CaseTransfer).count() == 0


def test_r70_the_way_to_the_police_and_back(world, found):
    key = report(world, found)
    for act in (
        TransferAct.APPROVE,
        TransferAct.SEND,
        TransferAct.RECEIVE,
        TransferAct.FILE,
        TransferAct.HAND_OVER,
    ):
        step(key, act, world)
    assert one(key).state == TransferState.HANDED_OVER
    assert len(one(key).officers) == 2


def test_r70_a_refusal_to_file_is_objected_to_or_accepted(world, found):
    first, second = report(world, found), report(world, found)
    for key in (first, second):
        for act in (TransferAct.APPROVE, TransferAct.SEND, TransferAct.RECEIVE, TransferAct.NOT_FILE):
            step(key, act, world)
    step(first, TransferAct.OBJECT, world)
    step(first, TransferAct.UPHOLD, world)
    step(second, TransferAct.ACCEPT, world)
    assert {one(first).state, one(second).state} == {TransferState.UPHELD}


def test_r70_one_officer_does_not_report_a_crime(world, found):
    only = world.inspectors[0].id
    with pytest.raises(transfers.OfficersMissing):
        transferring.report_to_head(found.id, after.case(), [only, only], world.planner, NOON)


def test_r70_the_head_decides_and_the_reasons_of_a_refusal_stay(world, found):
    key = report(world, found)
    with pytest.raises(transferring.OwnReport):
        transferring.take_step(key, TransferAct.APPROVE, NOON, "同意", world.planner, NOON)
    with pytest.raises(ReasonMissing):
        step(key, TransferAct.REFUSE, world, note=" ")
    step(key, TransferAct.REFUSE, world, note="尚不构成犯罪")
    assert one(key).state == TransferState.NOT_APPROVED
    assert one(key).steps[-1].note == "尚不构成犯罪"


def test_r70_the_case_is_sent_with_all_its_documents(world, found):
    key = report(world, found, documents=("案件调查报告",))
    step(key, TransferAct.APPROVE, world)
    with pytest.raises(transfers.DocumentsMissing):
        step(key, TransferAct.SEND, world)
    transferring.list_documents(key, [f"{name} 一份" for name in transfers.POLICE_DOCUMENTS], world.planner)
    step(key, TransferAct.SEND, world)
    assert one(key).state == TransferState.SENT


def test_steps_stand_in_their_order_and_in_the_past(world, found):
    key = report(world, found)
    with pytest.raises(transferring.StepBeforeTheLast):
        step(key, TransferAct.APPROVE, world, hours=-1)
    with pytest.raises(ActInFuture):
        transferring.take_step(
            key, TransferAct.APPROVE, NOON + timedelta(hours=2), "同意", world.approver, NOON
        )


def unreachable(world):
    return after.disclosed(
        world,
        results=frozenset({ResultCode.UNREACHABLE}),
        disposals=frozenset({Disposal.NOTIFIED}),
        problem="登记住所无人",
        points={},
    )


def regulator():
    return db.session.query(Agency).filter(Agency.is_bureau.is_(False)).order_by(Agency.id).first()


def letter(found, world, day, fate=LetterFate.RETURNED):
    key = notifying.log_letter(found.id, day, f"EMS{day:%m%d}", "人民大街1号", world.planner, at(day, 8))
    if fate != LetterFate.UNDER_WAY:
        back = day + timedelta(days=7)
        notifying.settle_letter(key, fate, back, world.planner, at(back, 8))
    return key


def notify(found, world, subject=NoticeSubject.UNREACHABLE):
    moment = at(date(2026, 7, 1))
    return notifying.notify_agency(found.id, regulator().id, after.notice(subject), world.planner, moment)


@pytest.mark.parametrize(
    ("second", "fate", "fits"),
    [
        (date(2026, 5, 24), LetterFate.RETURNED, False),
        (date(2026, 5, 25), LetterFate.RETURNED, True),
        (date(2026, 6, 9), LetterFate.RETURNED, True),
        (date(2026, 6, 10), LetterFate.RETURNED, False),
        (date(2026, 5, 25), LetterFate.SIGNED_FOR, False),
        (date(2026, 5, 25), LetterFate.UNDER_WAY, False),
    ],
)
def test_r62_who_cannot_be_reached_did_not_answer_two_letters(world, second, fate, fits):
    found = unreachable(world)
    letter(found, world, date(2026, 5, 10))
    letter(found, world, second, fate)
    if fits:
        assert one(notify(found, world), AgencyNotice).state == NoticeState.SENT
    else:
        with pytest.raises(transfers.LettersMissing):
            notify(found, world)


def test_r12_r62_a_dormant_enterprise_is_not_unreachable(world):
    found = unreachable(world)
    letter(found, world, date(2026, 5, 10))
    letter(found, world, date(2026, 5, 28))
    found.visit.enterprise.status = EntityStatus.DORMANT
    db.session.commit()
    with pytest.raises(transfers.UnreachableWhileDormant):
        notify(found, world)


def test_r62_the_regulators_reply_is_recorded_and_the_roster_stays_as_it_is(world):
    found = unreachable(world)
    enterprise, status = found.visit.enterprise_id, found.visit.enterprise.status
    letter(found, world, date(2026, 5, 10))
    letter(found, world, date(2026, 5, 28))
    key = notify(found, world)
    notifying.acknowledge_notice(key, date(2026, 7, 2), world.planner, at(date(2026, 7, 2), 8))
    with pytest.raises(visits.StepsOpen):
        closing.close_finding(found.id, date(2026, 7, 2), world.approver)
    day = date(2026, 7, 10)
    notifying.answer_notice(key, NoticeOutcome.LISTED, "7月9日列入", day, world.planner, at(day, 8))
    answered = one(key, AgencyNotice)
    assert (answered.state, answered.outcome) == (NoticeState.ANSWERED, NoticeOutcome.LISTED)
    assert db.session.get(Enterprise, enterprise).status == status
    assert db.session.query(Listing).count() == 0
    closing.close_finding(found.id, day, world.approver)


def test_r62_a_letter_has_one_fate_and_a_department_does_not_notify_itself(world):
    found = unreachable(world)
    key = letter(found, world, date(2026, 5, 10))
    with pytest.raises(notifying.LetterSettled):
        notifying.settle_letter(
            key, LetterFate.SIGNED_FOR, date(2026, 5, 20), world.planner, at(date(2026, 6, 1))
        )
    with pytest.raises(notifying.NoticeToOneself):
        notifying.notify_agency(
            found.id, found.agency_id, after.notice(), world.planner, at(date(2026, 7, 1))
        )
