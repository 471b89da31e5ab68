"""Who stands in the frozen roster of a task, in which stratum and tier, and who does not and why."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, collate, func, null, select, type_coerce
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
from app.services.frequency import at_cap
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


class Firm(NamedTuple):
    """All that decides where an enterprise stands in the roster; many enterprises share one set of facts.

    `memberships` are (category, source, filing level); codes as stored. `is_at_cap` when a body of the task has no visit
    left this year; `past` are the drawn visits of the rotation period.
    """

    status: str
    in_jurisdiction: bool
    territory_code: str | None
    risk_class: str | None
    memberships: tuple[tuple[int | None, str | None, str | None], ...]
    is_at_cap: bool
    past: int
    is_marked: bool


Accepted = frozenset[tuple[int | None, str | None]]
"""Categories in which an enterprise counts, each with the level at which it is filed, if that is known."""


@dataclass(frozen=True, slots=True)
class Strata:
    """How enterprises are divided: from a firm to its stratum, the labels, the keys of marked enterprises."""

    of: Callable[[Firm], str]
    labels: dict[str, str]
    marked: frozenset[int] = frozenset()


def eligible_rows(
    session: Session, task: InspectionTask, strata: Strata, excluded: Excluded, today: date
) -> Iterator[RosterRow]:
    """The roster of the task, ascending by identifier; fills `excluded` on the way (R12, R26, R36)."""
    places = _Places(task, strata)
    for identifier, facts in _firms(session, task, strata.marked, today):
        reason, cells = places[facts]
        if reason:
            excluded.rows.append((identifier, reason))
        else:
            yield identifier, cells


def possible_size(session: Session, category_id: int | None) -> int:
    """How many enterprises a category has, whatever their state; all of the city where none is named."""
    if category_id is None:
        return session.scalar(select(func.count()).select_from(Enterprise)) or 0
    members = select(func.count()).where(CategoryMembership.category_id == category_id)
    return session.scalar(members) or 0


def strata_for(session: Session, task: InspectionTask, secret: str, today: date) -> Strata:
    """The strata of the task's way of dividing; codes of risk classes are opaque (R29)."""
    match task.stratification:
        case Stratification.DISTRICT:
            names = dict(session.execute(select(Region.code, Region.name)).all())
            labels = {f"D{code}": name for code, name in names.items()} | {"D0": "属地不明"}
            return Strata(lambda firm: f"D{firm.territory_code}" if firm.territory_code else "D0", labels)
        case Stratification.ATTENTION:
            labels = {"GEN": "一般", "ATT": "投诉、经营异常、严重失信"}
            return Strata(lambda firm: "ATT" if firm.is_marked else "GEN", labels, _marked(session, today))
        case Stratification.RISK:
            return _risk_strata(secret)
    return Strata(lambda firm: "ALL", {"ALL": "全部"})


def _risk_strata(secret: str) -> Strata:
    codes = {risk.value: _opaque(secret, risk.value) for risk in RiskClass}
    unrated = _opaque(secret, "-")
    labels = {codes[risk.value]: risk.label for risk in RiskClass} | {unrated: "未分类"}
    return Strata(lambda firm: codes[firm.risk_class] if firm.risk_class else unrated, labels)


def _opaque(secret: str, name: str) -> str:
    return "S" + hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:6]


class _Places(dict[tuple[Any, ...], tuple[ExclusionReason | None, str]]):
    """From a firm's facts to the reason that excludes it, or to its cells; each set of facts is judged once."""

    def __init__(self, task: InspectionTask, strata: Strata) -> None:
        super().__init__()
        self._task, self._strata = task, strata

    def __missing__(self, facts: tuple[Any, ...]) -> tuple[ExclusionReason | None, str]:
        firm = Firm._make(facts)
        accepted = _accepted(firm, self._task)
        reason = _exclusion(firm, self._task, accepted)
        cell = Cell(self._strata.of(firm), _tier(firm))
        cells = cells_text(cell if _belongs(item, accepted) else None for item in self._task.items)
        self[facts] = reason, cells
        return self[facts]


def _firms(
    session: Session, task: InspectionTask, marked: frozenset[int], today: date
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every enterprise of the task's categories with its facts, in the order of the fields of Firm."""
    capped = at_cap(session, {item.agency_id for item in task.items}, today.year)
    past = _visits_since(session, _rotation_start(session, task, today), today)
    for row, memberships in _gathered(_rows(session, task), task):
        key = row[1]
        yield row[0], (*row[2:6], memberships, key in capped, past.get(key, 0), key in marked)


def _gathered(rows: Iterable[Any], task: InspectionTask) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """One row per enterprise and its memberships; only several categories can give it several rows."""
    if len({item.category_id for item in task.items}) == 1:
        for row in rows:
            yield row, (row[6:],)
        return
    for _, group in groupby(rows, key=itemgetter(0)):
        several = list(group)
        yield several[0], tuple(row[6:] for row in several)


def _rows(session: Session, task: InspectionTask) -> Iterator[Any]:
    """One row per enterprise and category, ascending by identifier bytes on every database."""
    whole = any(item.category_id is None for item in task.items)
    wanted = {item.category_id for item in task.items if item.category_id is not None}
    facts = (
        Enterprise.identifier,
        Enterprise.id,
        # As stored: turning a million values into terms only to look them up would double the time.
        type_coerce(Enterprise.status, String),
        Enterprise.in_jurisdiction,
        Enterprise.territory_code,
        type_coerce(Enterprise.risk_class, String),
    )
    query: Any = select(*facts, null(), null(), null())
    if wanted:
        own = CategoryMembership.enterprise_id == Enterprise.id
        member = own & CategoryMembership.category_id.in_(wanted)
        known = (CategoryMembership.source, CategoryMembership.filing_level)
        stored = (type_coerce(column, String) for column in known)
        query = select(*facts, CategoryMembership.category_id, *stored)
        query = query.join(CategoryMembership, member, isouter=whole)
    ordered = query.order_by(_bytewise(session)).execution_options(yield_per=5000)
    return iter(session.connection().execute(ordered))


def _bytewise(session: Session) -> ColumnElement[str]:
    """The identifier as an order: by bytes on PostgreSQL; sorted, not walked through its index, on SQLite.

    By the index SQLite would fetch every enterprise of the city from another page of the file.
    """
    if session.get_bind().dialect.name == "postgresql":
        return collate(Enterprise.identifier, "C")
    return Enterprise.identifier.concat("")


def _exclusion(firm: Firm, task: InspectionTask, accepted: Accepted) -> ExclusionReason | None:
    if not firm.in_jurisdiction:
        return ExclusionReason.OUT_OF_JURISDICTION
    if firm.status not in DRAWABLE:
        return ExclusionReason.NOT_ACTIVE
    if firm.is_at_cap:
        return ExclusionReason.AT_CAP
    if any(_belongs(item, accepted) for item in task.items):
        return None
    named = {category for category, _ in accepted}
    beyond = any(item.category_id in named for item in task.items)
    return ExclusionReason.NOT_COMPETENT if beyond else ExclusionReason.GUESSED_CATEGORY


def _accepted(firm: Firm, task: InspectionTask) -> Accepted:
    """The categories in which this enterprise counts; a guessed one only where the line says so."""
    guesses = task.line.accepts_guesses
    return frozenset(
        (category, level)
        for category, source, level in firm.memberships
        if guesses or source != MembershipSource.GUESS
    )


def _belongs(item: TaskItem, accepted: Accepted) -> bool:
    """True when the item draws from a category of the enterprise, and at the level with which it is filed (R7)."""
    if item.category_id is None:
        return True
    competent = item.version.competent_levels
    return any(
        category == item.category_id and (level is None or level in competent) for category, level in accepted
    )


def _tier(firm: Firm) -> int:
    """Firms visited in the period sort after the others, those of class D excepted (protocol 0.6)."""
    return 0 if firm.risk_class == RiskClass.D else min(firm.past, HIGHEST_TIER)


def _rotation_start(session: Session, task: InspectionTask, today: date) -> date:
    """The period is the year; in a small pool it reaches further back, so that the firms take turns (R27)."""
    guesses = task.line.accepts_guesses
    pools = [pool_size(session, item.category_id, guesses, item.version) for item in task.items]
    years_back = policy.DRAW.rotation_years if max(pools) <= policy.DRAW.small_pool else 0
    return date(today.year - years_back, 1, 1)


def _visits_since(session: Session, start: date, today: date) -> Counter[int]:
    """Drawn visits per enterprise from `start` to the end of this year, those yet to be made included.

    A triggered check stays outside the draw: it neither takes a turn nor gives one up (R34).
    """
    query = (
        select(Visit.enterprise_id, func.count())
        .where(
            Visit.state != VisitState.CANCELLED,
            Visit.draw_id.is_not(None),
            Visit.planned_on.between(start, date(today.year, 12, 31)),
        )
        .group_by(Visit.enterprise_id)
    )
    return Counter(dict(session.execute(query).all()))


def _marked(session: Session, today: date) -> frozenset[int]:
    """Enterprises with an open listing, or a complaint within a year."""
    listed = select(Listing.enterprise_id).where(
        Listing.included_on <= today, (Listing.removed_on.is_(None)) | (Listing.removed_on > today)
    )
    complained = select(Complaint.enterprise_id).where(
        Complaint.received_on.between(today - COMPLAINT_MEMORY, today)
    )
    return frozenset(session.scalars(listed)) | frozenset(session.scalars(complained))
