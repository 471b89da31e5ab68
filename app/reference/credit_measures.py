"""惩戒与激励措施: a beginning of the register, to be verified against the national list in force (R63)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.domain.vocabulary import MeasureKind

PUNISHMENTS = "全国失信惩戒措施基础清单"
INCENTIVES = "国发〔2016〕33号"


class Measure(NamedTuple):
    """One measure with the list it stands on; every row waits for verification."""

    code: str
    name: str
    kind: MeasureKind
    edition: str
    legal_basis: str
    for_serious_only: bool = False


MEASURES = (
    Measure(
        "CJ01",
        "限制市场或者行业准入",
        MeasureKind.PUNISHMENT,
        PUNISHMENTS,
        "清单所列法律、法规（待核）",
        True,
    ),
    Measure("CJ02", "限制申请财政性资金项目", MeasureKind.PUNISHMENT, PUNISHMENTS, "清单所列依据（待核）"),
    Measure("CJ03", "限制参加评先评优", MeasureKind.PUNISHMENT, PUNISHMENTS, "清单所列依据（待核）"),
    Measure(
        "CJ04", "限制享受优惠政策和便利措施", MeasureKind.PUNISHMENT, PUNISHMENTS, "清单所列依据（待核）"
    ),
    Measure("CJ05", "纳入重点监管范围", MeasureKind.PUNISHMENT, PUNISHMENTS, "清单所列依据（待核）"),
    Measure(
        "JL01", "行政审批绿色通道、容缺受理", MeasureKind.INCENTIVE, INCENTIVES, "守信联合激励措施（待核）"
    ),
    Measure("JL02", "优化检查频次", MeasureKind.INCENTIVE, INCENTIVES, "守信联合激励措施（待核）"),
)
IN_FORCE_FROM = date(2022, 1, 1)
