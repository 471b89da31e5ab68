"""Who may be matched to whom, and what happens when nobody may (R15-R20, R43)."""

import threading
from datetime import date

import pytest

from app.domain.matching.refusal import Refusal
from app.domain.matching.solve import CannotBeStaffed
from app.domain.vocabulary import InspectorStatus, StaffKind, TaskState
from app.extensions import db
from app.models import EnforcementCertificate, InspectionTask, Matching, Recusal, Visit, VisitMember
from app.services import matching
from tests.builders import NOW, World, make_inspector, make_item


@pytest.fixture
def world(app):
    return World(inspectors=3)


def matched_names():
    return {member.inspector.staff_no for member in db.session.query(VisitMember)}


def refused(reason):
    return db.session.query(Matching).one().refusal_counts.get(reason.value, 0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"valid_to": date(2026, 5, 1)}, Refusal.CERTIFICATE_EXPIRED),
        ({"valid_to": None}, Refusal.NO_CERTIFICATE),
        ({"kind": StaffKind.ASSISTANT}, Refusal.NOT_AN_INSPECTOR),
        ({"kind": StaffKind.EXPERT}, Refusal.NOT_AN_INSPECTOR),
        ({"status": InspectorStatus.ON_LEAVE}, Refusal.ON_LEAVE),
        ({"status": InspectorStatus.SUSPENDED}, Refusal.SUSPENDED),
        ({"status": InspectorStatus.LEFT}, Refusal.LEFT_SERVICE),
    ],
)
def test_r15_who_may_not_inspect_is_never_matched_and_the_reason_is_counted(world, values, reason):
    barred = make_inspector(staff_no="BARRED", **values)
    world.open()
    assert barred.staff_no not in matched_names()
    assert refused(reason) == 3


def test_r43_a_certificate_of_another_district_does_not_count(world):
    barred = make_inspector(staff_no="BARRED")
    db.session.query(EnforcementCertificate).filter_by(inspector_id=barred.id).one().area_code = "220182"
    db.session.commit()
    world.open()
    assert "BARRED" not in matched_names()
    assert refused(Refusal.WRONG_AREA) == 3


def test_r18_a_recusal_keeps_one_person_off_one_enterprise(world):
    person = world.inspectors[0]
    for enterprise in world.enterprises:
        db.session.add(Recusal(inspector_id=person.id, enterprise_id=enterprise.id))
    db.session.commit()
    world.open()
    assert person.staff_no not in matched_names()


def test_r16_one_member_of_the_team_holds_the_expertise(world):
    make_inspector(staff_no="EXPERT", expertise=("二手车",))
    world.open(versions=[make_item("XC-70", expertise=("二手车",))])
    assert all("EXPERT" in {m.inspector.staff_no for m in visit.team} for visit in db.session.query(Visit))


def test_the_same_pair_does_not_come_twice_running(world):
    world.open(ppm=1_000_000)
    before = {v.enterprise_id: {m.inspector_id for m in v.team} for v in db.session.query(Visit)}
    for _ in range(3):
        make_inspector()
    second = world.open(ppm=1_000_000, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 28))
    for visit in db.session.query(Visit).filter_by(task_id=second):
        assert not before[visit.enterprise_id] & {member.inspector_id for member in visit.team}


def test_staff_hired_after_the_freeze_does_not_take_part(world):
    task = world.drawn()
    make_inspector(staff_no="LATE")
    world.match(task)
    assert "LATE" not in matched_names()


@pytest.mark.parametrize("shortage", ["nobody", "no expertise", "no cap"])
def test_r20_a_shortage_is_explained_and_nothing_is_stored(world, shortage):
    if shortage == "nobody":
        for person in world.inspectors:
            person.status = InspectorStatus.LEFT
    if shortage == "no cap":
        for person in world.inspectors:
            person.yearly_cap = 0
    db.session.commit()
    item = make_item("XC-71", expertise=("无人专长",) if shortage == "no expertise" else ())
    task = world.drawn(versions=[item])
    with pytest.raises(CannotBeStaffed) as caught:
        world.match(task)
    assert caught.value.params["shortfall"] > 0
    assert all(found.required > found.available for found in caught.value.params["shortages"])
    assert db.session.query(Visit).count() == db.session.query(Matching).count() == 0
    assert db.session.get(InspectionTask, task).state == TaskState.DRAWN


def test_the_cheapest_remedies_make_the_match_possible_under_the_same_key(world):
    for person in world.inspectors:
        person.yearly_cap = 1
    db.session.commit()
    task = world.drawn()
    proposal = matching.propose_remedies(task)
    visits = matching.match_inspectors(task, world.planner, NOW, proposal)
    assert visits + len(proposal.postponed) == 3
    stored = db.session.query(Matching).one()
    assert stored.purpose == "pair"
    assert stored.remedies["price"] == proposal.price > 0


def test_two_operators_pressing_match_get_one_result(application, world):
    task, planner = world.drawn(), world.planner.id
    outcomes = []

    def press():
        from flask_appbuilder.security.sqla.models import User

        with application.app_context():
            try:
                outcomes.append(matching.match_inspectors(task, db.session.get(User, planner), NOW))
            except Exception as error:
                outcomes.append(type(error).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["3", "IllegalTransition"]
    assert db.session.query(Matching).count() == 1
