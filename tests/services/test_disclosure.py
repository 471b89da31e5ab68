"""What leaves the house: numbered, hashed, never rewritten, withdrawn only with a tombstone (R32, R57, R92)."""

import hashlib
import json
import threading
from datetime import UTC, datetime

import pytest

from app.domain.vocabulary import DisclosureKind
from app.extensions import db
from app.models import AuditEvent, Disclosure
from app.services import disclosure, items, withdrawing
from app.services.agencies import own_bureau
from app.services.transaction import NotFound, transaction
from tests.builders import NOW, World, make_item


@pytest.fixture
def world(app):
    return World(enterprises=1, inspectors=1)


def publish(world, now=NOW, **body):
    with transaction() as session:
        bureau = own_bureau(session).id
        made = disclosure.publish(session, DisclosureKind.PLAN, "计划", bureau, 1, body, world.planner, now)
        return made.index_no


def publish_then_fail(world):
    with transaction() as session:
        bureau = own_bureau(session).id
        disclosure.publish(session, DisclosureKind.PLAN, "计划", bureau, 1, {}, world.planner, NOW)
        raise ZeroDivisionError


def find(index):
    db.session.expire_all()
    return db.session.query(Disclosure).filter_by(index_no=index).one()


def test_r92_index_numbers_of_a_year_run_without_gaps(world):
    moments = [NOW, NOW, datetime(2026, 12, 31, 15, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)]
    assert [publish(world, moment) for moment in moments] == [
        "SW-2026-00001",
        "SW-2026-00002",
        "SW-2026-00003",
        "SW-2027-00001",
    ]


def test_a_refused_step_uses_no_number(world):
    with pytest.raises(ZeroDivisionError):
        publish_then_fail(world)
    assert publish(world) == "SW-2026-00001"


def test_what_is_published_carries_its_hash(world):
    found = find(publish(world, name="长春", lines=[{"ppm": 1}]))
    text = json.dumps(found.body, ensure_ascii=False, sort_keys=True)
    assert found.body_hash == hashlib.sha256(text.encode()).hexdigest()
    assert found.body == {"name": "长春", "lines": [{"ppm": 1}]}


def test_the_hash_stands_in_the_audit_trail(world):
    found = find(publish(world))
    event = db.session.query(AuditEvent).order_by(AuditEvent.number.desc()).first()
    assert (event.tag, event.subject) == ("disclosure:plan:published", found.index_no)
    assert found.body_hash in event.data


def test_r57_a_withdrawal_leaves_a_tombstone_with_its_reason(world):
    found = find(publish(world, name="长春"))
    withdrawing.withdraw(found.id, " 内容有误 ", world.approver, NOW)
    after = find(found.index_no)
    assert (after.withdrawn_at, after.withdrawn_reason) == (NOW, "内容有误")
    assert after.body == {"name": "长春"}
    event = db.session.query(AuditEvent).order_by(AuditEvent.number.desc()).first()
    assert (event.tag, event.actor_name) == ("disclosure:withdrawn", "approver")


def test_r57_a_withdrawal_is_explained(world):
    found = find(publish(world))
    with pytest.raises(disclosure.ReasonMissing):
        withdrawing.withdraw(found.id, "  ", world.approver, NOW)
    assert find(found.index_no).withdrawn_at is None


def test_r57_nothing_is_withdrawn_twice(world):
    found = find(publish(world))
    withdrawing.withdraw(found.id, "内容有误", world.approver, NOW)
    with pytest.raises(disclosure.AlreadyWithdrawn):
        withdrawing.withdraw(found.id, "再次撤下", world.approver, NOW)
    assert find(found.index_no).withdrawn_reason == "内容有误"


def test_r57_a_withdrawn_number_is_not_given_again(world):
    withdrawing.withdraw(find(publish(world)).id, "内容有误", world.approver, NOW)
    assert publish(world) == "SW-2026-00002"


def test_what_was_never_published_cannot_be_withdrawn(world):
    with pytest.raises(NotFound):
        withdrawing.withdraw(4711, "理由", world.approver, NOW)


def test_r92_two_who_publish_at_once_get_two_numbers(app, world):
    make_item()
    world.publish_items()
    clerk, found, start = world.clerk, [], threading.Barrier(4)

    def disclose():
        with app.app_context():
            start.wait()
            found.append(items.disclose_list(db.session.merge(clerk), NOW))

    threads = [threading.Thread(target=disclose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"SW-2026-0000{place}" for place in range(1, 5)]
