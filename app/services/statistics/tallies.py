"""Tallies by group. Households, visits and findings are three queries over the same rows (R80)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from app.domain.measures import DISPOSAL_GROUPS, RESULT_GROUPS, CodeGroup, Conduct, Count, Tally
from app.models import FindingDisposal, FindingResult
from app.services.statistics.expressions import flag
from app.services.statistics.facts import kept

Key: TypeAlias = tuple[Any, ...]

HOUSEHOLD = ("enterprise_id",)
VISIT = ("draw_id", "enterprise_id")
FINDING = ("target_id",)


def tallies(session: Session, base: FromClause, *dimensions: str) -> dict[Key, Tally]:
    """The tally of each group of `facts` rows that agree in `dimensions`; without any, of all under ().

    A household that falls into two groups counts once in each, so that only `whole()` says how many
    households there are.
    """
    results = _codes(session, base, dimensions, FindingResult, RESULT_GROUPS)
    disposals = _codes(session, base, dimensions, FindingDisposal, DISPOSAL_GROUPS)
    return {
        key: replace(found, results=results.get(key, {}), disposals=disposals.get(key, {}))
        for key, found in counts(session, base, *dimensions).items()
    }


def counts(session: Session, base: FromClause, *dimensions: str) -> dict[Key, Tally]:
    """The same without results and disposals by code."""
    steps, conduct = count_steps(base), conduct_steps(base)
    households = _per_group(session, base, dimensions, HOUSEHOLD, steps)
    visits = _per_group(session, base, dimensions, VISIT, steps | conduct)
    findings = _per_group(session, base, dimensions, FINDING, steps)
    width = 1 + len(steps)
    return {
        key: Tally(
            Count(*households[key]), Count(*made[:width]), Count(*findings[key]), Conduct(*made[width:])
        )
        for key, made in visits.items()
    }


def whole(session: Session, base: FromClause) -> Tally:
    """The tally of all rows, nobody twice."""
    return kept(base, "whole", lambda: tallies(session, base).get((), Tally()))


def count_steps(base: FromClause) -> dict[str, ColumnElement[int]]:
    """The steps of a unit over its items: begun when any of them is, finished when all of them are."""
    return {
        "checked": func.max(base.c.checked),
        "disclosed": func.min(base.c.disclosed),
        "closed": func.min(base.c.closed),
        "problem": func.max(base.c.problem),
    }


def conduct_steps(base: FromClause) -> dict[str, ColumnElement[int]]:
    """How a visit was made, over its items (R48, R54, R75, R76)."""
    due, on_site = func.min(base.c.due), func.max(base.c.entered) == 1
    return {
        "joint": func.max(base.c.is_joint),
        "off_site": flag(func.max(base.c.entered) == 0),
        "due": due,
        "on_time": flag(and_(due == 1, func.min(base.c.punctual) == 1)),
        "overdue": flag(and_(due == 1, func.min(base.c.disclosed) == 0)),
        "on_site": flag(on_site),
        "joint_on_site": flag(and_(on_site, func.max(base.c.is_joint) == 1)),
        "shared": func.max(base.c.met),
        "saved": func.count(case((base.c.joined == 1, base.c.agency_id)).distinct()),
        "external": func.max(base.c.is_external),
        "withdrawn": func.max(base.c.gone),
    }


def _per_group(
    session: Session,
    base: FromClause,
    dimensions: Sequence[str],
    unit: Sequence[str],
    steps: Mapping[str, ColumnElement[int]],
) -> dict[Key, tuple[int, ...]]:
    """How many of the unit each group has, and how many of them are at each step.

    A row of the facts is an item finding already, so that only the other units have to be put together first.
    """
    rows = base if unit == FINDING else _per_unit(base, dimensions, unit, **steps)
    return dict(_sums(session, rows, dimensions, steps))


def _codes(
    session: Session,
    base: FromClause,
    dimensions: Sequence[str],
    table: type[FindingResult] | type[FindingDisposal],
    groups: Mapping[str, CodeGroup],
) -> dict[Key, dict[str, int]]:
    """Households by group of codes, from rows; one household counts once per group of codes."""
    flags = {
        f"c{number}": func.max(flag(table.code.in_(sorted(group.codes))))
        for number, group in enumerate(groups.values())
    }
    keys = [base.c[name] for name in dimensions]
    rows = (
        select(*keys, base.c.enterprise_id, *(flag.label(name) for name, flag in flags.items()))
        .join(table, table.record_id == base.c.record_id)
        .where(base.c.checked == 1)
        .group_by(*keys, base.c.enterprise_id)
        .subquery()
    )
    found: dict[Key, dict[str, int]] = defaultdict(dict)
    for key, values in _sums(session, rows, dimensions, flags):
        found[key] = dict(zip(groups, values[1:], strict=True))
    return found


def _per_unit(
    base: FromClause, dimensions: Sequence[str], unit: Sequence[str], **steps: ColumnElement[Any]
) -> Subquery:
    keys = [base.c[name] for name in dimensions]
    units = [base.c[name] for name in unit if name not in dimensions]
    return (
        select(*keys, *units, *(step.label(name) for name, step in steps.items()))
        .group_by(*keys, *units)
        .subquery()
    )


def _sums(
    session: Session, rows: FromClause, dimensions: Sequence[str], steps: Iterable[str]
) -> list[tuple[Key, tuple[int, ...]]]:
    """(group, (number of units, sum of each step)) for every group."""
    keys = [rows.c[name] for name in dimensions]
    query = select(*keys, func.count(), *(func.sum(rows.c[name]) for name in steps)).group_by(*keys)
    width = len(keys)
    return [
        (tuple(row[:width]), tuple(int(value or 0) for value in row[width:]))
        for row in session.execute(query)
    ]
