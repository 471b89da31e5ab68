"""The papers after a problem: order to rectify, letter to another agency, transfer (R62, R64, R70–R72)."""

from datetime import date

import pytest

from app.domain.vocabulary import DocumentKind, NoticeSubject, TransferAct, TransferKind, TransferState
from app.extensions import db
from app.models import Agency, AgencyNotice, CaseTransfer, RectificationOrder, TransferStep
from app.services import documents
from app.services.documents.drafts import DocumentNotReady
from tests.builders_documents import document, recorded_visit, stored, word_text


def issue(kind, subject, actor, now):
    return document(documents.issue(kind, subject, actor, now))


def with_problem(app):
    """A disclosed visit and its first finding, for whatever follows."""
    world, visit, now = recorded_visit(state="disclosed")
    return world, visit, visit.findings[0], now


def keep(row):
    db.session.add(row)
    db.session.commit()
    return row.id


def test_R64_R72_the_order_names_breach_rules_demand_deadline_and_remedies(app):
    world, visit, finding, now = with_problem(app)
    order = keep(
        RectificationOrder(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            violated_on=visit.done_on,
            facts="未在经营场所明示所售汽车价格。",
            violated_rule="《汽车销售管理办法》第十条",
            legal_basis="《中华人民共和国行政处罚法》第二十八条",
            requirement="在经营场所明示价格。",
            consequence="逾期不改正的，依法处理。",
            due_on=date(2026, 4, 21),
            ordered_at=now,
            ordered_by_id=world.planner.id,
        )
    )
    made = issue(DocumentKind.RECTIFICATION, order, world.planner, now)
    text = word_text(stored(made.word_digest))
    for words in (
        "长商责改〔2026〕1号",
        visit.enterprise.name,
        visit.enterprise.identifier,
        "未在经营场所明示所售汽车价格。",
        "《汽车销售管理办法》第十条",
        "2026年4月21日前",
        "逾期不改正的，依法处理。",
        "六十日内向长春市人民政府申请行政复议",
        *(member.inspector.certificates[0].number for member in visit.team),
    ):
        assert words in text
    db.session.get(RectificationOrder, order).due_on = date(2026, 5, 6)
    db.session.commit()
    again = issue(DocumentKind.RECTIFICATION, order, world.planner, now)
    assert "2026年5月6日前" in word_text(stored(again.word_digest))
    assert again.replaces is made


def test_R62_the_letter_to_the_market_regulator_lists_the_evidence_and_asks_for_a_reply(app):
    world, visit, finding, now = with_problem(app)
    regulator = db.session.query(Agency).filter_by(code="A02").one()
    letter = keep(
        AgencyNotice(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            receiver_id=regulator.id,
            subject=NoticeSubject.UNREACHABLE,
            facts="通过登记的住所无法联系。",
            legal_basis="《企业信息公示暂行条例》",
            evidence="现场照片；专用信函寄送凭证2份",
            sent_on=visit.done_on,
            sent_by_id=world.planner.id,
        )
    )
    made = issue(DocumentKind.AGENCY_NOTICE, letter, world.planner, now)
    text = word_text(stored(made.word_digest))
    for words in (
        "长商抄告〔2026〕1号",
        regulator.name,
        "无法联系",
        "1 | 现场照片",
        "2 | 专用信函寄送凭证2份",
        "回　　执",
    ):
        assert words in text


def transfer_to(kind, world, finding, now, *acts):
    return keep(
        CaseTransfer(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            kind=kind,
            state=TransferState.REPORTED,
            receiver="长春市公安局",
            facts="销售假冒商品，数额较大。",
            legal_basis="《行政执法机关移送涉嫌犯罪案件的规定》",
            documents="调查报告；涉案物品清单；检验报告",
            opened_at=now,
            opened_by_id=world.planner.id,
            steps=[
                TransferStep(ordinal=n, act=act, at=now, note="", by_id=world.approver.id, recorded_at=now)
                for n, act in enumerate(acts, 1)
            ],
        )
    )


def test_R70_a_transfer_to_the_police_is_printed_only_after_the_head_has_approved(app):
    world, visit, finding, now = with_problem(app)
    waiting = transfer_to(TransferKind.POLICE, world, finding, now, TransferAct.REPORT)
    with pytest.raises(DocumentNotReady):
        documents.issue(DocumentKind.TRANSFER, waiting, world.planner, now)
    acts = (TransferAct.REPORT, TransferAct.APPROVE, TransferAct.SEND)
    approved = transfer_to(TransferKind.POLICE, world, finding, now, *acts)
    made = issue(DocumentKind.TRANSFER, approved, world.planner, now)
    text = word_text(stored(made.word_digest))
    for words in (
        "涉嫌犯罪案件移送书",
        "长春市公安局",
        "批准移送",
        "收到之日起3日内",
        "调查报告",
        "涉案物品清单",
        "检验报告",
    ):
        assert words in text
    assert visit.team[0].inspector.name in text


def test_R71_a_transfer_to_another_department_asks_for_its_answer(app):
    world, _visit, finding, now = with_problem(app)
    key = transfer_to(TransferKind.AGENCY, world, finding, now, TransferAct.SEND)
    made = issue(DocumentKind.TRANSFER, key, world.planner, now)
    text = word_text(stored(made.word_digest))
    assert "案件移送函" in text
    assert "回　　执" in text
