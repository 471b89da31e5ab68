"""Both verifiers on what the services publish: remedies, routes, replacements, in open and sealed draws."""

import io
import zipfile
from datetime import date, timedelta

import pytest

from app.domain.draw import verify
from app.domain.vocabulary import RiskClass, Stratification
from app.extensions import db
from app.models import Draw, DrawnTarget, InspectionTask, Inspector
from app.services import matching, replacing
from app.services.bundle import write_bundle
from tests.browser.bundles import with_manifest
from tests.browser.shelf import Shelf, ask_worker
from tests.builders import NOW, World

pytestmark = pytest.mark.browser


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def judge(chromium, tmp_path):
    """What the stand-alone verifier and the browser say of a bundle's files: two failures, or two times None."""
    shelf, page = Shelf(), chromium.new_page()
    page.goto(f"{shelf.address}/")

    def run(files):
        shelf.files = files
        folder = tmp_path / f"bundle{len(list(tmp_path.iterdir()))}"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return verify.verify(folder).failure, ask_worker(page).get("failed")

    yield run
    page.close()
    shelf.close()


def published(task):
    """The files of the task's public bundle."""
    draw = db.session.query(Draw).filter_by(task_id=task).order_by(Draw.id.desc()).first()
    whole = io.BytesIO()
    write_bundle(db.session(), draw.id, whole)
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def remedied(world):
    """A task that could only be staffed by raising caps."""
    for person in db.session.query(Inspector):
        person.yearly_cap = 1
        person.may_lead = True
    db.session.commit()
    task = world.drawn(ppm=500_000)
    remedies = matching.propose_remedies(task)
    assert remedies.raised
    matching.match_inspectors(task, world.planner, NOW + timedelta(hours=2), remedies)
    return task


def test_raised_caps_are_published_and_accepted(world, judge):
    files = published(remedied(world))
    assert "staff_frozen.tsv" in files
    assert judge(files) == (None, None)


def test_a_remedy_cannot_make_somebody_lead(world, judge):
    for person in world.inspectors[:3]:
        db.session.merge(person).may_lead = False
    db.session.commit()
    files = dict(published(remedied(world)))
    rows = [row.split("\t") for row in files["staff_frozen.tsv"].decode().splitlines()]
    rows[0][2] = "0" if rows[0][2] == "1" else "1"
    files["staff_frozen.tsv"] = "".join("\t".join(row) + "\n" for row in rows).encode()
    files.pop("manifest.txt")
    own, browser = judge(with_manifest(files))
    assert own is not None
    assert browser is not None


def test_a_route_is_known_by_its_first_firm(world, judge):
    task = world.task(ppm=500_000)
    db.session.get(InspectionTask, task).route_size = 3
    db.session.commit()
    world.freeze(task)
    world.seed(task)
    world.draw(task)
    world.match(task)
    files = published(task)
    assert b"-R03\t" in files["demand.tsv"]
    assert judge(files) == (None, None)


def test_a_replaced_firm_is_followed_through_the_log(world, judge):
    task = world.drawn()
    gone = db.session.query(DrawnTarget).filter_by(is_reserve=False).first().identifier
    replacing.replace_target(task, gone, "注销通知书", world.planner, world.witness, NOW)
    world.match(task)
    assert judge(published(task)) == (None, None)


def test_r29_a_sealed_draw_with_a_replacement_names_no_stratum(world, judge):
    for place, enterprise in enumerate(world.enterprises):
        db.session.merge(enterprise).risk_class = RiskClass.A if place % 2 else RiskClass.B
    db.session.commit()
    task = world.drawn(stratification=Stratification.RISK, starts_on=date(2026, 4, 1))
    draw = db.session.query(Draw).one()
    gone = db.session.query(DrawnTarget).filter_by(is_reserve=False).first().identifier
    replacing.replace_target(task, gone, "注销通知书", world.planner, world.witness, NOW)
    world.match(task)
    files = published(task)
    log = files["log.jsonl"].decode()
    assert all(f"|{quota.stratum}|{gone}" not in log for quota in draw.quotas)
    assert judge(files) == (None, None)
