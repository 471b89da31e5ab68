from datetime import date
from itertools import product

import pytest

from app.domain.matching.eligibility import (
    Certificate,
    ContradictoryPeriod,
    ContradictoryRecusal,
    EligibilityRules,
    Recusal,
    area_covers,
    ineligibility,
    is_key,
    refusals,
)
from app.domain.matching.refusal import Refusal
from app.domain.vocabulary import InspectorStatus, RecusalKind, StaffKind
from tests.domain.matching.builders import (
    CITY,
    DAY,
    DISTRICT,
    OTHER_DISTRICT,
    RULES,
    make_candidate,
    make_certificate,
    make_need,
)

OLD, FAR = date(2026, 5, 19), date(2026, 5, 21)

ONE_FAULT = {
    Refusal.NO_CERTIFICATE: {"certificates": ()},
    Refusal.CERTIFICATE_EXPIRED: {"certificates": (make_certificate(valid_to=OLD),)},
    Refusal.CERTIFICATE_NOT_YET_VALID: {"certificates": (make_certificate(valid_from=FAR),)},
    Refusal.WRONG_AREA: {"certificates": (make_certificate(area=OTHER_DISTRICT),)},
    Refusal.WRONG_TYPE: {"certificates": (make_certificate(kind="national"),)},
    Refusal.SUSPENDED: {"status": InspectorStatus.SUSPENDED},
    Refusal.ON_LEAVE: {"status": InspectorStatus.ON_LEAVE},
    Refusal.LEFT_SERVICE: {"status": InspectorStatus.LEFT},
    Refusal.NOT_AN_INSPECTOR: {"kind": StaffKind.ASSISTANT},
    Refusal.LACKS_EXPERTISE: {"expertise": frozenset({"prepaid cards"})},
    Refusal.RECUSED_RELATION: {"recusals": (Recusal("T1", RecusalKind.RELATION),)},
    Refusal.RECUSED_OWN_ENTERPRISE: {"recusals": (Recusal("T1", RecusalKind.OWN_ENTERPRISE),)},
    Refusal.RECUSED_GRANTED: {"recusals": (Recusal("T1", RecusalKind.APPLIED),)},
    Refusal.INSPECTED_LAST_TIME: {"recent": frozenset({"T1"})},
    Refusal.WRONG_AGENCY: {"group": "GA"},
}
STRICT_NEED = make_need(held_by_all=frozenset({"fuel"}), kinds=frozenset({"provincial"}))


def test_somebody_without_fault_is_eligible():
    assert refusals(make_candidate(), STRICT_NEED, RULES) == ()
    assert ineligibility(make_candidate(), STRICT_NEED, RULES) is None


def test_every_refusal_has_its_case():
    assert set(ONE_FAULT) == set(Refusal)


@pytest.mark.parametrize("reason", Refusal)
def test_one_fault_gives_exactly_its_reason(reason):
    assert refusals(make_candidate(**ONE_FAULT[reason]), STRICT_NEED, RULES) == (reason,)


@pytest.mark.parametrize("reason", Refusal)
def test_every_reason_has_a_chinese_and_an_english_label(reason):
    assert not reason.label.isascii()
    assert reason.english.isascii()


@pytest.mark.parametrize(("sick", "helper", "related", "unskilled"), list(product([True, False], repeat=4)))
def test_all_reasons_are_reported_in_order(sick, helper, related, unskilled):
    faults = {
        Refusal.ON_LEAVE: sick,
        Refusal.NOT_AN_INSPECTOR: helper,
        Refusal.LACKS_EXPERTISE: unskilled,
        Refusal.RECUSED_RELATION: related,
    }
    changes = [ONE_FAULT[reason] for reason, present in faults.items() if present]
    candidate = make_candidate(**{name: value for change in changes for name, value in change.items()})
    expected = tuple(reason for reason, present in faults.items() if present)
    assert refusals(candidate, STRICT_NEED, RULES) == expected
    assert ineligibility(candidate, STRICT_NEED, RULES) == (expected[0] if expected else None)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (DAY, DAY, ()),
        (date(2025, 1, 1), OLD, (Refusal.CERTIFICATE_EXPIRED,)),
        (FAR, date(2027, 1, 1), (Refusal.CERTIFICATE_NOT_YET_VALID,)),
    ],
)
def test_r15_certificate_must_be_valid_on_the_visit_date(valid_from, valid_to, expected):
    paper = make_certificate(valid_from=valid_from, valid_to=valid_to)
    assert refusals(make_candidate(certificates=(paper,)), make_need(), RULES) == expected


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), ()),
        (date(2026, 5, 1), date(2026, 5, 30), (Refusal.CERTIFICATE_EXPIRED,)),
        (date(2026, 5, 2), date(2026, 5, 31), (Refusal.CERTIFICATE_NOT_YET_VALID,)),
    ],
)
def test_r15_certificate_must_last_for_the_whole_period(valid_from, valid_to, expected):
    need = make_need(starts=date(2026, 5, 1), ends=date(2026, 5, 31))
    paper = make_certificate(valid_from=valid_from, valid_to=valid_to)
    assert refusals(make_candidate(certificates=(paper,)), need, RULES) == expected


def test_r15_one_certificate_in_order_is_enough():
    papers = (make_certificate(valid_to=OLD, area=OTHER_DISTRICT), make_certificate(number="2"))
    assert refusals(make_candidate(certificates=papers), make_need(), RULES) == ()


def test_r15_the_best_of_several_bad_certificates_is_reported():
    papers = (make_certificate(valid_to=OLD, area=OTHER_DISTRICT), make_certificate(suspended=True))
    assert refusals(make_candidate(certificates=papers), make_need(), RULES) == (Refusal.SUSPENDED,)


@pytest.mark.parametrize("kind", [StaffKind.ASSISTANT, StaffKind.EXPERT])
def test_r15_assistants_and_experts_never_count(kind):
    assert Refusal.NOT_AN_INSPECTOR in refusals(make_candidate(kind=kind), make_need(), RULES)


@pytest.mark.parametrize(
    ("area", "territory", "expected"),
    [
        (CITY, DISTRICT, True),
        ("220000", DISTRICT, True),
        ("000000", DISTRICT, True),
        (DISTRICT, DISTRICT, True),
        (DISTRICT, OTHER_DISTRICT, False),
        (DISTRICT, CITY, False),
        ("220102001000", "220102001005", True),
        ("220102001000", "220102002000", False),
        ("220110", "220111", False),
        ("", DISTRICT, False),
    ],
)
def test_r43_an_area_covers_what_lies_inside_it(area, territory, expected):
    assert area_covers(area, territory) is expected


@pytest.mark.parametrize(
    ("strict", "stated", "expected"),
    [
        (True, True, (Refusal.WRONG_AREA,)),
        (True, False, ()),
        (False, True, ()),
        (False, False, ()),
    ],
)
def test_a_certificate_without_area_is_refused_only_when_asked(strict, stated, expected):
    rules = EligibilityRules(strict_territory=strict, require_stated_area=stated)
    candidate = make_candidate(certificates=(make_certificate(area=None),))
    assert refusals(candidate, make_need(), rules) == expected


def test_an_unknown_place_restricts_nobody_unless_asked():
    assert refusals(make_candidate(), make_need(area=""), RULES) == ()
    strict = EligibilityRules(require_stated_area=True)
    assert refusals(make_candidate(), make_need(area=""), strict) == (Refusal.WRONG_AREA,)


def test_switches_turn_off_territory_kind_and_last_inspector():
    lenient = EligibilityRules(exclude_last_inspector=False, strict_territory=False, strict_kind=False)
    paper = make_certificate(kind="national", area=OTHER_DISTRICT)
    candidate = make_candidate(certificates=(paper,), recent=frozenset({"T1"}))
    assert refusals(candidate, make_need(kinds=frozenset({"provincial"})), lenient) == ()
    assert len(refusals(candidate, make_need(kinds=frozenset({"provincial"})), RULES)) == 3


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(None, None, True), (None, OLD, False), (FAR, None, False), (OLD, DAY, True), (DAY, FAR, True)],
)
def test_r18_recusal_counts_while_in_force(starts, ends, expected):
    candidate = make_candidate(recusals=(Recusal("T1", RecusalKind.RELATION, starts, ends),))
    assert (refusals(candidate, make_need(), RULES) == (Refusal.RECUSED_RELATION,)) is expected


def test_r18_recusal_concerns_one_enterprise_only():
    candidate = make_candidate(recusals=(Recusal("T2", RecusalKind.RELATION),), recent=frozenset({"T3"}))
    assert refusals(candidate, make_need("T1"), RULES) == ()


def test_r18_recusal_from_one_enterprise_bars_the_whole_bundled_visit():
    candidate = make_candidate(recusals=(Recusal("T2", RecusalKind.APPLIED),))
    need = make_need("BUNDLE-1", covers=("T1", "T2"))
    assert refusals(candidate, need, RULES) == (Refusal.RECUSED_GRANTED,)


def test_r18_a_recusal_that_ends_before_it_begins_is_rejected():
    with pytest.raises(ContradictoryRecusal):
        Recusal("T1", RecusalKind.RELATION, FAR, OLD)


def test_a_visit_that_ends_before_it_begins_is_rejected():
    with pytest.raises(ContradictoryPeriod):
        make_need(starts=FAR, ends=OLD)


@pytest.mark.parametrize(("held", "by_all"), list(product([True, False], repeat=2)))
def test_r16_expertise_of_all_is_about_the_pair_and_of_one_about_the_team(held, by_all):
    need = make_need(**{"held_by_all" if by_all else "held_by_one": frozenset({"fuel"})})
    candidate = make_candidate(expertise=frozenset({"fuel"} if held else set()))
    assert (refusals(candidate, need, RULES) == ()) is (held or not by_all)


@pytest.mark.parametrize(
    ("leads", "holds", "needs_lead", "needs_skill"), list(product([True, False], repeat=4))
)
def test_r16_the_key_person_answers_for_lead_and_expertise_at_once(leads, holds, needs_lead, needs_skill):
    need = make_need(needs_lead=needs_lead, held_by_one=frozenset({"fuel"} if needs_skill else set()))
    candidate = make_candidate(may_lead=leads, expertise=frozenset({"fuel"} if holds else set()))
    assert need.needs_key is (needs_lead or needs_skill)
    assert is_key(candidate, need) is ((leads or not needs_lead) and (holds or not needs_skill))


def test_certificate_facts_stay_with_the_certificate():
    paper = Certificate("7", "provincial", CITY, DAY, DAY)
    assert refusals(make_candidate(certificates=(paper,)), make_need(area=DISTRICT), RULES) == ()
