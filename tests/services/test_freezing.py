"""What a freeze writes, on both databases: the same rows in the same order, each firm once, and once only."""

import threading
from datetime import timedelta

import pytest

from app.domain.draw.merkle import merkle_root
from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import LogKind, MembershipSource, Stratification, TaskState
from app.extensions import db
from app.models import (
    AuditEvent,
    CategoryMembership,
    Draw,
    DrawnTarget,
    DrawStep,
    InspectionTask,
    LogEntry,
    StoredFile,
)
from app.services import drawing, freezing
from app.services.ceremony import WitnessMissing
from app.services.storage import fetch_lines, store
from app.services.transaction import transaction
from tests.builders import NOW, World, make_category, make_enterprise, make_item

UNSORTED = ("91220104M-2", "91220104M0", "91220104M-10", "91220104MA", "91220104M-1", "91220104M1")


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def empty_world(app):
    return World(enterprises=0)


def draw_of(task):
    return db.session.query(Draw).filter_by(task_id=task).order_by(Draw.id.desc()).first()


def roster(task):
    """The frozen rows as (identifier, cells), in the order of the file."""
    lines = fetch_lines(db.session(), draw_of(task).roster_file)
    return [tuple(line.decode().split("\t", 1)) for line in lines]


def excluded(task):
    lines = fetch_lines(db.session(), draw_of(task).excluded_file)
    return dict(line.decode().split("\t") for line in lines)


def press_together(app, act, times=2):
    """`act` in several threads at the same moment; what each gave back, or the name of its error."""
    outcomes, start = [], threading.Barrier(times)

    def press():
        with app.app_context():
            start.wait()
            try:
                outcomes.append(act())
            except Exception as error:
                outcomes.append(type(error).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def also_in(enterprise, category, source=MembershipSource.FILE):
    key = make_category(category).id
    db.session.add(CategoryMembership(enterprise_id=enterprise.id, category_id=key, source=source))
    db.session.commit()


def test_rows_ascend_by_bytes_whatever_the_collation_of_the_database(empty_world):
    for identifier in UNSORTED:
        make_enterprise(identifier=identifier)
    task = empty_world.task()
    empty_world.freeze(task)
    assert [identifier for identifier, _ in roster(task)] == sorted(UNSORTED)


def test_a_firm_of_two_categories_stands_once_with_a_cell_for_each_item(empty_world):
    both, first, second = make_enterprise("甲"), make_enterprise("甲"), make_enterprise("乙")
    also_in(both, "乙")
    task = empty_world.task([make_item("XC-01", category="甲"), make_item("XC-02", category="乙")])
    empty_world.freeze(task)
    assert dict(roster(task)) == {
        both.identifier: "ALL\tALL",
        first.identifier: "ALL\t-",
        second.identifier: "-\tALL",
    }
    assert len(roster(task)) == 3


def test_a_guess_opens_only_the_category_that_is_certain(empty_world):
    firm = make_enterprise("甲")
    also_in(firm, "乙", MembershipSource.GUESS)
    task = empty_world.task([make_item("XC-01", category="甲"), make_item("XC-02", category="乙")])
    empty_world.freeze(task)
    assert roster(task) == [(firm.identifier, "ALL\t-")]


def test_r12_the_excluded_are_kept_with_their_reason(world):
    guess = make_enterprise(source=MembershipSource.GUESS)
    elsewhere = make_enterprise(in_jurisdiction=False)
    task = world.task()
    world.freeze(task)
    assert excluded(task) == {
        guess.identifier: "guessed_category",
        elsewhere.identifier: "out_of_jurisdiction",
    }


def test_a_firm_of_unknown_territory_has_a_stratum_of_its_own(world):
    nowhere = make_enterprise(territory_code=None)
    task = world.task(stratification=Stratification.DISTRICT)
    world.freeze(task)
    assert dict(roster(task))[nowhere.identifier] == "D0"
    assert {quota.stratum: quota.pool for quota in draw_of(task).quotas} == {"D0": 1, "D220104": 10}


def test_a_roster_of_several_chunks_is_read_back_row_by_row(app):
    rows = [(f"9122010{place:011d}", f"M\tF~{place % 3}") for place in range(60_000)]
    with transaction() as session:
        digest = store(session, ("\t".join(row).encode() + b"\n" for row in rows), "roster.tsv")
        assert session.get(StoredFile, digest).size > 1 << 20
    stored = drawing.stored_roster(db.session(), digest)
    assert list(stored) == rows
    assert list(stored) == rows


def test_two_operators_pressing_freeze_get_one_plan(app, world):
    task = world.task()
    people = world.planner, world.witness
    outcomes = press_together(
        app, lambda: len(freezing.freeze_roster_of(task, *map(db.session.merge, people), NOW))
    )
    assert sorted(map(str, outcomes)) == ["64", "IllegalTransition"]
    assert db.session.query(LogEntry).filter_by(kind=LogKind.PLAN).count() == 1
    assert db.session.query(Draw).count() == 1


def test_two_operators_pressing_draw_get_one_result(app, world):
    task = world.task()
    world.freeze(task)
    world.seed(task)
    people, later = (world.planner, world.witness), NOW + timedelta(hours=1)
    outcomes = press_together(
        app, lambda: sum(drawing.run_draw(task, *map(db.session.merge, people), later).values())
    )
    assert sorted(map(str, outcomes)) == ["3", "IllegalTransition"]
    assert db.session.query(LogEntry).filter_by(kind=LogKind.RESULT).count() == 1
    assert db.session.query(DrawnTarget).filter_by(is_reserve=False).count() == 3
    assert db.session.query(DrawStep).filter_by(step="drawn").count() == 1


def test_a_second_seed_leaves_only_its_attempt(world):
    task = world.task()
    world.freeze(task)
    world.seed(task)
    first = draw_of(task).seed_record
    with pytest.raises(IllegalTransition):
        world.seed(task, {("dice-d10", "ceremony"): "27182818284590452353"})
    assert draw_of(task).seed_record == first
    assert db.session.query(LogEntry).filter_by(kind=LogKind.SEED).count() == 1
    assert db.session.query(AuditEvent).filter_by(tag="draw:seeded:refused").count() == 1


@pytest.mark.parametrize("hours", [0, -1])
def test_the_seed_event_lies_after_the_plan(world, hours):
    task = world.task()
    with pytest.raises(freezing.SeedTimePassed):
        world.freeze(task, seed_after=NOW + timedelta(hours=hours))
    assert db.session.get(InspectionTask, task).state == TaskState.DRAFT
    assert db.session.query(LogEntry).count() == 0


@pytest.mark.parametrize("alone", [True, False])
def test_r31_nobody_freezes_without_a_second_person(world, alone):
    task = world.task()
    with pytest.raises(WitnessMissing):
        freezing.freeze_roster_of(task, world.planner, None if alone else world.planner, NOW)
    assert db.session.query(Draw).count() == db.session.query(StoredFile).count() == 0
    assert db.session.query(AuditEvent).filter_by(tag="draw:frozen:refused").count() == 1


def test_an_empty_roster_leaves_nothing_behind(empty_world):
    task = empty_world.task()
    with pytest.raises(freezing.RosterIsEmpty):
        empty_world.freeze(task)
    assert db.session.query(Draw).count() == db.session.query(StoredFile).count() == 0


def test_a_voided_plan_gives_its_population_free(world):
    item = make_item("XC-80")
    first, second = world.task([item]), world.task([item])
    world.freeze(first)
    drawing.void_draw(first, "名单有误", world.planner, world.witness, NOW)
    world.freeze(second)
    assert [draw.state.value for draw in db.session.query(Draw).order_by(Draw.id)] == ["void", "planned"]


def test_the_root_is_that_of_the_sorted_rows_and_the_tickets_ascend(empty_world):
    names = [f"91220104M{place:02d}" for place in range(40)]
    for identifier in reversed(names):
        make_enterprise(identifier=identifier)
    task = empty_world.task(ppm=100_000)
    empty_world.freeze(task)
    empty_world.seed(task)
    empty_world.draw(task)
    rows = db.session.query(DrawnTarget).filter_by(is_reserve=False).order_by(DrawnTarget.rank).all()
    assert draw_of(task).roster_root == merkle_root((f"{name}\tALL".encode() for name in names), "sha256")
    assert [row.ticket for row in rows] == sorted(row.ticket for row in rows)
    assert len(rows) == 4
