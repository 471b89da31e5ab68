"""Categories that a file names: enterprises enter them, and a guess that a file now states becomes a fact."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.domain.vocabulary import MembershipSource, RosterField
from app.models import CategoryMembership, TargetCategory
from app.services.bulk import table_of
from app.services.roster_import.apply import CHANGE, CHANGE_COLUMNS, Cause, circumstances
from app.services.roster_import.comparing import DELTA, TARGET
from app.services.roster_import.staging import STAGED_LABEL, Stage, temporary

MEMBERSHIP, CATEGORY = table_of(CategoryMembership), table_of(TargetCategory)
JOINING = temporary(
    "roster_joining",
    Column("enterprise_id", Integer),
    Column("category_id", Integer),
    Column("is_guess", Boolean),
    Column("membership_id", Integer),
    Column("is_new", Boolean),
)
"""Memberships that the load brings or makes a fact; the latter have their key."""


def compare(session: Session, stage: Stage) -> None:
    """Find the memberships that are not there yet, or were only guessed."""
    stage.create(JOINING)
    stage.measure(STAGED_LABEL)
    guess_only = func.min(case((STAGED_LABEL.c.is_guess, 1), else_=0)) == 1
    wanted = (
        select(
            TARGET.c.enterprise_id, STAGED_LABEL.c.category_id, guess_only.label("is_guess"), TARGET.c.is_new
        )
        .join(TARGET, TARGET.c.ordinal == STAGED_LABEL.c.ordinal)
        .group_by(TARGET.c.enterprise_id, STAGED_LABEL.c.category_id, TARGET.c.is_new)
        .subquery()
    )
    held = and_(
        MEMBERSHIP.c.enterprise_id == wanted.c.enterprise_id,
        MEMBERSHIP.c.category_id == wanted.c.category_id,
    )
    becomes_fact = and_(MEMBERSHIP.c.source == MembershipSource.GUESS, ~wanted.c.is_guess)
    query = (
        select(
            *(wanted.c[name] for name in ("enterprise_id", "category_id", "is_guess")),
            MEMBERSHIP.c.id,
            wanted.c.is_new,
        )
        .outerjoin(MEMBERSHIP, held)
        .where(or_(MEMBERSHIP.c.id.is_(None), becomes_fact))
    )
    session.execute(insert(JOINING).from_select(list(JOINING.c.keys()), query))


def otherwise_unchanged(session: Session) -> int:
    """How many known enterprises change in nothing but their categories."""
    also = select(DELTA.c.enterprise_id).where(DELTA.c.enterprise_id == JOINING.c.enterprise_id).exists()
    query = select(func.count(func.distinct(JOINING.c.enterprise_id))).where(~JOINING.c.is_new, ~also)
    return session.scalar(query) or 0


def write(session: Session, cause: Cause) -> None:
    """Enter the memberships, and into the history those of enterprises that were known before."""
    _keep_history(session, cause)
    source = case(
        (JOINING.c.is_guess, literal(MembershipSource.GUESS.value, String)),
        else_=literal(MembershipSource.FILE.value, String),
    )
    fresh = (
        select(JOINING.c.category_id, JOINING.c.enterprise_id, source)
        .where(JOINING.c.membership_id.is_(None))
        .order_by(JOINING.c.enterprise_id, JOINING.c.category_id)
    )
    session.execute(insert(MEMBERSHIP).from_select(["category_id", "enterprise_id", "source"], fresh))
    facts = select(JOINING.c.membership_id).where(JOINING.c.membership_id.is_not(None))
    session.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id.in_(facts)).values(source=MembershipSource.FILE))


def _keep_history(session: Session, cause: Cause) -> None:
    joined = JOINING.join(CATEGORY, CATEGORY.c.id == JOINING.c.category_id)
    columns: tuple[Any, ...] = (
        JOINING.c.enterprise_id,
        literal(RosterField.CATEGORY.value, String),
        case((JOINING.c.membership_id.is_(None), None), else_=CATEGORY.c.name),
        CATEGORY.c.name,
    )
    query = select(*columns, *circumstances(cause)).select_from(joined).where(~JOINING.c.is_new)
    session.execute(insert(CHANGE).from_select(CHANGE_COLUMNS, query))
