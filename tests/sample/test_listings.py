"""Listings and complaints of the sample: of its own enterprises, always the same, with sound dates."""

import hashlib
from collections import Counter
from datetime import date

import pytest

from app.domain.vocabulary import ListType
from app.sample import enterprises
from app.sample.listings import COMPLAINT, HEADERS, rows


@pytest.fixture(scope="module")
def listed():
    return [dict(zip(HEADERS, row, strict=True)) for row in rows()]


@pytest.fixture(scope="module")
def roster():
    return {row[0]: dict(zip(enterprises.HEADERS, row, strict=True)) for row in enterprises.rows()}


def test_the_first_listings_never_change():
    text = "\n".join(",".join(row) for row in rows(3000))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "cd6299216fdf9d0b"


def test_listings_of_fewer_enterprises_come_first():
    longer = list(rows(9000))
    shorter = list(rows(4000))
    assert longer[: len(shorter)] == shorter
    assert len(longer) > len(shorter)


def test_r30_every_list_occurs_in_a_lifelike_number(listed):
    counts = Counter(row["名单类型"] for row in listed)
    assert set(counts) == {ListType.ABNORMAL_OPERATIONS.label, ListType.SERIOUSLY_DISHONEST.label, COMPLAINT}
    assert 800 < counts["经营异常名录"] < 2000
    assert 50 < counts["严重违法失信名单"] < 200
    assert 500 < counts[COMPLAINT] < 2000


def test_every_listing_names_an_enterprise_of_the_roster(listed, roster):
    for row in listed:
        assert roster[row["统一社会信用代码"]]["企业名称"] == row["企业名称"]


def test_inclusion_follows_foundation_and_removal_follows_inclusion(listed, roster):
    for row in listed:
        included = date.fromisoformat(row["列入日期"])
        assert date.fromisoformat(roster[row["统一社会信用代码"]]["成立日期"]) < included <= date(2026, 9, 15)
        if row["移出日期"]:
            assert included < date.fromisoformat(row["移出日期"]) <= date(2026, 9, 15)


def test_some_abnormal_listings_were_removed_and_no_complaint_was(listed):
    removed = Counter(row["名单类型"] for row in listed if row["移出日期"])
    assert set(removed) == {"经营异常名录"}
    assert removed["经营异常名录"] > 100


def test_only_firms_in_operation_draw_complaints(listed, roster):
    complained = {
        roster[row["统一社会信用代码"]]["登记状态"] for row in listed if row["名单类型"] == COMPLAINT
    }
    assert complained <= {"存续", "歇业", "停业清算"}


def test_households_are_marked_not_listed(listed, roster):
    for row in listed:
        if row["名单类型"] == "经营异常名录":
            is_company = roster[row["统一社会信用代码"]]["主体类别"] == "企业"
            assert ("标记为经营异常状态" in row["列入事由"]) != is_company


def test_a_dishonest_firm_is_of_a_higher_risk_class(listed, roster):
    classes = {
        roster[row["统一社会信用代码"]]["信用风险等级"]
        for row in listed
        if row["名单类型"] == "严重违法失信名单"
    }
    assert "A" not in classes
