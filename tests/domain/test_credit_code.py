"""统一社会信用代码: check digits against another implementation, and what the standard promises (R10)."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from app.domain import credit_code
from app.domain.credit_code import (
    ALPHABET,
    CodeFault,
    CodeKind,
    check_character,
    fault,
    is_valid,
    kind_of,
    normalise,
    organisation_check_character,
    registration_check_digit,
    suggest,
)

PUBLIC = "91110000600037341L"


def make_code(head: str = "91220104", body: str = "MAR12345") -> str:
    """A valid unified code of an authority, category and region and an eight-character body."""
    organisation = body + organisation_check_character(body)
    return head + organisation + check_character(head + organisation)


heads = st.builds(
    lambda category, region: category + region,
    st.sampled_from(["91", "92", "93", "12", "N2", "Y1"]),
    st.from_regex(r"\A[0-9]{6}\Z"),
)
bodies = st.text(ALPHABET, min_size=8, max_size=8)
codes = st.builds(make_code, heads, bodies)
registrations = st.from_regex(r"\A[0-9]{14}\Z").map(lambda first: first + registration_check_digit(first))


def test_r10_check_characters_agree_with_stdnum_on_thousands_of_codes():
    chance = random.Random(20260101)
    for _ in range(5000):
        first = "9" + "".join(chance.choices("0123456789", k=7)) + "".join(chance.choices(ALPHABET, k=9))
        assert check_character(first) == uscc.calc_check_digit(first)


def test_r10_registration_digits_agree_with_stdnum_on_thousands_of_numbers():
    chance = random.Random(20260102)
    for _ in range(5000):
        first = "".join(chance.choices("0123456789", k=14))
        assert registration_check_digit(first) == mod_11_10.calc_check_digit(first)


@pytest.mark.parametrize("code", [PUBLIC, "91330108793696828A"])
def test_r10_public_codes_are_valid(code):
    assert is_valid(code)


def test_r10_the_widely_copied_wrong_example_is_refused():
    assert fault("91310115MA1H8R7C6D") is not None


@given(codes)
def test_r10_every_made_code_is_valid_and_no_stdnum_objection_where_it_judges(code):
    assert is_valid(code)
    assert uscc.is_valid(code) or not code[:2].isdigit()


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_r10_a_single_changed_character_anywhere_is_caught(code, place, other):
    """GB 32100 guarantees it at all 18 places: 31 is prime and no weight is a multiple of it."""
    assume(code[place] != other)
    assert fault(code[:place] + other + code[place + 1 :]) is not None


@given(codes, st.integers(0, 17), st.characters(exclude_characters=ALPHABET))
def test_r10_a_character_outside_the_alphabet_is_caught(code, place, other):
    assert fault(code[:place] + other + code[place + 1 :]) is CodeFault.WRONG_CHARACTER


@given(codes, st.integers(0, 16))
def test_r10_two_neighbours_exchanged_are_caught(code, place):
    """Neighbouring weights differ modulo 31; the check character's own weight is 1."""
    first, second = code[place : place + 2]
    assume(first != second)
    assert fault(code[:place] + second + first + code[place + 2 :]) is not None


@given(registrations, st.integers(0, 14), st.sampled_from("0123456789"))
def test_r10_a_single_changed_digit_of_a_registration_number_is_caught(number, place, other):
    """ISO 7064 MOD 11,10 guarantees it at all 15 places."""
    assume(number[place] != other)
    assert fault(number) is None
    assert fault(number[:place] + other + number[place + 1 :]) is CodeFault.WRONG_CHECK_DIGIT


@given(codes)
def test_r10_an_organisation_part_of_its_own_is_named_when_the_whole_code_checks(code):
    other = "1" if code[16] == "0" else "0"
    first = code[:16] + other
    assert fault(first + check_character(first)) is CodeFault.WRONG_ORGANISATION_CHECK


@pytest.mark.parametrize(("first8", "check"), [("MAR12345", "2"), ("60003734", "1"), ("00001434", "9")])
def test_r10_organisation_check_characters_follow_gb_11714(first8, check):
    assert organisation_check_character(first8) == check


def test_r10_organisation_check_values_ten_and_eleven_are_x_and_0():
    seen = {organisation_check_character(f"{number:08d}") for number in range(100)}
    assert seen == set("0123456789X")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", CodeFault.MISSING),
        (PUBLIC[:17], CodeFault.WRONG_LENGTH),
        (PUBLIC + "1", CodeFault.WRONG_LENGTH),
        (PUBLIC.lower(), CodeFault.WRONG_CHARACTER),
        ("9111000O600037341L", CodeFault.WRONG_CHARACTER),
        ("911100A0600037341L", CodeFault.WRONG_CHARACTER),
        ("91110000600037341M", CodeFault.WRONG_CHECK_DIGIT),
        ("22010412345678X", CodeFault.WRONG_CHARACTER),
        ("220104123456A", CodeFault.WRONG_CHARACTER),
        ("2201041234567", None),
        (PUBLIC, None),
    ],
)
def test_r10_a_fault_has_a_name(code, expected):
    assert fault(code) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (PUBLIC, CodeKind.UNIFIED),
        ("9" * 18, CodeKind.UNIFIED),
        ("220104123456789", CodeKind.REGISTRATION),
        ("2201041234567", CodeKind.LEGACY),
        ("22010412345678X", CodeKind.UNKNOWN),
        ("９" * 18, CodeKind.UNKNOWN),
        ("", CodeKind.UNKNOWN),
    ],
)
def test_r10_the_kind_follows_the_shape_alone(code, expected):
    assert kind_of(code) is expected


@pytest.mark.parametrize("region", ["220101", "220181", "220381", "220107", "999999"])
def test_r11_a_region_that_is_no_district_is_no_fault(region):
    assert is_valid(make_code(head="91" + region))


@pytest.mark.parametrize(
    "raw",
    [
        PUBLIC.lower(),
        f" {PUBLIC}\u3000",
        "9111 0000 6000 37341L",
        f"\t{PUBLIC}\r\n",
        PUBLIC.translate({ord(char): ord(char) + 0xFEE0 for char in PUBLIC}),
    ],
)
def test_normalise_takes_away_width_case_and_white_space(raw):
    assert normalise(raw) == PUBLIC


def test_normalise_never_repairs_a_look_alike():
    assert normalise("9lllOOOO6OOO37341l") == "9LLLOOOO6OOO37341L"


@given(st.text(max_size=30))
def test_normalise_is_settled_after_one_step(raw):
    assert normalise(normalise(raw)) == normalise(raw)


@pytest.mark.parametrize("written", ["9lll0000600037341L", "911100OO600037341L", "9III0000600037341L"])
def test_a_look_alike_gets_a_suggestion(written):
    assert not is_valid(normalise(written))
    assert suggest(written) == PUBLIC


@pytest.mark.parametrize("written", [PUBLIC, PUBLIC.lower(), "", "91110000600037341M", "L" * 18])
def test_nothing_is_suggested_for_a_valid_or_a_hopeless_code(written):
    assert suggest(written) is None


@given(codes, st.integers(0, 17))
def test_a_suggestion_is_always_valid(code, place):
    offered = suggest(code[:place] + "l" + code[place + 1 :])
    assert offered is None or is_valid(offered)


@given(st.text(max_size=20))
def test_no_text_breaks_the_check(text):
    assert fault(text) is None or fault(text) in CodeFault
    assert kind_of(text) in CodeKind
    assert suggest(text) != text


def test_the_weights_are_powers_of_three():
    assert credit_code.WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
