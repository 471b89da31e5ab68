"""分类名录 by rule: who an industry code or a word of the business scope puts into a category (R9)."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, insert, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import MembershipSource
from app.models import CategoryMembership, Enterprise, TargetCategory
from app.services import audit
from app.services.transaction import transaction


def apply_rules(actor: User | None) -> dict[str, int]:
    """Add every enterprise that a category's rule finds and that is not in it yet; new members by name."""
    with transaction() as session:
        added = {}
        for category in session.scalars(select(TargetCategory).order_by(TargetCategory.code)):
            added[category.name] = _apply(session, category)
        audit.record(session, actor, "category:rules:applied", "target_category", added)
        return added


def matches(category: TargetCategory) -> ColumnElement[bool] | None:
    """The category's rule as a condition on enterprises, None when it has none."""
    prefixes = [
        Enterprise.industry_code.startswith(code, autoescape=True)
        for code in _words(category.industry_prefixes)
    ]
    words = [
        Enterprise.business_scope.contains(word, autoescape=True) for word in _words(category.scope_words)
    ]
    conditions = [*prefixes, *words]
    return or_(*conditions) if conditions else None


def _apply(session: Session, category: TargetCategory) -> int:
    condition = matches(category)
    if condition is None:
        return 0
    known = select(CategoryMembership.enterprise_id).where(CategoryMembership.category_id == category.id)
    found = select(
        literal(category.id), Enterprise.id, literal(MembershipSource.RULE, CategoryMembership.source.type)
    ).where(condition, Enterprise.id.not_in(known))
    columns = ["category_id", "enterprise_id", "source"]
    result = session.execute(insert(CategoryMembership).from_select(columns, found))
    return result.rowcount  # type: ignore[attr-defined, no-any-return]


def _words(text: str | None) -> list[str]:
    return [word for word in (text or "").split("、") if word]
