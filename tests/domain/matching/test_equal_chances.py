"""Equal chances over 500 seeds on a pool of 60 people (two departments, leads and others, 10 targets).

Test: within a class of k people who are eligible for the same things, the visits of each over all seeds are
compared with their mean. Under equal chances  sum (S_i - mean)^2 / sum over seeds of the variance of the
visits within the class  follows chi-square with k - 1 degrees of freedom; level 1 % for every class.
"""

from __future__ import annotations

from collections import Counter
from statistics import mean, variance

import pytest

from app.domain.matching.instance import Demand
from app.domain.matching.solve import match
from tests.domain.matching.builders import make_instance, make_staff

SEEDS = [f"{seed:032x}" for seed in range(500)]
CLASSES = {
    "north leads": [f"NL{n:02d}" for n in range(12)],
    "north others": [f"NM{n:02d}" for n in range(20)],
    "south leads": [f"SL{n:02d}" for n in range(10)],
    "south others": [f"SM{n:02d}" for n in range(18)],
}
CHI_SQUARE_1_PERCENT = {9: 21.67, 11: 24.72, 17: 33.41, 19: 36.19}
"""Upper 1 % points by degrees of freedom (any table of the chi-square distribution)."""


def pool():
    names = {name: ("*" if "leads" in group else "") for group, people in CLASSES.items() for name in people}
    staff = make_staff(" ".join(name + star for name, star in names.items()))
    targets = {f"{side}-{n}": side for side in "NS" for n in range(5)}
    rows = [(target, name) for target, side in targets.items() for name in names if name[0] == side]
    return make_instance(staff, [Demand(target, "SW", 2, True) for target in targets], rows)


@pytest.fixture(scope="module")
def instance():
    return pool()


@pytest.fixture(scope="module")
def matches(instance):
    return [match(instance, seed) for seed in SEEDS]


@pytest.mark.parametrize("name", CLASSES)
def test_equal_eligibility_means_equally_often_drawn(matches, name):
    people = CLASSES[name]
    visits = [[found.loads[person] for person in people] for found in matches]
    totals = [sum(column) for column in zip(*visits, strict=True)]
    spread = sum((total - mean(totals)) ** 2 for total in totals)
    statistic = spread / sum(variance(row) for row in visits)
    assert statistic < CHI_SQUARE_1_PERCENT[len(people) - 1]


def test_every_eligible_pair_occurs(instance, matches):
    seen = {(target, name) for found in matches for target, team in found.visits.items() for name in team}
    assert seen == {(target, name) for target, name, _ in instance.rows()}


def test_nearly_every_lawful_pair_of_colleagues_occurs(matches):
    pairs = Counter(tuple(sorted(team)) for found in matches for team in found.visits.values())
    lawful = sum(leads * (leads - 1) // 2 + leads * others for leads, others in ((12, 20), (10, 18)))
    assert len(pairs) >= 0.98 * lawful


def test_the_optimum_was_unique_under_every_seed(matches):
    assert all(found.unique for found in matches)
