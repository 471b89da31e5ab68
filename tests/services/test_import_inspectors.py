"""执法检查人员名录 from files (art. 3, R15, R16, R18)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.vocabulary import ImportKind, InspectorStatus, RecusalState, StaffKind
from app.models import EnforcementCertificate, Expertise, Inspector, Recusal
from tests.builders import Vocabularies
from tests.corpus_rosters import code, csv_bytes, enterprise_rows, load

PERSON = {
    "工号": "SW001",
    "姓名": "样员一",
    "部门": "商务局",
    "岗位": "科员",
    "人员类别": "执法人员",
    "状态": "在岗",
    "可任组长": "是",
    "执法证号": "吉A0001",
    "证件类型": "省级行政执法证",
    "执法区域代码": "220100",
    "有效期起": "2024-01-01",
    "有效期止": "2029-01-01",
    "业务专长": "汽车流通、成品油流通",
    "年度检查上限": "40",
    "回避企业代码": "",
    "回避事由": "",
}


@pytest.fixture
def roster(app, session, tmp_path):
    Vocabularies()
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    return session


def load_people(folder, *people):
    rows = [tuple((PERSON | changes).values()) for changes in people]
    return load(folder, csv_bytes(rows, headers=tuple(PERSON)), ImportKind.INSPECTORS, "people.csv")


def person(session, staff_no="SW001"):
    session.expire_all()
    return session.scalars(select(Inspector).where(Inspector.staff_no == staff_no)).one()


def reasons(outcome):
    return [(reject.line, reject.error.code) for reject in outcome.rejects]


def test_r15_a_person_comes_with_certificate_and_expertise(roster, tmp_path):
    assert load_people(tmp_path, {}).added == 1
    found = person(roster)
    assert (found.name, found.kind, found.status) == ("样员一", StaffKind.INSPECTOR, InspectorStatus.ACTIVE)
    assert (found.may_lead, found.yearly_cap, found.agency.short_name) == (True, 40, "商务局")
    assert {skill.name for skill in found.expertise} == {"汽车流通", "成品油流通"}
    paper = found.certificates[0]
    assert (paper.number, paper.area_code, paper.valid_to) == ("吉A0001", "220100", date(2029, 1, 1))
    assert load_people(tmp_path, {}).unchanged == 1


def test_several_rows_of_one_person_are_merged(roster, tmp_path):
    rows = [
        {},
        {"执法证号": "国B0002", "证件类型": "国家部委执法证"},
        {"回避企业代码": code(1), "回避事由": "配偶任职"},
    ]
    assert load_people(tmp_path, *rows).added == 3
    assert {paper.number for paper in person(roster).certificates} == {"吉A0001", "国B0002"}
    recusal = roster.scalars(select(Recusal)).one()
    assert (recusal.enterprise.identifier, recusal.state, recusal.reason) == (
        code(1),
        RecusalState.GRANTED,
        "配偶任职",
    )
    assert load_people(tmp_path, *rows).unchanged == 3


def test_r15_a_renewed_certificate_is_a_change(roster, tmp_path):
    load_people(tmp_path, {})
    assert load_people(tmp_path, {"有效期止": "2031-01-01"}).changed == 1
    assert person(roster).certificates[0].valid_to == date(2031, 1, 1)


def test_somebody_who_left_is_no_longer_active(roster, tmp_path):
    load_people(tmp_path, {})
    assert load_people(tmp_path, {"状态": "调离"}).changed == 1
    assert person(roster).status == InspectorStatus.LEFT


def test_r16_stated_expertise_replaces_and_new_fields_are_created(roster, tmp_path):
    load_people(tmp_path, {})
    assert load_people(tmp_path, {"业务专长": "直播电商"}).changed == 1
    assert [skill.name for skill in person(roster).expertise] == ["直播电商"]
    assert roster.scalar(select(func.count()).select_from(Expertise).where(Expertise.name == "直播电商")) == 1
    assert load_people(tmp_path, {"业务专长": ""}).unchanged == 1


def test_an_assistant_needs_no_certificate(roster, tmp_path):
    blank = dict.fromkeys(("执法证号", "证件类型", "执法区域代码", "有效期起", "有效期止"), "")
    assert load_people(tmp_path, blank | {"人员类别": "辅助人员"}).added == 1
    assert person(roster).certificates == []


BAD = {
    "staff number": ({"工号": "张三 1"}, "row_staff_no_unusable"),
    "no name": ({"姓名": ""}, "row_value_missing"),
    "unknown agency": ({"部门": "海关"}, "row_agency_unknown"),
    "unknown status": ({"状态": "云游"}, "row_term_unknown"),
    "unknown answer": ({"可任组长": "也许"}, "row_answer_unreadable"),
    "long expertise": ({"业务专长": "长" * 61}, "row_value_too_long"),
    "cap in words": ({"年度检查上限": "四十"}, "row_number_unreadable"),
    "no end of validity": ({"有效期止": ""}, "row_value_missing"),
    "ends before it begins": ({"有效期止": "2020-01-01"}, "row_dates_reversed"),
    "unknown area": ({"执法区域代码": "999999"}, "row_area_unknown"),
    "recusal on nobody": ({"回避企业代码": code(77)}, "row_recusal_unknown"),
    "recusal on no code": ({"回避企业代码": "某公司"}, "row_identifier_wrong_length"),
    "certificate of another": ({"执法证号": "吉A0009"}, "row_certificate_taken"),
    "contradiction": ({"工号": "SW009", "执法证号": "吉A0010"}, "row_contradicts"),
}


@pytest.mark.parametrize(("changes", "reason"), BAD.values(), ids=BAD)
def test_a_person_who_cannot_be_entered_comes_back(roster, tmp_path, changes, reason):
    outcome = load_people(tmp_path, {"工号": "SW009", "姓名": "样员九", "执法证号": "吉A0009"}, changes)
    assert (outcome.added, reasons(outcome)) == (1, [(3, reason)])


def test_r18_no_recusal_is_lost_when_its_enterprise_comes_later(roster, tmp_path):
    recused = {"回避企业代码": code(3)}
    assert load_people(tmp_path, recused).rejected == 1
    load(tmp_path, csv_bytes(enterprise_rows(3)))
    assert load_people(tmp_path, recused).added == 1
    assert roster.scalar(select(func.count()).select_from(Recusal)) == 1


def test_the_sample_roster_loads_whole_and_unchanged_again(roster, tmp_path):
    from app.sample import enterprises, inspectors

    enterprises.write_csv(tmp_path / "enterprises.csv", 6000)
    load(tmp_path, (tmp_path / "enterprises.csv").read_bytes())
    inspectors.write_csv(tmp_path / "people.csv")
    content = (tmp_path / "people.csv").read_bytes()
    first = load(tmp_path, content, ImportKind.INSPECTORS)
    assert first.rejected == 0
    assert first.added == first.read
    assert load(tmp_path, content, ImportKind.INSPECTORS).unchanged == first.read
    papers = roster.scalar(select(func.count()).select_from(EnforcementCertificate))
    assert papers >= roster.scalar(select(func.count()).select_from(Inspector)) // 2
