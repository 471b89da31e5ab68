"""A visit on the phone at 360 × 740: online, offline, two inspectors, and the network cut twenty times."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from app.domain.vocabulary import FindingState, ResultCode, VisitState
from app.extensions import db
from app.models import Attachment, FindingRecord, Signature, Visit, VisitEntry
from tests.browser.handset import Handset
from tests.browser.wire import Server, Wire
from tests.builders import World, make_inspector, make_item
from tests.conftest import empty_tables
from tests.evidence_builders import picture

pytestmark = pytest.mark.browser
CUTS = 20


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def visit(app):
    World(enterprises=4, inspectors=3).open(versions=[make_item("XC-51", points=3)], ppm=250_000)
    return db.session.query(Visit).one()


def team(visit):
    return [member.inspector.user.username for member in visit.team]


@pytest.fixture
def phone(chromium, address, visit):
    handset = Handset(chromium, address, team(visit)[0])
    handset.open(visit.id)
    yield handset
    handset.close()
    assert handset.complaints == []


def entries():
    db.session.expire_all()
    return list(db.session.scalars(select(VisitEntry).order_by(VisitEntry.id)))


def said():
    """What the server has, as (field, value), each as often as it is kept."""
    return Counter((entry.field, entry.value) for entry in entries())


def points(visit):
    return [point.id for point in visit.findings[0].task_item.version.points]


def sign_all(phone, visit):
    phone.sign("enterprise/", "王经理")
    for member in visit.team:
        phone.sign(f"inspector/{member.inspector_id}")


def hand_in(phone):
    phone.page.wait_for_selector("#hand-in:not([disabled])")
    phone.page.click("#hand-in")
    phone.page.click("#sure button[value=yes]")
    phone.page.wait_for_selector("#hand-in", state="hidden")


def test_a_whole_visit_online(phone, visit):
    finding = visit.findings[0].id
    assert visit.findings[0].state == FindingState.UNCHECKED
    phone.clear_all(finding)
    phone.write(finding, f"note-{points(visit)[0]}", "现场一致")
    phone.page.set_input_files(
        f"[data-file-point='{points(visit)[1]}']",
        {"name": "门头.jpg", "mimeType": "image/jpeg", "buffer": picture()},
    )
    phone.complete(finding)
    phone.page.wait_for_selector("[data-standing].ok")
    sign_all(phone, visit)
    hand_in(phone)
    db.session.expire_all()
    assert visit.state == VisitState.UNDER_REVIEW
    kept = db.session.query(Attachment).one()
    assert (kept.point_id, kept.latitude, kept.name) == (points(visit)[1], 43.88, "门头.jpg")
    assert db.session.query(Signature).count() == 3
    assert {row.code for row in visit.findings[0].latest.results} == {ResultCode.NO_ISSUE}


def test_r47_a_refusal_needs_its_reason(phone, visit):
    finding = visit.findings[0].id
    phone.clear_all(finding)
    phone.complete(finding)
    phone.page.wait_for_selector("[data-standing].ok")
    phone.page.click("[data-refuse]")
    phone.page.click("[data-keep-refusal]")
    assert phone.page.inner_text("#refusal .error")
    phone.page.fill("#refusal-reason", "对检查内容有异议")
    phone.page.fill("#refusal-witness", "社区工作人员")
    phone.page.click("[data-keep-refusal]")
    for member in visit.team:
        phone.sign(f"inspector/{member.inspector_id}")
    hand_in(phone)
    refused = db.session.query(Signature).filter(Signature.refusal.is_not(None)).one()
    assert (refused.refusal, refused.witness) == ("对检查内容有异议", "社区工作人员")


def test_r53_some_results_stand_alone(phone, visit):
    finding = visit.findings[0].id
    phone.tick(finding, "result", "2")
    results = phone.slot(finding, "result")
    assert results.locator("input[value='1']").is_disabled()
    assert phone.page.locator("[data-when=breach]").is_visible()
    results.locator("input[value='2']").uncheck(force=True)
    phone.tick(finding, "result", "1")
    enabled = results.locator("input:not([disabled])").evaluate_all("boxes => boxes.map(box => box.value)")
    assert enabled == ["1"]


def test_r15_an_expired_certificate_blocks_with_the_name(phone, visit):
    person = visit.team[1].inspector
    person.certificates[0].valid_to = visit.planned_on - timedelta(days=1)
    db.session.commit()
    finding = visit.findings[0].id
    phone.clear_all(finding)
    phone.wait_sent()
    phone.complete(finding)
    phone.page.wait_for_selector("[data-fault]:visible")
    assert person.name in phone.page.inner_text("[data-fault]")
    phone.wait_sent()
    assert db.session.query(FindingRecord).count() == 0
    assert len(entries()) == 5


def test_a_whole_visit_without_a_network_arrives_when_it_is_back(phone, visit):
    finding = visit.findings[0].id
    phone.page.wait_for_timeout(500)
    phone.context.set_offline(True)
    phone.page.wait_for_selector("#net:visible")
    phone.clear_all(finding)
    phone.write(finding, f"note-{points(visit)[2]}", "台账齐全")
    phone.page.set_input_files(
        "#file-choose", {"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG")}
    )
    phone.page.wait_for_selector("#files canvas")
    phone.complete(finding)
    sign_all(phone, visit)
    phone.page.wait_for_selector("[data-standing].run")
    assert entries() == []
    waiting = Counter(item["kind"] for item in phone.outbox())
    assert waiting == {"entry": 7, "complete": 1, "signature": 3, "file": 1}
    phone.context.set_offline(False)
    phone.wait_sent()
    assert phone.outbox() == []
    assert len(entries()) == 7
    assert (db.session.query(Attachment).count(), db.session.query(Signature).count()) == (1, 3)
    hand_in(phone)
    db.session.expire_all()
    assert visit.state == VisitState.UNDER_REVIEW


def test_the_page_opens_without_a_network_and_shows_what_waits(chromium, phone, visit):
    finding = visit.findings[0].id
    phone.page.goto(f"{phone.address}/phone/")
    phone.page.wait_for_selector("#carried:not(:empty)")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    phone.context.set_offline(True)
    phone.page.click("[data-carry]")
    phone.ready()
    phone.write(finding, f"note-{points(visit)[0]}", "断网时写的")
    phone.page.wait_for_selector("#saved:not([data-unsent='0'])")
    phone.page.reload()
    phone.ready()
    assert phone.slot(finding, f"note-{points(visit)[0]}").locator("input").input_value() == "断网时写的"
    phone.context.set_offline(False)
    phone.wait_sent()
    assert said() == {(f"note-{points(visit)[0]}", "断网时写的"): 1}


def test_a_session_that_ran_out_leads_to_the_sign_in_and_sending_goes_on(phone, visit):
    finding = visit.findings[0].id
    phone.context.clear_cookies()
    phone.write(finding, f"note-{points(visit)[0]}", "会话已失效")
    phone.page.wait_for_selector("#net a")
    assert entries() == []
    phone.page.click("#net a")
    phone.page.fill("#username", phone.username)
    phone.page.fill("#password", "Sunny-Harbour-42")
    phone.page.click("button.primary")
    phone.page.wait_for_url("**/phone/visits/*")
    phone.ready()
    phone.wait_sent()
    assert said() == {(f"note-{points(visit)[0]}", "会话已失效"): 1}


def test_signing_out_warns_and_leaves_nothing_on_the_device(phone, visit):
    finding = visit.findings[0].id
    phone.page.route("**/entries", lambda route: route.abort())
    phone.write(finding, f"note-{points(visit)[0]}", "未送出")
    phone.page.wait_for_selector("#saved:not([data-unsent='0'])")
    phone.page.goto(f"{phone.address}/phone/")
    phone.page.click("details.menu summary")
    phone.page.wait_for_selector("form[data-confirm]")
    phone.page.click("form[data-sign-out] button")
    assert "1" in phone.page.inner_text("#ask-text")
    phone.page.click("#ask button[value=yes]")
    phone.page.wait_for_url("**/login/")
    names = "async () => [(await indexedDB.databases()).map(each => each.name), await caches.keys()]"
    phone.page.wait_for_timeout(300)
    assert phone.page.evaluate(names) == [[], []]


def test_another_account_does_not_send_what_it_did_not_type(chromium, phone, visit):
    finding = visit.findings[0].id
    phone.page.route("**/entries", lambda route: route.abort())
    phone.write(finding, f"note-{points(visit)[0]}", "第一人写的")
    phone.page.wait_for_selector("#saved:not([data-unsent='0'])")
    phone.context.clear_cookies()
    phone.page.unroute("**/entries")
    phone.username = team(visit)[1]
    phone.sign_in()
    phone.open(visit.id)
    phone.page.wait_for_selector("#net:visible")
    phone.write(finding, f"note-{points(visit)[1]}", "第二人写的")
    phone.wait_sent()
    assert [entry.value for entry in entries()] == ["第二人写的"]
    assert [item["body"]["value"] for item in phone.outbox()] == ["第一人写的"]


def test_r49_two_inspectors_on_one_form_lose_nothing_and_choose(chromium, address, phone, visit):
    finding = visit.findings[0].id
    other = Handset(chromium, address, team(visit)[1])
    other.open(visit.id)
    field = f"note-{points(visit)[0]}"
    other.context.set_offline(True)
    phone.write(finding, field, "甲：未见原件")
    phone.wait_sent()
    other.write(finding, field, "乙：已看原件")
    other.context.set_offline(False)
    other.page.wait_for_selector(".rival")
    assert "甲：未见原件" in other.slot(finding, field).inner_text()
    assert other.slot(finding, field).locator("input").input_value() == "乙：已看原件"
    phone.page.reload()
    phone.ready()
    assert "乙：已看原件" in phone.page.inner_text(".rival")
    phone.page.click(".rival button >> nth=0")
    phone.page.wait_for_selector(".rival", state="detached")
    phone.wait_sent()
    assert phone.slot(finding, field).locator("input").input_value() == "乙：已看原件"
    assert [entry.value for entry in entries()] == ["甲：未见原件", "乙：已看原件", "乙：已看原件"]
    other.close()


def test_r49_the_other_department_is_read_and_not_filled_in(app, chromium, address):
    world = World(enterprises=4, inspectors=2)
    for _ in range(2):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-52"), make_item("JL-52", agency="A02")], ppm=250_000)
    visit = db.session.query(Visit).one()
    own = next(member.inspector for member in visit.team if member.inspector.agency.code == "A02")
    handset = Handset(chromium, address, own.user.username)
    handset.open(visit.id)
    open_ = {
        finding.agency.code: not handset.page.locator(
            f"[data-finding='{finding.id}'] fieldset.whole"
        ).evaluate("part => part.disabled")
        for finding in visit.findings
    }
    assert open_ == {"A01": False, "A02": True}
    first = handset.page.locator("[data-finding]").first.get_attribute("data-finding")
    assert int(first) == next(finding.id for finding in visit.findings if finding.agency.code == "A02")
    handset.close()


def test_no_picture_and_no_script_is_taken(phone):
    files = [
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"hello"},
        {"name": "b.png", "mimeType": "image/png", "buffer": picture("PNG") + b"<script>x</script>"},
        {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": picture()},
    ]
    phone.page.set_input_files("#file-choose", files)
    phone.page.wait_for_selector("#refused .btn >> nth=3")
    assert "a.jpg" in phone.page.inner_text("#refused")
    assert "b.png" in phone.page.inner_text("#refused")
    phone.page.wait_for_selector("#files img")
    assert [kept.name for kept in db.session.query(Attachment)] == ["c.jpg"]
    phone.page.click("#refused .btn >> nth=1")
    phone.page.wait_for_selector("#refused .btn >> nth=2", state="detached")


@pytest.mark.parametrize("path", ["/phone/", "/phone/visits/{visit}"])
def test_r91_the_phone_has_no_barrier(chromium, address, visit, path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe package installed")
    handset = Handset(chromium, address, team(visit)[0], bypass_csp=True)
    handset.page.goto(address + path.format(visit=visit.id))
    handset.page.wait_for_timeout(500)
    for fold in handset.page.locator("main details").all():
        fold.evaluate("fold => { fold.open = true; }")
    found = axe.Axe().run(handset.page).response["violations"]
    wide = handset.page.evaluate("() => document.documentElement.scrollWidth")
    small = handset.page.evaluate(TOO_SMALL)
    handset.close()
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert wide <= 360
    assert small == []


TOO_SMALL = """() => [...document.querySelectorAll(
    ".phone button, .phone .btn, .phone .seg label, .phone .box, .phone select, .phone input.form-control, .cards .btn")]
  .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44).map(each => each.outerHTML.slice(0, 80))"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_the_network_is_cut_twenty_times_and_the_server_killed(app, chromium, tmp_path, visit, seed):
    """Every value that was typed stands on the server exactly once, in the order of typing."""
    chance = random.Random(seed)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    finding, fields, number, username = visit.findings[0].id, points(visit), visit.id, team(visit)[0]
    db.session.remove()
    server = Server(url, tmp_path)
    wire = Wire(server.port)
    handset = Handset(chromium, wire.address, username)
    handset.open(number)
    storm = Storm(handset, wire, server, chance, finding, fields)
    for turn in range(CUTS):
        storm.pass_over(turn)
    assert wire.cuts + server.kills >= CUTS
    assert server.kills >= 3
    handset.wait_sent(90_000)
    left = handset.outbox()
    handset.close()
    wire.close()
    server.kill()
    assert left == []
    assert [(entry.field, entry.value) for entry in entries()] == storm.typed
    assert sorted(kept.name for kept in db.session.query(Attachment)) == sorted(storm.shots)
    db.session.remove()
    empty_tables()


class Storm:
    """An inspector types and photographs while the network goes at some byte, or the server dies."""

    def __init__(self, handset, wire, server, chance, finding, fields):
        self.handset, self.wire, self.server, self.chance = handset, wire, server, chance
        self.finding, self.fields = finding, fields
        self.typed, self.shots = [], []

    def pass_over(self, turn):
        killing = self.interrupt(
            "kill" if turn % 5 == 2 else self.chance.choice(["now", "bytes", "bytes", "offline"])
        )
        for step in range(self.chance.randint(1, 4)):
            self.type(f"第{turn}次断网第{step}条")
            if self.chance.random() < 0.3:
                self.photograph()
            self.pause(400)
        if killing:
            killing.join()
        elif self.wire.is_up:
            self.wire.cut()
        self.pause(300)
        self.mend()

    def type(self, text):
        field = f"note-{self.chance.choice(self.fields)}"
        self.handset.write(self.finding, field, text)
        self.typed.append((field, text))

    def photograph(self):
        name = f"{len(self.shots)}.jpg"
        content = picture(tint=(self.chance.randrange(256), len(self.shots), 9))
        file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        self.handset.page.set_input_files("#file-choose", file)
        self.shots.append(name)

    def interrupt(self, act):
        if act == "now":
            self.wire.cut()
        elif act == "bytes":
            self.wire.cut_after(self.chance.randint(1, 6000))
        elif act == "offline":
            self.handset.context.set_offline(True)
        else:
            killing = threading.Timer(self.chance.random() * 0.6, self.server.kill)
            killing.start()
            return killing
        return None

    def mend(self):
        self.handset.context.set_offline(False)
        if self.server.process.poll() is not None:
            self.server.start()
        self.wire.mend()
        self.handset.kick()
        if self.chance.random() < 0.3:
            self.pause(300)
            self.handset.page.reload()
            self.handset.ready()

    def pause(self, longest):
        self.handset.page.wait_for_timeout(self.chance.randint(0, longest))
