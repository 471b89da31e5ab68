"""Who stands in the frozen roster of a task, in which stratum and tier, and who does not and why."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import collate, func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.draw.roster import Cell, RosterRow, cells_text
from app.domain.vocabulary import (
    ExclusionReason,
    MembershipSource,
    RiskClass,
    Stratification,
    VisitState,
)
from app.models import (
    CategoryMembership,
    Complaint,
    Enterprise,
    InspectionTask,
    Listing,
    Region,
    TaskItem,
    Visit,
)
from app.services.planning import DRAWABLE, pool_size

HIGHEST_TIER = 9
"""The protocol writes a tier as one digit."""

COMPLAINT_MEMORY = timedelta(days=365)
"""A complaint raises the ratio for a year (art. 5, R30)."""


@dataclass(slots=True)
class Excluded:
    """The enterprises that the sieve held back, each with its reason."""

    rows: list[tuple[str, ExclusionReason]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many by reason."""
        return dict(Counter(reason.value for _, reason in self.rows))

    def lines(self) -> Iterator[bytes]:
        """The file kept inside: identifier, TAB, reason."""
        return (f"{identifier}\t{reason.value}\n".encode() for identifier, reason in self.rows)


@dataclass(frozen=True, slots=True)
class Strata:
    """How enterprises are divided: a function from a row to its stratum, and the labels of the codes."""

    of: Callable[[Any], str]
    labels: dict[str, str]


def eligible_rows(
    session: Session, task: InspectionTask, strata: Strata, excluded: Excluded, today: date
) -> Iterator[RosterRow]:
    """The roster of the task, ascending by identifier; fills `excluded` on the way (R12, R26, R36)."""
    visits = _visits_since(session, date(today.year, 1, 1), today)
    past = _visits_since(session, _rotation_start(session, task, today), today)
    texts: dict[tuple[frozenset[int | None], str, int], str] = {}
    for identifier, group in groupby(_rows(session, task), key=itemgetter(0)):
        rows = list(group)
        reason = _exclusion(rows, task, visits)
        if reason:
            excluded.rows.append((identifier, reason))
            continue
        key = (_accepted(rows, task), strata.of(rows[0]), _tier(rows[0], past))
        text = texts.get(key) or texts.setdefault(key, _cells(task, *key))
        yield identifier, text


def strata_for(session: Session, task: InspectionTask, secret: str, today: date) -> Strata:
    """The strata of the task's way of dividing; codes of risk classes are opaque (R29)."""
    match task.stratification:
        case Stratification.DISTRICT:
            names = dict(session.execute(select(Region.code, Region.name)).all())
            labels = {f"D{code}": name for code, name in names.items()} | {"D0": "属地不明"}
            return Strata(lambda row: f"D{row.territory_code}" if row.territory_code else "D0", labels)
        case Stratification.ATTENTION:
            marked = _marked(session, today)
            labels = {"GEN": "一般", "ATT": "投诉、经营异常、严重失信"}
            return Strata(lambda row: "ATT" if row.id in marked else "GEN", labels)
        case Stratification.RISK:
            return _risk_strata(secret)
    return Strata(lambda row: "ALL", {"ALL": "全部"})


def _risk_strata(secret: str) -> Strata:
    codes = {risk: _opaque(secret, risk.value) for risk in RiskClass}
    unrated = _opaque(secret, "-")
    labels = {code: risk.label for risk, code in codes.items()} | {unrated: "未分类"}
    return Strata(lambda row: codes[row.risk_class] if row.risk_class else unrated, labels)


def _opaque(secret: str, name: str) -> str:
    return "S" + hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:6]


def _rows(session: Session, task: InspectionTask) -> Iterator[Any]:
    """One row per enterprise and category, ascending by identifier bytes on every database."""
    whole = any(item.category_id is None for item in task.items)
    wanted = {item.category_id for item in task.items if item.category_id is not None}
    member = (CategoryMembership.enterprise_id == Enterprise.id) & CategoryMembership.category_id.in_(wanted)
    query = select(
        Enterprise.identifier,
        Enterprise.id,
        Enterprise.status,
        Enterprise.in_jurisdiction,
        Enterprise.territory_code,
        Enterprise.risk_class,
        CategoryMembership.category_id,
        CategoryMembership.source,
    ).join(CategoryMembership, member, isouter=whole)
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    order = collate(Enterprise.identifier, "C") if on_postgresql else Enterprise.identifier
    return iter(session.execute(query.order_by(order).execution_options(yield_per=5000)))


def _exclusion(rows: list[Any], task: InspectionTask, visits: Counter[int]) -> ExclusionReason | None:
    first = rows[0]
    if not first.in_jurisdiction:
        return ExclusionReason.OUT_OF_JURISDICTION
    if first.status not in DRAWABLE:
        return ExclusionReason.NOT_ACTIVE
    if visits[first.id] >= policy.VISIT.yearly_visits_per_enterprise:
        return ExclusionReason.AT_CAP
    if not any(_belongs(item, _accepted(rows, task)) for item in task.items):
        return ExclusionReason.GUESSED_CATEGORY
    return None


def _accepted(rows: list[Any], task: InspectionTask) -> frozenset[int | None]:
    """The categories in which this enterprise counts; a guessed one only where the line says so."""
    guesses = task.line.accepts_guesses
    return frozenset(row.category_id for row in rows if guesses or row.source != MembershipSource.GUESS)


def _cells(task: InspectionTask, accepted: frozenset[int | None], stratum: str, tier: int) -> str:
    cell = Cell(stratum, tier)
    return cells_text(cell if _belongs(item, accepted) else None for item in task.items)


def _belongs(item: TaskItem, accepted: frozenset[int | None]) -> bool:
    return item.category_id is None or item.category_id in accepted


def _tier(row: Any, past: Counter[int]) -> int:
    """Firms visited in the period sort after the others, those of class D excepted (protocol 0.6)."""
    return 0 if row.risk_class == RiskClass.D else min(past[row.id], HIGHEST_TIER)


def _rotation_start(session: Session, task: InspectionTask, today: date) -> date:
    """The period is the year; in a small pool it reaches further back, so that the firms take turns (R27)."""
    pools = [pool_size(session, item.category_id, task.line.accepts_guesses) for item in task.items]
    years_back = policy.DRAW.rotation_years if max(pools) <= policy.DRAW.small_pool else 0
    return date(today.year - years_back, 1, 1)


def _visits_since(session: Session, start: date, today: date) -> Counter[int]:
    """Visits per enterprise from `start` to the end of this year, those yet to be made included."""
    query = (
        select(Visit.enterprise_id, func.count())
        .where(
            Visit.state != VisitState.CANCELLED,
            Visit.planned_on.between(start, date(today.year, 12, 31)),
        )
        .group_by(Visit.enterprise_id)
    )
    return Counter(dict(session.execute(query).all()))


def _marked(session: Session, today: date) -> set[int]:
    """Enterprises with an open listing, or a complaint within a year."""
    listed = select(Listing.enterprise_id).where(
        Listing.included_on <= today, (Listing.removed_on.is_(None)) | (Listing.removed_on > today)
    )
    complained = select(Complaint.enterprise_id).where(
        Complaint.received_on.between(today - COMPLAINT_MEMORY, today)
    )
    return set(session.scalars(listed)) | set(session.scalars(complained))
