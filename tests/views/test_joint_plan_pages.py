"""R73-R75: the departments make the plan together, by the buttons that each of them sees."""

import pytest

from app.domain.vocabulary import JointState, MailState, MemberState, OfferState, PlanState
from app.extensions import db
from app.models import InspectionPlan, JointLine, LineOffer, OutboxMessage
from app.security import roles
from app.services.joint import lines
from tests.builders import NOW, make_user
from tests.builders_joint import ENDS, JointWorld, agency
from tests.views.pages import enter, messages


@pytest.fixture
def world(app):
    made = JointWorld()
    made.clients = {}
    made.app = app
    return made


def client(world, who):
    if who not in world.clients:
        world.clients[who] = enter(world.app, who)
    return world.clients[who]


def post(world, who, address, **data):
    answer = client(world, who).post(address, data=data, follow_redirects=True)
    db.session.expire_all()
    return answer


def offer(world, who, version, code):
    return post(
        world,
        who,
        f"/joint-plans/plan/{world.plan}/offer",
        agency=agency(code).id,
        name=f"{version.item.code}抽查",
        starts_on="2026-04-01",
        ends_on=ENDS.isoformat(),
        version=[version.id],
        stratification="none",
        **{f"percent-{version.id}": "30"},
    )


def proposed(world):
    offer(world, "planner", world.own, "A01")
    offer(world, "head-a02", world.partner, "A02")
    return post(
        world,
        "planner",
        f"/joint-plans/plan/{world.plan}/form",
        name="汽车联合抽查",
        offer=[row.id for row in db.session.query(LineOffer)],
        lead=agency("A01").id,
        cooperation="cross_department",
        stratification="none",
        starts_on="2026-04-01",
        ends_on=ENDS.isoformat(),
    )


def joint():
    return db.session.query(JointLine).one()


def test_R73_a_joint_plan_is_made_from_offers_to_approval(world):
    offer(world, "planner", world.own, "A01")
    page = offer(world, "head-a02", world.partner, "A02").text
    assert "SJ-51抽查" in page
    assert "可以联合" not in page  # the bureau arranges
    arranged = client(world, "planner").get(f"/joint-plans/plan/{world.plan}").text
    assert (
        "事项任务 6 件：分别检查 6 户次（商务局 3 + 市场监督管理局 3）− 联合检查 3 户次 ＝ 减少 3 户次"
        in arranged
    )
    proposed_page = post(
        world,
        "planner",
        f"/joint-plans/plan/{world.plan}/form",
        name="汽车联合抽查",
        offer=[row.id for row in db.session.query(LineOffer)],
        lead=agency("A01").id,
        cooperation="cross_department",
        stratification="none",
        starts_on="2026-04-01",
        ends_on=ENDS.isoformat(),
    )
    assert "待牵头部门确认" in proposed_page.text
    post(world, "planner", f"/joint-plans/{joint().id}/confirm")
    assert "答复联合计划：汽车联合抽查" in client(world, "head-a02").get("/").text
    assert "待市场监督管理局答复" in client(world, "planner").get(f"/joint-plans/show/{joint().id}").text
    post(world, "planner", f"/plans/{world.plan}/submit")
    assert db.session.get(InspectionPlan, world.plan).state == PlanState.DRAFT
    post(world, "head-a02", f"/joint-plans/{joint().id}/answer", agency=agency("A02").id, accepts="1")
    assert "牵头处理联合计划：汽车联合抽查" in client(world, "planner").get("/").text
    post(world, "planner", f"/joint-plans/{joint().id}/agree")
    assert joint().state == JointState.AGREED
    post(world, "planner", f"/plans/{world.plan}/submit")
    assert db.session.get(InspectionPlan, world.plan).state == PlanState.SUBMITTED


def test_R73_a_department_declines_with_a_reason_and_the_lead_takes_the_line_apart(world):
    proposed(world)
    post(world, "planner", f"/joint-plans/{joint().id}/confirm")
    key = agency("A02").id
    post(world, "head-a02", f"/joint-plans/{joint().id}/answer", agency=key, reason="人手不足")
    page = client(world, "planner").get(f"/joint-plans/show/{joint().id}").text
    assert "人手不足" in page
    refused = post(world, "planner", f"/joint-plans/{joint().id}/without", agency=key, reason="继续")
    assert "联合计划至少要有两个部门" in "".join(messages(refused))
    post(world, "planner", f"/joint-plans/{joint().id}/apart", reason="市场监管不参加")
    assert "已拆回：市场监管不参加" in client(world, "planner").get(f"/joint-plans/show/{joint().id}").text
    assert {row.state for row in db.session.query(LineOffer)} == {OfferState.ALONE}


def test_R73_another_department_neither_confirms_nor_answers_for_others(world):
    proposed(world)
    answer = post(world, "head-a02", f"/joint-plans/{joint().id}/confirm")
    assert "此事由商务局决定" in "".join(messages(answer))
    lines.confirm_joint(joint().id, world.planner, NOW)
    answer = post(world, "planner", f"/joint-plans/{joint().id}/answer", agency=agency("A02").id, accepts="1")
    assert "答复函的文号" in "".join(messages(answer))
    assert joint().members[1].state == MemberState.INVITED


def test_an_offer_without_a_tick_is_told_so(world):
    answer = post(
        world,
        "planner",
        f"/joint-plans/plan/{world.plan}/offer",
        agency=agency("A01").id,
        name="空",
        starts_on="2026-04-01",
        ends_on="2026-04-30",
    )
    assert db.session.query(LineOffer).count() == 0
    assert messages(answer)


def test_R73_messages_can_be_read_by_an_operator_and_by_the_department(world):
    proposed(world)
    post(world, "planner", f"/joint-plans/{joint().id}/confirm")
    assert "联合计划征求意见" in client(world, "planner").get("/outbox/").text
    own = client(world, "head-a02").get("/outbox/").text
    assert "请贵单位参加" in own
    assert "请贵单位参加" not in enter(world.app, _stranger()).get("/outbox/?state=inside").text


def test_R73_another_department_sends_no_message_again_that_went_elsewhere(world):
    proposed(world)
    post(world, "planner", f"/joint-plans/{joint().id}/confirm")
    message = db.session.query(OutboxMessage).one()
    message.state = MailState.FAILED
    db.session.commit()
    guest = enter(world.app, make_user("planner-a03", roles.PLANNER, "A03").username)
    assert guest.post(f"/outbox/{message.id}/retry").status_code == 404
    db.session.expire_all()
    assert db.session.query(OutboxMessage).one().state == MailState.FAILED


def _stranger():
    return make_user("head-a03", roles.APPROVER, "A03").username


def form_of(world, **values):
    given = {
        "name": "汽车联合抽查",
        "offer": [row.id for row in db.session.query(LineOffer)],
        "lead": agency("A01").id,
        "cooperation": "cross_department",
        "stratification": "none",
        "starts_on": "2026-04-01",
        "ends_on": ENDS.isoformat(),
    }
    return post(world, "planner", f"/joint-plans/plan/{world.plan}/form", **(given | values))


def test_R74_a_usual_partner_is_invited_with_a_ratio(world):
    offer(world, "planner", world.own, "A01")
    shown = client(world, "planner").get(f"/joint-plans/plan/{world.plan}").text
    assert f'name="percent-{world.partner.id}"' in shown
    form_of(world, invited=[world.partner.id], **{f"percent-{world.partner.id}": "12.5"})
    shares = {item.version_id: item.ppm for item in joint().items}
    assert shares[world.partner.id] == 125_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead": "x"},
        {"starts_on": "morgen"},
        {"cooperation": "alone"},
        {"stratification": "x"},
        {"invited": ["x", "99999"]},
        {"offer": ["1 OR 1"]},
        {"guest": ["99999"], "team-99999": "x"},
        {"batches": "many", "lead": "99999"},
    ],
)
def test_a_form_that_says_nonsense_is_refused_in_words(world, wrong):
    offer(world, "planner", world.own, "A01")
    answer = form_of(world, **wrong)
    assert answer.status_code == 200
    assert messages(answer)
    assert db.session.query(JointLine).count() == 0


@pytest.mark.parametrize("key", ["9" * 30, "9" * 5000, "-1", "x"])
def test_a_key_that_no_record_has_is_answered_in_words(world, key):
    world.offered()
    assert form_of(world, offer=key, guest=key, invited=key).status_code == 200
    assert db.session.query(JointLine).count() == 0
    page = client(world, "planner").get(f"/joint-plans/plan/{world.plan}/offer", query_string={"agency": key})
    assert page.status_code == 200
