"""检查通知书 (R41, R42): what every notice says besides the facts of its visit, and how numbers are masked (R60)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

RIGHTS = (
    "对检查内容和结果进行陈述、申辩；",
    "认为检查人员与本次检查有利害关系的，可以申请其回避；",
    "检查人员少于两人、不出示有效行政执法证件、不出示本通知书或者超出本通知书所列事项的，有权拒绝检查；",
    "对违法或者不当的检查行为，可以通过监督电话投诉举报。",
)
"""权利告知: statement and defence, recusal, refusal of an unlawful check, complaint (D02)."""

DISCIPLINE = (
    "不逐利检查，不以罚没数额、检查次数作为考核指标；",
    "不干扰企业正常生产经营，不任性检查、变相检查；",
    "不接受企业的馈赠、报酬、宴请和其他利益，不由企业支付检查费用；",
    "不泄露检查中知悉的商业秘密和个人信息。",
)
"""检查纪律 that the enterprise may hold the team to (D02)."""

DUTY = "请予以配合并如实提供有关情况和材料；不配合检查情节严重的，检查结果将按规定记录并公示。"
"""不配合的后果告知 (D03)."""

_BESIDE_THE_NAME = re.compile(r"[\s，,。.；;、：:（）()“”\"]+")

MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Material:
    """One thing that the enterprise prepares, and the departments that want it."""

    name: str
    wanted_by: tuple[str, ...]


def merged_materials(wanted: Iterable[tuple[str, Iterable[str]]]) -> tuple[Material, ...]:
    """What the items of a visit ask for, each thing once (材料只要一次, R73).

    `wanted` is (department, lines of one item). Wordings that differ in blanks and punctuation only are one.
    """
    names: dict[str, str] = {}
    departments: dict[str, dict[str, None]] = {}
    for department, lines in wanted:
        for line in lines:
            key = _BESIDE_THE_NAME.sub("", normalize("NFKC", line)).casefold()
            if key:
                names.setdefault(key, line.strip())
                departments.setdefault(key, {})[department] = None
    return tuple(Material(name, tuple(departments[key])) for key, name in names.items())


def masked(text: str) -> str:
    """Mobile numbers as 138****1234; an office number stays as it is (R60)."""
    return MOBILE.sub(r"\1****\2", text)


def frequency_line(number: int, cap: int) -> str:
    """本年度第 n 次／上限 m 次 (R36)."""
    return f"本年度第 {number} 次／上限 {cap} 次"
