"""The vocabularies: stored by value, shown by label, in both languages."""

import re

import pytest

from app.domain import vocabulary
from app.domain.vocabulary import (
    Disposal,
    EntityStatus,
    ImportKind,
    MembershipSource,
    ResultCode,
    RiskClass,
    Term,
)

VOCABULARIES = [
    value
    for value in vars(vocabulary).values()
    if isinstance(value, type) and issubclass(value, Term) and value is not Term
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
USUALLY_STORED = 20
LONGEST_STORED = {vocabulary.RosterField: 30}  # names of columns


@pytest.mark.parametrize("terms", VOCABULARIES, ids=lambda terms: terms.__name__)
def test_every_term_has_one_label_of_its_own_in_each_language(terms):
    assert len({term.label for term in terms}) == len(terms)
    assert len({term.english for term in terms}) == len(terms)
    assert all(CHINESE.search(term.label) for term in terms)
    assert not any(CHINESE.search(term.english) for term in terms)


@pytest.mark.parametrize("terms", VOCABULARIES, ids=lambda terms: terms.__name__)
def test_a_term_is_found_by_value_and_by_label_and_fits_its_column(terms):
    for term in terms:
        assert terms.of(term.value) is term
        assert terms.by_label(term.label) is term
        assert terms.by_label(term.value) is term
        assert len(term.value) <= LONGEST_STORED.get(terms, USUALLY_STORED)


@pytest.mark.parametrize("text", ["", "existing ", "EXISTING", "存续"])
def test_only_a_value_is_a_value(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        EntityStatus.of(text)


def test_an_unknown_label_is_none():
    assert EntityStatus.by_label("正常营业") is None


def test_a_label_is_never_what_is_stored():
    assert not {term.value for terms in VOCABULARIES for term in terms if CHINESE.search(term.value)}


def test_r53_the_result_codes_are_those_of_the_national_platform():
    assert {code.value for code in ResultCode} == {str(number) for number in range(1, 13)} | set("ABCDEFG")


def test_r65_there_are_six_disposals():
    assert [disposal.value for disposal in Disposal] == list("123456")


def test_r28_there_are_four_risk_classes():
    assert [risk.value for risk in RiskClass] == list("ABCD")


def test_a_guess_is_a_source_of_its_own():
    assert MembershipSource.GUESS.label == "推断"


def test_the_commands_name_the_kinds_of_file_by_their_values():
    assert [kind.value for kind in ImportKind] == ["enterprises", "inspectors", "items", "listings"]
