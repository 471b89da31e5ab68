"""Legal bases that old lists still cite although they no longer carry a check by the commerce bureau (R6).

A citation is warned about and never dropped in silence; a repealed basis has its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StaleReason(StrEnum):
    """Why a basis no longer serves."""

    REPEALED = "repealed"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class StaleBasis:
    """`words` occur in the title or number of the basis; `until` is its last day, None where it is in force.

    `now` names the basis or, where the duty was transferred, the body that took its place.
    """

    words: tuple[str, ...]
    reason: StaleReason
    until: date | None
    now: str

    def is_cited_by(self, text: str) -> bool:
        """True when the title, number or name holds one of the words."""
        return any(word in text for word in self.words)


_FINANCE = "金融监督管理部门"

STALE_BASES = (
    StaleBasis(
        ("成品油市场管理办法", "2006年第23号", "〔2006〕23号"),
        StaleReason.REPEALED,
        date(2020, 6, 30),
        "《成品油流通管理办法》（商务部令2025年第4号）",
    ),
    StaleBasis(("原油市场管理办法", "2006年第24号"), StaleReason.REPEALED, date(2020, 6, 30), ""),
    StaleBasis(("酒类流通管理办法",), StaleReason.REPEALED, date(2016, 11, 2), ""),
    StaleBasis(("典当管理办法", "典当行管理", "典当业"), StaleReason.TRANSFERRED, None, _FINANCE),
    StaleBasis(("融资租赁",), StaleReason.TRANSFERRED, None, _FINANCE),
    StaleBasis(("商业保理",), StaleReason.TRANSFERRED, None, _FINANCE),
    StaleBasis(("生猪屠宰",), StaleReason.TRANSFERRED, None, "农业农村部门"),
    StaleBasis(("直销管理条例", "直销企业"), StaleReason.TRANSFERRED, None, "市场监督管理部门"),
)


def stale_basis(title: str, document_no: str = "") -> StaleBasis | None:
    """The entry that this basis falls under, or None."""
    text = f"{title} {document_no}"
    return next((entry for entry in STALE_BASES if entry.is_cited_by(text)), None)
