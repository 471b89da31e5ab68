"""One item of a visit as a form: reading what was posted, showing what was recorded or typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from app.domain.entries import day_of
from app.domain.findings import CheckedOutsidePeriod, Finding
from app.domain.lifecycle import FINDING
from app.domain.lifecycle import may as lawful
from app.domain.vocabulary import CheckMethod, Disposal, PointOutcome, ResultCode, Term
from app.models import CheckPoint, FindingRecord, ItemFinding
from app.services.drafts import Draft, recorded_fields

T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class Sheet:
    """One item of the form as it stands: recorded, or typed and refused."""

    finding: ItemFinding
    is_own: bool
    results: frozenset[str]
    methods: frozenset[str]
    disposals: frozenset[str]
    outcomes: Mapping[int, str]
    notes: Mapping[int, str]
    checked_on: str
    problem: str
    violation_on: str = ""
    rests_on: int = 0
    is_typed: bool = False

    @property
    def kept(self) -> dict[int, Any]:
        """The answers of the newest record by check point."""
        latest = self.finding.latest
        return {row.point_id: row for row in latest.points} if latest else {}

    @property
    def is_open(self) -> bool:
        """Whether the reader may record it now."""
        return self.is_own and lawful(FINDING, self.finding.state, "record")

    @property
    def points(self) -> list[CheckPoint]:
        """The check points of the frozen item version."""
        return list(self.finding.task_item.version.points)

    @property
    def answered(self) -> int:
        """How many check points have an outcome."""
        return sum(point.id in self.outcomes for point in self.points)


def recorded(draft: Draft, is_own: bool, today: date) -> Sheet:
    """The sheet as it stands: what was recorded last with what was typed on the spot since.

    A fresh one proposes the item's methods and today; of other departments only the record is shown.
    """
    finding = draft.finding
    fields = {"checked_on": today.isoformat()} | draft.values
    if not is_own and finding.latest:
        fields = recorded_fields(finding.latest)
    return Sheet(
        finding,
        is_own,
        *(frozenset(fields.get(name, "").split(",")) for name in ("result", "method", "disposal")),
        _by_point(fields, "point-"),
        _by_point(fields, "note-"),
        fields["checked_on"],
        fields.get("problem", ""),
        fields.get("violation_on", ""),
        rests_on=draft.newest,
        is_typed=is_own and not draft.is_clean,
    )


def typed(finding: ItemFinding, given: MultiDict[str, str]) -> Sheet:
    """The sheet with what was typed, shown again after a refusal."""
    points = [point.id for point in finding.task_item.version.points]
    return Sheet(
        finding,
        True,
        frozenset(given.getlist("result")),
        frozenset(given.getlist("method")),
        frozenset(given.getlist("disposal")),
        {point: given[f"point-{point}"] for point in points if given.get(f"point-{point}")},
        {point: given.get(f"note-{point}", "") for point in points},
        given.get("checked_on", ""),
        given.get("problem", ""),
        given.get("violation_on", ""),
        rests_on=seen_of(given),
    )


def entry_of(finding: ItemFinding, given: MultiDict[str, str]) -> Finding:
    """What was posted for one item as the domain wants it. Raises CheckedOutsidePeriod."""
    points = {}
    for point in finding.task_item.version.points:
        outcome = _members(PointOutcome, [given.get(f"point-{point.id}", "")])
        if outcome:
            points[point.id] = (next(iter(outcome)), given.get(f"note-{point.id}", "").strip()[:300])
    return Finding(
        results=_members(ResultCode, given.getlist("result")),
        methods=_members(CheckMethod, given.getlist("method")),
        disposals=_members(Disposal, given.getlist("disposal")),
        checked_on=_day(finding, given.get("checked_on", "")),
        problem=given.get("problem", ""),
        points=points,
        violation_on=day_of(given.get("violation_on", "")),
    )


def seen_of(given: MultiDict[str, str]) -> int:
    """The newest entry that was on the form when it was opened."""
    text = given.get("rests_on", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def words_of(record: FindingRecord | None, part: str) -> list[Any]:
    """The codes of one part of a record, in the order of the vocabulary."""
    if record is None:
        return []
    codes = [row.code for row in getattr(record, part)]
    return sorted(codes, key=lambda member: list(type(member)).index(member))


def _by_point(fields: Mapping[str, str], prefix: str) -> dict[int, str]:
    return {int(name.removeprefix(prefix)): said for name, said in fields.items() if name.startswith(prefix)}


def _members(vocabulary: type[T], values: list[str]) -> frozenset[T]:
    return frozenset(member for member in vocabulary if member.value in values)


def _day(finding: ItemFinding, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CheckedOutsidePeriod(day=text or "—", first=finding.visit.task.starts_on) from None


RESULT_GROUPS: list[tuple[Any, list[ResultCode]]] = [
    (_("No problem"), [ResultCode.NO_ISSUE, ResultCode.NOT_ENGAGED]),
    (_("Problem found"), [code for code in ResultCode if code.is_problem]),
    (
        _("Could not be inspected"),
        [
            code
            for code in ResultCode
            if not code.is_problem and code not in (ResultCode.NO_ISSUE, ResultCode.NOT_ENGAGED)
        ],
    ),
]
