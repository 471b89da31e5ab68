"""What the pages of a match show: every figure from the stored match, nothing changed by looking."""

from datetime import date, timedelta

import pytest

from app.domain.matching.explain import ShortageKind
from app.domain.matching.refusal import Refusal
from app.domain.matching.remedies import Remedies
from app.domain.vocabulary import InspectorStatus, TaskState
from app.extensions import db
from app.models import InspectionTask, Matching, Visit
from app.services import load_review, match_review, matching, substituting
from tests.builders import NOW, World, make_expertise, make_inspector, make_item


@pytest.fixture
def world(app):
    return World()


def task_of(key):
    return db.session.get(InspectionTask, key)


def round_of(key):
    return match_review.round_of(db.session(), match_review.matching_of(db.session(), task_of(key)))


def idle_of(key):
    rows = match_review.idle(db.session(), [round_of(key)], match_review.people(db.session()))
    return {row.person.staff_no: row for row in rows}


def substitute(world, task, target=None):
    gone = db.session.query(Visit).filter_by(task_id=task).first().team[0].inspector.staff_no
    substituting.substitute_inspector(task, gone, "病假", world.planner, world.approver, NOW, target=target)
    return gone


def test_r20_the_histogram_counts_everybody_on_the_staff_once(world):
    world.open()
    task = db.session.query(InspectionTask).one().id
    rows = match_review.loads([round_of(task)], match_review.people(db.session()))
    assert sum(len(row.staff) for row in rows) == 6
    assert sum(row.visits * len(row.staff) for row in rows) == 2 * db.session.query(Visit).count()
    assert {row.agency for row in rows} == {world.inspectors[0].agency.short_name}


def test_r20_who_is_never_drawn_stands_there_with_every_reason(world):
    late = make_inspector(valid_to=date(2026, 4, 10), staff_no="Z001").staff_no
    bare = make_inspector(valid_to=None, staff_no="Z002", status=InspectorStatus.ON_LEAVE).staff_no
    idle = idle_of(world.open())
    assert idle[late].refusals == ((Refusal.CERTIFICATE_EXPIRED, 3),)
    assert dict(idle[bare].refusals) == {Refusal.NO_CERTIFICATE: 3, Refusal.ON_LEAVE: 3}
    assert idle[late].eligible == 0
    assert idle[late].demands == 3


def test_r20_who_was_eligible_and_not_chosen_shows_no_refusal(world):
    for _ in range(4):
        make_inspector()
    rows = idle_of(world.open()).values()
    assert len(rows) == 4
    assert {(row.eligible, row.demands, row.refusals) for row in rows} == {(3, 3, ())}


def test_another_department_counts_its_own_visits_only(world):
    partner = [make_inspector(agency="A02").staff_no for _ in range(4)]
    idle = idle_of(world.open(versions=[make_item("XC-81")]))
    assert not set(partner) & set(idle)  # only the departments of the task are on its staff file
    assert all(Refusal.WRONG_AGENCY not in dict(row.refusals) for row in idle.values())


def test_the_refusals_of_a_match_are_those_it_stored(world):
    make_inspector(valid_to=None)
    task = world.open()
    row = db.session.query(Matching).one()
    assert match_review.refusals_of(row) == ((Refusal.NO_CERTIFICATE, 3),)
    assert match_review.remedies_of(row) == Remedies()
    assert task_of(task).state == TaskState.DISCLOSED


def test_r19_substitutions_are_counted_per_inspector(world):
    task = world.open()
    gone = substitute(world, task)
    rows = match_review.substitutions_of(db.session(), [round_of(task).matching])
    counted = {
        row.person.staff_no: row for row in match_review.replaced(rows, match_review.people(db.session()))
    }
    teams = sum(gone in change["left"] for change in rows[0].difference)
    assert (counted[gone].requests, counted[gone].teams) == (1, teams)
    assert teams >= 1


def test_r19_a_replaced_inspector_was_drawn(world):
    task = world.open()
    assert substitute(world, task) not in idle_of(task)


def test_open_teams_are_those_not_yet_gone(world):
    task = world.open()
    teams = match_review.open_teams(db.session(), task_of(task))
    assert len(teams) == 3
    assert all(len(team) == 2 for _name, team in teams.values())


def test_a_task_that_can_be_staffed_has_no_shortage(world):
    task = world.drawn()
    assert match_review.shortages_of(db.session(), task_of(task)) == ()
    assert match_review.matching_of(db.session(), task_of(task)) is None


@pytest.fixture
def short(app):
    """Ten firms to visit, two inspectors with three visits each."""
    world = World(enterprises=10, inspectors=0)
    for number in (1, 2):
        make_inspector(staff_no=f"S{number:03d}", yearly_cap=3)
    return world, world.drawn(ppm=1_000_000)


def test_a_shortage_names_people_enterprises_and_remedies(short):
    _world, task = short
    found = match_review.shortages_of(db.session(), task_of(task))
    proposal = matching.propose_remedies(task)
    impasse = match_review.impasse(db.session(), task_of(task), found, proposal)
    assert [shortage.kind for shortage in impasse.shortages] == [ShortageKind.GROUP_TOTAL]
    assert (found[0].required, found[0].available, found[0].shortfall) == (20, 6, 14)
    assert impasse.leads == {"S001", "S002"}
    assert set(impasse.enterprises) == set(found[0].targets)
    assert sum(extra for _, extra in proposal.raised) == 14


def test_looking_at_a_shortage_stores_nothing(short):
    _world, task = short
    match_review.shortages_of(db.session(), task_of(task))
    matching.propose_remedies(task)
    assert task_of(task).state == TaskState.DRAWN
    assert db.session.query(Visit).count() == 0


def test_only_what_was_proposed_can_be_chosen(short):
    _world, task = short
    proposal = matching.propose_remedies(task)
    target = match_review.shortages_of(db.session(), task_of(task))[0].targets[0]
    chosen = match_review.chosen_remedies(proposal, ["S001", "S999"], [(target, "A01")], [target])
    assert chosen.raised == tuple(entry for entry in proposal.raised if entry[0] == "S001")
    assert (chosen.waived, chosen.postponed) == ((), ())
    assert chosen.price == dict(chosen.raised)["S001"]


def test_all_of_the_proposal_is_the_proposal(app):
    world = World(enterprises=6, inspectors=2)
    make_expertise("会计")
    task = world.drawn(versions=[make_item("XC-91", expertise=("会计",))], ppm=1_000_000)
    proposal = matching.propose_remedies(task)
    everything = match_review.chosen_remedies(
        proposal, [name for name, _ in proposal.raised], proposal.waived, proposal.postponed
    )
    assert everything == proposal
    assert proposal.waived or proposal.postponed


def test_r20_a_year_sums_its_tasks_and_pairs(world):
    first, second = world.open(), world.open()
    review = load_review.year_review(db.session(), 2026)
    assert {each.task.id for each in review.rounds} == {first, second}
    assert sum(row.visits * len(row.staff) for row in review.loads) == 2 * db.session.query(Visit).count()
    assert sum(times for _, times in review.pairs.top) == db.session.query(Visit).count()
    assert review.pairs.possible == 15
    assert [(row.people, row.found.possible) for row in review.by_agency] == [(6, 15)]


def test_r20_only_people_who_were_eligible_form_possible_pairs(world):
    make_inspector(valid_to=None)
    world.open()
    assert load_review.year_review(db.session(), 2026).pairs.possible == 15


def test_r20_the_same_pair_at_the_same_firm_the_year_after_is_named(world):
    first, later = world.open(ppm=1_000_000), world.open(ppm=1_000_000)
    task_of(later).starts_on += timedelta(days=365)
    team = {visit.enterprise_id: visit.team for visit in db.session.query(Visit).filter_by(task_id=first)}
    for visit in db.session.query(Visit).filter_by(task_id=later):
        for member, same in zip(visit.team, team[visit.enterprise_id], strict=True):
            member.inspector_id = same.inspector_id
    db.session.flush()
    review = load_review.year_review(db.session(), 2027)
    assert len(review.pairs.repeated) == 10
    assert {seen for _, _, seen in review.pairs.repeated} == {(2026, 2027)}
    assert set(review.enterprises) == {firm.identifier for firm in world.enterprises}
    assert load_review.review_years(db.session()) == [2027, 2026]


def test_a_department_sees_its_own_tasks_and_people(world):
    for _ in range(4):
        make_inspector(agency="A02")
    world.open()
    joint = world.open(versions=[make_item("XC-81"), make_item("JL-81", agency="A02")])
    partner = next(item.agency for item in task_of(joint).items if item.agency.code == "A02")
    review = load_review.year_review(db.session(), 2026, partner)
    assert [each.task.id for each in review.rounds] == [joint]
    assert {row.agency for row in review.loads} == {partner.short_name}
    assert sum(len(row.staff) for row in review.loads) == 4
