"""R73-R75: the page of a joint task and of a joint visit, as each department sees them."""

import pytest

from app.domain.vocabulary import FindingState, PartState
from app.extensions import db
from app.models import InspectionTask, ItemFinding, Visit, VisitConfirmation
from tests.builders_joint import JointWorld, agency
from tests.services.test_joint_task import drawn, opened
from tests.services.test_joint_visit import reviewed
from tests.views.pages import enter, messages


@pytest.fixture
def world(app):
    made = JointWorld()
    made.app = app
    return made


def post(world, who, address, **data):
    answer = enter(world.app, who).post(address, data=data, follow_redirects=True)
    db.session.expire_all()
    return answer


def page(world, who, address):
    return enter(world.app, who).get(address).text


def test_R73_a_department_confirms_from_its_desk(world):
    task = world.joint_task()
    assert "确认参加联合任务：汽车销售联合抽查" in page(world, "head-a02", "/")
    key = agency("A02").id
    answer = post(world, "head-a02", f"/joint-parts/tasks/{task}/confirm", agency=key, contact="王某 8555")
    assert "王某 8555" in answer.text
    assert "确认参加联合任务" not in page(world, "head-a02", "/")


def test_R75_the_page_of_the_task_tells_what_joining_spares(world):
    task = drawn(world)
    shown = page(world, "planner", f"/tasks/show/{task}")
    assert "理论最少户次" in shown
    assert "8 − 5" in shown
    assert "1.60" in shown


def test_R73_a_department_withdraws_and_reads_what_becomes_of_its_items(world):
    task = opened(world)
    key = agency("A02").id
    assert "仍由该部门负责" in page(world, "head-a02", f"/tasks/show/{task}")
    answer = post(world, "head-a02", f"/joint-parts/tasks/{task}/withdraw", agency=key, reason="专项冲突")
    assert "专项冲突" in answer.text
    part = db.session.get(InspectionTask, task).parts[0]
    assert (part.state, part.replies[-1].targets) == (PartState.WITHDRAWN, 3)
    visit = db.session.query(Visit).filter(Visit.findings.any(state=FindingState.WITHDRAWN)).first()
    assert "部门退出，未检查" in page(world, "planner", f"/visits/show/{visit.id}")


def test_R73_nobody_withdraws_another_department(world):
    task = opened(world)
    answer = post(
        world, "approver", f"/joint-parts/tasks/{task}/withdraw", agency=agency("A02").id, reason="代为退出"
    )
    assert "答复函的文号" in "".join(messages(answer))
    assert db.session.query(ItemFinding).filter_by(state=FindingState.WITHDRAWN).count() == 0


def test_R73_the_lead_confirms_the_whole_on_the_page_of_the_visit(world):
    task = opened(world)
    visit = next(each for each in db.session.query(Visit).filter_by(task_id=task) if len(each.findings) == 2)
    assert "以下部门完成后方可认定" in page(world, "approver", f"/visits/show/{visit.id}")
    reviewed(world, visit)
    assert "1 次联合检查待认定" in page(world, "approver", "/")
    shown = page(world, "head-a02", f"/visits/show/{visit.id}")
    assert "认定意见" not in shown
    answer = post(world, "approver", f"/joint-parts/visits/{visit.id}/confirm", opinion="结果属实")
    assert "已认定" in answer.text
    assert db.session.query(VisitConfirmation).count() == 1
