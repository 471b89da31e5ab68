"""随机抽查事项清单 from files (R1–R6)."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.stale_bases import StaleReason, stale_basis
from app.domain.vocabulary import ImportKind, ItemCategory, VersionState
from app.models import InspectionItem
from app.sample import items as sample_items
from app.services.items import publish_version
from tests.builders import Vocabularies
from tests.corpus_rosters import NOW, csv_bytes, load

ITEM = {
    "事项编码": "QC-01",
    "抽查领域": "汽车流通",
    "事项名称": "汽车销售经营行为检查",
    "实施部门": "商务局",
    "检查对象": "汽车供应商、经销商",
    "分类名录": "汽车销售",
    "检查内容": "明示价格、开具发票",
    "事项类别": "一般",
    "检查方式": "实地检查、书面检查",
    "最低比例": "5%",
    "最高比例": "20%",
    "年度频次上限": "1",
    "可非现场": "否",
    "适用联合": "是",
    "配合部门": "市场监督管理局",
    "业务专长": "汽车流通",
    "法律依据": "《汽车销售管理办法》|商务部令2017年第1号|第十条；《消费者权益保护法》",
    "检查要点": "明示价格|看展厅；开具发票|抽查存根",
    "核实状态": "已核实",
}


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


def load_items(folder, *changes, without=()):
    rows = [{name: (ITEM | change)[name] for name in ITEM if name not in without} for change in changes]
    content = csv_bytes([tuple(row.values()) for row in rows], headers=tuple(rows[0]))
    return load(folder, content, ImportKind.ITEMS, "items.csv")


def versions(session):
    session.expire_all()
    return session.scalars(select(InspectionItem).where(InspectionItem.code == "QC-01")).one().versions


def reasons(outcome):
    return [(reject.line, reject.error.code) for reject in outcome.rejects]


def test_r2_an_item_comes_as_a_draft_with_bases_and_points(roster, tmp_path):
    assert load_items(tmp_path, {}).added == 1
    (draft,) = versions(roster)
    assert (draft.number, draft.state, draft.category) == (1, VersionState.DRAFT, ItemCategory.ORDINARY)
    assert (draft.minimum_ppm, draft.maximum_ppm, draft.methods) == (50_000, 200_000, "on_site,document")
    assert draft.target_category.name == "汽车销售"
    assert (draft.joint_applicable, draft.off_site_possible, draft.needs_review) == (True, False, False)
    assert [(basis.title, basis.document_no, basis.article) for basis in draft.bases] == [
        ("汽车销售管理办法", "商务部令2017年第1号", "第十条"),
        ("消费者权益保护法", None, None),
    ]
    assert [(point.ordinal, point.text, point.guidance) for point in draft.points] == [
        (1, "明示价格", "看展厅"),
        (2, "开具发票", "抽查存根"),
    ]
    assert load_items(tmp_path, {}).unchanged == 1


def test_r3_other_wording_of_a_published_item_is_a_new_draft(roster, tmp_path, make_user):
    load_items(tmp_path, {})
    publish_version(versions(roster)[0].id, make_user("planner"), NOW)
    assert load_items(tmp_path, {"检查内容": "明示价格"}).changed == 1
    published, draft = versions(roster)
    assert (published.state, published.content) == (VersionState.PUBLISHED, "明示价格、开具发票")
    assert (draft.number, draft.state, draft.content) == (2, VersionState.DRAFT, "明示价格")
    assert load_items(tmp_path, {"检查内容": "明示价格"}).unchanged == 1


def test_r3_a_draft_that_was_never_published_is_reworded(roster, tmp_path):
    load_items(tmp_path, {})
    assert load_items(tmp_path, {"检查要点": "只此一点"}).changed == 1
    (draft,) = versions(roster)
    assert [point.text for point in draft.points] == ["只此一点"]


def test_a_partial_list_keeps_what_it_does_not_carry(roster, tmp_path, make_user):
    load_items(tmp_path, {})
    publish_version(versions(roster)[0].id, make_user("planner"), NOW)
    load_items(tmp_path, {"最低比例": "10%"}, without=("法律依据", "检查要点", "业务专长", "检查内容"))
    published, draft = versions(roster)
    assert (published.minimum_ppm, draft.minimum_ppm) == (50_000, 100_000)
    assert draft.content == published.content
    assert len(draft.bases) == len(draft.points) == 2
    assert [skill.name for skill in draft.expertise] == ["汽车流通"]


def test_r6_a_stale_basis_is_flagged_and_ends(roster, tmp_path):
    outcome = load_items(tmp_path, {"法律依据": "《成品油市场管理办法》|商务部令2006年第23号|第十条"})
    assert (outcome.added, dict(outcome.flags)) == (1, {"flag_stale_basis": 1})
    assert versions(roster)[0].bases[0].in_force_to == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("title", "number", "reason"),
    [
        ("成品油市场管理办法", "", StaleReason.REPEALED),
        ("某办法", "商务部令2006年第23号", StaleReason.REPEALED),
        ("酒类流通管理办法", "商务部令2005年第25号", StaleReason.REPEALED),
        ("典当管理办法", "", StaleReason.TRANSFERRED),
        ("融资租赁企业监督管理办法", "", StaleReason.TRANSFERRED),
    ],
)
def test_r6_the_bases_that_no_longer_serve_are_known(title, number, reason):
    assert stale_basis(title, number).reason == reason


def test_r6_the_rules_of_today_serve():
    assert stale_basis("成品油流通管理办法", "商务部令2025年第4号") is None


BAD = {
    "code": ({"事项编码": "检查一"}, "row_item_code_unusable"),
    "no name": ({"事项名称": ""}, "row_value_missing"),
    "unknown agency": ({"实施部门": "海关"}, "row_agency_unknown"),
    "ratio without sign": ({"最低比例": "5"}, "row_ratio_unreadable"),
    "ratio above all": ({"最低比例": "101%"}, "row_ratio_unreadable"),
    "ratio in words": ({"最低比例": "若干"}, "row_ratio_unreadable"),
    "ratios reversed": ({"最低比例": "30%"}, "row_ratios_reversed"),
    "unknown method": ({"检查方式": "占卜"}, "row_term_unknown"),
    "basis without title": ({"法律依据": "第十条"}, "row_basis_unreadable"),
    "repeated": ({"事项编码": "QC-00"}, "row_repeated"),
}


@pytest.mark.parametrize(("changes", "reason"), BAD.values(), ids=BAD)
def test_an_item_that_cannot_be_entered_comes_back(roster, tmp_path, changes, reason):
    outcome = load_items(tmp_path, {"事项编码": "QC-00"}, changes)
    assert (outcome.added, reasons(outcome)) == (1, [(3, reason)])


def test_of_several_categories_the_first_counts_and_the_row_is_flagged(roster, tmp_path):
    outcome = load_items(tmp_path, {"分类名录": "二手车流通、汽车销售"})
    assert dict(outcome.flags) == {"flag_further_categories": 1}
    assert versions(roster)[0].target_category.name == "二手车流通"


def test_the_sample_checklist_loads_whole_and_unchanged_again(roster, tmp_path):
    sample_items.write_csv(tmp_path / "items.csv")
    content = (tmp_path / "items.csv").read_bytes()
    first = load(tmp_path, content, ImportKind.ITEMS)
    assert (first.read, first.added) == (len(sample_items.ITEMS), len(sample_items.ITEMS))
    assert "flag_stale_basis" not in first.flags
    assert load(tmp_path, content, ImportKind.ITEMS).unchanged == first.read
