"""R7, R9: categories by industry, scope and licence are tried before they take anybody; the level decides whose it is."""

import pytest

from app.domain.vocabulary import AgencyLevel, ExclusionReason, MembershipSource
from app.extensions import db
from app.models import CategoryMembership, Draw, EnterpriseLicence, InspectionTask
from app.services.categories import Rule, apply_rule, try_rule
from app.services.planning import pool_size
from tests.builders import Vocabularies, World, make_category, make_enterprise, make_item


@pytest.fixture
def category(app):
    Vocabularies()
    return make_category("单用途预付卡")


def licence(enterprise, name="单用途商业预付卡备案", level=AgencyLevel.CITY):
    db.session.add(EnterpriseLicence(enterprise_id=enterprise.id, name=name, number="B1", level=level))
    db.session.commit()


@pytest.fixture
def firms(app):
    """One firm by each way, one by none."""
    by_industry = make_enterprise(None, industry_code="F5211")
    by_scope = make_enterprise(None, business_scope="销售单用途商业预付卡")
    by_licence = make_enterprise(None)
    licence(by_licence)
    return by_industry, by_scope, by_licence, make_enterprise(None)


RULE = Rule.of("F52", "预付卡", "预付卡")


def test_R9_a_trial_says_whom_each_part_takes_and_stores_nothing(category, firms):
    trial = try_rule(db.session(), category.id, RULE)
    assert trial.by_part == {"industry": 1, "scope": 1, "licence": 1}
    assert (trial.taken, trial.fresh, trial.kept) == (3, 3, 0)
    assert {firm.id for firm in trial.sample} == {firm.id for firm in firms[:3]}
    assert db.session.query(CategoryMembership).count() == 0


def test_R9_a_rule_without_a_word_takes_nobody(category, firms):
    assert try_rule(db.session(), category.id, Rule.of(None, "", " 、 ")).taken == 0


def test_R9_a_percent_sign_in_a_rule_is_only_a_sign(category, firms):
    assert try_rule(db.session(), category.id, Rule.of("%", "_", "%")).taken == 0


def test_R9_a_rule_adds_and_never_puts_out(category, firms):
    by_hand = make_enterprise("单用途预付卡", source=MembershipSource.MANUAL)
    category.industry_prefixes, category.licence_words = "F52", "预付卡"
    db.session.commit()
    assert apply_rule(category.id, None) == 2
    assert apply_rule(category.id, None) == 0
    members = {row.enterprise_id for row in db.session.query(CategoryMembership)}
    assert members == {firms[0].id, firms[2].id, by_hand.id}


def test_R7_a_member_by_licence_takes_the_level_of_its_filing(category, firms):
    category.licence_words = "预付卡"
    db.session.commit()
    apply_rule(category.id, None)
    assert db.session.query(CategoryMembership).one().filing_level == AgencyLevel.CITY


@pytest.mark.parametrize(
    ("level", "drawn"),
    [(None, True), (AgencyLevel.CITY, True), (AgencyLevel.DISTRICT, True), (AgencyLevel.PROVINCE, False)],
)
def test_R7_who_is_filed_above_this_level_is_not_drawn(app, level, drawn):
    world = World(enterprises=3)
    firm = world.enterprises[0]
    firm.memberships[0].filing_level = level
    db.session.commit()
    version = make_item("YF-01")
    task = world.task(versions=[version], ppm=1_000_000)
    assert pool_size(db.session(), version.category_id, False, version) == (3 if drawn else 2)
    world.freeze(task)
    draw = db.session.query(Draw).filter_by(task_id=task).one()
    assert draw.roster_n == (3 if drawn else 2)
    excluded = draw.excluded_counts.get(ExclusionReason.NOT_COMPETENT.value, 0)
    assert excluded == (0 if drawn else 1)


def test_R7_an_item_of_the_city_alone_leaves_the_districts_theirs(app):
    world = World(enterprises=2)
    world.enterprises[0].memberships[0].filing_level = AgencyLevel.DISTRICT
    db.session.commit()
    task = world.task(versions=[make_item("YF-02", levels="city")], ppm=1_000_000)
    world.freeze(task)
    assert db.session.get(InspectionTask, task).draws[0].roster_n == 1
