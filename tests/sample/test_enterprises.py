"""The invented roster of enterprises: always the same, valid, without doubles, of the right size."""

import hashlib
import re
from collections import Counter
from datetime import date

import numpy as np
import pytest

from app.domain.credit_code import is_valid
from app.domain.vocabulary import EntityKind, EntityStatus, RiskClass
from app.reference.codes import ENTITY_TYPES, FOREIGN_INVESTMENT, REGIONS, TARGET_CATEGORIES
from app.reference.industries import CLASS_NAMES, INDUSTRIES
from app.sample import enterprises
from app.sample.enterprises import HEADERS, rows
from app.sample.identity import credit_codes
from app.sample.places import PLACES
from app.sample.trades import BLOCK, TRADES

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY_NUMBER = re.compile(r"(?<!\w)\d{17}[\dX](?!\w)")


@pytest.fixture(scope="module")
def demo():
    return [dict(zip(HEADERS, row, strict=True)) for row in rows()]


def in_category(demo, name):
    return [row for row in demo if name in row["分类名录"].split("、")]


def test_the_first_rows_never_change():
    text = "\n".join(",".join(row) for row in rows(200))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "793579e6b7a163e9"


def test_another_seed_is_another_city():
    first, second = ({row[0] for row in rows(500, seed)} for seed in (1, 2))
    assert not first & second


@pytest.mark.parametrize("n", [0, 1, 700, BLOCK, BLOCK + 1])
def test_a_longer_roster_begins_with_the_shorter(n):
    longer = list(rows(2 * BLOCK))
    assert list(rows(n)) == longer[:n]


def test_r10_every_code_is_valid(demo):
    assert [row["统一社会信用代码"] for row in demo if not is_valid(row["统一社会信用代码"])] == []


def test_no_code_occurs_twice(demo):
    assert len({row["统一社会信用代码"] for row in demo}) == len(demo) == 30_000


def test_codes_stay_valid_and_single_where_the_eight_digit_bodies_end():
    index = np.arange((1 << 23) - 500, (1 << 23) + 500)
    region = np.full(1000, 220104)
    codes = credit_codes(np.ones(1000, dtype=np.int64), region, index, np.zeros(1000, dtype=bool), seed=7)
    assert len(set(codes)) == 1000
    assert all(map(is_valid, codes))


def test_the_code_names_the_kind_and_the_registering_authority(demo):
    category = {"企业": "1", "个体工商户": "2", "农民专业合作社": "3"}
    for row in demo:
        assert row["统一社会信用代码"][:2] == "9" + category[row["主体类别"]]
        assert row["统一社会信用代码"][2:8] == row["登记机关代码"]


def test_r11_about_four_in_ten_codes_carry_no_region_of_today(demo):
    today = {
        region.code for region in REGIONS if not region.legacy and region.level in {"市辖区", "县", "县级市"}
    }
    foreign = sum(row["登记机关代码"] not in today for row in demo)
    assert 0.3 < foreign / len(demo) < 0.45


def test_r11_the_old_codes_of_renamed_counties_occur(demo):
    assert {"220101", "220000", "220181", "220381", "220107", "220108"} <= {
        row["登记机关代码"] for row in demo
    }


@pytest.mark.parametrize(
    ("category", "count"),
    [
        ("汽车销售", 270),
        ("成品油零售", 160),
        ("二手车流通", 45),
        ("拍卖", 50),
        ("报废机动车回收", 5),
        ("单用途商业预付卡", 300),
        ("再生资源回收", 120),
        ("家庭服务", 100),
        ("美容美发", 400),
        ("洗染", 60),
        ("家电维修", 80),
        ("旧电器电子产品流通", 60),
        ("大型零售", 150),
        ("商业特许经营", 60),
        ("外商投资企业", 90),
        ("对外劳务合作", 15),
    ],
)
def test_r27_the_demo_has_pools_of_the_size_of_a_real_bureau(demo, category, count):
    assert len(in_category(demo, category)) == count


@pytest.mark.parametrize("category", TARGET_CATEGORIES, ids=lambda category: category.name)
def test_the_rule_of_a_category_finds_exactly_its_targets(demo, category):
    found = [row for row in demo if category.suggests(row["行业代码"], row["经营范围"], row["企业类型"])]
    assert found == in_category(demo, category.name)


def test_every_word_is_of_a_vocabulary(demo):
    regions = {region.code: region.name for region in REGIONS}
    zones = {region.name for region in REGIONS} | {""}
    types = {entity_type.name for entity_type in ENTITY_TYPES}
    for row in demo:
        assert EntityKind.by_label(row["主体类别"])
        assert EntityStatus.by_label(row["登记状态"])
        assert RiskClass(row["信用风险等级"])
        assert regions[row["属地代码"]] == row["属地"]
        assert row["功能区"] in zones
        assert row["企业类型"] in types
        assert CLASS_NAMES[row["行业代码"]] == row["行业名称"]


def test_r12_every_status_occurs_and_most_are_in_operation(demo):
    status = Counter(row["登记状态"] for row in demo)
    assert set(status) == {term.label for term in EntityStatus} - {"未注明"}
    assert status["存续"] / len(demo) > 0.9


def test_every_kind_risk_class_and_place_occurs(demo):
    assert {row["主体类别"] for row in demo} == {"企业", "个体工商户", "农民专业合作社"}
    assert {row["信用风险等级"] for row in demo} == set("ABCD")
    assert {(row["属地"], row["功能区"]) for row in demo} == {(place.name, place.zone) for place in PLACES}


def test_dates_of_foundation_are_real_and_past(demo):
    founded = [date.fromisoformat(row["成立日期"]) for row in demo]
    assert date(1990, 1, 1) < min(founded) < date(2000, 1, 1)
    assert max(founded) <= date(2026, 8, 31)


def test_foreign_firms_have_foreign_types(demo):
    types = {row["企业类型"] for row in in_category(demo, FOREIGN_INVESTMENT)}
    assert types == {
        "有限责任公司(中外合资)",
        "有限责任公司(外国法人独资)",
        "有限责任公司(台港澳与境内合资)",
        "有限责任公司(台港澳法人独资)",
    }


def test_r90_no_mobile_or_identity_number_stands_anywhere(demo):
    for row in demo:
        text = ",".join(value for name, value in row.items() if name != "统一社会信用代码")
        assert not MOBILE.search(text)
        assert not IDENTITY_NUMBER.search(text)


def test_no_cell_needs_quoting_or_is_padded(demo):
    for row in demo:
        assert all(value == value.strip() and "," not in value and '"' not in value for value in row.values())


def test_a_file_holds_the_heading_and_the_rows(tmp_path):
    path = tmp_path / "roster.csv"
    assert enterprises.write_csv(path, 25) == 25
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == ",".join(HEADERS)
    assert lines[1:] == [",".join(row) for row in rows(25)]


def test_the_numbers_of_the_trades_fill_a_block():
    assert sum(trade.companies + trade.households + trade.cooperatives for trade in TRADES) == BLOCK


def test_every_trade_is_complete():
    names = {category.name for category in TARGET_CATEGORIES} | {""}
    for trade in TRADES:
        assert trade.industry in CLASS_NAMES
        assert {trade.category, *(name for name, _ in trade.also)} <= names
        assert sum(count for _, count in trade.also) <= trade.companies
        assert bool(trade.household_words) == bool(trade.households)
        assert trade.company_words


def test_r94_the_classification_has_20_sections_and_97_divisions_and_every_parent():
    levels = Counter(industry.level for industry in INDUSTRIES)
    assert (levels["门类"], levels["大类"]) == (20, 97)
    codes = {industry.code for industry in INDUSTRIES} | {None}
    assert {industry.parent for industry in INDUSTRIES} <= codes
    assert len(codes) == len(INDUSTRIES) + 1
