"""Filing, scan, notice and delivery before the checklist opens; items added on the spot (R1, R29, R40-R42, R60)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain import entry
from app.domain.findings import CertificateLapsed
from app.domain.notice import masked
from app.domain.vocabulary import CheckMethod, DeliveryWay, RiskClass, ScanKind
from app.extensions import db
from app.models import ItemFinding, NoticeDelivery, Visit, VisitNotice, VisitScan
from app.services import adding, applying, approving, entering, notices, visits
from app.services.planning import ItemNotPublished
from app.services.transaction import NotFound
from tests.builders import APPLIED, CONTACT, NOW, World, at, clean, make_inspector, make_item

LATER = NOW + timedelta(hours=4)
AFTER = at(date(2026, 5, 20), 8)


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=4)


@pytest.fixture
def approved(world):
    task = world.disclosed(versions=[make_item("XC-91", materials="营业执照\n\n 进销台账 ")])
    world.approve(task)
    return task


def visit():
    db.session.expire_all()
    return db.session.query(Visit).order_by(Visit.id).first()


def record(finding=None, **values):
    finding = finding or visit().findings[0]
    people = (member.inspector for member in finding.visit.team)
    who = next(person.user for person in people if person.agency_id == finding.agency_id)
    return visits.record_finding(finding.id, clean(finding, **values), who, AFTER)


def issue(world, moment=LATER):
    return notices.issue_notice(visit().id, CONTACT, world.planner, moment)


def deliver(world, notice, moment=LATER, **values):
    given = {"way": DeliveryWay.DIRECT, "at": moment, "received_by": "前台"} | values
    return notices.deliver_notice(notice, notices.Delivery(**given), world.planner, moment)


def file(world):
    entering.file_visit(visit().id, "长检备〔2026〕1号", world.planner, LATER)


def scan(moment=LATER):
    who = visit().team[0].inspector.user
    return entering.scan_entry(visit().id, "样机01", moment, who, moment)


def test_r40_r42_the_checklist_opens_when_notified_filed_and_scanned(world, approved):
    with pytest.raises(entry.NotNotified):
        record()
    notice = issue(world)
    with pytest.raises(entry.NotNotified):
        record()
    deliver(world, notice)
    with pytest.raises(entry.NotScanned):
        record()
    with pytest.raises(entry.NotFiled):
        scan()
    file(world)
    scan()
    assert record() == 1


def test_r40_a_check_without_an_entry_needs_no_scan(world, approved):
    assert record(methods=frozenset({CheckMethod.DOCUMENT_REVIEW})) == 1


def test_r40_the_scan_keeps_moment_and_device(world, approved):
    file(world)
    scan()
    row = db.session.query(VisitScan).one()
    assert (row.kind, row.scanned_at, row.device) == (ScanKind.ON_ENTRY, LATER, "样机01")
    with pytest.raises(entry.ScanInFuture):
        entering.scan_entry(visit().id, "样机01", AFTER, world.planner, LATER)
    with pytest.raises(entry.DeviceMissing):
        entering.scan_entry(visit().id, " ", LATER, world.planner, LATER)


def test_r40_a_check_is_filed_once(world, approved):
    file(world)
    with pytest.raises(entry.FiledAlready):
        file(world)


def test_r40_the_numbers_of_the_platform_are_recorded_row_by_row(world, approved):
    numbers = {visit().number: "长检备〔2026〕7号", "没有的检查": "长检备〔2026〕8号"}
    outcome = entering.file_visits(approved, numbers, world.planner, LATER)
    assert visit().filing.filing_no == "长检备〔2026〕7号"
    assert [(number, type(error)) for number, error in outcome.refused] == [("没有的检查", NotFound)]


@pytest.mark.parametrize("days", [0, 10, 11])
def test_r40_after_a_network_failure_the_scan_is_made_good_within_ten_days(world, approved, days):
    deliver(world, issue(world))
    with pytest.raises(entry.NoOutage):
        entering.make_good(visit().id, "样机01", world.planner, LATER)
    entering.declare_outage(visit().id, "基站故障", LATER, world.planner, LATER)
    assert record() == 1
    assert entering.reentry_due(visit()) == date(2026, 4, 11)
    file(world)
    moment = LATER + timedelta(days=days)
    if days > 10:
        with pytest.raises(entry.ReentryTooLate):
            entering.make_good(visit().id, "样机01", world.planner, moment)
    else:
        entering.make_good(visit().id, "样机01", world.planner, moment)
        assert entering.reentry_due(visit()) is None


def test_r41_the_notice_names_every_item_the_team_and_the_materials(world, approved):
    file(world)
    issue(world)
    body = visit().notices[0].body
    assert [(item["code"], item["materials"]) for item in body["items"]] == [
        ("XC-91", ["营业执照", "进销台账"])
    ]
    assert body["items"][0]["bases"] == ["《汽车销售管理办法》第十条"]
    people = [member.inspector for member in visit().team]
    assert [(row["name"], row["certificate"]) for row in body["team"]] == [
        (person.name, person.certificates[0].number) for person in people
    ]
    assert body["frequency"] == [{"agency": "商务局", "number": 1, "cap": 2, "apart": 0, "enters": True}]
    assert (body["filing_no"], body["planned_on"]) == ("长检备〔2026〕1号", visit().planned_on.isoformat())


def test_r29_the_notice_says_nothing_of_the_risk_class(world, approved):
    visit().enterprise.risk_class = RiskClass.D
    db.session.commit()
    issue(world)
    assert not any("risk" in name for name in visit().notices[0].body)
    assert RiskClass.D.label not in str(visit().notices[0].body)


def test_r42_no_notice_without_an_approval(world):
    world.disclosed()
    with pytest.raises(entry.NotApproved):
        issue(world)


def test_r42_a_notice_names_whom_to_ask(world, approved):
    with pytest.raises(entry.ContactMissing):
        notices.issue_notice(visit().id, replace(CONTACT, supervision_phone=" "), world.planner, LATER)


def test_r15_no_notice_with_a_lapsed_certificate(world, approved):
    visit().team[0].inspector.certificates[0].is_suspended = True
    db.session.commit()
    with pytest.raises(CertificateLapsed):
        issue(world)


def test_r42_a_delivery_names_its_receiver_a_refusal_reason_and_witness(world, approved):
    notice = issue(world)
    with pytest.raises(entry.DeliveryIncomplete):
        deliver(world, notice, received_by="")
    with pytest.raises(entry.DeliveryIncomplete):
        deliver(world, notice, received_by="", refusal_reason="拒绝签收")
    left = {"way": DeliveryWay.LEFT, "received_by": "", "refusal_reason": "拒绝签收", "witness": "社区工作者"}
    deliver(world, notice, **left)
    row = db.session.query(NoticeDelivery).one()
    assert (row.is_refused, row.refusal_reason, row.witness) == (True, "拒绝签收", "社区工作者")


def test_r42_unannounced_only_where_the_approval_says_so(world, approved):
    file(world)
    scan(LATER)
    deliver(world, issue(world), LATER + timedelta(minutes=5))
    with pytest.raises(entry.UnannouncedNotApproved):
        record()


def test_r42_an_unannounced_visit_hands_the_notice_over_on_entry(world):
    world.disclosed()
    basis = "成品油流通管理办法：突击检查"
    (approval,) = applying.apply_for(
        visit().id, replace(APPLIED, unannounced_basis=basis), world.planner, LATER
    )
    approving.approve(approval, "同意", world.approver, LATER)
    file(world)
    scan(LATER)
    deliver(world, issue(world), LATER + timedelta(minutes=5))
    assert visit().approvals[0].unannounced_basis == basis
    assert record() == 1


def test_r41_an_item_added_on_the_spot_waits_for_approval_and_notice(world, approved):
    deliver(world, issue(world))
    file(world)
    scan()
    extra = make_item("XC-92")
    member = visit().team[0].inspector.user
    with pytest.raises(ItemNotPublished):
        adding.add_item(visit().id, extra.id, "现场发现二手车", member, LATER)
    world.publish_items()
    approval = adding.add_item(visit().id, extra.id, "现场发现二手车", member, LATER)
    finding = db.session.query(ItemFinding).order_by(ItemFinding.id.desc()).first()
    with pytest.raises(entry.NotApproved):
        record(finding)
    approving.approve(approval, "同意增加", world.approver, LATER)
    with pytest.raises(entry.NotNotified):
        record(finding)
    deliver(world, issue(world))
    assert len(visit().notices[-1].body["items"]) == 2
    assert record(finding) == 1


def test_r41_a_notice_that_tells_nothing_new_is_not_issued_again(world, approved):
    issue(world)
    with pytest.raises(entry.AppliedAlready):
        issue(world)


def test_the_token_of_a_notice_cannot_be_guessed(world):
    task = world.open(ppm=500_000)
    tokens = [notice.token for notice in db.session.query(VisitNotice).all()]
    assert len(set(tokens)) == len(db.session.query(Visit).filter_by(task_id=task).all())
    assert {len(token) for token in tokens} == {43}
    assert notices.notice_by_token(db.session(), tokens[0]).token == tokens[0]
    assert notices.notice_by_token(db.session(), tokens[0][:-1]) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800001234", "138****1234"),
        ("王样 13800001234、0431-85550000", "王样 138****1234、0431-85550000"),
        ("0431-12345", "0431-12345"),
        ("213800001234", "213800001234"),
    ],
)
def test_r60_mobile_numbers_are_masked_office_numbers_are_not(text, shown):
    assert masked(text) == shown


def test_r73_each_body_of_a_joint_visit_counts_on_the_notice(world):
    for _ in range(3):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-95"), make_item("JL-95", agency="A02")], ppm=250_000)
    body = visit().notices[0].body
    assert [row["agency"] for row in body["frequency"]] == ["商务局", "市场监督管理局"]
    assert len(body["team"]) == 4


def test_r41_a_member_whom_the_notice_does_not_name_needs_a_new_notice(world, approved):
    deliver(world, issue(world))
    file(world)
    scan()
    team = {member.inspector_id for member in visit().team}
    other = next(person for person in world.inspectors if person.id not in team)
    visit().team[1].inspector_id = other.id
    db.session.commit()
    with pytest.raises(entry.NotNotified):
        record()
    deliver(world, issue(world))
    assert other.name in {row["name"] for row in visit().notices[-1].body["team"]}
    assert record() == 1
