"""Which evidence and which signatures a form needs, as truth tables (R33, R46, R47, R62, R67, R96)."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest

from app.domain import evidence
from app.domain.evidence import Checked, Held
from app.domain.findings import (
    Finding,
    ViolationAfterCheck,
    ViolationDateMissing,
    is_time_barred,
    require_valid,
)
from app.domain.vocabulary import CheckMethod, Disposal, EvidenceKind, ResultCode

GONE = {ResultCode(code) for code in ("6", "7", "9", "10", "11", "12")}
BREACHES = {ResultCode(code) for code in ("2", "3", "4", "5", "G", "A", "B", "C", "D", "E")}
SENT = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        (ResultCode.DEREGISTERED, {EvidenceKind.REGISTRY: 1}),
        (ResultCode.LICENCE_REVOKED, {EvidenceKind.REGISTRY: 1}),
        (ResultCode.RESCINDED, {EvidenceKind.REGISTRY: 1}),
        (ResultCode.MOVED_OUT, {EvidenceKind.RELOCATION: 1}),
        (ResultCode.CLOSED, {EvidenceKind.CLOSURE: 1}),
        (ResultCode.UNREACHABLE, {EvidenceKind.SCENE: 1, EvidenceKind.LETTER: 2}),
        (ResultCode.NO_ISSUE, {}),
        (ResultCode.VIOLATION_OWN, {}),
    ],
)
def test_r33_every_end_of_a_check_has_its_own_evidence(code, needed):
    letters = (SENT, SENT + timedelta(days=20))
    assert evidence.required_evidence({code}) == needed
    evidence.require_evidence("事项", {code}, Held(Counter(needed), letters))
    for kind in needed:
        with pytest.raises(evidence.EvidenceMissing) as refusal:
            evidence.require_evidence("事项", {code}, Held(Counter(needed) - Counter([kind]), letters))
        assert refusal.value.params == {"item": "事项", "kind": kind, "count": needed[kind]}


@pytest.mark.parametrize("days", [0, 14, 15, 30, 31])
def test_r62_the_letters_lie_fifteen_to_thirty_days_apart(days):
    held = Held(Counter({EvidenceKind.SCENE: 1, EvidenceKind.LETTER: 2}), (SENT, SENT + timedelta(days=days)))
    if days in (15, 30):
        evidence.require_evidence("事项", {ResultCode.UNREACHABLE}, held)
    else:
        with pytest.raises(evidence.LettersOutOfOrder):
            evidence.require_evidence("事项", {ResultCode.UNREACHABLE}, held)


@pytest.mark.parametrize(("code", "method"), list(product(ResultCode, CheckMethod)))
def test_r46_r47_who_signs_depends_on_entry_and_on_somebody_being_there(code, method):
    checked = [Checked(frozenset({code}), frozenset({method}))]
    on_site = method == CheckMethod.ON_SITE
    assert evidence.must_inspectors_sign(checked) is on_site
    assert evidence.must_enterprise_sign(checked) is (on_site and code not in GONE)


def test_r47_one_item_checked_with_somebody_there_is_enough():
    gone = Checked(frozenset({ResultCode.CLOSED}), frozenset({CheckMethod.ON_SITE}))
    there = Checked(frozenset({ResultCode.NO_ISSUE}), frozenset({CheckMethod.ON_SITE}))
    assert not evidence.must_enterprise_sign([gone])
    assert evidence.must_enterprise_sign([gone, there])
    assert not evidence.must_enterprise_sign([])


def finding(code, **values):
    given = {"checked_on": SENT, "problem": "台账不全", "violation_on": SENT} | values
    return Finding(
        frozenset({code}), frozenset({CheckMethod.ON_SITE}), frozenset({Disposal.RECTIFY}), **given
    )


@pytest.mark.parametrize("code", list(ResultCode))
def test_r67_a_breach_carries_its_day(code):
    if code in BREACHES:
        with pytest.raises(ViolationDateMissing):
            require_valid(finding(code, violation_on=None), ())
    else:
        require_valid(finding(code, violation_on=None), ())


@pytest.mark.parametrize("days", [-400, 0, 1])
def test_r67_a_breach_does_not_lie_after_its_check(days):
    entry = finding(ResultCode.VIOLATION_OWN, violation_on=SENT + timedelta(days=days))
    if days > 0:
        with pytest.raises(ViolationAfterCheck):
            require_valid(entry, ())
    else:
        require_valid(entry, ())


@pytest.mark.parametrize(
    ("day", "on", "grave", "barred"),
    [
        (date(2024, 4, 1), date(2026, 4, 1), False, False),
        (date(2024, 4, 1), date(2026, 4, 2), False, True),
        (date(2024, 4, 1), date(2026, 4, 2), True, False),
        (date(2021, 4, 1), date(2026, 4, 2), True, True),
        (date(2024, 2, 29), date(2026, 2, 28), False, False),
        (date(2024, 2, 29), date(2026, 3, 1), False, True),
    ],
)
def test_r67_limitation_is_two_years_five_where_it_is_grave(day, on, grave, barred):
    assert is_time_barred(day, on, grave=grave) is barred


@pytest.mark.parametrize("item", ["单用途商业预付卡备案", "汽车销售"])
@pytest.mark.parametrize(
    "text", ["抽查 20 笔，缺 3 笔", "购卡人 22010419900101123X", "订单 220104199001011234567"]
)
def test_r96_a_card_check_copies_no_identity_number(item, text):
    copied = "22010419900101123X" in text
    assert evidence.touches_card_buyers(item) is ("预付卡" in item)
    if copied and "预付卡" in item:
        with pytest.raises(evidence.IdentityNumberWritten):
            evidence.require_no_identity_number(item, [text])
    else:
        evidence.require_no_identity_number(item, [text])
