"""The invented roster of inspectors: departments, expertise, and the few who may not inspect."""

import re
from collections import Counter
from datetime import date

import pytest

from app.domain.vocabulary import CertificateKind, InspectorStatus, RecusalKind, StaffKind
from app.reference.codes import AGENCIES, BUREAU, EXPERTISE
from app.sample import enterprises
from app.sample.inspectors import HEADERS, inspectors, rows
from app.sample.items import ITEMS

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def people():
    return inspectors()


def may_inspect(person):
    return (
        person.kind is StaffKind.INSPECTOR
        and person.status is InspectorStatus.ACTIVE
        and person.valid_from <= TODAY <= person.valid_until
    )


def test_sixty_people_of_six_departments_most_of_the_bureau(people):
    counts = Counter(person.agency for person in people)
    assert len(people) == 60
    assert set(counts) == {agency.name for agency in AGENCIES}
    assert counts[BUREAU] > 30


def test_staff_numbers_names_and_certificates_are_single(people):
    assert len({person.staff_number for person in people}) == 60
    assert len({person.name for person in people}) == 60
    certificates = [person.certificate for person in people if person.certificate]
    assert len(set(certificates)) == len(certificates) == 58


def test_staff_numbers_fit_the_draw_protocol_and_survive_excel(people):
    assert all(re.fullmatch(r"[1-9][0-9]{4}", person.staff_number) for person in people)


def test_r15_a_few_may_not_inspect(people):
    expired = [person for person in people if person.valid_until and person.valid_until < TODAY]
    assert len(expired) == 3
    assert Counter(person.status for person in people) == {
        InspectorStatus.ACTIVE: 58,
        InspectorStatus.SUSPENDED: 1,
        InspectorStatus.ON_LEAVE: 1,
    }
    assert sum(person.kind is StaffKind.ASSISTANT for person in people) == 2
    assert sum(may_inspect(person) for person in people) == 53


def test_r15_an_assistant_has_no_certificate_and_never_leads(people):
    for person in people:
        assert (person.kind is StaffKind.ASSISTANT) == (person.certificate == "")
        assert person.certificate or not person.may_lead


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_r16_r17_every_item_can_be_staffed_with_three_of_whom_one_leads(people, item):
    able = [
        person
        for person in people
        if may_inspect(person) and person.agency == item.agency and item.expertise in person.expertise
    ]
    assert len(able) >= 3
    assert any(person.may_lead for person in able)


def test_r18_recusals_name_enterprises_of_the_same_sample(people):
    codes = {row[0] for row in enterprises.rows()}
    recused = [person for person in people if person.recused_from]
    assert len(recused) == 5
    for person in recused:
        assert set(person.recused_from) <= codes
        assert isinstance(person.recusal, RecusalKind)


def test_r18_recusals_stay_within_a_small_sample():
    codes = {row[0] for row in enterprises.rows(300)}
    assert {code for person in inspectors(300) for code in person.recused_from} <= codes


def test_the_file_speaks_the_words_of_the_vocabulary():
    for row in rows():
        cells = dict(zip(HEADERS, row, strict=True))
        assert StaffKind.by_label(cells["人员类别"])
        assert InspectorStatus.by_label(cells["状态"])
        assert cells["证件类型"] in {CertificateKind.PROVINCIAL.label, ""}
        assert cells["可任组长"] in {"是", "否"}
        assert set(cells["业务专长"].split("、")) <= set(EXPERTISE)
        assert (cells["回避事由"] == "") == (cells["回避企业代码"] == "")


def test_r90_no_phone_and_no_identity_number():
    for row in rows():
        text = ",".join(cell for name, cell in zip(HEADERS, row, strict=True) if name != "回避企业代码")
        assert not re.search(r"\d{11}", text)
