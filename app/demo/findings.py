"""What the inspectors of the demonstration find: invented, and the same in every run for the same visit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from app.domain.findings import Finding
from app.domain.vocabulary import CheckMethod, Disposal, EntityStatus, PointOutcome, ResultCode
from app.models import ItemFinding

GONE = {
    EntityStatus.DEREGISTERED: ResultCode.DEREGISTERED,
    EntityStatus.MOVED_OUT: ResultCode.MOVED_OUT,
    EntityStatus.CLOSING: ResultCode.CLOSED,
}
PROBLEMS = (
    "台账缺少部分月份的记录。",
    "收费标准没有在醒目位置公示。",
    "备案信息变更后没有及时更新。",
    "合同文本缺少必备条款。",
)
TROUBLED = "单用途商业预付卡"
"""The field in which more goes wrong than elsewhere, so that the monthly analysis has something to find."""


def invent(finding: ItemFinding, checked_on: date) -> Finding:
    """A finding for this item of this enterprise: mostly in order, now and then a problem in an item or two."""
    enterprise, version = finding.visit.enterprise, finding.task_item.version
    lot = int(hashlib.sha256(enterprise.identifier.encode()).hexdigest()[:8], 16)
    points = [point.id for point in version.points]
    method = CheckMethod.DOCUMENT_REVIEW if version.off_site_possible else CheckMethod.ON_SITE
    if enterprise.status in GONE:
        return _ended(GONE[enterprise.status], checked_on)
    if lot % 100 < 3:
        return _ended(ResultCode.NOT_ENGAGED, checked_on)
    if lot % 100 < 5 and enterprise.status != EntityStatus.DORMANT:
        return _ended(ResultCode.UNREACHABLE, checked_on)
    if finding in _faulty(finding.visit.findings, lot, version.item.field == TROUBLED):
        return _problem(lot // 100, points, method, checked_on)
    return Finding(
        results=frozenset({ResultCode.NO_ISSUE}),
        methods=frozenset({method}),
        disposals=frozenset({Disposal.NONE_NEEDED}),
        checked_on=checked_on,
        points={point: (PointOutcome.NO_ISSUE, "") for point in points},
    )


def _faulty(findings: Sequence[ItemFinding], lot: int, is_troubled: bool) -> Sequence[ItemFinding]:
    """The items of a visit in which there is a problem."""
    chance, items = (70, 2) if is_troubled else (20, 1)
    first = lot // 100 % len(findings)
    return [*findings, *findings][first : first + items] if lot % 100 < chance else []


def _ended(result: ResultCode, checked_on: date) -> Finding:
    problem = "按登记住所上门两次，均无人经营，邻近商户称已搬离。" if result.is_problem else ""
    disposal = Disposal.NOTIFIED if result.is_problem else Disposal.REFERRED_DAILY
    return Finding(
        results=frozenset({result}),
        methods=frozenset({CheckMethod.ON_SITE}),
        disposals=frozenset({disposal}),
        checked_on=checked_on,
        problem=problem,
    )


def _problem(lot: int, points: list[int], method: CheckMethod, checked_on: date) -> Finding:
    text = PROBLEMS[lot % len(PROBLEMS)]
    wrong = points[lot % len(points)] if points else None
    corrected = lot % 2 == 0
    code = ResultCode.CORRECTED if corrected else ResultCode.VIOLATION_OWN
    outcomes = {
        point: (PointOutcome.ISSUE, text) if point == wrong else (PointOutcome.NO_ISSUE, "")
        for point in points
    }
    return Finding(
        results=frozenset({code}),
        methods=frozenset({method}),
        disposals=frozenset({Disposal.NONE_NEEDED if corrected else Disposal.RECTIFY}),
        checked_on=checked_on,
        problem=text,
        points=outcomes,
        violation_on=checked_on - timedelta(days=lot % 60 + 1),
    )
