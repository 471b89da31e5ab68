"""失信程度, 公示期限, 追责时效, 首违不罚, 处罚计数, 信用措施 (R59, R63, R66, R67, R69, R70, R78)."""

from datetime import date
from itertools import product

import pytest

from app.domain import credit, limitation, penalties
from app.domain.publication import add_months, longest_until, severity_of
from app.domain.vocabulary import (
    Harm,
    Leniency,
    MeasureKind,
    PenaltyType,
    ResultCode,
    Severity,
    TransferState,
)

DAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("results", "severity"),
    [
        ({ResultCode.NO_ISSUE}, None),
        ({ResultCode.DEREGISTERED}, None),
        ({ResultCode.CORRECTED}, Severity.MINOR),
        ({ResultCode.CORRECTED, ResultCode.VIOLATION_OWN}, Severity.ORDINARY),
        ({ResultCode.UNREACHABLE}, Severity.ORDINARY),
        ({ResultCode.FALSE_PUBLICITY, ResultCode.CORRECTED}, Severity.SERIOUS),
        ({ResultCode.UNCOOPERATIVE}, Severity.SERIOUS),
    ],
)
def test_r59_how_serious_a_finding_is_follows_from_its_codes(results, severity):
    assert severity_of(results) == severity


@pytest.mark.parametrize(
    ("severity", "last"),
    [
        (Severity.MINOR, date(2026, 8, 31)),
        (Severity.ORDINARY, date(2027, 5, 31)),
        (Severity.SERIOUS, date(2029, 5, 31)),
        (None, date(2031, 5, 31)),
    ],
)
def test_r59_nothing_stays_in_public_longer_than_its_class_allows(severity, last):
    assert longest_until(severity, DAY) == last


def test_a_month_without_that_day_ends_with_its_last():
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("minor", "first", "corrected", "harm"), list(product([True, False], [True, False], [True, False], Harm))
)
def test_r66_what_the_law_leaves_open_for_minor_and_first_breaches(minor, first, corrected, harm):
    choices = limitation.lenient_choices(minor, first, corrected, harm)
    if minor and corrected and harm == Harm.NONE:
        assert choices == (Leniency.NO_PENALTY,)
    elif first and corrected and harm != Harm.GRAVE:
        assert choices == (Leniency.MAY_WAIVE, Leniency.PENALTY)
    else:
        assert choices == (Leniency.PENALTY,)
    for decision in set(Leniency) - set(choices):
        with pytest.raises(limitation.LeniencyNotLawful):
            limitation.require_lawful(decision, minor, first, corrected, harm)


def test_r67_a_breach_is_penalised_for_two_years_and_where_safety_is_harmed_for_five():
    assert limitation.limitation_ends(DAY) == date(2028, 5, 31)
    assert limitation.limitation_ends(DAY, endangers_safety=True) == date(2031, 5, 31)
    assert not limitation.is_time_barred(DAY, date(2028, 5, 31))
    assert limitation.is_time_barred(DAY, date(2028, 6, 1))


@pytest.mark.parametrize(
    ("named", "counted"),
    [
        ({PenaltyType.WARNING, PenaltyType.FINE}, PenaltyType.FINE),
        ({PenaltyType.FINE, PenaltyType.GAINS, PenaltyType.WARNING}, PenaltyType.GAINS),
        ({PenaltyType.WARNING, PenaltyType.OTHER}, PenaltyType.WARNING),
        ({PenaltyType.OTHER}, PenaltyType.OTHER),
    ],
)
def test_r78_several_penalties_in_one_decision_count_as_the_last_in_the_order(named, counted):
    assert limitation.counted_penalty(frozenset(named)) == counted


@pytest.mark.parametrize(("needed", "done"), list(product([True, False], repeat=2)))
def test_r69_a_weighty_decision_waits_for_its_legal_review(needed, done):
    if needed and not done:
        with pytest.raises(penalties.LegalReviewMissing):
            penalties.require_review(needed, done)
    else:
        penalties.require_review(needed, done)


@pytest.mark.parametrize("state", TransferState)
def test_r70_a_penalty_never_takes_the_place_of_a_transfer(state):
    if state in (TransferState.NOT_APPROVED, TransferState.UPHELD):
        penalties.require_no_transfer([state])
    else:
        with pytest.raises(penalties.PenaltyInsteadOfTransfer):
            penalties.require_no_transfer([state])


@pytest.mark.parametrize(
    ("kind", "problem", "serious_only", "severity", "current"),
    list(product(MeasureKind, [True, False], [True, False], Severity, [True, False])),
)
def test_r63_a_measure_follows_what_was_found(kind, problem, serious_only, severity, current):
    given = {
        "kind": kind,
        "for_serious_only": serious_only,
        "in_force": (DAY, None),
        "is_current": current,
        "is_problem": problem,
        "severity": severity if problem else None,
        "today": DAY,
    }
    fits = current and problem == (kind == MeasureKind.PUNISHMENT)
    if fits and (not serious_only or (problem and severity == Severity.SERIOUS)):
        credit.require_fitting(**given)
    else:
        with pytest.raises(credit.MeasureDoesNotFit):
            credit.require_fitting(**given)


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (date(2026, 6, 1), None, False),
        (DAY, DAY, True),
        (date(2020, 1, 1), date(2026, 5, 30), False),
    ],
)
def test_r63_a_measure_is_taken_while_the_list_has_it(first, last, fits):
    given = {
        "kind": MeasureKind.PUNISHMENT,
        "for_serious_only": False,
        "in_force": (first, last),
        "is_current": True,
        "is_problem": True,
        "severity": Severity.ORDINARY,
        "today": DAY,
    }
    if fits:
        credit.require_fitting(**given)
    else:
        with pytest.raises(credit.MeasureNotInForce):
            credit.require_fitting(**given)


@pytest.mark.parametrize(
    ("severity", "first"),
    [(Severity.MINOR, DAY), (Severity.ORDINARY, date(2026, 8, 31)), (Severity.SERIOUS, date(2027, 5, 31))],
)
def test_r59_credit_is_restored_after_the_shortest_time_and_the_end_of_the_problem(severity, first):
    credit.require_restorable(True, severity, DAY, True, first)
    with pytest.raises(credit.RestorationBeforeEnd):
        credit.require_restorable(True, severity, DAY, False, first)
    with pytest.raises(credit.NothingToRestore):
        credit.require_restorable(False, None, DAY, True, first)
    if first > DAY:
        with pytest.raises(credit.RestorationTooEarly):
            credit.require_restorable(True, severity, DAY, True, date.fromordinal(first.toordinal() - 1))
