"""The pages of sources, conflicts and history: what a clerk sees and may decide (R13)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.provenance import STATEABLE
from app.models import Enterprise, EnterpriseChange, SourceClaim, SourceDissent
from app.security.roles import PLANNER, ROSTER_CLERK
from app.services import sources
from app.services.setup import ensure_vocabularies
from app.services.sources import PUBLICITY
from tests.corpus_rosters import NOW, code, csv_bytes, load


@pytest.fixture
def disputed(app, session, tmp_path):
    ensure_vocabularies()
    for name, source in (("甲公司", ""), ("乙公司", PUBLICITY)):
        row = (code(1), name, "存续", "220104", "同志街1号")
        load(tmp_path, csv_bytes([row]), source=source, now=NOW + timedelta(days=bool(source)))
    return session


def key_of(session, code):
    return next(each.id for each in sources.sources_in_order(session) if each.code == code)


def dissent_id(session):
    return session.scalars(select(SourceDissent.id)).one()


def name_of(session):
    session.expire_all()
    return session.scalars(select(Enterprise.name)).one()


def test_R13_the_page_of_sources_shows_coverage_and_conflicts(disputed, sign_in):
    page = sign_in(PLANNER).get("/roster-sources/").text
    assert "市法人库" in page
    assert "市法人库 + 国家企业信用信息公示系统（吉林）" in page
    assert "100.0%" in page
    assert "保存次序" not in page


def test_R13_the_clerk_sets_the_order_on_the_page(disputed, sign_in):
    every = sources.sources_in_order(disputed)
    first = key_of(disputed, PUBLICITY)
    form = {
        f"{field.value}-{source.id}": "1" if source.id == first else "2"
        for field in STATEABLE
        for source in every
    }
    page = sign_in(ROSTER_CLERK).post("/roster-sources/order", data=form, follow_redirects=True).text
    assert "已调整次序" in page
    assert name_of(disputed) == "乙公司"


def test_an_order_with_a_hole_is_refused(disputed, sign_in):
    assert sign_in(ROSTER_CLERK).post("/roster-sources/order", data={}).status_code == 400


def test_R13_a_conflict_is_listed_and_decided(disputed, sign_in):
    client = sign_in(ROSTER_CLERK)
    listed = client.get("/roster-conflicts/list/").text
    assert "甲公司" in listed
    assert "乙公司" in listed
    pk = dissent_id(disputed)
    page = client.get(f"/roster-conflicts/show/{pk}").text
    assert "现采信" in page
    form = {"source": key_of(disputed, PUBLICITY), "reason": "已核对执照"}
    client.post(f"/roster-conflicts/{pk}/decide", data=form)
    assert name_of(disputed) == "乙公司"
    assert "已核对执照" in client.get(f"/roster-conflicts/show/{dissent_id(disputed)}").text


def test_R13_a_decision_without_a_reason_is_refused_in_words(disputed, sign_in):
    client = sign_in(ROSTER_CLERK)
    answer = client.post(f"/roster-conflicts/{dissent_id(disputed)}/decide", data={}, follow_redirects=True)
    assert "请写明作出该决定的理由" in answer.text


def test_only_the_clerk_decides(disputed, sign_in):
    client = sign_in(PLANNER)
    pk = dissent_id(disputed)
    client.post(f"/roster-conflicts/{pk}/decide", data={"reason": "x"})
    assert disputed.get(SourceDissent, pk).decided_at is None


def test_the_work_desk_counts_open_conflicts(disputed, sign_in):
    assert "1 处数据来源不一致待处理" in sign_in(ROSTER_CLERK).get("/").text


def test_R13_the_page_of_an_enterprise_says_where_each_field_comes_from(disputed, sign_in):
    key = disputed.scalars(select(Enterprise.id)).one()
    page = sign_in(PLANNER).get(f"/enterprises/show/{key}").text
    assert "各项的来源与日期" in page
    assert "变更历史" in page


def test_R13_an_edit_by_hand_stays_in_the_history(disputed, sign_in):
    client = sign_in(ROSTER_CLERK)
    item = disputed.scalars(select(Enterprise)).one()
    form = {
        "name": "丁公司",
        "identifier": item.identifier,
        "identifier_kind": item.identifier_kind.value,
        "kind": item.kind.value,
        "status": item.status.value,
        "address": item.address,
        "territory_code": item.territory_code,
        "in_jurisdiction": "y",
    }
    answer = client.post(f"/enterprises/edit/{item.id}", data=form)
    assert answer.status_code == 302
    assert name_of(disputed) == "丁公司"
    change = disputed.scalars(select(EnterpriseChange)).one()
    assert (change.old, change.new, change.source.code, change.actor.username) == (
        "甲公司",
        "丁公司",
        "manual",
        "user",
    )
    page = client.get(f"/enterprises/show/{item.id}").text
    assert "曾用名：甲公司" in page


def test_R13_an_enterprise_entered_by_hand_is_the_clerks_statement(disputed, sign_in):
    form = {
        "name": "戊公司",
        "identifier": code(2),
        "identifier_kind": "unified",
        "kind": "company",
        "status": "existing",
        "in_jurisdiction": "y",
    }
    assert sign_in(ROSTER_CLERK).post("/enterprises/add", data=form).status_code == 302
    item = disputed.scalars(select(Enterprise).where(Enterprise.identifier == code(2))).one()
    assert disputed.get(SourceClaim, (item.id, key_of(disputed, "manual"))).stated
