"""期限总览与节假日安排: what will be late before it is late; a new notice makes more computable (R54-R58, R64-R70)."""

from datetime import date
from itertools import pairwise

import pytest

from app.domain.holidays import HolidayFileRefused, YearNotNext
from app.domain.limitation import LeniencyNotLawful
from app.domain.penalties import CaseDecided, LegalReviewMissing, PenaltyInsteadOfTransfer
from app.domain.vocabulary import ClockKind, ClockState, Harm, Leniency, PenaltyType, TransferAct
from app.extensions import db
from app.models import Escalation, Holiday, HolidayNotice, LeniencyDecision, PenaltyCase
from app.services import clocks, holidays, leniency, penalties, recording, withdrawing
from app.services.calendar import working_calendar
from app.services.disclosure import ReasonMissing
from app.services.leniency import Judgement
from app.services.penalties import Filing
from tests.builders import World, at, clean
from tests.services import after
from tests.services.test_after_disclosure import object_to, results
from tests.services.test_transferring import report, step

DAY = date(2026, 5, 8)


@pytest.fixture
def world(app):
    return World(enterprises=5, inspectors=4)


def record(checked_on, ends_on=date(2026, 12, 31)):
    finding = after.finding()
    entry = clean(finding, checked_on=checked_on)
    return recording.record_finding(finding.id, entry, after.recorder(finding), at(checked_on, 8))


def states(day, hour=2, **values):
    found = clocks.readings(db.session(), at(day, hour), **values)
    return [(reading.running.kind, reading.state, reading.left) for reading in found]


def test_r54_the_chief_sees_what_will_be_late_before_it_is_late(world):
    world.open(ppm=200_000)
    record(date(2026, 4, 20))
    kind = ClockKind.DISCLOSURE
    assert states(date(2026, 5, 11)) == [(kind, ClockState.RUNNING, 7)]
    assert states(date(2026, 5, 13)) == [(kind, ClockState.WARNING, 5)]
    assert states(date(2026, 5, 20)) == [(kind, ClockState.WARNING, 0)]
    assert states(date(2026, 5, 22)) == [(kind, ClockState.LATE, -2)]
    assert states(date(2026, 5, 22), agency_id=999) == []


def test_r54_a_late_disclosure_is_brought_before_the_leaders_once(world):
    world.open(ppm=200_000)
    record(date(2026, 4, 20))
    assert clocks.escalate_late(at(date(2026, 5, 20))) == 0
    assert clocks.escalate_late(at(date(2026, 5, 21))) == 1
    assert clocks.escalate_late(at(date(2026, 5, 22))) == 0
    row = db.session.query(Escalation).one()
    assert (row.kind, row.due) == (ClockKind.DISCLOSURE, "2026-05-20")


def test_r54_what_was_disclosed_is_kept_or_kept_late(world):
    found = after.disclosed(world)
    reading = clocks.disclosure_of(db.session(), found, at(date(2026, 7, 1)))
    assert (reading.state, reading.deadline.due_on) == (ClockState.KEPT, date(2026, 5, 20))
    assert states(date(2026, 7, 1)) == []


def test_every_open_matter_stands_in_the_overview_the_late_ones_first(world):
    found = after.disclosed(world)
    after.order(world)
    object_to(found)
    withdrawing.find_wrong(
        results()[0].id, date(2026, 5, 20), "认定有误", world.approver, at(date(2026, 5, 20))
    )
    report(world, found)
    listed = states(date(2026, 5, 26))
    assert {kind for kind, _, _ in listed} == {
        ClockKind.RECTIFICATION,
        ClockKind.OBJECTION,
        ClockKind.WITHDRAWAL,
        ClockKind.POLICE_DECISION,
    }
    order = [clocks.ORDER.index(state) for _, state, _ in listed]
    assert all(first <= second for first, second in pairwise(order))
    assert listed[0][1] == ClockState.LATE


def test_r70_the_clock_of_a_transfer_follows_its_last_step(world):
    found = after.disclosed(world)
    key = report(world, found)
    seen = [states(DAY, 5)[0]]
    step(key, TransferAct.APPROVE, world)
    seen.append(states(DAY, 6)[0])
    assert seen == [
        (ClockKind.POLICE_DECISION, ClockState.RUNNING, 83),
        (ClockKind.POLICE_TRANSFER, ClockState.RUNNING, 23),
    ]


def notice(tmp_path, year=2027, lines=(), header="日期,类别,名称"):
    fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    days = [date(year, month, day) for month, day in fixed] + [date(year, 2, day) for day in range(6, 14)]
    rows = [f"{day},休,节日" for day in days]
    path = tmp_path / "安排.csv"
    path.write_text("\n".join([header, *rows, *lines]), encoding="utf-8")
    return path


def test_r56_what_could_not_be_computed_is_computed_when_the_notice_is_in_force(world, tmp_path):
    world.open(ppm=200_000, ends_on=date(2026, 12, 31))
    record(date(2026, 12, 20))
    assert after.finding().disclose_by is None
    assert states(date(2026, 12, 22)) == [(ClockKind.DISCLOSURE, ClockState.UNKNOWN, None)]
    found, computed = holidays.apply_notice(
        2027, "国办发明电〔2026〕1号", notice(tmp_path), "安排.csv", world.clerk, at(date(2026, 12, 22))
    )
    assert (len(found.added), computed) == (14, 1)
    assert working_calendar(db.session()).confirmed_until == date(2027, 12, 31)
    assert after.finding().disclose_by == date(2027, 1, 18)
    assert states(date(2026, 12, 22)) == [(ClockKind.DISCLOSURE, ClockState.RUNNING, 18)]


def test_r56_a_notice_may_be_corrected_and_the_difference_is_told(world, tmp_path):
    holidays.apply_notice(2027, "文1", notice(tmp_path), "安排.csv", world.clerk, at(DAY))
    again = notice(tmp_path, lines=["2027-02-20,班,调休上班"])
    days = holidays.read_notice(2027, again)
    assert [day.on for day in holidays.difference(db.session(), 2027, days).added] == [date(2027, 2, 20)]
    holidays.apply_notice(2027, "文2", again, "安排.csv", world.clerk, at(DAY))
    assert db.session.get(Holiday, date(2027, 2, 20)).is_working
    assert db.session.query(HolidayNotice).filter_by(year=2027).count() == 2


@pytest.mark.parametrize(
    ("year", "lines", "refusal"),
    [
        (2028, (), YearNotNext),
        (2027, ("2027-06-09,休,端午节,provisional: not yet known",), HolidayFileRefused),
        (1999, (), holidays.NoticeIncomplete),
    ],
)
def test_r56_a_notice_that_is_not_the_next_or_not_final_changes_nothing(
    world, tmp_path, year, lines, refusal
):
    before = db.session.query(Holiday).count()
    path = notice(tmp_path, year=year, lines=lines, header="date,kind,name,status")
    with pytest.raises(refusal):
        holidays.apply_notice(year, "文", path, "安排.csv", world.clerk, at(DAY))
    assert db.session.query(Holiday).count() == before


def file_case(found, world, **values):
    given = {
        "case_no": "长商罚〔2026〕1号",
        "violated_on": after.CHECKED,
        "filed_on": DAY,
        "needs_review": False,
    }
    return penalties.open_case(found.id, Filing(**(given | values)), world.approver, at(DAY))


def test_r55_r68_the_clocks_of_a_case_follow_its_dates(world):
    found = after.disclosed(world)
    key = file_case(found, world)
    assert states(DAY) == [(ClockKind.CASE_DECISION, ClockState.RUNNING, 90)]
    fine = frozenset({PenaltyType.WARNING, PenaltyType.FINE})
    decided = date(2026, 6, 1)
    assert penalties.decide_case(key, fine, decided, world.approver, at(decided)) == PenaltyType.FINE
    assert {kind for kind, _, _ in states(decided)} == {ClockKind.CASE_DELIVERY, ClockKind.PENALTY_DISCLOSURE}
    served = date(2026, 6, 3)
    penalties.serve_case(key, served, world.approver, at(served))
    assert {kind for kind, _, _ in states(served)} == {ClockKind.CASE_PAYMENT, ClockKind.PENALTY_DISCLOSURE}
    penalties.disclose_case(key, served, "信用中国", world.approver, at(served))
    penalties.pay_case(key, served, world.approver, at(served))
    assert states(served) == []
    with pytest.raises(CaseDecided):
        penalties.drop_case(key, "误", served, world.approver, at(served))


def test_r69_a_weighty_case_is_decided_after_its_legal_review(world):
    key = file_case(after.disclosed(world), world, needs_review=True)
    fine = frozenset({PenaltyType.FINE})
    with pytest.raises(LegalReviewMissing):
        penalties.decide_case(key, fine, DAY, world.approver, at(DAY))
    penalties.review_case(key, "赵律", "A2020", DAY, world.approver, at(DAY))
    penalties.decide_case(key, fine, DAY, world.approver, at(DAY))
    assert db.session.get(PenaltyCase, key).counted_as == PenaltyType.FINE


def test_r70_no_penalty_is_decided_while_a_transfer_to_the_police_stands(world):
    found = after.disclosed(world)
    report(world, found)
    key = file_case(found, world)
    with pytest.raises(PenaltyInsteadOfTransfer):
        penalties.decide_case(key, frozenset({PenaltyType.FINE}), DAY, world.approver, at(DAY))


def judged(found, world, decision=Leniency.MAY_WAIVE, education="已告知法律规定", **values):
    given = {"is_minor": False, "is_corrected": True, "harm": Harm.SLIGHT} | values
    judgement = Judgement(decision=decision, education=education, **given)
    return leniency.decide_leniency(found.id, judgement, world.approver, at(DAY))


def test_r66_a_first_breach_may_be_spared_and_the_party_is_instructed(world):
    found = after.disclosed(world)
    assert leniency.earlier_breaches(db.session(), found) == []
    with pytest.raises(ReasonMissing):
        judged(found, world, education=" ")
    judged(found, world)
    row = db.session.query(LeniencyDecision).one()
    assert (row.is_first, row.decision) == (True, Leniency.MAY_WAIVE)


def test_r66_whether_it_is_the_first_is_looked_up_and_not_typed(world):
    """The same enterprise was found in breach in an earlier task of the same field."""
    world.enterprises = world.enterprises[:1]
    for other in db.session.query(type(world.enterprises[0])).filter(
        type(world.enterprises[0]).id != world.enterprises[0].id
    ):
        other.in_jurisdiction = False
    db.session.commit()
    first = after.disclosed(world)
    world.open(ppm=1_000_000)
    second = after.last_visit()
    after.disclose_next(world, visit=second)
    found = after.last_visit().findings[0]
    earlier = leniency.earlier_breaches(db.session(), found)
    assert [row.finding_id for row in earlier] == [first.id]
    with pytest.raises(LeniencyNotLawful):
        judged(found, world)
    judged(found, world, decision=Leniency.PENALTY)
