"""How many of each item and stratum a task draws, and which bound decided (R4, R24–R30)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.policy import PPM
from app.domain.quota import Quota, batch, decide
from app.domain.vocabulary import DrawState, RiskClass, Stratification
from app.models import Draw, DrawQuota, InspectionTask, TaskItem

ATTENTION = "ATT"


def quotas_for(
    session: Session, task: InspectionTask, pools: Mapping[tuple[int, str], int], labels: Mapping[str, str]
) -> list[DrawQuota]:
    """One quota line per item and stratum, items in plan order, strata by code."""
    lines = []
    for (place, stratum), pool in sorted(pools.items()):
        item = task.items[place]
        ppm = _ratio(task, item, labels.get(stratum, stratum), stratum)
        quota = _decide(session, task, item, stratum, pool, ppm)
        lines.append(
            DrawQuota(
                item_code=item.code,
                stratum=stratum,
                stratum_label=labels.get(stratum, stratum),
                pool=pool,
                ppm=quota.plan_ppm,
                quota=quota.k,
                reserve=_reserve(quota.k, pool),
                decided_by=quota.bound.value,
            )
        )
    return lines


def _ratio(task: InspectionTask, item: TaskItem, label: str, stratum: str) -> int:
    """The stratum's ratio in ppm: higher for complaints and listings, weighted by risk class."""
    match task.stratification:
        case Stratification.ATTENTION if stratum == ATTENTION:
            own = item.attention_ppm
            return own if own is not None else min(PPM, item.ppm * policy.DRAW.attention_factor)
        case Stratification.RISK:
            risk = next((member for member in RiskClass if member.label == label), RiskClass.B)
            weighted = item.ppm * policy.RISK_MULTIPLIER_PPM[risk.value] // PPM
            return min(PPM, weighted)
    return item.ppm


def _decide(
    session: Session, task: InspectionTask, item: TaskItem, stratum: str, pool: int, ppm: int
) -> Quota:
    yearly = decide(pool, ppm, item.minimum, item.maximum)
    if task.line.batches == 1:
        return yearly
    drawn = _drawn_before(session, task, item, stratum)
    return batch(yearly.k, drawn, task.line.batches - task.batch + 1, pool)


def _drawn_before(session: Session, task: InspectionTask, item: TaskItem, stratum: str) -> int:
    """Firms that earlier batches of the line took for this item and stratum (R26)."""
    query = (
        select(func.sum(DrawQuota.quota))
        .join(Draw)
        .join(InspectionTask)
        .where(
            InspectionTask.line_id == task.line_id,
            InspectionTask.id != task.id,
            Draw.state == DrawState.DRAWN,
            DrawQuota.item_code == item.code,
            DrawQuota.stratum == stratum,
        )
    )
    return session.scalar(query) or 0


def _reserve(quota: int, pool: int) -> int:
    wanted = max(1, -(-quota * policy.DRAW.reserve_ppm // PPM)) if quota else 0
    return min(wanted, pool - quota)
