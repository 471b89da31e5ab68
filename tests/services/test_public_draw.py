"""What one firm gets to check its own case, in the open and in the sealed form."""

import pytest

from app.domain.draw.merkle import is_excluded, is_included
from app.domain.draw.roster import IdentifierInvalid, salted_row
from app.domain.draw.ticket import ticket
from app.domain.vocabulary import DisclosureKind, Stratification
from app.extensions import db
from app.models import Disclosure, Draw, DrawnTarget
from app.services.bundle import DrawNotDone
from app.services.drawing import void_draw
from app.services.public_draw import (
    CheckNumberWrong,
    Stage,
    Verdict,
    case_of,
    check_number,
    find_public,
    is_open_to_check,
    public_log,
)
from app.services.withdrawing import withdraw
from tests.builders import NOW, World


@pytest.fixture
def world(app):
    return World(enterprises=12)


def newest_draw():
    return db.session.query(Draw).order_by(Draw.id.desc()).first()


def identifiers(draw, *, drawn):
    taken = {
        row.identifier for row in db.session.query(DrawnTarget).filter_by(draw_id=draw.id, is_reserve=False)
    }
    return sorted(taken if drawn else {row.identifier for row in world_rows()} - taken)


def world_rows():
    from app.models import Enterprise

    return db.session.query(Enterprise).all()


@pytest.fixture
def draw(world):
    world.open()
    return newest_draw()


@pytest.fixture
def sealed(world):
    world.open(stratification=Stratification.RISK)
    return newest_draw()


def test_every_drawn_firm_is_told_so_with_its_rank(draw):
    ranks = set()
    for identifier in identifiers(draw, drawn=True):
        case = case_of(db.session(), draw, identifier)
        assert case.verdict == Verdict.DRAWN
        assert case.standings[0].is_drawn
        ranks |= set(case.ranks.values())
    assert ranks == {1, 2, 3, 4}


def test_every_other_firm_sees_a_ticket_behind_the_cutoff(draw):
    for identifier in identifiers(draw, drawn=False):
        case = case_of(db.session(), draw, identifier)
        assert case.verdict == Verdict.NOT_DRAWN
        standing = case.standings[0]
        assert not standing.is_drawn
        assert (standing.tier, standing.ticket) > standing.outcome.cutoff
        assert standing.ticket == ticket("sha256", standing.key, identifier) == case.lots[0].ticket
        assert case.lots[0].shell == f"printf '%s:%s' {standing.key} {identifier} | sha256sum"


def test_the_proof_leads_to_the_published_root(draw):
    for identifier in identifiers(draw, drawn=True):
        case = case_of(db.session(), draw, identifier)
        assert is_included(case.inclusion, draw.roster_n, draw.roster_root, draw.algorithm)
        assert case.leaf.startswith(identifier)


@pytest.mark.parametrize("absent", ["0", "91220100000000000X", "91220109999999999X", "ZZZ"])
def test_a_firm_that_is_not_on_the_roster_gets_its_absence_proved(draw, absent):
    case = case_of(db.session(), draw, absent)
    assert case.verdict == Verdict.ABSENT
    assert case.standings == ()
    assert is_excluded(absent, case.exclusion, draw.roster_n, draw.roster_root, draw.algorithm)


def test_a_code_is_read_as_it_is_typed(draw):
    identifier = identifiers(draw, drawn=True)[0]
    assert case_of(db.session(), draw, f" {identifier[:8]} {identifier[8:].lower()}").identifier == identifier


def test_something_that_is_no_code_is_refused(draw):
    with pytest.raises(IdentifierInvalid):
        case_of(db.session(), draw, "长春市样例公司")


def test_before_the_result_nobody_is_told_anything(world):
    world.freeze(world.task())
    with pytest.raises(DrawNotDone):
        case_of(db.session(), newest_draw(), "0")


def test_r29_without_check_number_a_sealed_draw_tells_no_stratum(sealed):
    case = case_of(db.session(), sealed, identifiers(sealed, drawn=True)[0])
    assert case.locked
    assert case.verdict == Verdict.DRAWN
    assert case.proof is None
    assert case.standings == ()
    assert case.ranks == {}
    assert is_included(case.inclusion, sealed.roster_n, sealed.roster_root, sealed.algorithm)


def test_r29_with_its_check_number_a_firm_can_open_its_leaf(sealed):
    for identifier in identifiers(sealed, drawn=True) + identifiers(sealed, drawn=False):
        case = case_of(db.session(), sealed, identifier, check_number(sealed, identifier))
        assert salted_row(sealed.algorithm, case.proof.salt, case.proof.row) == case.leaf
        assert any(standing.is_drawn for standing in case.standings) == (case.verdict == Verdict.DRAWN)


def test_r29_a_wrong_check_number_opens_nothing(sealed):
    first, second = identifiers(sealed, drawn=True)[:2]
    for wrong in (check_number(sealed, second), "0000-0000-0000", check_number(sealed, first)[:-1], "数"):
        with pytest.raises(CheckNumberWrong):
            case_of(db.session(), sealed, first, wrong)


def test_a_check_number_may_be_typed_without_hyphens_and_in_capitals(sealed):
    identifier = identifiers(sealed, drawn=True)[0]
    typed = check_number(sealed, identifier).replace("-", "").upper()
    assert not case_of(db.session(), sealed, identifier, typed).locked


def test_a_check_number_is_no_part_of_the_salt_and_differs_between_draws(world, sealed):
    identifier = identifiers(sealed, drawn=True)[0]
    number = check_number(sealed, identifier)
    salt = case_of(db.session(), sealed, identifier, number).proof.salt
    assert number.replace("-", "") not in salt
    world.open(stratification=Stratification.RISK)
    assert check_number(newest_draw(), identifier) != number


def test_a_draw_becomes_public_step_by_step(world):
    task = world.task()
    assert find_public(db.session(), "SW-2026-0001-1") is None
    world.freeze(task)
    number = newest_draw().number
    planned = find_public(db.session(), number)
    assert (planned.stage, planned.outcome, is_open_to_check(planned)) == (Stage.PLANNED, None, False)
    world.seed(task)
    world.draw(task)
    assert [entry.kind.value for entry in public_log(db.session(), find_public(db.session(), number))] == [
        "plan"
    ]
    world.match(task)
    from app.services.matching import disclose_draw

    disclose_draw(task, world.planner, NOW)
    done = find_public(db.session(), number)
    assert (done.stage, is_open_to_check(done)) == (Stage.DONE, True)
    assert len(public_log(db.session(), done)) == 4


def test_r57_a_withdrawn_result_can_no_longer_be_fetched(world, draw):
    row = db.session.query(Disclosure).filter_by(kind=DisclosureKind.DRAW).one()
    withdraw(row.id, "公示信息有误", world.approver, NOW)
    found = find_public(db.session(), draw.number)
    assert (found.stage, is_open_to_check(found)) == (Stage.WITHDRAWN, False)


def test_r31_a_void_draw_stays_on_the_page_with_its_reason(world):
    task = world.drawn()
    number = newest_draw().number
    void_draw(task, "名单有误", world.planner, world.witness, NOW)
    found = find_public(db.session(), number)
    assert found.stage == Stage.VOID
    assert found.draw.void_reason == "名单有误"
    assert not is_open_to_check(found)
