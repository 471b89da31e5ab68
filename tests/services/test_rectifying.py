"""责令改正: ordered, proven, re-checked, closed or open again; and the closing of the finding (R64, R65, R67)."""

from datetime import date, timedelta

import pytest

from app.domain.lifecycle import IllegalTransition
from app.domain.limitation import ViolatedInFuture
from app.domain.vocabulary import Disposal, RectificationAct, RectificationState, ResultCode
from app.extensions import db
from app.models import RectificationOrder, RectificationStep
from app.services import closing, frequency, rectifying, tasks, visits
from app.services.disclosure import ReasonMissing
from app.services.papers import Paper, PaperRefused
from tests.builders import World, at
from tests.services import after

PDF = Paper("整改照片.pdf", b"%PDF-1.7 sample")


@pytest.fixture
def world(app):
    return World(enterprises=5, inspectors=4)


@pytest.fixture
def found(world):
    return after.disclosed(world)


def one(key):
    db.session.expire_all()
    return db.session.get(RectificationOrder, key)


def recheck(key, world, passed=True, on_site=True, day=date(2026, 5, 28), **values):
    rectifying.recheck(key, passed, day, on_site, "已看过现场", world.approver, at(day, 8), **values)


def test_r64_an_order_is_proven_rechecked_and_closed(world, found):
    key = after.order(world)
    rectifying.prove_rectification(
        key, date(2026, 5, 20), "提交价目表照片", world.approver, at(date(2026, 5, 20), 8), PDF
    )
    assert one(key).state == RectificationState.PROVEN
    recheck(key, world)
    closed = one(key)
    assert (closed.state, closed.closed_on) == (RectificationState.CLOSED, date(2026, 5, 28))
    assert [step.act for step in closed.steps] == [
        RectificationAct.ORDERED,
        RectificationAct.PROVEN,
        RectificationAct.PASSED,
    ]
    assert closed.steps[1].file_name == "整改照片.pdf"


def test_r64_an_unfixed_problem_is_open_again_with_a_new_due_date(world, found):
    key = after.order(world)
    with pytest.raises(rectifying.DueDateWrong):
        recheck(key, world, passed=False)
    recheck(key, world, passed=False, due_on=date(2026, 6, 15))
    again = one(key)
    assert (again.state, again.due_on) == (RectificationState.REOPENED, date(2026, 6, 15))
    assert again.steps[-1].due_on == date(2026, 6, 15)
    recheck(key, world, day=date(2026, 6, 10))
    assert one(key).state == RectificationState.CLOSED


def test_r64_an_order_may_be_extended_or_revoked_with_the_reason(world, found):
    key = after.order(world)
    with pytest.raises(ReasonMissing):
        rectifying.extend_rectification(key, date(2026, 7, 1), " ", world.approver, at(date(2026, 5, 20)))
    rectifying.extend_rectification(key, date(2026, 7, 1), "货架定制", world.approver, at(date(2026, 5, 20)))
    assert one(key).due_on == date(2026, 7, 1)
    rectifying.revoke_rectification(key, "认定有误", world.approver, at(date(2026, 5, 21)))
    assert one(key).state == RectificationState.REVOKED
    with pytest.raises(IllegalTransition):
        recheck(key, world)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"facts": " "}, rectifying.TermsMissing),
        ({"violated_rule": ""}, rectifying.TermsMissing),
        ({"legal_basis": ""}, rectifying.TermsMissing),
        ({"requirement": ""}, rectifying.TermsMissing),
        ({"due_on": after.ORDERED}, rectifying.DueDateWrong),
        ({"violated_on": after.ORDERED + timedelta(days=1)}, ViolatedInFuture),
    ],
)
def test_r64_r67_an_order_is_whole_and_names_the_day_of_the_breach(world, found, values, refusal):
    with pytest.raises(refusal):
        after.order(world, **values)
    assert db.session.query(RectificationOrder).count() == 0


def test_r64_only_a_problem_is_ordered_to_be_put_right(world):
    clean = after.disclosed(
        world,
        results=frozenset({ResultCode.NO_ISSUE}),
        disposals=frozenset({Disposal.NONE_NEEDED}),
        problem="",
    )
    with pytest.raises(rectifying.NoProblemToRectify):
        after.order(world, clean)


def test_r36_r64_a_recheck_on_site_is_an_inspection_act_and_one_on_paper_is_none(world, found):
    key = after.order(world)
    recheck(key, world, passed=False, on_site=False, due_on=date(2026, 6, 15))
    before = acts(found)
    recheck(key, world, on_site=True, day=date(2026, 6, 10))
    assert acts(found) - before == {date(2026, 6, 10)}


def acts(found):
    enterprise, agency = found.visit.enterprise_id, found.agency_id
    return frequency.acts_of(db.session(), {enterprise}, 2026)[enterprise, agency].days


def test_what_is_entered_has_happened(world, found):
    key = after.order(world)
    with pytest.raises(rectifying.ActInFuture):
        rectifying.prove_rectification(
            key, date(2026, 5, 21), "材料", world.approver, at(date(2026, 5, 20), 8)
        )


@pytest.mark.parametrize(
    "paper",
    [
        Paper("照片.jpg", b"<script>alert(1)</script>"),
        Paper("照片.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Paper("照片.png", b"%PDF-1.7"),
        Paper("大.pdf", b"%PDF-" + b"0" * (10 << 20)),
    ],
)
def test_a_paper_is_what_its_name_says_and_not_too_large(world, found, paper):
    key = after.order(world)
    day = date(2026, 5, 20)
    with pytest.raises(PaperRefused):
        rectifying.prove_rectification(key, day, "材料", world.approver, at(day, 8), paper)
    assert one(key).state == RectificationState.ORDERED
    assert db.session.query(RectificationStep).count() == 1


def test_r64_orders_that_are_overdue_are_listed_oldest_first(world, found):
    late = after.order(world, due_on=date(2026, 5, 20))
    later = after.order(world, due_on=date(2026, 5, 25))
    after.order(world, due_on=date(2026, 6, 25))
    listed = rectifying.overdue_orders(db.session(), date(2026, 6, 1))
    assert [row.id for row in listed] == [late, later]
    assert rectifying.overdue_orders(db.session(), date(2026, 6, 1), agency_id=999) == []


def test_r65_a_finding_is_closed_when_its_order_is_and_not_before(world, found):
    key = after.order(world)
    with pytest.raises(visits.StepsOpen):
        closing.close_finding(found.id, date(2026, 5, 20), world.approver)
    recheck(key, world)
    closing.close_finding(found.id, date(2026, 5, 28), world.approver)
    assert after.finding().closed_on == date(2026, 5, 28)


def test_r65_a_new_order_opens_a_closed_finding_again(world, found):
    recheck(after.order(world), world)
    closing.close_finding(found.id, date(2026, 5, 28), world.approver)
    after.order(world, due_on=date(2026, 7, 1))
    assert after.finding().closed_on is None


def test_r65_a_task_with_an_open_finding_is_not_archived(world, found):
    task = found.visit.task_id
    with pytest.raises(tasks.FindingsOpen) as refusal:
        tasks.archive_task(task, world.planner)
    assert refusal.value.params["count"] == 1
    recheck(after.order(world), world)
    closing.close_finding(found.id, date(2026, 5, 28), world.approver)
    tasks.archive_task(task, world.planner)
    assert after.finding().visit.state == "archived"
