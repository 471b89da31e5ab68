"""分类名录 by rule (R9): whom an industry code, a word of the business scope or a licence puts into a category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, exists, false, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import MembershipSource
from app.models import CategoryMembership, Enterprise, EnterpriseLicence, TargetCategory
from app.services import audit
from app.services.transaction import lock, transaction

SAMPLE = 20
SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a category takes: by industry codes' beginnings, words of the scope, names of licences."""

    industry_prefixes: tuple[str, ...] = ()
    scope_words: tuple[str, ...] = ()
    licence_words: tuple[str, ...] = ()

    @classmethod
    def of(cls, industry: str | None, scope: str | None, licence: str | None) -> Rule:
        """A rule of three texts, words separated by `、`."""
        return cls(_words(industry), _words(scope), _words(licence))

    @property
    def parts(self) -> dict[str, ColumnElement[bool]]:
        """Each part of the rule as a condition on enterprises."""
        code, scope = Enterprise.industry_code, Enterprise.business_scope
        return {
            "industry": _any([code.startswith(word, autoescape=True) for word in self.industry_prefixes]),
            "scope": _any([scope.contains(word, autoescape=True) for word in self.scope_words]),
            "licence": exists().where(
                EnterpriseLicence.enterprise_id == Enterprise.id,
                _any([EnterpriseLicence.name.contains(word, autoescape=True) for word in self.licence_words]),
            )
            if self.licence_words
            else false(),
        }

    @property
    def condition(self) -> ColumnElement[bool]:
        """Any part of the rule."""
        return or_(*self.parts.values())


@dataclass(frozen=True, slots=True)
class Trial:
    """试运行: whom a rule would take, without taking anybody."""

    taken: int
    by_part: dict[str, int]
    fresh: int
    """Taken by the rule and not in the category yet."""
    kept: int
    """In the category already, whom the rule does not take; they stay."""
    sample: Sequence[Enterprise]


def rule_of(category: TargetCategory) -> Rule:
    """The rule that stands at a category."""
    return Rule.of(category.industry_prefixes, category.scope_words, category.licence_words)


def try_rule(session: Session, category_id: int, rule: Rule) -> Trial:
    """Show whom the rule takes for that category; nothing is stored."""
    members = select(CategoryMembership.enterprise_id).where(CategoryMembership.category_id == category_id)
    fresh = [rule.condition, Enterprise.id.not_in(members)]
    sample = select(Enterprise).where(*fresh).order_by(Enterprise.id).limit(SAMPLE)
    return Trial(
        taken=_count(session, rule.condition),
        by_part={name: _count(session, condition) for name, condition in rule.parts.items()},
        fresh=_count(session, *fresh),
        kept=_count(session, ~rule.condition, Enterprise.id.in_(members)),
        sample=session.scalars(sample).all(),
    )


def apply_rule(category_id: int, actor: User | None) -> int:
    """Take everybody whom the standing rule of a category finds and who is not in it; nobody is put out."""
    with transaction() as session:
        category = lock(session, TargetCategory, category_id)
        added = _apply(session, category)
        audit.record(session, actor, "category:rule:applied", category.code, {"added": added})
        return added


def apply_rules(actor: User | None) -> dict[str, int]:
    """Apply the rule of every category; new members by name."""
    with transaction() as session:
        found = session.scalars(select(TargetCategory).order_by(TargetCategory.code))
        added = {category.name: _apply(session, category) for category in found}
        audit.record(session, actor, "category:rules:applied", "target_category", added)
        return added


def _apply(session: Session, category: TargetCategory) -> int:
    """A member by licence takes the level at which the licence was filed (R7)."""
    rule = rule_of(category)
    if rule == Rule():
        return 0
    known = select(CategoryMembership.enterprise_id).where(CategoryMembership.category_id == category.id)
    found = select(
        literal(category.id),
        Enterprise.id,
        literal(MembershipSource.RULE, CategoryMembership.source.type),
        _level(rule),
    ).where(rule.condition, Enterprise.id.not_in(known))
    columns = ["category_id", "enterprise_id", "source", "filing_level"]
    added = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    session.execute(insert(CategoryMembership).from_select(columns, found))
    return added


def _level(rule: Rule) -> ColumnElement[str | None]:
    if not rule.licence_words:
        return literal(None, CategoryMembership.filing_level.type)
    named = _any([EnterpriseLicence.name.contains(word, autoescape=True) for word in rule.licence_words])
    held = select(func.min(EnterpriseLicence.level)).where(
        EnterpriseLicence.enterprise_id == Enterprise.id, named
    )
    return held.scalar_subquery()


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Enterprise).where(*conditions)) or 0


def _any(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return func.coalesce(or_(*conditions), false()) if conditions else false()


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(SEPARATOR) if word.strip())
