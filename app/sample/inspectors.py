"""执法检查人员名录: sixty invented inspectors of the bureau and its partners, as rows and as a CSV file.

No phone, no identity number; names are rare combinations. A few may not inspect: expired certificates, a
suspension, a leave, assistants, recusals from enterprises of the sample (R15, R16, R18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from app.domain.vocabulary import CertificateKind, InspectorStatus, RecusalKind, StaffKind
from app.reference import codes
from app.sample import enterprises
from app.sample.csv_file import write_rows
from app.sample.trades import BLOCK

HEADERS = (
    "工号",
    "姓名",
    "部门",
    "岗位",
    "人员类别",
    "状态",
    "可任组长",
    "执法证号",
    "证件类型",
    "执法区域代码",
    "有效期起",
    "有效期止",
    "业务专长",
    "年度检查上限",
    "回避企业代码",
    "回避事由",
)

_SURNAMES = "亓仉乜妫逄缑郗厍麴鄢璩綦蒯佘呙乐仝戢杭酆蔺逯郏郦庾桓眭瞿砦笪都冼尧羿洑茹贲寇阚隗"
_COMPOUND_SURNAMES = (
    "澹台",
    "濮阳",
    "淳于",
    "单于",
    "公冶",
    "宗政",
    "赫连",
    "钟离",
    "闾丘",
    "亓官",
    "司寇",
    "巫马",
)
_GIVEN_NAMES = ("一禾", "之砚", "小满", "听澜", "怀瑾", "知微", "望舒", "以宁", "未晞", "既明")

_VALID_FROM, _VALID_UNTIL = date(2024, 3, 1), date(2030, 2, 28)

_CARS_AND_SCRAP = (codes.CAR_TRADE, codes.RESOURCES)
_OIL_AND_CARS = (codes.OIL, codes.CAR_TRADE)
_CARDS_AND_SERVICES = (codes.CARDS_AND_RETAIL, codes.RESIDENT_SERVICES)
_AUCTIONS_AND_TRADE = (codes.AUCTION_TRADE, codes.FOREIGN_TRADE)
_SERVICES_AND_SCRAP = (codes.RESIDENT_SERVICES, codes.RESOURCES)
_CARDS_AND_OIL = (codes.CARDS_AND_RETAIL, codes.OIL)

_TEAMS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    (codes.BUREAU, "市场秩序科", 8, _CARS_AND_SCRAP),
    (codes.BUREAU, "商贸流通科", 6, _OIL_AND_CARS),
    (codes.BUREAU, "消费促进科", 8, _CARDS_AND_SERVICES),
    (codes.BUREAU, "对外经济科", 5, _AUCTIONS_AND_TRADE),
    (codes.BUREAU, "服务业科", 5, _SERVICES_AND_SCRAP),
    (codes.BUREAU, "综合执法科", 4, _CARDS_AND_OIL),
    (codes.MARKET_REGULATION, "计量科", 3, (codes.METROLOGY, codes.CREDIT_SUPERVISION)),
    (codes.MARKET_REGULATION, "广告监管科", 3, (codes.ADVERTISING, codes.CREDIT_SUPERVISION)),
    (
        codes.MARKET_REGULATION,
        "信用监管科",
        2,
        (codes.CREDIT_SUPERVISION, codes.ADVERTISING, codes.METROLOGY),
    ),
    (codes.POLICE, "治安管理支队", 4, (codes.PUBLIC_ORDER,)),
    (codes.ENVIRONMENT, "固体废物科", 4, (codes.POLLUTION,)),
    (codes.TAXATION, "税务检查科", 4, (codes.TAX_INSPECTION,)),
    (codes.EMERGENCY, "危化监管科", 4, (codes.WORK_SAFETY,)),
)
"""Department, section, people, their fields of expertise; the first two of a section may lead."""


@dataclass(frozen=True, slots=True)
class SampleInspector:
    """One person of the roster; an assistant has no certificate."""

    staff_number: str
    name: str
    agency: str
    section: str
    expertise: tuple[str, ...]
    may_lead: bool
    certificate: str
    valid_from: date | None = _VALID_FROM
    valid_until: date | None = _VALID_UNTIL
    kind: StaffKind = StaffKind.INSPECTOR
    status: InspectorStatus = InspectorStatus.ACTIVE
    yearly_cap: int = 40
    recused_from: tuple[str, ...] = ()
    recusal: RecusalKind | None = None


def _name(number: int) -> str:
    surnames: tuple[str, ...] = (*_COMPOUND_SURNAMES, *_SURNAMES)
    return surnames[number % len(surnames)] + _GIVEN_NAMES[(number * 7 + number // 10) % len(_GIVEN_NAMES)]


def _people() -> Iterator[SampleInspector]:
    number = 0
    for team, (agency, section, size, expertise) in enumerate(_TEAMS, 1):
        for member in range(size):
            yield SampleInspector(
                staff_number=f"1{team:02d}{member + 1:02d}",
                name=_name(number),
                agency=agency,
                section=section,
                expertise=expertise,
                may_lead=member < 2,
                certificate=f"吉2201-{number + 1:04d}",
            )
            number += 1


_HAS_EXPIRED = partial(replace, valid_from=date(2020, 7, 1), valid_until=date(2025, 6, 30))
_ENDS_THIS_YEAR = partial(replace, valid_from=date(2021, 1, 1), valid_until=date(2026, 12, 31))
_IS_ASSISTANT = partial(
    replace,
    kind=StaffKind.ASSISTANT,
    certificate="",
    valid_from=None,
    valid_until=None,
    yearly_cap=0,
    may_lead=False,
)
_PECULIARITIES: dict[str, Callable[[SampleInspector], SampleInspector]] = {
    "10104": _HAS_EXPIRED,
    "10305": _HAS_EXPIRED,
    "10703": _HAS_EXPIRED,
    "10203": _ENDS_THIS_YEAR,
    "10105": partial(replace, status=InspectorStatus.SUSPENDED),
    "10306": partial(replace, status=InspectorStatus.ON_LEAVE),
    "10108": _IS_ASSISTANT,
    "10308": _IS_ASSISTANT,
    "10405": partial(replace, yearly_cap=15),
    "10505": partial(replace, yearly_cap=20),
}
"""Staff number → what sets the person apart (R15)."""

_RECUSED = {
    "10102": (codes.CARS, 2, RecusalKind.RELATION),
    "10201": (codes.FUEL, 1, RecusalKind.OWN_ENTERPRISE),
    "10301": (codes.PREPAID_CARDS, 2, RecusalKind.RELATION),
    "10502": (codes.BEAUTY, 1, RecusalKind.OWN_ENTERPRISE),
    "10801": (codes.CARS, 1, RecusalKind.RELATION),
}
"""Staff number → category, number of its enterprises, reason (R18)."""


def inspectors(n: int = enterprises.DEMO_ROWS, seed: int = enterprises.SEED) -> tuple[SampleInspector, ...]:
    """The sixty of the roster; recusals name enterprises among the first `n` of the same seed."""
    roster = list(enterprises.rows(min(n, BLOCK), seed))
    return tuple(_with_recusal(_peculiar(person), roster) for person in _people())


def _peculiar(person: SampleInspector) -> SampleInspector:
    distinguish = _PECULIARITIES.get(person.staff_number)
    return distinguish(person) if distinguish else person


def _with_recusal(person: SampleInspector, roster: Sequence[tuple[str, ...]]) -> SampleInspector:
    if person.staff_number not in _RECUSED:
        return person
    category, count, reason = _RECUSED[person.staff_number]
    found = tuple(row[0] for row in roster if category in row[-1].split("、"))[:count]
    return replace(person, recused_from=found, recusal=reason if found else None)


def rows(n: int = enterprises.DEMO_ROWS, seed: int = enterprises.SEED) -> Iterator[tuple[str, ...]]:
    """Every inspector, a text a column of HEADERS."""
    return map(_row, inspectors(n, seed))


def write_csv(path: Path, n: int = enterprises.DEMO_ROWS, seed: int = enterprises.SEED) -> int:
    """Writes the roster; the number of its rows."""
    return write_rows(path, HEADERS, rows(n, seed))


def _row(person: SampleInspector) -> tuple[str, ...]:
    is_certified = bool(person.certificate)
    return (
        person.staff_number,
        person.name,
        person.agency,
        person.section,
        person.kind.label,
        person.status.label,
        "是" if person.may_lead else "否",
        person.certificate,
        CertificateKind.PROVINCIAL.label if is_certified else "",
        codes.CITY if is_certified else "",
        person.valid_from.isoformat() if person.valid_from else "",
        person.valid_until.isoformat() if person.valid_until else "",
        "、".join(person.expertise),
        str(person.yearly_cap),
        "、".join(person.recused_from),
        person.recusal.label if person.recusal else "",
    )
