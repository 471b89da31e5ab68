"""个人信息: found before publication with its place, covered when shown (R60)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.personal import PersonalDataFound, found_in, masked, require_no_personal_data

IDENTITY = "22010219900307123"


def identity(digits=IDENTITY):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证{identity()}。", "身份证号"),
        ("电话13800138000", "手机号码"),
        ("+86 138 0013 8000", "手机号码"),
        ("账号6222021234567890128", "银行卡号"),
    ],
)
def test_r60_personal_data_is_found(text, kind):
    assert [found for found, _ in found_in(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "91220101000000001X",
        "长商抽查〔2026〕1号",
        "2026-04-01T02:00:00Z",
        "a1380013800013800138000b",
        "31415926535897932384",
        "12800138000",
        "1234567890123456",
        "220102199013071232",
    ],
)
def test_r60_codes_dates_and_digests_are_no_personal_data(text):
    assert list(found_in(text)) == []


def test_r60_a_document_is_refused_with_the_place_and_without_the_data():
    document = {"title": "公告", "body": {"items": [{"name": "正常"}, {"name": "联系 13800138000"}]}}
    with pytest.raises(PersonalDataFound) as refusal:
        require_no_personal_data(document)
    assert refusal.value.params == {
        "place": "body.items[2].name",
        "kind": "手机号码",
        "masked": "138****8000",
    }


def test_r60_a_typed_identifier_of_an_enterprise_is_no_free_text():
    require_no_personal_data({"body": {"identifier": identity()}})


def test_r60_what_is_shown_is_covered_but_for_its_ends():
    text = f"{identity()}、13800138000、6222021234567890128"
    assert masked(text) == f"220102********{identity()[-4:]}、138****8000、6222***********0128"


@given(st.text(alphabet="0123456789Xx一a -", max_size=60))
def test_r60_a_covered_text_shows_nothing_any_more(text):
    assert list(found_in(masked(text))) == []
