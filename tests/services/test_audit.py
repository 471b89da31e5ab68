"""The audit trail and the draw log: every change of what was written is found (R31, R89)."""

import hashlib
import hmac
import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from app.extensions import db
from app.models import AuditEvent, ChainHead, DrawStep, LogEntry
from app.services import audit, draw_log, items
from app.services.chain import ensure_heads
from app.services.transaction import transaction
from tests.builders import NOW, World, make_item

TRIALS = 200
EVENTS = 25
TABLE, LOG = AuditEvent.__table__, LogEntry.__table__
WRITTEN_ONCE = [
    "audit_event",
    "log_entry",
    "drawn_target",
    "draw_step",
    "finding_record",
    "finding_result",
    "finding_disposal",
    "finding_method",
    "point_result",
]


@pytest.fixture
def trail(app):
    """A session over a trail of EVENTS events."""
    with transaction() as session:
        ensure_heads(session)
        for place in range(EVENTS):
            audit.record(session, None, "item:version:published", f"事项{place}", {"id": place})
    return db.session()


def stored(session):
    return [dict(row) for row in session.execute(select(TABLE).order_by(TABLE.c.number)).mappings()]


def edit(session, lots):
    """Change one field of one event."""
    row = lots.choice(stored(session))
    column = lots.choice([column.key for column in TABLE.columns if column.key != "number"])
    old = row[column]
    new = {
        "at": lambda: old + timedelta(seconds=lots.choice([-1, 1])),
        "actor_id": lambda: 7,
        "previous_hash": lambda: flipped(old, lots),
        "event_hash": lambda: flipped(old, lots),
    }.get(column, lambda: f"{old}{lots.choice('x 。')}")()
    session.execute(update(TABLE).where(TABLE.c.number == row["number"]).values({column: new}))


def remove(session, lots):
    """Take out an event; half of the time close the gap in the numbers."""
    number = lots.randint(1, EVENTS)
    session.execute(delete(TABLE).where(TABLE.c.number == number))
    if lots.random() < 0.5:
        for later in range(number + 1, EVENTS + 1):
            session.execute(update(TABLE).where(TABLE.c.number == later).values(number=later - 1))


def insert_forged(session, lots):
    """Put in an event with a hash made without the key, anywhere, moving the later ones up."""
    rows = stored(session)
    place = lots.randint(1, EVENTS + 1)
    for later in range(EVENTS, place - 1, -1):
        session.execute(update(TABLE).where(TABLE.c.number == later).values(number=later + 1))
    previous = rows[place - 2]["event_hash"] if place > 1 else "0" * 64
    forged = rows[lots.randrange(EVENTS)] | {"number": place, "previous_hash": previous, "subject": "伪造"}
    session.execute(
        insert(TABLE).values(forged | {"event_hash": hashlib.sha256(repr(forged).encode()).hexdigest()})
    )


def swap(session, lots):
    """Exchange the contents of two events, with or without their hashes."""
    first, second = lots.sample(stored(session), 2)
    moved = ["at", "actor_name", "tag", "subject", "data"]
    if lots.random() < 0.5:
        moved += ["previous_hash", "event_hash"]
        session.execute(update(TABLE).where(TABLE.c.number == first["number"]).values(event_hash="-"))
    for target, source in ((second, first), (first, second)):
        values = {column: source[column] for column in moved}
        session.execute(update(TABLE).where(TABLE.c.number == target["number"]).values(values))


def truncate(session, lots):
    """Cut off the end; half of the time the head of the chain goes too."""
    session.execute(delete(TABLE).where(TABLE.c.number > lots.randrange(1, EVENTS)))
    if lots.random() < 0.5:
        session.execute(delete(ChainHead).where(ChainHead.name == "audit"))


def rewrite(session, lots):
    """Change an event and hash everything after it anew, with a key that is not ours."""
    rows = stored(session)
    place = lots.randrange(EVENTS)
    rows[place]["data"] = '{"id": -1}'
    previous = rows[place]["previous_hash"]
    for row in rows[place:]:
        row["previous_hash"] = previous
        row["event_hash"] = previous = hmac.new(b"guessed", repr(row).encode(), hashlib.sha256).hexdigest()
        session.execute(update(TABLE).where(TABLE.c.number == row["number"]).values(row))
    session.execute(update(ChainHead).where(ChainHead.name == "audit").values(head_hash=previous))


def flipped(digest, lots):
    place = lots.randrange(len(digest))
    return digest[:place] + ("0" if digest[place] != "0" else "1") + digest[place + 1 :]


ATTACKS = [edit, remove, insert_forged, swap, truncate, rewrite]


def test_r31_an_untouched_trail_is_whole(trail):
    assert audit.verify_trail(trail) == (EVENTS, None)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_r31_every_tampering_is_found(trail, attack):
    share = TRIALS // len(ATTACKS) + 1
    missed = []
    for seed in range(share):
        attack(trail, random.Random(f"{attack.__name__}/{seed}"))
        if audit.verify_trail(trail)[1] is None:
            missed.append(seed)
        trail.rollback()
    assert missed == []
    assert audit.verify_trail(trail) == (EVENTS, None)


def test_r31_the_first_broken_event_is_named(trail):
    trail.execute(update(TABLE).where(TABLE.c.number == 9).values(subject="改动"))
    assert audit.verify_trail(trail) == (9, "9")
    trail.rollback()


def test_r31_a_trail_without_its_head_is_not_whole(trail):
    trail.execute(delete(ChainHead).where(ChainHead.name == "audit"))
    assert audit.verify_trail(trail)[1] == str(EVENTS + 1)
    trail.rollback()


def test_r31_fields_cannot_be_shifted_into_each_other(trail):
    row = stored(trail)[0]
    separators = ["\x1f", "\n", '", "', ""]
    for separator in separators:
        shifted = row | {"subject": "", "tag": f"{row['tag']}{separator}{row['subject']}"}
        assert audit.event_hash(shifted) != row["event_hash"]


def test_r31_the_key_is_not_in_the_database(trail, app):
    app.config["AUDIT_KEY"], kept = "another-key-of-sufficient-length-000000000", app.config["AUDIT_KEY"]
    assert audit.verify_trail(trail)[1] == "1"
    app.config["AUDIT_KEY"] = kept


def test_r31_an_event_is_written_with_its_act_or_not_at_all(app):
    world = World(enterprises=1, inspectors=1)
    version = make_item()
    version.bases.clear()
    db.session.commit()
    before = audit.verify_trail(db.session())
    with pytest.raises(items.ItemHasNoBasis):
        items.publish_version(version.id, world.clerk, NOW)
    assert audit.verify_trail(db.session()) == before


def test_r31_a_refused_step_of_a_draw_leaves_its_attempt(app):
    world = World(enterprises=3, inspectors=2)
    task = world.task()
    from app.services.ceremony import WitnessMissing

    world.witness = world.planner
    with pytest.raises(WitnessMissing):
        world.freeze(task)
    last = db.session.query(AuditEvent).order_by(AuditEvent.number.desc()).first()
    assert (last.tag, last.actor_name, last.data) == (
        "draw:frozen:refused",
        "planner",
        '{"code": "witness_missing"}',
    )
    assert db.session.query(DrawStep).count() == 0


def test_r31_every_change_of_the_draw_log_is_found(app):
    World(enterprises=6, inspectors=4).open()
    session = db.session()
    rows = [dict(row) for row in session.execute(select(LOG).order_by(LOG.c.number)).mappings()]
    assert draw_log.verify_log(session) == (len(rows), None)
    missed = []
    for seed in range(60):
        lots = random.Random(seed)
        row = lots.choice(rows)
        column = lots.choice(["previous_hash", "record_hash", "record", "utc", "entry_hash"])
        change = flipped(row[column], lots) if "hash" in column else f"{row[column]} "[-20:]
        if lots.random() < 0.3:
            session.execute(delete(LOG).where(LOG.c.number >= row["number"]))
        else:
            session.execute(update(LOG).where(LOG.c.number == row["number"]).values({column: change}))
        if draw_log.verify_log(session)[1] is None:
            missed.append(seed)
        session.rollback()
    assert missed == []


@pytest.fixture
def migrated(database, migrated_application):
    """An application on a database that the migrations made, with their triggers."""
    made = migrated_application(database, "append_only")
    with made.app_context():
        made.appbuilder.sm.bootstrap()
        yield made


def test_r31_the_database_itself_refuses_to_rewrite_what_was_written_once(migrated):
    world = World(enterprises=6, inspectors=4)
    record_one(world, world.open())
    for table in WRITTEN_ONCE:
        column = next(iter(db.metadata.tables[table].primary_key.columns)).name
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"):
                db.session.execute(text(statement))
            db.session.rollback()


def record_one(world, task):
    """One finding with a problem and a result for every point."""
    from app.models import Visit
    from app.services import visits
    from tests.builders import at, clean

    visit = db.session.query(Visit).filter_by(task_id=task).first()
    actor = visit.team[0].inspector.user
    visits.record_finding(visit.findings[0].id, clean(visit.findings[0]), actor, at(visit.planned_on, 8))
