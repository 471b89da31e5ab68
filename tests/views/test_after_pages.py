"""Pages of what comes after a visit: who may act, what the public sees of it (R53-R73)."""

import io
from datetime import date, datetime, timedelta

import pytest

from app.domain.vocabulary import ObjectionState, RectificationState, TransferState
from app.extensions import db
from app.models import (
    CaseTransfer,
    Disclosure,
    HolidayNotice,
    ItemFinding,
    Objection,
    RectificationOrder,
    Visit,
)
from app.security import roles
from app.services import correcting, disclosing, recording, reviewing, withdrawing
from app.views.base.format import CLOCK
from tests.builders import World, at, clean, make_inspector, make_item, make_user
from tests.services import after
from tests.views.pages import enter, messages, visible_text

TODAY = datetime.now(CLOCK).date()


@pytest.fixture
def world(app):
    return World(enterprises=5, inspectors=4)


@pytest.fixture
def found(world):
    return after.disclosed(world)


def result():
    db.session.expire_all()
    return db.session.query(Disclosure).filter_by(kind="result").order_by(Disclosure.id.desc()).first()


def order_form(**values):
    given = {
        "violated_on": "2026-04-20",
        "due_on": (TODAY + timedelta(days=20)).isoformat(),
        "facts": "没有明示价格",
        "violated_rule": "《汽车销售管理办法》第十条",
        "legal_basis": "《行政处罚法》第二十八条",
        "requirement": "明示价格",
    }
    return given | values


def test_r64_an_inspector_orders_and_rechecks_on_the_own_visit_only(app, world, found):
    member = after.recorder(found)
    client = enter(app, member.username)
    address = f"/rectifications/order/{found.id}"
    refused = client.post(address, data=order_form(requirement=""))
    assert "请填写：改正内容" in refused.text
    assert "没有明示价格" in refused.text
    client.post(address, data=order_form())
    order = db.session.query(RectificationOrder).one()
    assert "待整改" in visible_text(client.get(f"/rectifications/show/{order.id}").text)
    team = {each.inspector_id for each in found.visit.team}
    outsider = next(person for person in world.inspectors if person.id not in team)
    stranger = enter(app, outsider.user.username)
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"/rectifications/show/{order.id}").status_code == 404
    assert stranger.post(f"/rectifications/{order.id}/revoke", data={"reason": "误"}).status_code == 404
    recheck = {"on": TODAY.isoformat(), "passed": "1", "note": "已明示", "on_site": "1"}
    client.post(f"/rectifications/{order.id}/recheck", data=recheck)
    db.session.expire_all()
    assert db.session.get(RectificationOrder, order.id).state == RectificationState.CLOSED


def test_r65_the_page_of_a_finding_says_why_it_cannot_be_closed(app, world, found):
    client = enter(app, "approver")
    assert "责令改正尚未完成" in visible_text(client.get(f"/findings/show/{found.id}").text)
    answer = client.post(f"/findings/{found.id}/close", data={"on": "2026-06-01"}, follow_redirects=True)
    assert "不能完结" in messages(answer)[0]


def test_r70_the_reporter_does_not_decide_and_the_head_does(app, world, found):
    planner, approver = enter(app, "planner"), enter(app, "approver")
    data = {
        "kind": "police",
        "receiver": "市公安局",
        "facts": "涉嫌犯罪",
        "legal_basis": "移送规定",
        "officer": [str(person.id) for person in world.inspectors[:2]],
    }
    planner.post(f"/transfers/open/{found.id}", data=data)
    key = db.session.query(CaseTransfer).one().id
    act = {"act": "approve", "at": datetime.now(CLOCK).strftime("%Y-%m-%dT%H:%M"), "note": "同意移送"}
    assert planner.post(f"/transfers/{key}/decide", data=act).status_code == 403
    assert approver.post(f"/transfers/{key}/step", data=act).status_code == 403
    approver.post(f"/transfers/{key}/decide", data=act, follow_redirects=True)
    db.session.expire_all()
    assert db.session.get(CaseTransfer, key).state == TransferState.APPROVED


def test_r73_another_department_follows_up_its_own_findings_only(app, world):
    for _ in range(3):
        make_inspector(agency="A02")
    make_user("partner", roles.APPROVER, agency="A02")
    world.open(versions=[make_item("XC-01"), make_item("SJ-01", agency="A02")], ppm=200_000)
    own = db.session.query(ItemFinding).filter(ItemFinding.agency.has(code="A02")).first()
    other = db.session.query(ItemFinding).filter(ItemFinding.agency.has(code="A01")).first()
    client = enter(app, "partner")
    pages = ("rectifications/order", "transfers/open", "agency-notices/send", "penalty-cases/open")
    assert {client.get(f"/{page}/{own.id}").status_code for page in pages} == {200}
    assert {client.get(f"/{page}/{other.id}").status_code for page in pages} == {404}
    assert client.post(f"/findings/{other.id}/close", data={"on": "2026-06-01"}).status_code == 404


def test_r54_the_overview_is_filtered_by_department_and_the_leaders_see_it(app, world):
    make_user("leader", roles.LEADING_GROUP)
    world.open(ppm=200_000)
    finding = after.finding()
    entry = clean(finding, checked_on=after.CHECKED)
    recording.record_finding(finding.id, entry, after.recorder(finding), at(after.CHECKED, 8))
    name = finding.visit.enterprise.name
    client = enter(app, "approver")
    assert name in client.get("/deadlines/").text
    assert name in client.get("/deadlines/?agency=A01&state=late").text
    assert name not in client.get("/deadlines/?agency=A02").text
    assert name not in client.get("/deadlines/?state=running").text
    desk = visible_text(enter(app, "leader").get("/").text)
    assert "1 个期限已逾期" in desk
    assert name in desk


@pytest.mark.parametrize("address", ["?agency=%E2%80%A6", "?state=x&kind=y", "?agency="])
def test_odd_filters_of_the_overview_are_no_error(app, world, address):
    assert enter(app, "approver").get(f"/deadlines/{address}").status_code == 200


def correct(world, found):
    entry = clean(found, checked_on=after.CHECKED)
    correcting.correct_finding(found.id, entry, "价目表已找到", after.recorder(found), at(date(2026, 5, 20)))
    reviewing.review_finding(found.id, world.approver, at(date(2026, 5, 20)))
    disclosing.disclose_findings(found.visit_id, found.agency_id, world.approver, at(date(2026, 5, 20)))


def test_r58_the_public_reads_the_correction_and_what_it_corrects(client, world, found):
    before = result().index_no
    correct(world, found)
    newest = client.get(f"/public/notices/{result().index_no}").text
    assert "更正前" in newest
    assert before in newest
    assert "违反商务管理相关规定" in newest
    earlier = client.get(f"/public/notices/{before}").text
    assert "此结果已更正" in earlier
    assert result().index_no in earlier


def test_r58_anybody_objects_on_the_public_site_and_reads_the_decision_there(app, client, world, found):
    address = f"/public/notices/{result().index_no}/objection"
    assert client.get(address).status_code == 200
    form = {"item": found.task_item.code, "applicant": "张三", "contact": "13800138000", "statement": ""}
    refused = client.post(address, data=form)
    assert (refused.status_code, "请填写：异议内容" in refused.text) == (422, True)
    assert 'value="13800138000"' in refused.text
    sent = client.post(address, data=form | {"statement": "价目表在墙上"})
    page = client.get(sent.headers["Location"])
    assert "待登记" in page.text
    assert "张三" not in page.text
    assert "no-store" in page.headers["Cache-Control"]
    row = db.session.query(Objection).one()
    planner, approver = enter(app, "planner"), enter(app, "approver")
    assert "13800138000" in planner.get(f"/objections/show/{row.id}").text
    assert "13800138000" not in enter(app, "auditor").get(f"/objections/show/{row.id}").text
    planner.post(f"/objections/{row.id}/register")
    approver.post(f"/objections/{row.id}/decide", data={"accepted": "0", "decision": "现场照片显示未明示"})
    db.session.expire_all()
    assert db.session.get(Objection, row.id).state == ObjectionState.REFUSED
    assert "现场照片显示未明示" in client.get(sent.headers["Location"]).text


def test_r58_an_objection_takes_papers_and_no_scripts(client, world, found):
    address = f"/public/notices/{result().index_no}/objection"
    form = {"item": found.task_item.code, "applicant": "张三", "contact": "1", "statement": "误"}
    script = {"paper": (io.BytesIO(b"<script>"), "照片.jpg")}
    assert client.post(address, data=form | script).status_code == 422
    paper = {"paper": (io.BytesIO(b"%PDF-1.7"), "证据.pdf")}
    assert client.post(address, data=form | paper).status_code == 303


def test_r57_what_was_withdrawn_is_not_objected_to(client, world, found):
    withdrawing.withdraw(result().id, "认定有误", world.approver, at(date(2026, 5, 20)))
    assert client.get(f"/public/notices/{result().index_no}/objection").status_code == 404


def test_r59_what_is_over_leaves_a_tombstone_without_the_name(client, world, found):
    shown = result()
    name = found.visit.enterprise.name
    assert name in client.get("/public/results/").text
    shown.expires_on = TODAY - timedelta(days=1)
    db.session.commit()
    gone = client.get(f"/public/notices/{shown.index_no}")
    assert (gone.status_code, name in gone.text) == (410, False)
    assert client.get(f"/public/notices/{shown.index_no}.csv").status_code == 410
    assert name not in client.get("/public/results/").text
    assert name not in client.get("/public/results.csv").text


def test_r60_free_text_is_covered_when_it_is_shown(client, world, found):
    shown = result()
    shown.title = "联系人13800138000"
    db.session.commit()
    page = client.get(f"/public/notices/{shown.index_no}").text
    assert "138****8000" in page
    assert "13800138000" not in page


def notice_file(*lines):
    fixed = ["2027-01-01", "2027-05-01", "2027-05-02", "2027-10-01", "2027-10-02", "2027-10-03"]
    days = fixed + [f"2027-02-{day:02d}" for day in range(6, 14)]
    text = "\n".join(["日期,类别,名称", *(f"{day},休,节日" for day in days), *lines])
    return io.BytesIO(text.encode())


def test_r56_an_operator_sees_what_a_notice_changes_before_it_is_in_force(app, world):
    make_user("keeper", roles.ADMINISTRATOR)
    client = enter(app, "keeper")
    form = {"year": "2027", "document_no": "国办发明电〔2026〕1号"}
    wrong = client.post(
        "/holiday-notices/preview",
        data=form | {"file": (notice_file("2027-06-09,休,端午节,provisional"), "安排.csv")},
        follow_redirects=True,
    )
    assert "第 16 行" in messages(wrong)[0]
    page = client.post("/holiday-notices/preview", data=form | {"file": (notice_file(), "安排.csv")})
    assert "2027-02-06" in page.text
    assert db.session.query(HolidayNotice).filter_by(year=2027).count() == 0
    digest = page.text.partition('name="digest" value="')[2].partition('"')[0]
    done = client.post(
        "/holiday-notices/apply", data=form | {"name": "安排.csv", "digest": digest}, follow_redirects=True
    )
    assert "2027 年安排已启用" in messages(done)[0]
    assert db.session.query(HolidayNotice).filter_by(year=2027).count() == 1


def test_r56_a_single_day_beyond_the_last_notice_is_refused_with_a_sentence(app, world):
    make_user("keeper", roles.ADMINISTRATOR)
    client = enter(app, "keeper")
    answer = client.post("/holidays/add", data={"on": "2027-05-01", "name": "劳动节"})
    assert "2026-12-31" in answer.text


def test_r63_the_exchange_file_is_for_whoever_may_export(app, world, found):
    planner = enter(app, "planner")
    answer = planner.get("/credit/exchange.csv?first=2026-05-01&last=2026-05-31")
    assert found.visit.enterprise.identifier in answer.get_data().decode("utf-8-sig")
    assert planner.get("/credit/exchange.json?first=x").get_json()["kind"] == "credit_records"
    assert enter(app, "approver").get("/credit/exchange.csv").status_code == 403


def test_r54_r73_the_team_hands_in_its_departments_part(app, world):
    for _ in range(3):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-01"), make_item("SJ-01", agency="A02")], ppm=200_000)
    visit = db.session.query(Visit).first()
    own = next(finding for finding in visit.findings if finding.agency.code == "A01")
    person = after.recorder(own)
    recording.record_finding(own.id, clean(own, checked_on=after.CHECKED), person, at(after.CHECKED, 8))
    after.make_ready(visit)
    client = enter(app, person.username)
    assert "提交本部门部分" in client.get(f"/visits/show/{visit.id}").text
    client.post(f"/visits/{visit.id}/submit-part")
    db.session.expire_all()
    states = {f.agency.code: f.state.value for f in db.session.get(Visit, visit.id).findings}
    assert states == {"A01": "submitted", "A02": "unchecked"}
