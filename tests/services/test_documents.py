"""文书: issued once from the records, replaced when the facts changed, voided with a reason, never rewritten."""

import hashlib
import io
from datetime import timedelta

import docx
import pytest
from sqlalchemy import select

from app.domain.vocabulary import (
    CheckMethod,
    DeliveryMethod,
    DocumentKind,
    DocumentState,
    EvidenceKind,
    FindingState,
)
from app.extensions import db
from app.models import AuditEvent, EnforcementCertificate
from app.reports.documents.sandbox import PlaceholderUnknown
from app.services import documents, evidence, visits
from app.services.disclosure import ReasonMissing
from app.services.documents import templates
from app.services.documents.drafts import DocumentNotReady, NoSuchPaper, TooFewNamed
from app.services.documents.issuing import VoidAlready
from tests.builders import World, clean
from tests.builders_documents import document, pdf_text, recorded_visit, served, stored, word_file, word_text
from tests.evidence_builders import piece
from tests.remembering import remembered


@remembered
def issue(world, kind, subject, now):
    return document(documents.issue(kind, subject, world.planner, now))


def tags():
    return list(db.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("document:"))))


def test_R49_the_record_names_firm_team_items_points_and_results(app):
    world, visit, now = recorded_visit()
    made = issue(world, DocumentKind.RECORD, visit.id, now)
    text, printed = word_text(stored(made.word_digest)), pdf_text(stored(made.pdf_digest))
    finding = visit.findings[0]
    for words in (
        made.number,
        visit.enterprise.name,
        visit.enterprise.identifier,
        visit.task.number,
        *(member.inspector.name for member in visit.team),
        *(member.inspector.certificates[0].number for member in visit.team),
        finding.task_item.version.name,
        *(point.text for point in finding.task_item.version.points),
        "☑未发现问题",
        "☑实地检查",
        "本年度第1次／上限2次",
    ):
        assert words in text
        assert words.replace(" ", "") in printed


def test_R46_R50_the_record_carries_signatures_and_lists_the_evidence(app):
    world, visit, now = recorded_visit()
    evidence.attach(visit.id, piece(kind=EvidenceKind.CERTIFICATE_SHOWN), visit.team[0].inspector.user, now)
    made = issue(world, DocumentKind.RECORD, visit.id, now)
    text = word_text(stored(made.word_digest))
    assert "亮证照片1件" in text
    assert "☑已出示行政执法证件" in text
    assert len(made.context["检查人员签字"]) == len(visit.team)
    assert made.context["单位签字"][0]["签名"]["图"] == "文件"
    images = docx.Document(io.BytesIO(stored(made.word_digest))).part.package.image_parts
    assert len(list(images)) >= 1


def test_R61_R72_the_notice_of_results_tells_results_objection_and_remedies(app):
    world, visit, now = recorded_visit(state="disclosed")
    made = issue(world, DocumentKind.RESULT, visit.id, now)
    text = word_text(stored(made.word_digest))
    for words in (
        visit.enterprise.name,
        "未发现问题",
        "六十日内向长春市人民政府申请行政复议",
        "六个月内依法向有管辖权的人民法院提起行政诉讼",
        "异议",
        "长春市商务局门户网站",
    ):
        assert words in text
    assert text.count("执法证号") >= 2


def test_R61_results_are_told_only_after_review(app):
    world, visit, now = recorded_visit()
    with pytest.raises(DocumentNotReady) as caught:
        documents.issue(DocumentKind.RESULT, visit.id, world.planner, now)
    assert caught.value.params["what"] == FindingState.REVIEWED


def test_R17_no_document_goes_out_with_fewer_than_two_certified_inspectors(app):
    world, visit, now = recorded_visit()
    person = visit.team[0].inspector
    db.session.query(EnforcementCertificate).filter_by(inspector_id=person.id).update({"is_suspended": True})
    db.session.commit()
    with pytest.raises(TooFewNamed):
        documents.issue(DocumentKind.RECORD, visit.id, world.planner, now)


def test_a_number_names_agency_kind_and_year_and_counts_from_one(app):
    world, visit, now = recorded_visit(state="reviewed")
    record = issue(world, DocumentKind.RECORD, visit.id, now)
    result = issue(world, DocumentKind.RESULT, visit.id, now)
    assert [record.number, result.number] == ["长商检录〔2026〕1号", "长商检告〔2026〕1号"]


def test_issuing_again_gives_the_same_document(app):
    world, visit, now = recorded_visit()
    first = issue(world, DocumentKind.RECORD, visit.id, now).id
    assert documents.issue(DocumentKind.RECORD, visit.id, world.planner, now + timedelta(days=1)) == first
    assert tags() == ["document:issued"]


def test_changed_facts_make_a_new_document_and_the_former_stands_as_replaced(app):
    world, visit, now = recorded_visit()
    first = issue(world, DocumentKind.RECORD, visit.id, now)
    before = stored(first.word_digest)
    finding = visit.findings[0]
    lead = visit.team[0].inspector.user
    visits.record_finding(
        finding.id, clean(finding, methods=frozenset({CheckMethod.DOCUMENT_REVIEW})), lead, now
    )
    second = issue(world, DocumentKind.RECORD, visit.id, now)
    assert second.number == "长商检录〔2026〕2号"
    assert second.replaces is first
    assert [documents.state_of(each) for each in (first, second)] == [
        DocumentState.REPLACED,
        DocumentState.STANDING,
    ]
    assert stored(first.word_digest) == before


def test_a_void_document_keeps_its_number_to_itself(app):
    world, visit, now = recorded_visit()
    first = issue(world, DocumentKind.RECORD, visit.id, now)
    documents.void(first.id, "日期有误", world.approver, now)
    second = issue(world, DocumentKind.RECORD, visit.id, now)
    assert [first.number, second.number] == ["长商检录〔2026〕1号", "长商检录〔2026〕2号"]
    assert documents.state_of(first) == DocumentState.VOID
    assert first.void.reason == "日期有误"
    assert second.replaces is None
    with pytest.raises(VoidAlready):
        documents.void(first.id, "再次", world.approver, now)


def test_voiding_needs_a_reason(app):
    world, visit, now = recorded_visit()
    first = issue(world, DocumentKind.RECORD, visit.id, now).id
    with pytest.raises(ReasonMissing):
        documents.void(first, "  ", world.approver, now)


def test_the_paper_is_kept_under_its_digest_with_what_it_says(app):
    world, visit, now = recorded_visit()
    made = issue(world, DocumentKind.RECORD, visit.id, now)
    for digest in (made.word_digest, made.pdf_digest):
        assert hashlib.sha256(stored(digest)).hexdigest() == digest
    assert made.context["文号"] == made.number
    assert made.context["被检查单位"] == visit.enterprise.name
    assert made.pages == 2 or made.pages == 1


def test_a_preview_keeps_nothing_and_takes_no_number(app):
    world, visit, now = recorded_visit()
    files = documents.preview(db.session(), DocumentKind.RECORD, visit.id, now)
    assert "（未编号）" in word_text(files.word)
    assert tags() == []
    assert issue(world, DocumentKind.RECORD, visit.id, now).serial == 1


def test_a_blank_record_leaves_room_for_the_pen(app):
    _world, visit, now = recorded_visit(state="open")
    text = word_text(documents.preview(db.session(), DocumentKind.RECORD, visit.id, now).word)
    assert "☑" not in text.replace("☑未完结", "")
    assert "签名：" in text


def test_a_paper_that_nobody_builds_is_refused(app):
    world, visit, now = recorded_visit()
    with pytest.raises(NoSuchPaper):
        documents.issue(DocumentKind.INDEX, visit.id, world.planner, now)


def test_R42_R61_a_delivery_is_proved_on_a_paper_of_its_own(app):
    world, visit, now = recorded_visit(state="disclosed")
    result = issue(world, DocumentKind.RESULT, visit.id, now)
    blank = word_text(documents.preview(db.session(), DocumentKind.DELIVERY, result.id, now).word)
    assert "☑" not in blank
    served(result)
    proof = issue(world, DocumentKind.DELIVERY, result.id, now)
    text = word_text(stored(proof.word_digest))
    for words in ("☑直接送达", "赵六", result.number, "行政检查结果告知书", visit.enterprise.name):
        assert words in text


def test_R47_a_refused_delivery_shows_reason_and_witness(app):
    world, visit, now = recorded_visit(state="disclosed")
    result = issue(world, DocumentKind.RESULT, visit.id, now)
    served(result, method=DeliveryMethod.LEFT, refusal="拒绝签收", witness="社区工作人员")
    text = word_text(documents.preview(db.session(), DocumentKind.DELIVERY, result.id, now).word)
    for words in ("☑留置送达", "拒绝签收", "社区工作人员"):
        assert words in text


def test_the_bureau_puts_its_own_template_in_place_and_takes_ours_back(app):
    world, visit, now = recorded_visit()
    own = word_file("本局自制 {{ 被检查单位 }} {{ 文号 }}")
    assert templates.replace_template(DocumentKind.RECORD, own, "自制.docx", "改版", world.planner, now) == 1
    made = issue(world, DocumentKind.RECORD, visit.id, now)
    assert word_text(stored(made.word_digest)).startswith(f"本局自制 {visit.enterprise.name}")
    assert f"本局自制{visit.enterprise.name}" in pdf_text(stored(made.pdf_digest))
    assert made.template_digest == hashlib.sha256(own).hexdigest()
    assert templates.revert_template(DocumentKind.RECORD, world.planner, now) == 2
    assert templates.current_template(db.session(), DocumentKind.RECORD)[0] is None


def test_a_new_template_alone_makes_no_new_document(app):
    world, visit, now = recorded_visit()
    first = issue(world, DocumentKind.RECORD, visit.id, now).id
    templates.replace_template(DocumentKind.RECORD, word_file("{{ 文号 }}"), "a.docx", "", world.planner, now)
    assert documents.issue(DocumentKind.RECORD, visit.id, world.planner, now) == first


def test_a_template_that_fails_on_the_sample_is_not_taken(app):
    world = World()
    with pytest.raises(PlaceholderUnknown):
        templates.replace_template(
            DocumentKind.RECORD, word_file("{{ 风险等级 }}"), "a.docx", "", world.planner, None
        )
    assert templates.current_template(db.session(), DocumentKind.RECORD)[0] is None


def test_the_papers_of_a_visit_say_what_exists_and_what_is_next(app):
    world, visit, now = recorded_visit()
    documents.issue(DocumentKind.RECORD, visit.id, world.planner, now)
    papers = {paper.kind: paper for paper in documents.papers_of(db.session(), visit.id, now)}
    assert papers[DocumentKind.RECORD].document.number == "长商检录〔2026〕1号"
    assert papers[DocumentKind.RESULT].document is None
    assert isinstance(papers[DocumentKind.RESULT].refusal, DocumentNotReady)


def test_R35_R36_R38_the_approval_form_says_what_was_asked_and_decided(app):
    world, visit, now = recorded_visit(state="open")
    approval = visit.approvals[0]
    made = issue(world, DocumentKind.APPROVAL, approval.id, now)
    text = word_text(stored(made.word_digest))
    for words in (
        "长商检审〔2026〕1号",
        visit.enterprise.name,
        visit.enterprise.identifier,
        "☑年度计划",
        "☑日常检查",
        "☑现场检查",
        "本年度第1次／上限2次",
        approval.decision,
        approval.opinion,
        approval.scheme,
        *(member.inspector.certificates[0].number for member in visit.team),
        *(str(basis) for basis in visit.findings[0].task_item.version.bases),
    ):
        assert words in text


def test_R41_R42_the_notice_tells_every_item_team_and_contact_once(app):
    world, visit, now = recorded_visit(state="open")
    told = visit.notices[-1]
    made = issue(world, DocumentKind.NOTICE, told.id, now)
    text = word_text(stored(made.word_digest))
    for words in (
        "长商检通〔2026〕1号",
        visit.enterprise.name,
        visit.task.number,
        "本年度第1次／上限2次",
        told.contact_name,
        told.contact_phone,
        told.supervision_phone,
        *(finding.task_item.version.name for finding in visit.findings),
        *(str(basis) for finding in visit.findings for basis in finding.task_item.version.bases),
        *(member.inspector.certificates[0].number for member in visit.team),
        "申请其回避",
        "有权拒绝检查",
    ):
        assert words in text
    assert documents.issue(DocumentKind.NOTICE, told.id, world.planner, now + timedelta(days=1)) == made.id


def test_R42_the_delivery_of_a_notice_is_taken_from_its_record(app):
    world, visit, now = recorded_visit(state="open")
    notice = documents.issue(DocumentKind.NOTICE, visit.notices[-1].id, world.planner, now)
    proof = issue(world, DocumentKind.DELIVERY, notice, now)
    text = word_text(stored(proof.word_digest))
    for words in ("☑直接送达", visit.notices[-1].delivery.received_by, "长商检通〔2026〕1号"):
        assert words in text
