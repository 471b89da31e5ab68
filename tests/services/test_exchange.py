"""R76: what was drawn or recorded on the other platform is taken over once, whole or not at all."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from app.domain.exchange import ExchangeRow, Head, Package, to_json
from app.domain.findings import CheckedOutsidePeriod
from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    FindingState,
    ResultCode,
    TaskKind,
    TaskState,
    VisitState,
)
from app.extensions import db
from app.models import ExchangeIntake, InspectionItem, InspectionTask, ItemFinding, Visit
from app.reports import exchange as exchange_report
from app.services.exchange.incoming import ExchangeChanged, ExchangeRefused, take_in
from app.services.exchange.keys import KeyRevokedBefore, key_of, make_key, revoke_key
from app.services.exchange.outgoing import package_of
from app.services.exchange.reading import read_package
from tests.builders import NOW, World, at, make_item

LATER = at(date(2026, 4, 20))
HEAD = Head(
    "吉监抽〔2026〕3号", "220000-2026-017", "成品油联合抽查", "商务局", date(2026, 4, 1), date(2026, 5, 29)
)
FOUND = {
    "checked_on": date(2026, 4, 8),
    "methods": (CheckMethod.ON_SITE,),
    "results": (ResultCode.NO_ISSUE,),
    "disposals": (Disposal.NONE_NEEDED,),
}


@pytest.fixture
def world(app):
    made = World(enterprises=3, inspectors=3)
    make_item("CP-01", name="成品油零售")
    made.publish_items()
    return made


@pytest.fixture
def package(world):
    team = tuple(person.staff_no for person in world.inspectors[:2])
    rows = [
        ExchangeRow(
            enterprise.identifier, enterprise.name, "CP-01", "成品油零售", "商务局", date(2026, 4, 8), team
        )
        for enterprise in world.enterprises
    ]
    return Package(replace(HEAD, lead_agency=world.inspectors[0].agency.name), tuple(rows))


@pytest.fixture(autouse=True)
def bureau_rows(package):
    """The rows name the department as the platform writes it."""
    for row in package.rows:
        object.__setattr__(row, "agency", package.head.lead_agency)


def test_R76_a_task_drawn_elsewhere_becomes_visits_under_its_own_number(world, package):
    taken = take_in(package, "a" * 64, world.planner, LATER)
    task = db.session.get(InspectionTask, taken.task_id)
    assert (task.kind, task.state) == (TaskKind.EXTERNAL, TaskState.READY)
    assert (task.external_plan_no, task.external_task_no) == (HEAD.plan_no, HEAD.task_no)
    assert (taken.added, taken.results, taken.unchanged) == (3, 0, 0)
    assert [len(visit.team) for visit in task.visits] == [2, 2, 2]
    assert {finding.state for visit in task.visits for finding in visit.findings} == {FindingState.UNCHECKED}


def test_R76_the_same_package_again_changes_nothing(world, package):
    first = take_in(package, "a" * 64, world.planner, LATER)
    again = take_in(package, "a" * 64, world.planner, LATER)
    assert again == replace(first, added=0, unchanged=3)
    assert db.session.query(InspectionTask).count() == 1
    assert db.session.query(ExchangeIntake).count() == 1


def test_R76_results_recorded_elsewhere_are_not_typed_again(world, package):
    task = take_in(package, "a" * 64, world.planner, LATER).task_id
    rows = tuple(replace(row, **FOUND) if place == 0 else row for place, row in enumerate(package.rows))
    taken = take_in(replace(package, rows=rows), "b" * 64, world.planner, LATER)
    assert (taken.task_id, taken.added, taken.results) == (task, 0, 1)
    finding = db.session.query(ItemFinding).filter_by(state=FindingState.RECORDED).one()
    assert finding.latest.checked_on == date(2026, 4, 8)
    assert finding.visit.state == VisitState.RECORDED
    assert finding.visit.disclose_by is not None


def test_R76_a_result_that_stands_is_never_replaced_by_a_package(world, package):
    rows = tuple(replace(row, **FOUND) for row in package.rows)
    take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER)
    other = FOUND | {
        "results": (ResultCode.PENDING,),
        "problem": "另一种说法",
        "disposals": (Disposal.RECTIFY,),
    }
    changed = tuple(replace(row, **other) for row in package.rows)
    assert take_in(replace(package, rows=changed), "b" * 64, world.planner, LATER).results == 0
    assert all(len(finding.records) == 1 for finding in db.session.query(ItemFinding))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"identifier": "91220100MA00000000"}, "91220100MA00000000"),
        ({"item": "ZZ-99"}, "ZZ-99"),
        ({"agency": "海关"}, "海关"),
        ({"team": ("J999", "J998")}, "J999"),
    ],
)
def test_a_row_that_fits_nothing_here_stops_the_whole_package(world, package, change, named):
    rows = (*package.rows[:2], replace(package.rows[2], **change))
    with pytest.raises(ExchangeRefused) as refused:
        take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER)
    assert named in refused.value.params["rows"]
    assert db.session.query(Visit).count() == db.session.query(InspectionTask).count() == 0


def test_R17_a_team_of_one_is_not_taken_over(world, package):
    rows = tuple(replace(row, team=row.team[:1]) for row in package.rows)
    with pytest.raises(ExchangeRefused):
        take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER)


def test_a_known_task_with_other_targets_is_refused_and_nothing_is_lost(world, package):
    take_in(replace(package, rows=package.rows[:2]), "a" * 64, world.planner, LATER)
    with pytest.raises(ExchangeChanged):
        take_in(package, "b" * 64, world.planner, LATER)
    assert db.session.query(Visit).count() == 2


def test_a_result_from_the_future_is_refused(world, package):
    rows = tuple(replace(row, **FOUND | {"checked_on": date(2026, 5, 28)}) for row in package.rows)
    with pytest.raises(CheckedOutsidePeriod):
        take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER)
    assert db.session.query(InspectionTask).count() == 0


def test_R8_an_item_is_known_by_its_code_of_the_other_platform(world, package):
    db.session.query(InspectionItem).one().supervision_code = "3300-XC"
    db.session.commit()
    rows = tuple(replace(row, item="3300-XC") for row in package.rows)
    assert take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER).added == 3


def test_R76_a_task_of_ours_goes_out_as_json_and_as_a_sheet_and_both_say_the_same(world, tmp_path):
    task = db.session.get(InspectionTask, world.open(versions=[make_item("XC-55")]))
    package = package_of(db.session(), task)
    assert {row.identifier for row in package.rows} == {visit.enterprise.identifier for visit in task.visits}
    text, sheet = tmp_path / "out.json", tmp_path / "out.xlsx"
    text.write_text(to_json(package))
    sheet.write_bytes(exchange_report.build(package, NOW))
    assert read_package(text)[0] == read_package(sheet)[0] == package


def test_R73_another_department_sees_results_only_once_they_are_disclosed(world, package):
    rows = tuple(replace(row, **FOUND) for row in package.rows)
    task = take_in(replace(package, rows=rows), "a" * 64, world.planner, LATER).task_id
    found = db.session.get(InspectionTask, task)
    own = found.items[0].agency_id
    assert all(row.has_result for row in package_of(db.session(), found, own).rows)
    assert not any(row.has_result for row in package_of(db.session(), found, own + 1).rows)


def test_a_key_opens_until_it_expires_or_is_revoked(world):
    agency = world.inspectors[0].agency_id
    text = make_key(agency, "审批系统", date(2026, 6, 1), world.planner, NOW)
    key = key_of(db.session(), text, NOW)
    assert key.agency_id == agency
    assert text not in (key.digest, key.prefix)
    assert key_of(db.session(), text, at(date(2026, 6, 2))) is None
    revoke_key(key.id, world.planner, NOW)
    assert key_of(db.session(), text, NOW) is None
    with pytest.raises(KeyRevokedBefore):
        revoke_key(key.id, world.planner, NOW)


def test_a_package_longer_than_one_query_takes_is_refused_in_words(world, package):
    first = package.rows[0]
    rows = [replace(first, identifier=f"9122{number:014d}", item=f"X{number}") for number in range(25_000)]
    with pytest.raises(ExchangeRefused):
        take_in(Package(package.head, tuple(rows)), "f" * 64, world.planner, LATER)
    assert db.session.query(InspectionTask).count() == 0


def test_a_package_is_read_in_few_queries_however_many_results_it_has(world, package):
    rows = tuple(replace(row, **FOUND) for row in package.rows)
    taken = take_in(Package(package.head, rows), "a" * 64, world.planner, LATER)
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    def counted():
        db.session.expunge_all()
        task = db.session.get(InspectionTask, taken.task_id)
        asked.clear()
        assert all(row.has_result for row in package_of(db.session(), task).rows)
        return len(asked)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        three = counted()
        visits = db.session.query(Visit).order_by(Visit.id).all()
        for visit in visits[1:]:
            visit.state = VisitState.CANCELLED
        db.session.commit()
        one = counted()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert three == one
