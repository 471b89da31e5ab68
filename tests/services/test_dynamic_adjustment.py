"""R3, R13, R15: every change is kept with who, when, why and source; status changes reach open tasks (R12, R33)."""

from datetime import date

import pytest

from app.domain.vocabulary import (
    ChangeEvent,
    Disposal,
    EntityStatus,
    ImportKind,
    LifeKind,
    ListType,
    ResultCode,
    StatusStep,
)
from app.extensions import db
from app.models import Listing, RecordChange, Visit
from app.services.ceased import touched_targets
from app.services.life import life_of
from app.services.record_changes import because, of_inspector
from app.services.recording import record_finding
from app.services.roster_import import load_file
from tests.builders import NOW, World, at, clean, make_enterprise


@pytest.fixture
def world(app):
    return World(enterprises=4)


def listed(enterprise, **values):
    entry = Listing(
        enterprise_id=enterprise.id,
        list_type=ListType.ABNORMAL_OPERATIONS,
        included_on=date(2026, 1, 5),
        **values,
    )
    db.session.add(entry)
    return entry


def history(**where):
    return db.session.query(RecordChange).filter_by(**where).order_by(RecordChange.id).all()


def test_R13_a_listing_is_kept_with_who_and_why_from_its_inclusion_to_its_removal(world):
    firm = world.enterprises[0]
    because(db.session(), world.clerk, why="移出决定书〔2026〕3号")
    entry = listed(firm)
    db.session.commit()
    because(db.session(), world.clerk, why="已补报年报")
    entry.removed_on = date(2026, 3, 1)
    db.session.commit()
    added, removed = history(enterprise_id=firm.id, register="listing")
    assert (added.event, removed.event) == (ChangeEvent.ADDED, ChangeEvent.CHANGED)
    assert removed.changes == {"removed_on": [None, "2026-03-01"]}
    assert (removed.actor_id, removed.why) == (world.clerk.id, "已补报年报")


def test_a_cause_is_forgotten_with_its_transaction(world):
    because(db.session(), world.clerk, why="只此一次")
    listed(world.enterprises[0])
    db.session.commit()
    listed(world.enterprises[1])
    db.session.commit()
    assert [row.why for row in history(register="listing")] == ["只此一次", None]


def test_what_was_rolled_back_left_no_history(world):
    listed(world.enterprises[0])
    db.session.flush()
    db.session.rollback()
    assert history(register="listing") == []


def test_R13_a_load_keeps_its_source_with_the_change(world, tmp_path):
    firm = world.enterprises[0]
    head = "统一社会信用代码,名单类型,列入日期,移出日期,列入事由\n"
    firm.identifier = "91220101MA0Y3YEU2K"
    db.session.commit()
    for name, removed in (("一月.csv", ""), ("三月.csv", "2026-03-01")):
        path = tmp_path / name
        path.write_text(
            f"{head}{firm.identifier},经营异常名录,2026-01-05,{removed},未年报\n", encoding="utf-8"
        )
        outcome = load_file(ImportKind.LISTINGS, path, world.clerk, NOW)
        assert not list(outcome.rejects), [str(each.error) for each in outcome.rejects]
    changed = history(register="listing", event=ChangeEvent.CHANGED)
    assert [(row.source, row.actor_id) for row in changed] == [("三月.csv", world.clerk.id)]


def test_R15_the_history_of_an_inspector_holds_certificate_and_post(world):
    person = world.inspectors[0]
    person.position = "流通秩序科"
    person.certificates[0].valid_to = date(2027, 1, 1)
    db.session.commit()
    changes = [
        row.changes for row in of_inspector(db.session(), person.id) if row.event == ChangeEvent.CHANGED
    ]
    assert {"position": [None, "流通秩序科"]} in changes
    assert {"valid_to": ["2030-01-01", "2027-01-01"]} in changes


def test_a_membership_that_is_taken_out_leaves_its_history(world):
    member = world.enterprises[0].memberships[0]
    db.session.delete(member)
    db.session.commit()
    (gone,) = history(enterprise_id=world.enterprises[0].id, event=ChangeEvent.REMOVED)
    assert gone.register == "category_membership"


def test_the_life_of_an_enterprise_stands_on_one_line_of_time(world):
    world.open(ppm=1_000_000)
    visit = db.session.query(Visit).order_by(Visit.planned_on).first()
    finding = visit.findings[0]
    record_finding(finding.id, clean(finding), visit.team[0].inspector.user, at(visit.planned_on, 8))
    listed(visit.enterprise)
    db.session.commit()
    events = life_of(db.session(), visit.enterprise_id)
    assert {each.kind for each in events} >= {
        LifeKind.DRAW,
        LifeKind.VISIT,
        LifeKind.RESULT,
        LifeKind.STANDING,
    }
    assert [each.at for each in events] == sorted((each.at for each in events), reverse=True)
    only = life_of(db.session(), visit.enterprise_id, LifeKind.DRAW)
    assert {each.kind for each in only} == {LifeKind.DRAW}
    assert life_of(db.session(), make_enterprise(None).id) == []


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (EntityStatus.DEREGISTERED, StatusStep.REPLACE),
        (EntityStatus.DORMANT, StatusStep.SERVICE_ADDRESS),
    ],
)
def test_R12_a_drawn_enterprise_that_changes_before_the_match_is_named(world, status, step):
    world.drawn(ppm=1_000_000)
    world.enterprises[1].status = status
    db.session.commit()
    (found,) = touched_targets(db.session())
    assert (found.enterprise.id, found.step, found.visit) == (world.enterprises[1].id, step, None)


def test_R33_after_the_match_the_status_is_the_result_and_then_the_matter_is_settled(world):
    world.open(ppm=1_000_000)
    visit = db.session.query(Visit).order_by(Visit.planned_on).first()
    visit.enterprise.status = EntityStatus.MOVED_OUT
    db.session.commit()
    (found,) = touched_targets(db.session())
    assert (found.step, found.result) == (StatusStep.RECORD_RESULT, ResultCode.MOVED_OUT)
    finding = visit.findings[0]
    gone = clean(
        finding,
        results=frozenset({ResultCode.MOVED_OUT}),
        disposals=frozenset({Disposal.REFERRED_DAILY}),
        points={},
    )
    record_finding(finding.id, gone, visit.team[0].inspector.user, at(visit.planned_on, 8))
    assert touched_targets(db.session()) == []
