"""Three whole visits at the size of a phone: no problem found; rectified; transferred (art. 7, 10)."""

import os
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from app.domain.vocabulary import DisclosureKind, RectificationState, TransferState, VisitState
from app.extensions import db
from app.models import ArchiveFile, CaseTransfer, Disclosure, RectificationOrder, Visit, VisitApproval
from tests.browser.handset import Handset
from tests.evidence_builders import picture
from tests.office import Office, today

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.database_plays_no_part]
ALBUM = os.environ.get("ALBUM")
"""A folder for pictures of every page on the way, to be looked at."""
LAWS = {"violated_rule": "《汽车销售管理办法》第十条", "legal_basis": "《行政处罚法》第二十八条"}
PAPER = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": picture()}


class Person(Handset):
    """Somebody of the office with a phone, who opens pages and sends their forms."""

    pictures = 0

    def go(self, path):
        answer = self.page.goto(f"{self.address}{path}")
        assert answer.ok, (path, answer.status)
        self.look()

    def send(self, action, button="", **values):
        """Fill the form that leads to `action` and press its button, as the page offers it."""
        form = self.page.locator(f"form[action$='{action}']").first
        for fold in form.locator("xpath=ancestor::details").all():
            fold.evaluate("fold => { fold.open = true; }")
        for name, value in values.items():
            self._fill(form.locator(f"[name='{name}']"), value)
        pressed = form.locator(button or "button").first
        asks = pressed.get_attribute("data-ask") or form.get_attribute("data-confirm")
        with self.page.expect_navigation():
            pressed.click(no_wait_after=True)
            if asks:
                self.page.click("#ask[open] button[value=yes]", no_wait_after=True)
        self.look()

    def fill_in(self, path, **values):
        """A form that is a page of its own."""
        self.go(path)
        form = self.page.locator("form.sheet")
        for name, value in values.items():
            self._fill(form.locator(f"[name='{name}']"), value)
        with self.page.expect_navigation():
            form.locator(".foot button").first.click(no_wait_after=True)
        self.look()

    def sees(self, words):
        assert words in self.page.inner_text("main"), words

    def look(self):
        """No page is wider than the phone; a picture of it for the album."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, (self.page.url, width)
        if ALBUM:
            Person.pictures += 1
            name = re.sub(r"\W+", "-", self.page.url.split("/", 3)[3])
            self.page.screenshot(
                path=Path(ALBUM) / f"{Person.pictures:02d}-{self.username}-{name}.png", full_page=True
            )

    @staticmethod
    def _fill(field, value):
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.first.get_attribute("type") in ("radio", "checkbox"):
            field.and_(field.page.locator(f"[value='{value}']")).check(force=True)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


class Town:
    """The office, its server, and one phone for each of its people."""

    def __init__(self, app, chromium):
        self.office = Office(app)
        self.office.disclosed(percent=30)
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.chromium, self.people = chromium, {}

    def person(self, username):
        if username not in self.people:
            self.people[username] = Person(self.chromium, self.address, username)
        return self.people[username]

    def lead(self, visit):
        return self.person(next(each for each in visit.team if each.is_lead).inspector.user.username)

    def close(self):
        for person in self.people.values():
            person.close()
        self.server.shutdown()


@pytest.fixture
def town(app, chromium):
    town = Town(app, chromium)
    yield town
    town.close()
    assert [complaint for person in town.people.values() for complaint in person.complaints] == []


def fresh(row):
    db.session.expire_all()
    return row


def before_entry(town, visit):
    """Approval, filing, notice, delivery and scan (R35, R40, R42)."""
    planner, approver, lead = town.person("planner"), town.person("approver"), town.lead(visit)
    planner.go(f"/before-entry/visits/{visit.id}")
    planner.send("/apply", opinion="拟同意，请审批。")
    key = db.session.query(VisitApproval.id).filter_by(visit_id=visit.id).scalar()
    approver.go(f"/approvals/show/{key}")
    approver.sees("本年度第 1 次")
    approver.send("/approve", decision="同意")
    planner.go(f"/before-entry/visits/{visit.id}")
    planner.send("/file", filing_no=f"长检备〔2026〕{visit.id}号")
    planner.send(
        "/notify", contact_name="王科长", contact_phone="0431-80000001", supervision_phone="0431-80000002"
    )
    lead.go(f"/visit-notices/{fresh(visit).notices[-1].id}")
    lead.send("/deliver", way="direct", received_by="前台")
    lead.go(f"/before-entry/visits/{visit.id}")
    lead.send("/scan", button="button[value=on_entry]", device="手机")


def on_the_spot(town, visit, problem="", disposal=""):
    """The form on the phone, signed and handed in (R46, R49); a problem is one of the first item."""
    lead = town.lead(visit)
    lead.open(visit.id)
    lead.look()
    for place, finding in enumerate(visit.findings):
        if problem and place == 0:
            first, second = (point.id for point in finding.task_item.version.points)
            lead.tick(finding.id, f"point-{first}", "issue")
            lead.write(finding.id, f"note-{first}", problem)
            lead.tick(finding.id, f"point-{second}", "ok")
            lead.tick(finding.id, "result", "2")
            lead.tick(finding.id, "method", "on_site")
            lead.tick(finding.id, "disposal", disposal)
            lead.write(finding.id, "problem", problem)
            lead.write(finding.id, "violation_on", str(today()))
        else:
            lead.clear_all(finding.id)
        lead.look()
        lead.complete(finding.id)
        lead.page.wait_for_selector(f"[data-finding='{finding.id}'] [data-standing].ok")
    lead.sign("enterprise/", "王经理")
    for member in visit.team:
        lead.sign(f"inspector/{member.inspector_id}")
    lead.look()
    lead.page.wait_for_selector("#hand-in:not([disabled])")
    lead.page.click("#hand-in")
    lead.page.click("#sure button[value=yes]")
    lead.page.wait_for_selector("#hand-in", state="hidden")
    assert fresh(visit).state == VisitState.UNDER_REVIEW


def review_and_disclose(town, visit):
    """Each item reviewed by the head, then published (R54)."""
    approver = town.person("approver")
    for finding in visit.findings:
        approver.go(f"/review/show/{finding.id}")
        approver.send(f"/review/{finding.id}/approve")
    approver.go("/results/")
    approver.send("/disclose")
    fresh(visit)
    assert visit.state == VisitState.DISCLOSED
    query = db.session.query(Disclosure).filter_by(kind=DisclosureKind.RESULT, subject_id=visit.id)
    assert query.count() == 1


def told(town, visit):
    """The enterprise is told of the result (R61)."""
    planner, finding = town.person("planner"), visit.findings[0].id
    planner.go(f"/findings/show/{finding}")
    planner.send(f"/result/{finding}", method="direct", recipient="王经理", place="本店")


def filed(town, visit):
    """The file of the enterprise and visit is sealed and its hashes hold (R83)."""
    clerk = town.person("planner")
    clerk.go(f"/visits/show/{visit.id}")
    clerk.send(f"/archive/visits/{visit.id}")
    kept = db.session.query(ArchiveFile).filter_by(visit_id=visit.id).one()
    assert kept.first_on <= kept.last_on
    clerk.go(f"/archive/show/{kept.id}")
    clerk.send("/check")
    clerk.sees("一致")


def test_three_visits_from_approval_to_archive(town):
    clean, rectified, transferred = db.session.query(Visit).order_by(Visit.id).all()
    problems = {clean: (), rectified: ("未明示价格", "3"), transferred: ("涉嫌合同诈骗线索", "4")}
    for visit, problem in problems.items():
        before_entry(town, visit)
        on_the_spot(town, visit, *problem)
        review_and_disclose(town, visit)
        told(town, visit)

    lead, approver = town.lead(rectified), town.person("approver")
    faulty = rectified.findings[0]
    lead.fill_in(
        f"/rectifications/order/{faulty.id}",
        violated_on=str(today()),
        due_on=str(today() + timedelta(days=10)),
        facts="未明示价格",
        requirement="明示价格",
        **LAWS,
    )
    order = db.session.query(RectificationOrder).one()
    lead.go(f"/rectifications/show/{order.id}")
    lead.send("/prove", note="价目表照片", paper=PAPER)
    lead.send("/recheck", passed="1", note="已明示价格")
    assert fresh(order).state == RectificationState.CLOSED
    approver.go(f"/findings/show/{faulty.id}")
    approver.send("/close", note="已改正，复查合格")

    faulty = transferred.findings[0]
    approver.fill_in(
        f"/transfers/open/{faulty.id}",
        kind="case_body",
        receiver="长春市商务综合行政执法支队",
        facts="涉嫌合同诈骗线索",
        legal_basis="《行政处罚法》第二十二条",
    )
    transfer = db.session.query(CaseTransfer).one()
    approver.go(f"/transfers/show/{transfer.id}")
    approver.send("/step", note="已收")
    approver.send("/step", note="已处理完毕")
    assert fresh(transfer).state == TransferState.ANSWERED
    approver.go(f"/findings/show/{faulty.id}")
    approver.send("/close", note="受移送部门已答复")

    for visit in (clean, rectified, transferred):
        filed(town, visit)
    assert {fresh(visit).state for visit in (clean, rectified, transferred)} == {VisitState.DISCLOSED}
