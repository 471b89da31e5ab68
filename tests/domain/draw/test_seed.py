import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw import seed
from tests.domain.draw.builders import DRAND, KL8

ISSUE = "2026067"


@pytest.mark.parametrize(
    ("source", "event", "typed", "value"),
    [
        ("cwl-kl8", ISSUE, "80 77 71 66 60 55 52 47 41 40 38 33 25 21 20 14 11 08 03 01", KL8),
        ("cwl-kl8", ISSUE, KL8, KL8),
        ("cwl-ssq", ISSUE, "05 33 12 20 28 01 + 07", "1.5.12.20.28.33./7."),
        ("cwl-ssq", ISSUE, "05,33,12,20,28,01|16", "1.5.12.20.28.33./16."),
        ("cwl-ssq", ISSUE, "1.5.12.20.28.33./7.", "1.5.12.20.28.33./7."),
        ("cwl-3d", ISSUE, "070", "0.7.0."),
        ("cwl-3d", ISSUE, "0 7 0", "0.7.0."),
        ("cwl-3d", ISSUE, "0.7.0.", "0.7.0."),
        ("dice-d10", "ceremony", " 0123 4567 8901 2345 6789 ", "01234567890123456789"),
        ("dice-d10", "ceremony-3", "007", "007"),
        ("drand-quicknet", "657413", DRAND.upper(), DRAND),
    ],
)
def test_what_was_typed_becomes_the_canonical_value(source, event, typed, value):
    assert seed.canonical_value(source, event, typed) == value
    seed.check_value(source, event, value)


@pytest.mark.parametrize(
    ("source", "event", "typed"),
    [
        ("cwl-kl8", ISSUE, ""),
        ("cwl-kl8", ISSUE, "1 2 3"),
        ("cwl-kl8", ISSUE, KL8.replace("80.", "81.")),
        ("cwl-kl8", ISSUE, KL8.replace("80.", "77.")),
        ("cwl-kl8", ISSUE, KL8.replace("1.3.", "0.3.")),
        ("cwl-kl8", ISSUE, KL8 + "5."),
        ("cwl-kl8", ISSUE, KL8.replace("1.", "１.")),
        ("cwl-ssq", ISSUE, "1 5 12 20 28 33"),
        ("cwl-ssq", ISSUE, "1 5 12 20 28 34 + 7"),
        ("cwl-ssq", ISSUE, "1 5 12 20 28 33 + 17"),
        ("cwl-ssq", ISSUE, "1 5 12 20 28 33 + 0"),
        ("cwl-ssq", ISSUE, "1 5 12 20 28 28 + 7"),
        ("cwl-3d", ISSUE, "07"),
        ("cwl-3d", ISSUE, "0 7 10"),
        ("dice-d10", "ceremony", "0123456789"),
        ("dice-d10", "ceremony", "０" * 20),
        ("dice-d10", "ceremony-3", "0070"),
        ("drand-quicknet", "657413", DRAND[:-1]),
        ("drand-quicknet", "657413", "g" * 64),
    ],
)
def test_what_is_no_outcome_is_refused(source, event, typed):
    with pytest.raises(seed.SeedValueInvalid):
        seed.canonical_value(source, event, typed)


@pytest.mark.parametrize(
    "value", ["01." + KL8[2:], KL8[:-1], " " + KL8, "3.1." + KL8[4:], KL8.replace(".", " ")]
)
def test_a_value_has_one_spelling_so_that_spelling_gives_no_choice(value):
    with pytest.raises(seed.SeedValueInvalid):
        seed.check_value("cwl-kl8", ISSUE, value)


@pytest.mark.parametrize(
    ("source", "event"),
    [("cwl-kl8", "67"), ("cwl-kl8", "1999001"), ("drand-quicknet", "0"), ("drand-quicknet", "01"), ("dice-d10", "x"),
     ("dice-d10", "ceremony-0"), ("cwl-3d", "")],
)  # fmt: skip
def test_an_event_must_exist(source, event):
    with pytest.raises(seed.SeedEventInvalid):
        seed.check_event(source, event)


def test_an_unknown_source_is_refused():
    with pytest.raises(seed.SeedSourceUnknown):
        seed.canonical_value("index-close", "2026-03-18", "3000.12")


@pytest.mark.parametrize(
    ("source", "event", "bits"),
    [("cwl-kl8", ISSUE, 61.6), ("cwl-ssq", ISSUE, 24.1), ("cwl-3d", ISSUE, 10.0), ("dice-d10", "ceremony", 66.4),
     ("dice-d10", "ceremony-10", 33.2), ("drand-quicknet", "1", 256.0)],
)  # fmt: skip
def test_entropy_of_a_source(source, event, bits):
    assert math.isclose(seed.entropy_bits(source, event), bits, abs_tol=0.06)


@pytest.mark.parametrize(
    "seeds",
    [
        [("cwl-3d", ISSUE)],
        [("cwl-ssq", ISSUE), ("cwl-3d", ISSUE)],
        [("cwl-3d", ISSUE)] * 7,
        [("dice-d10", "ceremony-18")],
        [],
    ],
)
def test_under_60_bits_is_refused(seeds):
    with pytest.raises(seed.SeedEntropyTooLow) as caught:
        seed.require_entropy(seeds)
    assert caught.value.code == "seed_entropy_too_low"
    assert caught.value.params["bits"] < caught.value.params["minimum"] == 60


@pytest.mark.parametrize(
    "seeds",
    [
        [("cwl-kl8", ISSUE)],
        [("dice-d10", "ceremony")],
        [("dice-d10", "ceremony-16"), ("cwl-3d", ISSUE)],
        [("drand-quicknet", "1")],
    ],
)
def test_60_bits_are_enough(seeds):
    assert seed.require_entropy(seeds) >= 60


@given(st.sampled_from(sorted(seed.SOURCES)), st.text())
def test_no_input_does_more_than_be_refused(source, typed):
    event = {"drand-quicknet": "1", "dice-d10": "ceremony-2"}.get(source, ISSUE)
    try:
        value = seed.canonical_value(source, event, typed)
    except seed.SeedValueInvalid:
        return
    assert seed.canonical_value(source, event, value) == value
