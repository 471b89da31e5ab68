"""What may stand in a finding, as truth tables (R48, R49, R51, R53, R65)."""

from datetime import date
from itertools import combinations

import pytest

from app.domain import findings
from app.domain.findings import Finding, has_problem, is_entry, require_valid
from app.domain.vocabulary import CheckMethod, Disposal, PointOutcome, ResultCode

POINTS = (1, 2, 3)
ALONE = {ResultCode.NO_ISSUE, ResultCode.DEREGISTERED, ResultCode.MOVED_OUT, ResultCode.NOT_ENGAGED}
PROBLEMS = {ResultCode(code) for code in ("2", "3", "4", "5", "G", "6", "8", "A", "B", "C", "D", "E")}
ENDED = {ResultCode(code) for code in ("6", "7", "8", "9", "10", "11", "12", "F")}
LEFT_OPEN = frozenset({Disposal.RECTIFY})


def answers(*issues):
    return {
        point: (PointOutcome.ISSUE, "缺台账") if point in issues else (PointOutcome.NO_ISSUE, "")
        for point in POINTS
    }


def make_finding(*results, **values):
    """A finding that breaks no rule for these results."""
    codes = frozenset(results or {ResultCode.NO_ISSUE})
    given = {
        "results": codes,
        "methods": frozenset({CheckMethod.ON_SITE}),
        "disposals": LEFT_OPEN if has_problem(codes) else frozenset({Disposal.NONE_NEEDED}),
        "checked_on": date(2026, 4, 1),
        "problem": "台账不全" if has_problem(codes) else "",
        "points": answers(),
        "violation_on": date(2026, 3, 2),
    }
    return Finding(**(given | values))


def verdict(finding, points=POINTS):
    """The code of the first rule broken, None when the finding may stand."""
    try:
        require_valid(finding, points)
    except findings.DomainError as error:
        return error.code
    return None


@pytest.mark.parametrize("code", list(ResultCode))
def test_r53_every_code_may_stand_by_itself(code):
    assert verdict(make_finding(code)) is None


@pytest.mark.parametrize("pair", list(combinations(ResultCode, 2)), ids=lambda pair: "+".join(pair))
def test_r53_two_codes_stand_together_unless_one_excludes_others(pair):
    expected = "exclusive_result" if ALONE & set(pair) else None
    assert verdict(make_finding(*pair)) == expected


def test_r53_a_finding_needs_a_result():
    assert verdict(make_finding(results=frozenset())) == "no_result"


def test_r53_the_refusal_names_the_code_that_stands_alone():
    with pytest.raises(findings.ExclusiveResult) as refusal:
        require_valid(make_finding(ResultCode.NO_ISSUE, ResultCode.CORRECTED), POINTS)
    assert refusal.value.params == {"result": "未发现问题"}


@pytest.mark.parametrize("code", list(ResultCode))
def test_which_codes_say_that_a_problem_was_found(code):
    assert has_problem({code}) is (code in PROBLEMS)


def test_r48_a_finding_says_how_the_check_was_made():
    assert verdict(make_finding(methods=frozenset())) == "no_method"


@pytest.mark.parametrize("method", list(CheckMethod))
def test_r48_only_a_check_on_site_is_an_entry(method):
    assert verdict(make_finding(methods=frozenset({method}))) is None
    assert is_entry({method}) is (method == CheckMethod.ON_SITE)
    assert is_entry({method, CheckMethod.ON_SITE})


@pytest.mark.parametrize("code", list(ResultCode))
@pytest.mark.parametrize("text", ["", "  \n", "台账不全"])
def test_r49_a_problem_is_described(code, text):
    expected = "problem_not_described" if code in PROBLEMS and not text.strip() else None
    assert verdict(make_finding(code, problem=text)) == expected


@pytest.mark.parametrize("code", list(ResultCode))
@pytest.mark.parametrize("answered", [0, 2, 3])
def test_r51_every_point_is_answered_unless_the_check_ended_before(code, answered):
    given = dict(list(answers().items())[:answered])
    expected = "point_missing" if code not in ENDED and answered < 3 else None
    assert verdict(make_finding(code, points=given)) == expected


def test_r51_the_refusal_counts_what_is_missing():
    with pytest.raises(findings.PointMissing) as refusal:
        require_valid(make_finding(points={2: (PointOutcome.NOT_APPLICABLE, "")}), POINTS)
    assert refusal.value.params == {"count": 2}


def test_r51_an_item_without_points_needs_no_answer():
    assert verdict(make_finding(points={}), points=()) is None


@pytest.mark.parametrize("code", [code for code in ResultCode if code not in ENDED])
def test_an_issue_at_a_point_needs_a_result_that_says_so(code):
    expected = None if code in PROBLEMS else "point_contradicts_result"
    assert verdict(make_finding(code, points=answers(2))) == expected


def test_r65_a_finding_says_what_follows():
    assert verdict(make_finding(disposals=frozenset())) == "no_disposal"


@pytest.mark.parametrize("code", list(ResultCode))
def test_r65_no_follow_up_only_without_a_problem_or_when_it_was_put_right(code):
    expected = "problem_without_follow_up" if code in PROBLEMS - {ResultCode.CORRECTED} else None
    assert verdict(make_finding(code, disposals=frozenset({Disposal.NONE_NEEDED}))) == expected


def test_r65_one_problem_put_right_does_not_settle_the_other():
    finding = make_finding(
        ResultCode.CORRECTED, ResultCode.VIOLATION_OWN, disposals=frozenset({Disposal.NONE_NEEDED})
    )
    assert verdict(finding) == "problem_without_follow_up"


def test_rules_are_told_in_the_order_of_the_form():
    nothing = Finding(frozenset(), frozenset(), frozenset(), date(2026, 4, 1))
    assert verdict(nothing) == "no_result"
    assert verdict(make_finding(methods=frozenset(), points={}, disposals=frozenset())) == "no_method"
    assert verdict(make_finding(points={}, disposals=frozenset())) == "point_missing"
