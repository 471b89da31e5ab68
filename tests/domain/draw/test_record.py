"""Records are read strictly: what is read must be what would be written."""

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw import record
from app.domain.draw.ticket import draw_key
from app.domain.errors import DomainError
from tests.domain.draw.builders import DRAND, KL8, freeze, make_ceremony, make_plan, make_rows

HASH = "ab" * 32
CEREMONY = make_ceremony(matched=True)
SWAPS = (record.Swap("A|M", "91220100M00000001X", "91220100M00000004X"), record.Swap("B|F", "A1", None))
RECORDS = {
    "plan": (CEREMONY.plan, record.parse_plan),
    "seed": (CEREMONY.seed, record.parse_seed),
    "result": (CEREMONY.result, record.parse_result),
    "assign": (CEREMONY.match.assign, record.parse_assign),
    "substitute": (
        record.Substitute(HASH, HASH, SWAPS, (record.Swap("A1", "I01", "I02"),)),
        record.parse_substitute,
    ),
    "void": (record.Void(HASH, "名录有误：漏列一户。"), record.parse_void),
}
SEALED = make_ceremony(sealed=True).plan


@pytest.fixture(params=RECORDS)
def kind(request):
    return request.param


def test_a_record_reads_back(kind):
    written, parse = RECORDS[kind]
    assert parse(written.text()) == written


def test_a_sealed_plan_reads_back():
    assert record.parse_plan(SEALED.text()) == SEALED
    assert SEALED.text().split("\n")[2] == "form=sealed"


def test_every_line_is_needed_once_and_in_its_place(kind):
    written, parse = RECORDS[kind]
    lines = written.text().splitlines(keepends=True)
    keys = [line.partition("=")[0] for line in lines]
    for place, line in enumerate(lines):
        doubled = [*lines[:place], line, *lines[place:]]
        spoiled = [
            doubled,
            [*lines[:place], "extra=1\n", *lines[place:]],
            [*lines[:place], line.upper(), *lines[place + 1 :]],
        ]
        if keys.count(keys[place]) == 1:
            spoiled.append(lines[:place] + lines[place + 1 :])
        if place + 1 < len(lines) and keys[place] != keys[place + 1]:
            spoiled.append([*lines[:place], lines[place + 1], line, *lines[place + 2 :]])
        for text in spoiled:
            if "".join(text) != written.text():
                with pytest.raises(DomainError):
                    same_or_raise(parse, "".join(text), written)


def same_or_raise(parse, text, written):
    """Two inspectors' or firms' lines may be doubled without being malformed; the record then differs."""
    parsed = parse(text)
    assert parsed != written
    raise record.RecordMalformed(kind="differs")


@pytest.mark.parametrize(
    "spoil",
    [str.strip, lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t + "\n", lambda t: ""],
)
def test_line_ends_and_marks_are_part_of_the_form(kind, spoil):
    written, parse = RECORDS[kind]
    with pytest.raises(DomainError):
        parse(spoil(written.text()))


@given(st.data())
def test_a_changed_byte_is_refused_or_changes_the_hash(data):
    written, parse = RECORDS[data.draw(st.sampled_from(sorted(RECORDS)))]
    text = written.text()
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from("0aZ|=:.-~\n é")) + text[place + 1 :]
    with contextlib.suppress(DomainError):
        assert (parse(changed).digest("sha256") == written.digest("sha256")) == (changed == text)


FROZEN, _ = freeze(make_rows())
QUOTA = ("A", "M", 10, None, 3, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"items": ()},
        {"items": (record.Item("A"), record.Item("A"))},
        {"items": (record.Item("A"),)},
        {"quotas": ()},
        {"seeds": ()},
        {"seeds": (record.SeedEvent("cwl-kl8", "2026067"),) * 2},
        {"draw": "长商监抽〔2026〕1号"},
        {"roster_root": "x"},
        {"staff_file": ""},
        {"seed_after": "2026-03-18 13:15:00"},
        {"seed_after": "2026-13-18T13:15:00Z"},
        {"roster_n": 1},
        {"quotas": (record.QuotaLine(*QUOTA),) * 2},
        {"sealed": True, "quotas": (record.QuotaLine("A", "M", 10, 300_000, 3, 1),)},
        {"alg": "md5"},
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(changes):
    with pytest.raises(DomainError):
        make_plan(FROZEN, make_rows(), **changes)


@pytest.mark.parametrize(
    "values",
    [
        ("A.B", "M", 10, None, 3, 1), ("A", "-", 10, None, 3, 1), ("A", "M", 2, None, 3, 1), ("A", "M", 10, 300_001, 3, 1),
        ("A", "M", 10, None, -1, 1), ("A", "M", 10, None, 3, -1), ("A", "M", 10, 2_000_000, 20, 1),
    ],
)  # fmt: skip
def test_a_quota_line_is_checked(values):
    with pytest.raises(record.RecordMalformed):
        record.QuotaLine(*values)


@pytest.mark.parametrize("purpose", ["pair", "unit/", "unit/a b", "UNIT", "", "unit|x"])
def test_a_purpose_is_unit_or_unit_slash_name(purpose):
    with pytest.raises(record.RecordMalformed):
        record.Item("A", purpose)


def test_nobody_drawn_has_no_cutoff_and_only_then():
    assert record.Outcome("A", "M", 0, None, HASH).text() == f"A|M|0|-|-|{HASH}"
    for k, cutoff in [(0, (0, HASH)), (1, None)]:
        with pytest.raises(record.RecordMalformed):
            record.Outcome("A", "M", k, cutoff, HASH)


@pytest.mark.parametrize("purpose", ["unit", "pair/0", "pair/", "pairs"])
def test_a_match_has_its_own_purpose(purpose):
    with pytest.raises(record.RecordMalformed):
        dataclasses.replace(CEREMONY.match.assign, purpose=purpose)


@pytest.mark.parametrize("reason", ["", " ", "a\nb", "a\x00", "x" * 501, "a\u2028b"])
def test_a_reason_is_one_line_of_text(reason):
    with pytest.raises(record.RecordMalformed):
        record.Void(HASH, reason)


def test_a_substitution_replaces_somebody():
    with pytest.raises(record.RecordMalformed):
        record.Substitute(HASH, HASH)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {("cwl-kl8", "2026067"): KL8},
        {("cwl-kl8", "2026067"): KL8, ("drand-quicknet", "657414"): DRAND},
        {("cwl-kl8", "2026067"): KL8, ("drand-quicknet", "657413"): DRAND, ("cwl-3d", "2026067"): "0.7.0."},
    ],
)
def test_a_seed_for_another_plan_is_refused(values):
    with pytest.raises(record.RecordMalformed):
        record.seed_for(CEREMONY.plan, values)


def test_a_seed_of_the_wrong_form_is_refused():
    with pytest.raises(DomainError) as caught:
        record.seed_for(
            CEREMONY.plan, {("cwl-kl8", "2026067"): "0" + KL8, ("drand-quicknet", "657413"): DRAND}
        )
    assert caught.value.code == "seed_value_invalid"


@pytest.mark.parametrize("change", ["row", "cell", "quota", "draw", "seed_event", "seed_value", "purpose"])
def test_changing_any_input_changes_p_and_k(change):
    rows = make_rows()
    changed = [*rows[:-1], ("91220100M99999999X", rows[-1][1])] if change == "row" else rows
    changed = [(rows[0][0], "H~1\tF"), *rows[1:]] if change == "cell" else changed
    values = {("cwl-kl8", "2026067"): KL8, ("drand-quicknet", "657413"): DRAND}
    changes = {
        "quota": {
            "quotas": (*CEREMONY.plan.quotas[:-1], dataclasses.replace(CEREMONY.plan.quotas[-1], reserve=3))
        },
        "draw": {"draw": "TEST-0002"},
        "seed_event": {"seeds": (CEREMONY.plan.seeds[0], record.SeedEvent("drand-quicknet", "657414"))},
        "purpose": {"items": (record.Item("A"), record.Item("B", "unit/B"))},
    }.get(change, {})
    if change == "seed_event":
        values[("drand-quicknet", "657414")] = values.pop(("drand-quicknet", "657413"))
    if change == "seed_value":
        values[("drand-quicknet", "657413")] = DRAND[:-1] + "8"
    before = make_plan(freeze(rows)[0], rows)
    after = make_plan(freeze(changed)[0], rows, **changes)
    first = {("cwl-kl8", "2026067"): KL8, ("drand-quicknet", "657413"): DRAND}
    seeds = [record.seed_for(before, first).digest("sha256"), record.seed_for(after, values).digest("sha256")]
    assert (before.digest("sha256") == after.digest("sha256")) == (change == "seed_value")
    assert draw_key("sha256", "unit", seeds[0]) != draw_key("sha256", "unit", seeds[1])
