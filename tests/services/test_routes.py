"""Near enterprises can be one route for one team; nothing about the draw changes."""

from collections import defaultdict

import pytest

from app.extensions import db
from app.models import InspectionTask, Recusal, Visit
from app.services import substituting
from tests.builders import NOW, World, make_enterprise


@pytest.fixture
def world(app):
    world = World(enterprises=0, inspectors=8)
    for territory in ("220102", "220104"):
        for number in range(6):
            world.enterprises.append(make_enterprise(territory_code=territory, address=f"人民大街{number}号"))
    return world


def matched(world, size):
    task = world.task(ppm=500_000)
    db.session.get(InspectionTask, task).route_size = size
    db.session.commit()
    world.freeze(task)
    world.seed(task)
    world.draw(task)
    world.match(task)
    return task


def routes():
    found = defaultdict(list)
    for visit in db.session.query(Visit):
        found[visit.route].append(visit)
    return found


def test_a_route_stays_in_one_district_and_has_one_team_and_day(world):
    matched(world, 3)
    assert sum(len(route) for route in routes().values()) == 6
    for route in routes().values():
        assert len(route) <= 3
        assert len({visit.enterprise.territory_code for visit in route}) == 1
        assert len({visit.planned_on for visit in route}) == 1
        assert len({tuple(m.inspector.staff_no for m in visit.team) for visit in route}) == 1


def test_without_the_option_every_enterprise_is_its_own_route(world):
    matched(world, 1)
    assert all(len(route) == 1 for route in routes().values())


def test_r18_a_recusal_from_one_firm_keeps_off_the_whole_route(world):
    barred = world.inspectors[0]
    for enterprise in world.enterprises[:6]:
        db.session.add(Recusal(inspector_id=barred.id, enterprise_id=enterprise.id))
    db.session.commit()
    matched(world, 3)
    for visit in db.session.query(Visit):
        if visit.enterprise.territory_code == "220102":
            assert barred.staff_no not in {m.inspector.staff_no for m in visit.team}


def test_r19_a_substitution_changes_the_whole_route(world):
    task = matched(world, 3)
    route = next(iter(routes().values()))
    gone = route[0].team[0].inspector.staff_no
    substituting.substitute_inspector(task, gone, "病假", world.planner, world.approver, NOW)
    for visits in routes().values():
        teams = {tuple(m.inspector.staff_no for m in visit.team) for visit in visits}
        assert len(teams) == 1
        assert gone not in next(iter(teams))
