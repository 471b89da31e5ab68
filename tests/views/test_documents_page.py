"""Documents on the pages: issued from the visit, read, delivered, voided; templates replaced; rows guarded."""

import io

import pytest

from app.domain.vocabulary import DocumentKind
from app.extensions import db
from app.models import IssuedDocument, Visit
from app.security import roles
from app.services import documents, visits
from tests.builders import clean, make_inspector, make_user
from tests.builders_documents import recorded_visit, served, word_file, word_text
from tests.views.pages import enter, messages


@pytest.fixture
def world(app):
    world, world.visit, world.moment = recorded_visit(state="disclosed")
    return world


@pytest.fixture
def document(world):
    return documents.issue(DocumentKind.RESULT, world.visit.id, world.planner, world.moment)


def test_the_page_of_a_visit_offers_its_documents(app, world):
    page = enter(app, "planner").get(f"/visits/show/{world.visit.id}").text
    for words in ("行政检查审批表", "现场检查记录（一企一表）", "行政检查结果告知书", "可以制作"):
        assert words in page


def test_a_document_is_issued_once_and_read_as_word_and_pdf(app, world):
    client = enter(app, "planner")
    address = f"/documents/issue/record/{world.visit.id}"
    first, second = client.post(address), client.post(address)
    assert first.location == second.location
    made = db.session.query(IssuedDocument).one()
    assert world.visit.enterprise.name in word_text(client.get(f"/documents/{made.id}/word").data)
    pdf = client.get(f"/documents/{made.id}/pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.mimetype == "application/pdf"
    assert made.number in client.get(first.location).text


def test_a_preview_has_no_number_and_leaves_nothing(app, world):
    client = enter(app, "planner")
    found = client.get(f"/documents/preview/record/{world.visit.id}/word")
    assert "（未编号）" in word_text(found.data)
    assert client.get(f"/documents/preview/record/{world.visit.id}/pdf").data.startswith(b"%PDF")
    assert db.session.query(IssuedDocument).count() == 0


def test_what_is_not_ready_says_why(app, world):
    task = world.open()
    visit = db.session.query(Visit).filter_by(task_id=task).first()
    visits.record_finding(
        visit.findings[0].id, clean(visit.findings[0]), visit.team[0].inspector.user, world.moment
    )
    answer = enter(app, "planner").post(f"/documents/issue/result/{visit.id}", follow_redirects=True)
    assert messages(answer) == ["《行政检查结果告知书》须在“审核通过”之后制作。"]


@pytest.mark.parametrize("kind", ["nonsense", "index"])
def test_an_unknown_document_is_not_found(app, world, kind):
    assert enter(app, "planner").post(f"/documents/issue/{kind}/{world.visit.id}").status_code in (302, 404)
    assert db.session.query(IssuedDocument).count() == 0


def test_only_the_approver_voids_and_with_a_reason(app, document):
    assert enter(app, "planner").post(f"/documents/{document}/void", data={"reason": "有误"}).status_code in (
        302,
        403,
    )
    assert db.session.get(IssuedDocument, document).void is None
    client = enter(app, "approver")
    client.post(f"/documents/{document}/void", data={"reason": ""})
    assert db.session.get(IssuedDocument, document).void is None
    client.post(f"/documents/{document}/void", data={"reason": "日期有误"})
    db.session.expire_all()
    assert db.session.get(IssuedDocument, document).void.reason == "日期有误"
    assert "日期有误" in client.get(f"/documents/show/{document}").text


def test_R61_a_delivery_on_record_shows_on_visit_and_document(app, document, world):
    client = enter(app, "planner")
    assert "已送达" not in client.get(f"/visits/show/{world.visit.id}").text.split("行政检查结果告知书")[1]
    served(db.session.get(IssuedDocument, document))
    page = client.get(f"/visits/show/{world.visit.id}").text
    assert "送达回证" in page
    assert "已送达" in page.split("行政检查结果告知书")[1]
    assert "赵六" in client.get(f"/documents/show/{document}").text


def test_an_inspector_sees_the_documents_of_own_visits_only(app, world, document):
    own = world.visit.team[0].inspector.staff_no.lower()
    other = make_inspector().staff_no.lower()
    assert enter(app, own).get(f"/documents/{document}/word").status_code == 200
    stranger = enter(app, other)
    for address in (
        f"/documents/{document}/word",
        f"/documents/{document}/pdf",
        f"/documents/show/{document}",
    ):
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"/documents/preview/record/{world.visit.id}/word").status_code == 404
    assert stranger.post(f"/documents/issue/record/{world.visit.id}").status_code == 404


def test_another_department_sees_only_what_concerns_it(app, document):
    make_user("foreign", roles.PLANNER, "A02")
    assert enter(app, "foreign").get(f"/documents/show/{document}").status_code == 404


def template(client, content, name="自制.docx"):
    data = {"file": (io.BytesIO(content), name), "note": "改版"}
    return client.post("/document-templates/record/replace", data=data, follow_redirects=True)


def test_the_bureau_replaces_a_template_and_reverts(app, world):
    client = enter(app, "planner")
    assert messages(template(client, word_file("本局自制 {{ 被检查单位 }}"))) == [
        "模板经样例试填通过，已启用。"
    ]
    page = client.get("/document-templates/record").text
    assert "自制.docx" in page
    assert "改版" in page
    assert "本局自制" in word_text(client.get("/document-templates/record/file").data)
    assert client.get("/document-templates/record/sample").data.startswith(b"%PDF")
    client.post("/document-templates/record/revert")
    assert "现场检查记录" in word_text(client.get("/document-templates/record/file").data)
    assert "本局自制" in word_text(client.get("/document-templates/record/file?version=1").data)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no word file", "模板只能是不含宏的 Word 文档（.docx）。"),
        (word_file("{{ 风险等级 }}"), "该文书没有“风险等级”这个字段。"),
        (word_file("{{ 机关.upper() }}"), "模板中只能引用字段、逐项重复和按条件显示；发现：Call"),
    ],
    ids=["not word", "unknown field", "code"],
)
def test_a_template_that_will_not_do_is_refused_with_its_reason(app, world, content, sentence):
    answer = template(enter(app, "planner"), content)
    assert messages(answer) == [sentence]
    assert "自制.docx" not in answer.text


def test_every_field_of_a_document_is_listed_with_an_example(app, world):
    page = enter(app, "planner").get("/document-templates/notice").text
    for words in ("{{ 被检查单位 }}", "检查事项.依据", "长春市样例商贸有限公司"):
        assert words in page


def test_an_inspector_has_no_business_with_templates(app, world):
    own = enter(app, world.visit.team[0].inspector.staff_no.lower())
    assert "文书模板" not in own.get("/").text
    own.post("/document-templates/record/revert")
    assert enter(app, "planner").get("/document-templates/record").text.count("自制.docx") == 0
