"""The pages of the phone: who may open them, what they answer, how files are served (R33, R49, R50, R52, R96)."""

import base64
import io
import json
from datetime import date

import pytest

from app.domain.vocabulary import EvidenceKind
from app.extensions import db
from app.models import Attachment, EvidenceHold, Signature, Visit, VisitEntry
from app.security import roles
from app.services import evidence, visits
from tests.builders import NOW, World, clean, make_item, make_user
from tests.evidence_builders import STROKES, make_ready, mark, picture, piece
from tests.views.pages import enter, messages, visible_text


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=4)


@pytest.fixture
def visit(world):
    world.open(versions=[make_item("XC-61", name="单用途预付卡管理")], ppm=250_000)
    return db.session.query(Visit).one()


@pytest.fixture
def member(app, visit):
    return enter(app, visit.team[0].inspector.user.username)


@pytest.fixture
def stranger(app, world, visit):
    team = {each.inspector_id for each in visit.team}
    return enter(app, next(person for person in world.inspectors if person.id not in team).user.username)


def entry(visit, field="problem", value="缺台账", **values):
    given = {"id": mark(), "finding": visit.findings[0].id, "field": field, "value": value, "seen": 0}
    return given | {"at": "2026-04-01T02:00:00Z"} | values


def send(client, visit, *entries):
    return client.post(f"/phone/visits/{visit.id}/entries", json={"entries": list(entries)})


def upload(client, visit, content=None, name="现场.jpg", **values):
    given = {"id": mark(), "kind": "scene", "at": "2026-04-01T02:00:00Z", "finding": "", **values}
    file = (io.BytesIO(picture() if content is None else content), name)
    return client.post(f"/phone/visits/{visit.id}/files", data={**given, "file": file})


def test_the_own_visits_lead_to_the_phone(member, stranger, visit):
    assert f"/phone/visits/{visit.id}" in member.get("/phone/").text
    assert f"/phone/visits/{visit.id}" not in stranger.get("/phone/").text


@pytest.mark.parametrize("path", ["", "/state"])
def test_r49_only_the_team_opens_the_form(app, stranger, visit, path):
    assert stranger.get(f"/phone/visits/{visit.id}{path}").status_code == 404
    assert enter(app, "approver").get(f"/phone/visits/{visit.id}{path}").status_code == 403


def test_r49_only_the_team_sends(stranger, visit):
    assert send(stranger, visit, entry(visit)).status_code == 404
    assert upload(stranger, visit).status_code == 404
    for step in ("signatures", "holds", "submit", f"findings/{visit.findings[0].id}/complete"):
        assert stranger.post(f"/phone/visits/{visit.id}/{step}", json={"seen": 0}).status_code in (400, 404)
    assert db.session.query(VisitEntry).count() + db.session.query(Attachment).count() == 0


def test_an_answer_carries_the_whole_state(member, visit):
    answer = send(member, visit, entry(visit), entry(visit, "result", "2")).get_json()
    fields = answer["findings"][str(visit.findings[0].id)]["fields"]
    assert (fields["problem"]["v"], fields["result"]["v"]) == ("缺台账", "2")
    assert answer["findings"][str(visit.findings[0].id)]["state"] == "unchecked"
    assert member.get(f"/phone/visits/{visit.id}/state").get_json() == answer


def test_a_refusal_is_a_sentence_with_the_mark_of_the_entry(member, visit):
    wrong = entry(visit, "point-999")
    answer = send(member, visit, entry(visit), wrong)
    assert answer.status_code == 422
    assert answer.get_json()["mark"] == wrong["id"]
    assert "point-999" in answer.get_json()["refused"]


@pytest.mark.parametrize(
    "values",
    [
        {"id": "x"},
        {"id": "../../../etc"},
        {"finding": "a"},
        {"at": "gestern"},
        {"value": 7},
        {"value": "a\x00"},
        {"seen": -1},
    ],
)
def test_what_makes_no_sense_is_a_bad_request(member, visit, values):
    assert send(member, visit, entry(visit, **values)).status_code == 400
    assert db.session.query(VisitEntry).count() == 0


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"entries": 5}', '{"entries": [5]}', "\x00"])
def test_a_body_that_is_none_is_a_bad_request(member, visit, body):
    answer = member.post(f"/phone/visits/{visit.id}/entries", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_r51_the_page_asks_the_points_of_the_frozen_version(member, visit):
    page = member.get(f"/phone/visits/{visit.id}").text
    for point in visit.findings[0].task_item.version.points:
        assert f'data-slot="point-{point.id}"' in page
        assert point.text in page


def test_r96_a_card_check_says_that_identity_papers_are_not_copied(member, visit):
    assert "不抄录、不拍摄购卡人的身份证件" in visible_text(member.get(f"/phone/visits/{visit.id}").text)


def test_the_scripts_of_the_page_pass_the_policy(member, visit):
    answer = member.get(f"/phone/visits/{visit.id}")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "style=" not in answer.text
    worker = member.get("/phone/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in worker.headers


def test_a_name_in_the_data_of_the_page_ends_no_script(member, visit):
    send(member, visit, entry(visit, value="</script><script>alert(1)</script>"))
    assert "<script>alert" not in member.get(f"/phone/visits/{visit.id}").text


def test_r50_a_file_comes_back_as_it_was_to_be_saved_not_shown(app, member, stranger, visit):
    content = picture()
    assert upload(member, visit, content, latitude="43.8", longitude="125.3", accuracy="9").status_code == 200
    address = f"/phone/visits/{visit.id}/files/1"
    for client in (member, enter(app, "approver")):
        answer = client.get(address)
        assert answer.data == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert client.get(f"{address}/small").mimetype == "image/jpeg"
    for path in (address, f"{address}/small", f"/phone/visits/{visit.id + 1}/files/1"):
        assert stranger.get(path).status_code == 404
    assert app.test_client().get(address).status_code == 302


def test_r73_another_department_sees_no_files_of_visits_that_are_not_its_own(app, member, visit):
    make_user("partner", roles.APPROVER, agency="A02")
    upload(member, visit)
    assert enter(app, "partner").get(f"/phone/visits/{visit.id}/files/1").status_code == 404


@pytest.mark.parametrize("content", [b"hello", b"<svg onload='x()'/>", picture() + b"<script>"])
def test_what_is_no_evidence_is_refused_with_a_sentence(member, visit, content):
    answer = upload(member, visit, content)
    assert answer.status_code == 422
    assert answer.get_json()["refused"].endswith("。")


@pytest.mark.parametrize(
    "values",
    [
        {"latitude": "x", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
        {"latitude": "nan", "longitude": "1"},
    ],
)
def test_a_place_that_is_none_is_left_out(member, visit, values):
    assert upload(member, visit, **values).status_code == 200
    assert db.session.query(Attachment).one().latitude is None


def recorded(visit):
    for finding in visit.findings:
        visits.record_finding(
            finding.id, clean(finding, checked_on=NOW.date()), visit.team[0].inspector.user, NOW
        )


def test_r47_a_signature_and_a_refusal_by_the_phone(member, visit):
    recorded(visit)
    number = str(visit.findings[0].id)
    fields = member.get(f"/phone/visits/{visit.id}/state").get_json()["findings"][number]["fields"]
    said = {number: {name: value["v"] for name, value in fields.items()}}
    given = {"id": mark(), "role": "inspector", "inspector": visit.team[0].inspector_id, "form": said}
    given |= {
        "at": "2026-04-01T03:00:00Z",
        "strokes": STROKES,
        "picture": base64.b64encode(picture("PNG")).decode(),
    }
    answer = member.post(f"/phone/visits/{visit.id}/signatures", json=given)
    assert answer.get_json()["signatures"][0]["holds"] is True
    refusal = {"id": mark(), "role": "enterprise", "form": said, "at": "2026-04-01T03:00:00Z", "refusal": " "}
    assert member.post(f"/phone/visits/{visit.id}/signatures", json=refusal).status_code == 422
    refusal["refusal"] = "不在场"
    answer = member.post(f"/phone/visits/{visit.id}/signatures", json=refusal | {"id": mark()})
    assert answer.status_code == 200
    assert db.session.query(Signature).count() == 2


def test_the_desk_shows_the_index_of_what_was_collected(app, member, visit):
    recorded(visit)
    evidence.attach(
        visit.id, piece(kind=EvidenceKind.MATERIAL, name="台账.jpg"), visit.team[0].inspector.user, NOW
    )
    page = visible_text(member.get(f"/visits/show/{visit.id}").text)
    assert "台账.jpg" in page
    assert "暂不能交表" in page
    make_ready(visit)
    page = member.get(f"/visits/show/{visit.id}").text
    assert db.session.query(Attachment).first().digest in page
    assert "暂不能交表" not in page


def test_r52_a_decision_is_noted_on_the_desk_once(member, visit):
    given = {"id": mark(), "what": "台账两册", "held_on": "2026-04-01"}
    assert member.post(f"/phone/visits/{visit.id}/holds", json=given).status_code == 200
    held = db.session.query(EvidenceHold).one()
    address = f"/phone/visits/{visit.id}/holds/{held.id}/decide"
    for expected in ("处理决定已登记。", "处理决定已经登记过了。"):
        member.post(address, data={"outcome": "返还", "decided_on": "2026-04-03"})
        assert messages(member.get(f"/visits/show/{visit.id}")) == [expected]
    db.session.expire_all()
    assert held.decision.decided_on == date(2026, 4, 3)


def test_handing_in_says_what_is_missing(member, visit):
    recorded(visit)
    answer = member.post(f"/phone/visits/{visit.id}/submit")
    assert answer.status_code == 422
    assert "签字" in answer.get_json()["refused"]
    make_ready(visit)
    assert member.post(f"/phone/visits/{visit.id}/submit").get_json()["mayHandIn"] is False


def test_signing_out_clears_what_the_device_kept(member):
    assert member.post("/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_the_sentences_of_the_scripts_are_chinese(member, visit):
    page = member.get(f"/phone/visits/{visit.id}").text
    data = json.loads(page.partition('id="page-data">')[2].partition("</script>")[0])
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in data["words"].values())


def test_r49_the_desk_shows_what_was_typed_on_the_spot(member, visit):
    point = visit.findings[0].task_item.version.points[0].id
    newest = send(member, visit, entry(visit, f"note-{point}", "现场已看原件")).get_json()["cursor"]
    page = member.get(f"/visits/show/{visit.id}").text
    assert 'value="现场已看原件"' in page
    assert f'name="rests_on" value="{newest}"' in page
