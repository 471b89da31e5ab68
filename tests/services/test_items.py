"""The list of inspection items: what is published, what is withdrawn, what nobody may plan (R1-R4)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import ItemCategory, VersionState
from app.extensions import db
from app.models import AuditEvent, Disclosure, ItemVersion, LegalBasis
from app.services import items, planning, tasks
from app.services.transaction import NotFound
from tests.builders import NOW, World, make_item

TODAY = NOW.date()


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=2)


def reload(version):
    db.session.expire_all()
    return db.session.get(ItemVersion, version.id)


def next_version(version, **values):
    """A further draft of the same item."""
    later = ItemVersion(
        item=version.item,
        number=version.number + 1,
        name=f"{version.name}（修订）",
        target_text=version.target_text,
        content=version.content,
        category_id=version.category_id,
        maximum_ppm=version.maximum_ppm,
        bases=[LegalBasis(title="汽车销售管理办法", article="第十条")],
        **values,
    )
    db.session.add(later)
    db.session.commit()
    return later


@pytest.mark.parametrize("state", [VersionState.DRAFT, VersionState.WITHDRAWN])
def test_r1_an_item_outside_the_published_list_cannot_be_planned(world, state):
    version = make_item()
    if state == VersionState.WITHDRAWN:
        items.publish_version(version.id, world.clerk, NOW)
        items.withdraw_version(version.id, world.clerk, NOW)
    with pytest.raises(planning.ItemNotPublished):
        world.plan_line([version])


def test_r1_an_item_withdrawn_meanwhile_makes_no_task(world):
    version = make_item()
    world.publish_items()
    line = world.plan_line([version])
    items.withdraw_version(version.id, world.clerk, NOW)
    with pytest.raises(planning.ItemNotPublished):
        tasks.create_task(line, world.planner, NOW)


def test_r2_no_basis_no_publication(world):
    version = make_item()
    version.bases.clear()
    db.session.commit()
    with pytest.raises(items.ItemHasNoBasis):
        items.publish_version(version.id, world.clerk, NOW)
    assert reload(version).state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("starts", "ends", "lawful"),
    [
        (None, None, True),
        (TODAY, None, True),
        (None, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
    ],
)
def test_r2_only_a_basis_in_force_carries_an_item(world, starts, ends, lawful):
    version = make_item()
    version.bases[0].in_force_from, version.bases[0].in_force_to = starts, ends
    db.session.commit()
    if lawful:
        items.publish_version(version.id, world.clerk, NOW)
    else:
        with pytest.raises(items.ItemHasNoBasis):
            items.publish_version(version.id, world.clerk, NOW)
    assert (reload(version).state == VersionState.PUBLISHED) is lawful


def test_r2_one_basis_in_force_is_enough(world):
    version = make_item()
    version.bases[0].in_force_to = date(2020, 1, 1)
    version.bases.append(LegalBasis(title="现行办法", article="第三条"))
    db.session.commit()
    items.publish_version(version.id, world.clerk, NOW)
    assert reload(version).state == VersionState.PUBLISHED


def test_r3_publishing_a_version_withdraws_the_one_before(world):
    first = make_item()
    items.publish_version(first.id, world.clerk, NOW - timedelta(days=300))
    second = next_version(first)
    items.publish_version(second.id, world.clerk, NOW)
    assert reload(first).state == VersionState.WITHDRAWN
    assert reload(first).effective_to == TODAY
    assert reload(second).state == VersionState.PUBLISHED
    assert reload(second).effective_from == TODAY


def test_r3_a_refused_version_leaves_the_one_in_force(world):
    first = make_item()
    items.publish_version(first.id, world.clerk, NOW)
    second = next_version(first)
    second.bases.clear()
    db.session.commit()
    with pytest.raises(items.ItemHasNoBasis):
        items.publish_version(second.id, world.clerk, NOW)
    assert reload(first).state == VersionState.PUBLISHED


def test_r3_a_published_version_is_not_published_again(world):
    version = make_item()
    items.publish_version(version.id, world.clerk, NOW)
    with pytest.raises(IllegalTransition):
        items.publish_version(version.id, world.clerk, NOW)
    assert reload(version).state == VersionState.PUBLISHED


def test_r3_the_day_of_a_version_is_the_day_in_changchun(world):
    version = make_item()
    items.publish_version(version.id, world.clerk, datetime(2026, 3, 31, 17, tzinfo=UTC))
    assert reload(version).effective_from == date(2026, 4, 1)


def test_r3_an_adjustment_of_the_list_is_whole_or_nothing(world):
    good, bad = make_item("XC-01"), make_item("XC-02")
    bad.bases.clear()
    db.session.commit()
    with pytest.raises(items.ItemHasNoBasis):
        items.publish_all_drafts(world.clerk, NOW)
    assert reload(good).state == VersionState.DRAFT


def test_r4_an_ordinary_item_needs_a_cap_and_a_key_item_none(world):
    ordinary = make_item("XC-01", maximum_ppm=None)
    key = make_item("XC-02", maximum_ppm=None)
    key.category = ItemCategory.KEY
    db.session.commit()
    with pytest.raises(items.ItemHasNoCap):
        items.publish_version(ordinary.id, world.clerk, NOW)
    items.publish_version(key.id, world.clerk, NOW)
    assert reload(key).state == VersionState.PUBLISHED


def test_the_disclosed_list_holds_what_is_in_force_and_nothing_else(world):
    kept, gone = make_item("XC-01"), make_item("XC-02")
    world.publish_items()
    items.withdraw_version(gone.id, world.clerk, NOW)
    make_item("XC-03")
    index = items.disclose_list(world.clerk, NOW)
    body = db.session.query(Disclosure).filter_by(index_no=index).one().body
    assert [row["code"] for row in body["items"]] == ["XC-01"]
    assert body["items"][0]["bases"] == [str(kept.bases[0])]


def test_every_change_of_the_list_stands_in_the_audit_trail(world):
    version = make_item()
    items.publish_version(version.id, world.clerk, NOW)
    items.withdraw_version(version.id, world.clerk, NOW)
    events = (
        db.session.query(AuditEvent).filter(AuditEvent.tag.startswith("item:")).order_by(AuditEvent.number)
    )
    assert [(event.tag, event.actor_name) for event in events] == [
        ("item:version:published", "clerk"),
        ("item:version:withdrawn", "clerk"),
    ]


def test_what_does_not_exist_is_not_found(world):
    with pytest.raises(NotFound):
        items.publish_version(4711, world.clerk, NOW)


def test_r3_a_new_version_begins_with_everything_of_the_old_one(world):
    published = make_item("BB-77", points=3)
    world.publish_items()
    draft = db.session.get(ItemVersion, items.draft_from(published.id, world.clerk))
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    assert [point.text for point in draft.points] == [point.text for point in published.points]
    assert [str(basis) for basis in draft.bases] == [str(basis) for basis in published.bases]
    assert published.state == VersionState.PUBLISHED


def test_r3_one_change_of_an_item_at_a_time(world):
    published = make_item("BB-78")
    world.publish_items()
    items.draft_from(published.id, world.clerk)
    with pytest.raises(items.DraftExists):
        items.draft_from(published.id, world.clerk)
