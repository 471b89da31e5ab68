"""The sample's checklist: bases, ratios, check points, and bases that no longer hold."""

import re
from collections import Counter

import pytest

from app.domain.stale_bases import STALE_BASES
from app.domain.vocabulary import CheckMethod, ItemCategory
from app.reference.codes import AGENCIES, BUREAU, EXPERTISE, TARGET_CATEGORIES
from app.sample.checklist import UNCHECKED_ARTICLE
from app.sample.items import HEADERS, ITEMS, TO_VERIFY, VERIFIED, rows, write_csv

AGENCY_NAMES = {agency.name for agency in AGENCIES}
CATEGORY_NAMES = {category.name for category in TARGET_CATEGORIES}

each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)


def test_thirty_to_forty_items_of_the_bureau_and_two_or_three_of_each_partner():
    counts = Counter(item.agency for item in ITEMS)
    assert 30 <= counts.pop(BUREAU) <= 40
    assert set(counts) == AGENCY_NAMES - {BUREAU}
    assert set(counts.values()) <= {2, 3}


def test_codes_are_single_and_fit_the_draw_protocol():
    assert len({item.code for item in ITEMS}) == len(ITEMS)
    assert all(re.fullmatch(r"[A-Z]{1,9}-[0-9]{2}", item.code) for item in ITEMS)


@each_item
def test_r2_every_item_has_a_basis_with_title_and_article(item):
    assert item.bases
    for basis in item.bases:
        assert re.fullmatch(r"《[^》|；]+》\|[^|；]*\|[^|；]+", str(basis))


@each_item
def test_r2_a_regulation_carries_its_number(item):
    for basis in item.bases:
        is_act_of_congress = basis.law.title.endswith("法") and not basis.law.title.endswith("办法")
        assert (basis.law.number == "") == is_act_of_congress


@each_item
def test_an_item_is_verified_only_with_all_its_articles(item):
    if item.verified:
        assert item.agency == BUREAU
        assert not any(UNCHECKED_ARTICLE in basis.article for basis in item.bases)


@each_item
def test_r4_an_ordinary_item_has_a_cap_and_a_key_item_has_none(item):
    assert (item.maximum is None) == (item.category is ItemCategory.KEY)
    assert 0 < item.minimum <= (item.maximum or 100) <= 100


@each_item
def test_r51_three_to_seven_check_points_each_with_guidance(item):
    assert 3 <= len(item.points) <= 7
    for point in item.points:
        assert re.fullmatch(r"[^|；]+\|[^|；]+", point)


@each_item
def test_words_are_of_the_code_lists(item):
    assert {item.agency, *item.partners} <= AGENCY_NAMES
    assert item.agency not in item.partners
    assert item.categories
    assert set(item.categories) <= CATEGORY_NAMES
    assert item.expertise in EXPERTISE


@each_item
def test_r38_what_can_be_done_from_afar_has_a_method_for_it(item):
    if item.remote:
        assert {CheckMethod.DOCUMENT_REVIEW, CheckMethod.ONLINE_MONITORING} & set(item.methods)


def test_every_category_of_the_bureau_has_an_item():
    assert {name for item in ITEMS if item.agency == BUREAU for name in item.categories} == CATEGORY_NAMES


def test_r74_partners_share_targets_with_the_bureau():
    shared = {name for item in ITEMS if item.agency != BUREAU for name in item.categories}
    assert {"汽车销售", "成品油零售", "报废机动车回收", "单用途商业预付卡"} <= shared


def test_r6_no_item_cites_a_stale_basis():
    text = "".join("".join(row) for row in rows())
    assert [stale.words for stale in STALE_BASES if stale.is_cited_by(text)] == []


@pytest.mark.parametrize(
    "citation",
    [
        "《酒类流通管理办法》（商务部令2005年第25号）",
        "《成品油市场管理办法》（商务部令2006年第23号）",
        "《典当管理办法》（商务部、公安部令2005年第8号）",
    ],
)
def test_r6_a_stale_citation_is_recognised(citation):
    assert sum(stale.is_cited_by(citation) for stale in STALE_BASES) == 1


def test_a_file_holds_the_heading_and_every_item(tmp_path):
    path = tmp_path / "items.csv"
    assert write_csv(path) == len(ITEMS)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == ",".join(HEADERS)
    assert len(lines) == len(ITEMS) + 1


def test_the_columns_speak_the_words_of_the_vocabulary():
    for row in rows():
        cells = dict(zip(HEADERS, row, strict=True))
        assert all(CheckMethod.by_label(word) for word in cells["检查方式"].split("、"))
        assert ItemCategory.by_label(cells["事项类别"] + "检查事项")
        assert {cells["可非现场"], cells["适用联合"]} <= {"是", "否"}
        assert cells["核实状态"] in {VERIFIED, TO_VERIFY}
        assert re.fullmatch(r"\d+%", cells["最低比例"])
        assert re.fullmatch(r"(\d+%)?", cells["最高比例"])
        assert not any("\n" in cell for cell in row)
