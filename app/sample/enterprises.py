"""检查对象名录: the roster of enterprises of the sample city, as rows and as a CSV file. All are invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from app.domain.vocabulary import EntityKind
from app.reference import codes
from app.reference.industries import CLASS_NAMES
from app.sample.city import DOMESTIC_TYPES, FOREIGN_TYPES, KINDS, RISKS, SLOTS, STATUSES, City, Column, cities
from app.sample.csv_file import write_rows
from app.sample.identity import credit_codes
from app.sample.places import PLACES
from app.sample.trades import ALSO_SCOPE, TRADES

SEED = 20260101
DEMO_ROWS = 30_000

HEADERS = (
    "统一社会信用代码",
    "企业名称",
    "主体类别",
    "企业类型",
    "成立日期",
    "登记状态",
    "属地代码",
    "属地",
    "功能区",
    "登记机关代码",
    "行业代码",
    "行业名称",
    "住所",
    "经营范围",
    "信用风险等级",
    "分类名录",
)

_FIRST_CHARACTERS = "沐栎澜祁岑霁穆翊峤璟泓晔珩桦樾椿澄苒蔚昀翎岚澍旻砚棠筱黎牧曜浔溯沅颐瀚朔骁弈祎煦霖蕴笙漪"
_LAST_CHARACTERS = "禾川舟庭原衡朗野帆序然岳渡州乔屿途陌初松柏域宸略辰麓谷湾汀洲塬廷笛耘圻垚堃"
_MIDDLES = ("",) * 20 + tuple("之若予亦知可有与如思慕见听言念照归向拾问")
_HEADS = ("长春市", "吉林省", "长春", "吉林")
_HEAD_BOUNDS = (0.40, 0.67, 0.82, 0.88)
_NUMBERS = tuple(f"{number}号" for number in range(1, 1300))
_DOORS = tuple(f"{floor}{room:02d}室" for floor in range(1, 9) for room in (1, 2, 5, 8))
_ROOMS = ("",) * 58 + ("门市",) * 10 + _DOORS
_COOPERATIVE_WORDS = {
    "0313": ("养殖", "畜牧养殖"),
    "0512": ("农机服务", "农机作业"),
    "0141": ("蔬菜种植", "果蔬种植"),
}
_COOPERATIVE_FALLBACK = ("种植", "农作物种植", "粮食种植")
_COOPERATIVE_FORM = "农民专业合作社"
_LIMITED, _BRANCH = "有限公司", "有限公司{}分公司"
_FORMS = {
    "1190": "有限责任公司",
    "2100": _BRANCH,
    "1222": "股份有限公司",
    "4540": "经营部",
    "4533": "合伙企业（有限合伙）",
}
_CATEGORY_DIGIT = np.array([1, 2, 3])


def _texts(values: Sequence[str]) -> Column:
    return np.array(list(values), dtype=object)


_TYPE_CODES = DOMESTIC_TYPES + FOREIGN_TYPES
_TYPE_NAMES = {entity_type.code: entity_type.name for entity_type in codes.ENTITY_TYPES}
_COMPANY_TYPES = _texts([_TYPE_NAMES[code] for code in _TYPE_CODES])
_TAILS = _texts([_FORMS.get(code, _LIMITED).format(place.short) for place in PLACES for code in _TYPE_CODES])
_KINDS = _texts([kind.label for kind in KINDS])
_STATUSES = _texts([status.label for status in STATUSES])
_RISKS = _texts(RISKS)
_PLACE_CODES = _texts([place.code for place in PLACES])
_PLACE_NAMES = _texts([place.name for place in PLACES])
_PLACE_SHORTS = _texts([place.short for place in PLACES])
_PLACE_ZONES = _texts([place.zone for place in PLACES])
_CITY_PARTS = _texts(["长春市" * place.short.endswith("区") + place.short for place in PLACES])
_ADDRESS_HEADS = _texts([f"吉林省长春市{place.name.removeprefix('长春')}" for place in PLACES])
_SLOT_CODES = _texts([TRADES[slot.trade].industry for slot in SLOTS])
_SLOT_INDUSTRIES = _texts([CLASS_NAMES[TRADES[slot.trade].industry] for slot in SLOTS])
_SLOT_CATEGORIES = _texts(["、".join(slot.categories) for slot in SLOTS])
_SLOT_SCOPES = _texts(
    [
        TRADES[slot.trade].scope + "".join(ALSO_SCOPE.get(name, "") for name in slot.categories)
        for slot in SLOTS
    ],
)
_FIRSTS, _LASTS, _MIDDLE_PARTS = _texts(_FIRST_CHARACTERS), _texts(_LAST_CHARACTERS), _texts(_MIDDLES)
_HOUSE_NUMBERS, _ROOM_PARTS, _HEAD_TEXTS = _texts(_NUMBERS), _texts(_ROOMS), _texts((*_HEADS, ""))


class _Choices:
    """Lists of unequal length laid end to end, so that a column can choose from its own list at once."""

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self._flat = _texts([text for texts in lists for text in texts])
        self._sizes = np.array([len(texts) for texts in lists])
        self._starts = np.cumsum(self._sizes) - self._sizes

    def choose(self, lists: Column, dice: Column) -> Column:
        chosen: Column = self._flat[self._starts[lists] + (dice * self._sizes[lists]).astype(np.int64)]
        return chosen


def _words(trade_number: int, kind: EntityKind) -> Sequence[str]:
    trade = TRADES[trade_number]
    if kind is EntityKind.COOPERATIVE:
        return _COOPERATIVE_WORDS.get(trade.industry, _COOPERATIVE_FALLBACK)
    return trade.company_words if kind is EntityKind.COMPANY else trade.household_words


_SLOT_WORDS = _Choices([_words(slot.trade, KINDS[slot.kind]) for slot in SLOTS])
_STREETS = _Choices([place.streets for place in PLACES])


def _chosen(texts: Column, dice: Column) -> Column:
    return texts[(dice * len(texts)).astype(np.int64)]


def code_column(city: City, seed: int) -> list[str]:
    """The credit codes of these rows."""
    return credit_codes(_CATEGORY_DIGIT[city.kind], city.authority, city.index, city.lettered, seed)


def name_column(city: City) -> Column:
    """The names: a company's begins with the city or province, a household's with its district."""
    dice = city.name_dice
    head_number = np.digitize(dice[:, 0], _HEAD_BOUNDS)
    company_heads = np.where(head_number == len(_HEADS), _CITY_PARTS[city.place], _HEAD_TEXTS[head_number])
    heads = np.where(city.kind == 0, company_heads, _PLACE_SHORTS[city.place])
    stems = _chosen(_FIRSTS, dice[:, 1]) + _chosen(_MIDDLE_PARTS, dice[:, 2]) + _chosen(_LASTS, dice[:, 3])
    company_tails = _TAILS[city.place * len(_TYPE_CODES) + city.entity_type]
    tails = np.choose(city.kind, [company_tails, _texts([""]), _texts([_COOPERATIVE_FORM])])
    names: Column = heads + stems + _SLOT_WORDS.choose(city.slot, dice[:, 4]) + tails
    return names


def _address_column(city: City) -> Column:
    dice = city.address_dice
    streets = _STREETS.choose(city.place, dice[:, 0])
    houses = _chosen(_HOUSE_NUMBERS, dice[:, 1]) + _chosen(_ROOM_PARTS, dice[:, 2])
    addresses: Column = _ADDRESS_HEADS[city.place] + streets + houses
    return addresses


def _columns(city: City, seed: int) -> list[list[str]]:
    types = np.where(city.kind == 0, _COMPANY_TYPES[city.entity_type], _KINDS[city.kind])
    texts: list[Column] = [
        name_column(city),
        _KINDS[city.kind],
        types,
        city.founded.astype("U10"),
        _STATUSES[city.status],
        _PLACE_CODES[city.place],
        _PLACE_NAMES[city.place],
        _PLACE_ZONES[city.place],
        city.authority.astype("U6"),
        _SLOT_CODES[city.slot],
        _SLOT_INDUSTRIES[city.slot],
        _address_column(city),
        _SLOT_SCOPES[city.slot],
        _RISKS[city.risk],
        _SLOT_CATEGORIES[city.slot],
    ]
    return [code_column(city, seed), *(column.tolist() for column in texts)]


def rows(n: int = DEMO_ROWS, seed: int = SEED) -> Iterator[tuple[str, ...]]:
    """The first `n` enterprises, a text a column of HEADERS; row i depends on (seed, i) alone."""
    for city in cities(n, seed):
        yield from zip(*_columns(city, seed), strict=True)


def write_csv(path: Path, n: int = DEMO_ROWS, seed: int = SEED) -> int:
    """Writes the roster; the number of its rows."""
    return write_rows(path, HEADERS, rows(n, seed))
