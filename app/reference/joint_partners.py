"""Usual partners of commerce inspections by kind of enterprise (R74), where an item names none itself.

Departments as they are called in this city; those that take no part in this system stay words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.reference import codes

PARTNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        codes.PREPAID_CARDS: (codes.MARKET_REGULATION, codes.TAXATION),
        codes.CARS: (codes.MARKET_REGULATION, codes.TAXATION, "发展和改革委员会"),
        codes.USED_CARS: (codes.MARKET_REGULATION, codes.TAXATION, codes.POLICE),
        codes.SCRAP_CARS: (
            codes.POLICE,
            codes.ENVIRONMENT,
            codes.MARKET_REGULATION,
            "发展和改革委员会",
            "交通运输局",
            "工业和信息化局",
        ),
    }
)
"""分类名录 → 配合部门."""
