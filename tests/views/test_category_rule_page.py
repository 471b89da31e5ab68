"""A clerk tries a rule, sees whom it takes, and only then takes them in."""

from app.extensions import db
from app.models import CategoryMembership
from app.security.roles import LEADING_GROUP, ROSTER_CLERK
from app.services.setup import ensure_vocabularies
from tests.builders import make_category, make_enterprise


def test_R9_a_rule_is_tried_before_it_takes_anybody(app, sign_in):
    ensure_vocabularies()
    category = make_category("洗染")
    firm = make_enterprise(None, business_scope="洗染服务")
    client = sign_in(ROSTER_CLERK)
    tried = client.get(f"/target-categories/{category.id}/rule?scope_words=洗染").get_data(as_text=True)
    assert firm.name in tried
    assert "列入这个分类名录" not in tried  # another rule than the standing one cannot be applied
    category.scope_words = "洗染"
    db.session.commit()
    page = client.get(f"/target-categories/{category.id}/rule").get_data(as_text=True)
    assert "将 1 户列入这个分类名录" in page
    client.post(f"/target-categories/{category.id}/apply")
    assert db.session.query(CategoryMembership).one().enterprise_id == firm.id


def test_who_may_not_keep_categories_may_not_apply_a_rule(app, sign_in):
    ensure_vocabularies()
    category = make_category("洗染")
    client = sign_in(LEADING_GROUP)
    client.post(f"/target-categories/{category.id}/apply")
    assert db.session.query(CategoryMembership).count() == 0
