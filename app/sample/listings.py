"""名单与投诉: the sample's lists of abnormal operations and of serious dishonesty, and complaints (R30)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from app.domain.vocabulary import ListType
from app.reference.codes import BUREAU
from app.sample.city import LAST_LISTED, City, cities
from app.sample.csv_file import write_rows
from app.sample.enterprises import DEMO_ROWS, SEED, code_column, name_column
from app.sample.places import PLACES

HEADERS = ("统一社会信用代码", "企业名称", "名单类型", "列入日期", "列入事由", "移出日期", "作出机关")
COMPLAINT = "投诉举报"
"""名单类型 of a complaint row; its 列入日期 is the day it was accepted."""

_ABNORMAL_SINCE = np.datetime64("2023-07-01")
_COMPLAINED_SINCE = np.datetime64("2025-10-01")
_LAST_COMPLAINT = np.datetime64("2026-09-15")
_LAST_REMOVAL = date(2026, 9, 15)
_REMOVED_SHARE = 0.4
_DAYS_BETWEEN_COMPLAINTS = 0.382
"""Share of the period that lies between two complaints about one enterprise."""

_COMPANY_REASONS = (
    "未按规定期限公示年度报告",
    "通过登记的住所（经营场所）无法联系",
    "未在责令的期限内公示有关企业信息",
    "公示企业信息隐瞒真实情况、弄虚作假",
)
_HOUSEHOLD_REASONS = (
    "未按规定报送年度报告，标记为经营异常状态",
    "通过登记的经营场所无法联系，标记为经营异常状态",
)
_REASON_BOUNDS = (0.55, 0.9, 0.97)
_DISHONEST_REASONS = ("提交虚假材料取得登记", "被处以较重行政处罚且性质恶劣", "有履行能力而拒不履行处罚决定")
_COMPLAINT_REASONS = (
    "反映预收款项不予退还",
    "反映售后服务承诺未兑现",
    "反映收费与明示价格不一致",
    "反映商品质量问题未处理",
    "反映未提供销售凭证",
)

Row = tuple[str, str, str, str, str, str, str]


def rows(n: int = DEMO_ROWS, seed: int = SEED) -> Iterator[Row]:
    """The listings and complaints of the first `n` enterprises, in their order."""
    for city in cities(n, seed):
        noted = city.where(city.abnormal | city.dishonest | (city.complaints > 0))
        codes, names = code_column(noted, seed), name_column(noted)
        for number, (code, name) in enumerate(zip(codes, names, strict=True)):
            yield from ((code, name, *rest) for rest in _notes(noted, number))


def write_csv(path: Path, n: int = DEMO_ROWS, seed: int = SEED) -> int:
    """Writes the listings; the number of its rows."""
    return write_rows(path, HEADERS, rows(n, seed))


def _notes(city: City, number: int) -> Iterator[tuple[str, str, str, str, str]]:
    dice = city.listing_dice[number]
    founded = city.founded[number]
    if city.abnormal[number]:
        yield _abnormal(city, number)
    if city.dishonest[number]:
        listed = _day(max(founded + 200, _ABNORMAL_SINCE), LAST_LISTED, dice[3])
        reason = _DISHONEST_REASONS[int(dice[4] * len(_DISHONEST_REASONS))]
        yield ListType.SERIOUSLY_DISHONEST.label, listed.isoformat(), reason, "", _regulator(city, number)
    for complaint in range(city.complaints[number]):
        share = (dice[5] + complaint * _DAYS_BETWEEN_COMPLAINTS) % 1
        accepted = _day(max(founded + 30, _COMPLAINED_SINCE), _LAST_COMPLAINT, share)
        yield COMPLAINT, accepted.isoformat(), _complaint_reason(dice[5], complaint), "", BUREAU


def _abnormal(city: City, number: int) -> tuple[str, str, str, str, str]:
    dice = city.listing_dice[number]
    listed = _day(max(city.founded[number] + 200, _ABNORMAL_SINCE), LAST_LISTED, dice[0])
    reasons = _COMPANY_REASONS if city.kind[number] == 0 else _HOUSEHOLD_REASONS
    reason = reasons[int(np.digitize(dice[1], _REASON_BOUNDS)) % len(reasons)]
    label = ListType.ABNORMAL_OPERATIONS.label
    return label, listed.isoformat(), reason, _removal(listed, dice[2]), _regulator(city, number)


def _removal(listed: date, share: float) -> str:
    removed = listed + timedelta(days=30 + int(share * 700))
    return removed.isoformat() if share < _REMOVED_SHARE and removed <= _LAST_REMOVAL else ""


def _complaint_reason(share: float, complaint: int) -> str:
    return _COMPLAINT_REASONS[(int(share * 1000) + complaint) % len(_COMPLAINT_REASONS)]


def _day(first: np.datetime64, last: np.datetime64, share: float) -> date:
    start, end = date.fromisoformat(str(first)), date.fromisoformat(str(last))
    return start + timedelta(days=int(share * (end - start).days))


def _regulator(city: City, number: int) -> str:
    return f"{PLACES[city.place[number]].short}市场监督管理局"
