"""The drand beacon as a seed source: a future round, and its signature where it is at hand."""

from datetime import timedelta

import pytest

from app.domain.draw.drand import DrandSignatureInvalid, randomness, round_after
from app.services.freezing import SeedTimePassed
from tests.builders import NOW, World

ROUND = str(round_after(int(NOW.timestamp()) + 600))
SEEDS = [("drand-quicknet", ROUND)]


@pytest.fixture
def world(app):
    return World()


def test_a_round_that_is_already_published_is_no_seed(world):
    past = str(round_after(int(NOW.timestamp()) - 600))
    with pytest.raises(SeedTimePassed):
        world.freeze(world.task(), seeds=[("drand-quicknet", past)], seed_after=NOW + timedelta(minutes=30))


def test_the_seed_waits_for_the_round(world):
    with pytest.raises(SeedTimePassed):
        world.freeze(world.task(), seeds=SEEDS)


def test_a_value_of_the_round_can_be_entered(world):
    task = world.task()
    world.freeze(task, seeds=SEEDS, seed_after=NOW + timedelta(minutes=30))
    assert len(world.seed(task, {SEEDS[0]: "ab" * 32})) == 64


def test_a_signature_of_something_else_is_refused(world):
    task = world.task()
    world.freeze(task, seeds=SEEDS, seed_after=NOW + timedelta(minutes=30))
    forged = "8" + "0" * 95
    assert len(randomness(forged)) == 64
    with pytest.raises(DrandSignatureInvalid):
        world.seed(task, {SEEDS[0]: forged})
