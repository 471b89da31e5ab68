"""R73: what joint inspection changes in a match can still be verified from the public bundle alone."""

import subprocess
import sys
import zipfile

import pytest

from app.domain.draw import verify
from app.extensions import db
from app.models import InspectionTask
from app.services import tasks
from app.services.bundle import write_bundle
from app.services.joint import lines
from app.services.joint.withdrawing import withdraw
from tests.builders import NOW, make_inspector
from tests.builders_joint import JointWorld, agency, make_district
from tests.services.test_joint_task import drawn


@pytest.fixture
def world(app):
    return JointWorld()


def verified(task, folder):
    """The verdict of the domain and of the standalone file inside the bundle."""
    draw = db.session.get(InspectionTask, task).draws[-1]
    path = folder / "bundle.zip"
    with path.open("wb") as file:
        write_bundle(db.session(), draw.id, file)
    with zipfile.ZipFile(path) as archive:
        (folder / "verify.py").write_bytes(archive.read("verify.py"))
    alone = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), str(path)], capture_output=True, check=False
    )
    return verify.verify(str(path)).failure, alone.returncode


def test_R73_teams_of_three_are_verified(world, tmp_path):
    task = drawn(world, team_sizes={agency("A02").id: 3})
    world.match(task)
    assert verified(task, tmp_path) == (None, 0)


def test_R73_a_match_without_the_withdrawn_department_is_verified(world, tmp_path):
    task = drawn(world)
    withdraw(task, agency("A02").id, "专项任务冲突", world.market, NOW)
    world.match(task)
    assert verified(task, tmp_path) == (None, 0)


def test_R73_people_who_come_along_are_verified(world, tmp_path):
    district = make_district()
    for _ in range(4):
        make_inspector(agency="D04")
    keys = [world.offer(world.own, 1_000_000, world.planner)]
    joint = world.formed(offers=keys, guests=[district.id])
    lines.confirm_joint(joint, world.planner, NOW)
    lines.answer(joint, district.id, True, "", world.planner, NOW, document_no="朝商函1号")
    line = lines.agree(joint, world.planner, NOW)
    world.disclose(world.plan)
    task = tasks.create_task(line, world.planner, NOW)
    for step in (world.freeze, world.seed, world.draw, world.match):
        step(task)
    assert verified(task, tmp_path) == (None, 0)
