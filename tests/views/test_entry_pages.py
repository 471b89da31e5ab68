"""The pages before an entry: who sees and does what, in bulk and singly, and what the enterprise sees (R29-R43, R60)."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from app.domain.vocabulary import ApprovalState, RiskClass, SpecialOrigin, SpecialState, TaskKind
from app.extensions import db
from app.models import (
    EnterpriseEntry,
    FrequencyCap,
    InspectionTask,
    NoticeDelivery,
    SpecialInspection,
    UrgentReport,
    Visit,
    VisitApproval,
    VisitNotice,
)
from app.security import roles
from app.views.base.format import CLOCK
from tests.builders import APPLIED, World, make_inspector, make_item, make_user
from tests.views.pages import enter, messages

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(CLOCK).date()
CONTACT = {"contact_name": "王样", "contact_phone": "13800001234", "supervision_phone": "0431-12345"}


class Desk:
    """Signed-in clients by name over a world with one task."""

    def __init__(self, app):
        self.app, self.clients = app, {}
        self.world = World(enterprises=4, inspectors=4)
        self.item = make_item("XC-41", materials="营业执照\n进销台账")

    def post(self, username, address, **data):
        return self.client(username).post(address, data=data, follow_redirects=True)

    def get(self, username, address):
        return self.client(username).get(address)

    def client(self, username):
        if username not in self.clients:
            self.clients[username] = enter(self.app, username)
        return self.clients[username]

    def disclosed(self, **values):
        self.task = self.world.disclosed(versions=[self.item], **({"ppm": 500_000} | values))
        return self.task

    def visit(self):
        db.session.expire_all()
        return db.session.query(Visit).order_by(Visit.id).first()

    def member(self):
        return self.visit().team[0].inspector.user.username


@pytest.fixture
def desk(app):
    return Desk(app)


def states():
    db.session.expire_all()
    return [row.state for row in db.session.query(VisitApproval).order_by(VisitApproval.id)]


def test_r35_the_planner_applies_and_the_head_approves_in_one_step_each(desk):
    task = desk.disclosed()
    page = desk.post("planner", f"/before-entry/tasks/{task}/apply", scheme="逐项查验", mode="on_site")
    assert messages(page) == ["已办理 2 件。"]
    assert "批准全部 2 件" in desk.get("approver", f"/before-entry/tasks/{task}").text
    assert desk.get("planner", "/").text.count("审批：") == 0
    assert "审批：" in desk.get("approver", "/").text
    desk.post("approver", f"/before-entry/tasks/{task}/approve", decision="同意检查")
    assert states() == [ApprovalState.APPROVED] * 2
    assert {row.decision for row in db.session.query(VisitApproval)} == {"同意检查"}


def test_r35_the_chosen_rows_of_the_list_are_approved(desk):
    desk.disclosed()
    desk.post("planner", f"/before-entry/tasks/{desk.task}/apply", mode="on_site")
    first = db.session.query(VisitApproval.id).order_by(VisitApproval.id).first()[0]
    desk.post("approver", "/approvals/action_post", action="approve_all", rowid=[first])
    assert states() == [ApprovalState.APPROVED, ApprovalState.APPLIED]


@pytest.mark.parametrize(
    ("username", "step"),
    [
        ("planner", "approve"),
        ("approver", "apply"),
        ("auditor", "apply"),
        ("auditor", "approve"),
        ("member", "apply"),
    ],
)
def test_r35_nobody_else_takes_these_steps(desk, username, step):
    task = desk.disclosed()
    name = desk.member() if username == "member" else username
    assert desk.client(name).post(f"/before-entry/tasks/{task}/{step}").status_code == 403
    assert states() == []


def test_r35_a_refusal_says_its_reason_on_the_page(desk):
    desk.disclosed()
    desk.post("planner", f"/before-entry/visits/{desk.visit().id}/apply", mode="on_site")
    key = desk.visit().approvals[0].id
    page = desk.post("approver", f"/approvals/{key}/refuse", reason="方案不具体")
    assert "方案不具体" in page.text
    assert states() == [ApprovalState.REFUSED]


def test_r35_another_department_sees_its_own_applications_only(desk):
    for _ in range(3):
        make_inspector(agency="A02")
    partner = make_item("JL-41", agency="A02")
    desk.task = desk.world.disclosed(versions=[desk.item, partner], ppm=250_000)
    desk.world.head("A02")
    desk.post("planner", f"/before-entry/tasks/{desk.task}/apply", mode="on_site")
    ours, theirs = sorted(db.session.query(VisitApproval).all(), key=lambda row: row.agency_id)
    assert desk.get("head-a02", f"/approvals/show/{theirs.id}").status_code == 200
    assert desk.get("head-a02", f"/approvals/show/{ours.id}").status_code == 404
    desk.post("head-a02", f"/before-entry/tasks/{desk.task}/approve")
    assert states() == [ApprovalState.APPLIED, ApprovalState.APPROVED]


def test_r38_the_page_forces_a_decision_about_other_visits(desk):
    desk.disclosed(ppm=1_000_000)
    second = desk.world.disclosed(versions=[make_item("XC-42")], ppm=1_000_000)
    mine = db.session.query(Visit).filter_by(task_id=second).first()
    other = db.session.query(Visit).filter_by(task_id=desk.task, enterprise_id=mine.enterprise_id).one()
    assert other.number in desk.get("planner", f"/before-entry/visits/{mine.id}").text
    page = desk.post("planner", f"/before-entry/visits/{mine.id}/apply", mode="on_site")
    assert any("另有待检查" in text for text in messages(page))
    desk.post("planner", f"/before-entry/visits/{mine.id}/apply", mode="on_site", merge=other.id)
    assert db.session.query(VisitApproval).one().merged_with_id == other.id


def test_r38_the_form_offers_the_way_without_an_entry_first(desk):
    desk.item.off_site_possible = True
    db.session.commit()
    desk.disclosed()
    page = desk.get("planner", f"/before-entry/visits/{desk.visit().id}").text
    assert page.index('value="off_site" checked') < page.index('value="on_site"')


def test_r40_the_steps_on_entry_belong_to_the_team(desk):
    task = desk.disclosed()
    desk.world.approve(task, NOW)
    numbers = f"{desk.visit().number}\t长检备〔2026〕5号"
    desk.post("planner", f"/before-entry/tasks/{task}/file", numbers=numbers)
    assert desk.visit().filing.filing_no == "长检备〔2026〕5号"
    address = f"/before-entry/visits/{desk.visit().id}/scan"
    assert desk.client("planner").post(address, data={"device": "样机"}).status_code == 403
    desk.post(desk.member(), address, device="样机01", kind="on_entry")
    assert desk.visit().scans[0].device == "样机01"


def test_r40_what_is_to_be_filed_goes_out_as_a_file(desk):
    task = desk.disclosed()
    assert desk.visit().number not in desk.get("planner", f"/before-entry/tasks/{task}/filing.csv").text
    desk.world.approve(task, NOW)
    text = desk.get("planner", f"/before-entry/tasks/{task}/filing.csv").text
    person = desk.visit().team[0].inspector
    for part in (desk.visit().number, desk.visit().enterprise.identifier, person.certificates[0].number):
        assert part in text
    desk.post("planner", f"/before-entry/tasks/{task}/file", numbers=f"{desk.visit().number} 备1")
    assert desk.visit().number not in desk.get("planner", f"/before-entry/tasks/{task}/filing.csv").text


def test_r35_an_urgent_check_stands_on_the_desk_until_its_formalities(desk):
    desk.disclosed()
    address = f"/before-entry/visits/{desk.visit().id}/urgent"
    desk.post(desk.member(), address, reason="油罐泄漏", reported_to="王局长")
    make_user("leader", roles.LEADING_GROUP)
    for username in ("approver", "planner", desk.member()):
        assert "补办紧急检查审批手续" in desk.get(username, "/").text
    assert "补办紧急检查审批手续" not in desk.get("leader", "/").text
    db.session.query(UrgentReport).one().complete_by = NOW - timedelta(hours=1)
    db.session.commit()
    for username in ("approver", "leader"):
        assert "补办紧急检查审批手续" in desk.get(username, "/").text


def notified(desk):
    task = desk.disclosed()
    desk.world.approve(task, NOW)
    desk.post("planner", f"/before-entry/tasks/{task}/notify", **CONTACT)
    return desk.visit().notices[0]


def test_r42_the_notice_is_issued_shown_and_delivered(desk):
    notice = notified(desk)
    page = desk.get("planner", f"/visit-notices/{notice.id}").text
    assert 'class="qr"' in page
    assert "进销台账" in page
    assert "本年度第 1 次检查，上限 2 次" in page
    desk.post(desk.member(), f"/visit-notices/{notice.id}/deliver", way="direct", received_by="前台")
    assert db.session.query(NoticeDelivery).one().received_by == "前台"


def test_r42_a_stranger_sees_no_notice(desk):
    notice = notified(desk)
    team = {member.inspector_id for member in desk.visit().team}
    stranger = next(each for each in desk.world.inspectors if each.id not in team)
    assert desk.get(stranger.user.username, f"/visit-notices/{notice.id}").status_code == 404


def test_r41_behind_the_code_the_enterprise_sees_exactly_its_notice(desk):
    desk.disclosed()
    desk.visit().enterprise.risk_class = RiskClass.D
    db.session.commit()
    desk.world.approve(desk.task, NOW)
    desk.post("planner", f"/before-entry/tasks/{desk.task}/notify", **CONTACT)
    visit = desk.visit()
    answer = desk.app.test_client().get(f"/public/checks/{visit.notices[0].token}")
    assert answer.status_code == 200
    people = [member.inspector for member in visit.team]
    for text in ("事项XC-41", "营业执照", *(person.name for person in people)):
        assert text in answer.text
    assert people[0].certificates[0].number in answer.text
    assert "138****1234" in answer.text
    assert "13800001234" not in answer.text
    assert RiskClass.D.label not in answer.text
    assert people[0].staff_no not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_r41_without_the_token_there_is_nothing(desk):
    token = notified(desk).token
    client = desk.app.test_client()
    for wrong in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "1"):
        assert client.get(f"/public/checks/{wrong}").status_code == 404


def test_r34_a_triggered_check_is_opened_from_its_page(desk):
    desk.world.publish_items()
    enterprise = desk.world.enterprises[0]
    search = desk.get("planner", f"/triggered-checks/new?q={enterprise.name}").text
    assert enterprise.identifier in search
    address = f"/triggered-checks/new?enterprise={enterprise.id}&version={desk.item.id}"
    assert "符合条件" in desk.get("planner", address).text
    given = {
        "step": "open",
        "enterprise": enterprise.id,
        "version": desk.item.id,
        "planned_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=20)).isoformat(),
        "person": [person.id for person in desk.world.inspectors[:2]],
        "source": "transfer",
        "received_on": TODAY.isoformat(),
        "document_no": "市监转〔2026〕9号",
    }
    page = desk.post("planner", "/triggered-checks/new", **given, reason="")
    assert messages(page) == ["请写明来源、事由，以及来文或投诉举报记录。"]
    assert "市监转〔2026〕9号" in page.text
    paper = (BytesIO(b"%PDF-1.7"), "转办函.pdf")
    page = desk.post("planner", "/triggered-checks/new", **given, reason="未明示价格", paper=paper)
    task = db.session.query(InspectionTask).one()
    assert (task.kind, task.trigger.document_name) == (TaskKind.TRIGGERED, "转办函.pdf")
    assert task.name in desk.get("planner", "/triggered-checks/list/").text
    assert task.name not in desk.get("planner", "/tasks/list/").text
    download = desk.get("planner", f"/triggered-checks/{task.id}/paper")
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_r39_a_special_inspection_goes_from_draft_to_its_visits(desk):
    desk.world.publish_items()
    desk.post(
        "planner",
        "/special-inspections/new",
        title="成品油专项",
        origin="own",
        reason="投诉集中",
        quota=2,
        version=desk.item.id,
        starts_on=TODAY.isoformat(),
        ends_on=(TODAY + timedelta(days=20)).isoformat(),
    )
    steps = {
        "approve": {"approver": "city_government", "organ": "市人民政府", "number": "批1号"},
        "file": {"number": "备1号"},
        "disclose": {},
    }
    for name, given in steps.items():
        desk.post("planner", f"/special-inspections/1/{name}", on=TODAY.isoformat(), **given)
    special = db.session.query(SpecialInspection).one()
    assert (special.state, special.origin) == (SpecialState.DISCLOSED, SpecialOrigin.OWN)
    assert "成品油专项（专项检查）" in desk.app.test_client().get("/public/special/").text
    target = desk.world.enterprises[0]
    page = desk.get("planner", f"/special-inspections/show/1?enterprise={target.id}").text
    assert "符合条件" in page
    desk.post(
        "planner",
        "/special-inspections/1/visits",
        enterprise=target.id,
        ground="投诉三件",
        planned_on=TODAY.isoformat(),
        person=[person.id for person in desk.world.inspectors[:2]],
    )
    assert [row.ground for row in db.session.query(SpecialInspection).one().targets] == ["投诉三件"]


def test_r37_an_entry_and_a_cap_are_put_on_record(desk):
    target = desk.world.enterprises[0]
    given = {"enterprise": target.id, "kind": "recheck", "entered_on": TODAY.isoformat()}
    desk.post("planner", "/entries/new", **given, people="张样、李样", purpose="整改复查")
    assert db.session.query(EnterpriseEntry).one().purpose == "整改复查"
    assert "本年度第 1 次／上限 2 次" in desk.get("planner", f"/enterprises/show/{target.id}").text
    bureau = desk.world.inspectors[0].agency_id
    desk.post(
        "planner", "/frequency-caps/set", agency=bureau, from_year=TODAY.year, yearly=1, basis="长商发1号"
    )
    assert db.session.query(FrequencyCap).one().basis == "长商发1号"
    assert "本年度第 1 次／上限 1 次" in desk.get("planner", f"/enterprises/show/{target.id}").text


def test_r36_an_abnormal_frequency_stands_on_the_desk_of_the_head(desk):
    desk.disclosed()
    desk.world.approve(desk.task, NOW)
    row = desk.visit().approvals[0]
    row.planned_on, row.is_abnormal, row.act_number = TODAY, True, 9
    db.session.commit()
    assert "本年度第 9 次检查" in desk.get("approver", "/").text
    assert "本年度第 9 次检查" not in desk.get(desk.member(), "/").text


def test_r41_an_item_is_added_on_the_spot_from_the_page(desk):
    task = desk.disclosed()
    extra = make_item("XC-43")
    desk.world.publish_items()
    desk.world.approve(task, NOW)
    page = desk.post(
        desk.member(), f"/before-entry/visits/{desk.visit().id}/items", version=extra.id, reason="现场发现"
    )
    assert "事项XC-43" in page.text
    assert [row.state for row in desk.visit().approvals] == [ApprovalState.APPROVED, ApprovalState.APPLIED]


@pytest.mark.parametrize("username", ["planner", "approver", "auditor"])
def test_the_pages_open_for_their_readers(desk, username):
    task = desk.disclosed()
    desk.world.clear(task, NOW)
    addresses = (
        "/before-entry/",
        f"/before-entry/tasks/{task}",
        f"/before-entry/visits/{desk.visit().id}",
        "/approvals/list/",
        f"/approvals/show/{desk.visit().approvals[0].id}",
        f"/visit-notices/{desk.visit().notices[0].id}",
        "/triggered-checks/list/",
        "/special-inspections/list/",
        "/entries/list/",
        "/frequency-caps/list/",
    )
    for address in addresses:
        assert desk.get(username, address).status_code == 200, address
    assert db.session.query(VisitNotice).count() == 2
    assert APPLIED.scheme in desk.get(username, addresses[4]).text
