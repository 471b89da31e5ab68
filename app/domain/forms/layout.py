"""表样: a form as data. Captions, order and widths are the bureau's; what a column means is not.

A layout is a mapping as a YAML file gives it, with Chinese keys:

    表名: 抽查工作情况统计表
    工作表: 抽查工作情况统计
    单位: 户
    栏目:
      - {标题: 抽查内容, 取数: 抽查内容, 宽: 18}
      - {标题: 已公示, 组: 抽查结果公示, 取数: 已公示, 单位: 户, 合计: 求和}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError
from app.domain.forms.fields import Field, RowKind
from app.domain.forms.kind import Kind
from app.domain.measures.catalogue import Measure
from app.domain.measures.counts import Unit

MOST_COLUMNS = 60
NARROWEST, WIDEST = 3.0, 80.0
LONGEST_CAPTION = 60
LONGEST_NOTE = 300
MOST_NOTES = 8
_WORDS = {"是": True, "否": False, True: True, False: False}
_SUM, _NO_SUM = "求和", "不合计"
_HEAD = frozenset({"表名", "工作表", "单位", "栏次", "合计", "筛选", "待换正式表样", "说明", "图表", "栏目"})
_CHARTED = (Kind.COUNT, Kind.AMOUNT, Kind.PERCENT)
_COLUMN = frozenset({"标题", "组", "取数", "单位", "宽", "合计"})


class LayoutFault(DomainError):
    """One thing that is wrong with a layout; params `at` (place), `what`."""

    code = "layout_fault"


class LayoutKeyUnknown(LayoutFault):
    """The layout has a key that means nothing; params at, what."""

    code = "layout_key_unknown"


class LayoutTextMissing(LayoutFault):
    """A text that must be there is missing or too long; params at, what, most."""

    code = "layout_text_missing"


class LayoutSourceUnknown(LayoutFault):
    """A column names no measure and no field of this form; params at, what."""

    code = "layout_source_unknown"


class LayoutUnitWrong(LayoutFault):
    """A column states another unit than its measure has (R80); params at, what, unit."""

    code = "layout_unit_wrong"


class LayoutWidthWrong(LayoutFault):
    """A width is no number, or out of bounds; params at, least, most."""

    code = "layout_width_wrong"


class LayoutSumWrong(LayoutFault):
    """A rate, a text or a distinct count is asked to be added up; params at, what."""

    code = "layout_sum_wrong"


class LayoutWordWrong(LayoutFault):
    """A key takes 是 or 否, 求和 or 不合计; params at, what."""

    code = "layout_word_wrong"


class LayoutColumnsWrong(LayoutFault):
    """There is no column, or there are too many; params most."""

    code = "layout_columns_wrong"


class LayoutBroken(DomainError):
    """The layout cannot be used; `faults` say why, one by one."""

    code = "layout_broken"

    def __init__(self, faults: Sequence[LayoutFault]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: heading, and the field or measure that fills it."""

    caption: str
    source: Field | Measure
    group: str = ""
    width: float = 8
    summed: bool = False

    @property
    def measure(self) -> str:
        """The key of the measure, "" for a field."""
        return self.source.key if isinstance(self.source, Measure) else ""

    @property
    def path(self) -> str:
        """Where the field stands on the row, "" for a measure."""
        return self.source.path if isinstance(self.source, Field) else ""

    @property
    def kind(self) -> Kind:
        """How the column is written."""
        if isinstance(self.source, Field):
            return self.source.kind
        return Kind.PERCENT if self.source.whole else Kind.COUNT

    @property
    def unit(self) -> Unit | None:
        """In which unit it counts."""
        return self.source.unit

    @property
    def key(self) -> str:
        """By which name other columns and later editions know it."""
        return self.source.key if isinstance(self.source, Measure) else self.source.name


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet of a report."""

    sheet: str
    caption: str
    unit: str
    columns: tuple[FormColumn, ...]
    totalled: bool = True
    numbered: bool = False
    filtered: bool = False
    unofficial: bool = False
    """待换正式表样: no official blank was found, and the sheet says so (R81)."""
    notes: tuple[str, ...] = ()
    chart: tuple[str, ...] = ()
    """Keys of the columns that a bar chart below the table compares, row by row; none without."""
    streamed: bool = False


def read_layout(data: object, rows: RowKind, *, streamed: bool = False) -> Form:
    """The form that a layout describes for rows of this kind. Raises LayoutBroken with every fault."""
    if not isinstance(data, Mapping):
        raise LayoutBroken([LayoutTextMissing(at="表样", what="栏目", most=MOST_COLUMNS)])
    reader = _Reader(rows)
    form = reader.form(data, streamed)
    if reader.faults:
        raise LayoutBroken(reader.faults)
    return form


class _Reader:
    """Reads a layout and gathers what is wrong with it."""

    def __init__(self, rows: RowKind) -> None:
        self.rows = rows
        self.faults: list[LayoutFault] = []

    def form(self, data: Mapping[Any, Any], streamed: bool) -> Form:
        self._keys("表样", data, _HEAD)
        columns = tuple(self._columns(data.get("栏目")))
        return Form(
            sheet=self._text("表样", data, "工作表", 31),
            caption=self._text("表样", data, "表名", LONGEST_CAPTION),
            unit=self._text("表样", data, "单位", LONGEST_CAPTION),
            columns=columns,
            totalled=self._choice("表样", data, "合计", True),
            numbered=self._choice("表样", data, "栏次", False),
            filtered=self._choice("表样", data, "筛选", False),
            unofficial=self._choice("表样", data, "待换正式表样", False),
            notes=tuple(self._notes(data.get("说明"))),
            chart=tuple(self._chart(data.get("图表"), columns)),
            streamed=streamed,
        )

    def _columns(self, listed: object) -> Iterator[FormColumn]:
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_COLUMNS:
            self.faults.append(LayoutColumnsWrong(most=MOST_COLUMNS))
            return
        for number, entry in enumerate(listed, 1):
            at = f"第 {number} 栏"
            if not isinstance(entry, Mapping):
                self.faults.append(LayoutTextMissing(at=at, what="标题", most=LONGEST_CAPTION))
            elif (column := self._column(at, entry)) is not None:
                yield column

    def _column(self, at: str, entry: Mapping[Any, Any]) -> FormColumn | None:
        self._keys(at, entry, _COLUMN)
        caption = self._text(at, entry, "标题", LONGEST_CAPTION)
        group = self._text(at, entry, "组", LONGEST_CAPTION) if entry.get("组") else ""
        source = self.rows.find(str(entry.get("取数", "")))
        if source is None:
            self.faults.append(LayoutSourceUnknown(at=at, what=str(entry.get("取数", ""))))
            return None
        unit = entry.get("单位")
        if unit is not None and unit != (source.unit.label if source.unit else ""):
            known = source.unit.label if source.unit else "（无）"
            self.faults.append(LayoutUnitWrong(at=at, what=str(unit), unit=known))
        return FormColumn(caption, source, group, self._width(at, entry), self._summed(at, entry, source))

    def _summed(self, at: str, entry: Mapping[Any, Any], source: Field | Measure) -> bool:
        """求和 only where the unit allows it: rates never add up, nor what is counted without repetition."""
        possible = not source.whole if isinstance(source, Measure) else source.summed
        asked = entry.get("合计")
        if asked not in (None, _SUM, _NO_SUM):
            self.faults.append(LayoutWordWrong(at=at, what=f"合计：{asked}"))
        if asked == _SUM and not possible:
            self.faults.append(LayoutSumWrong(at=at, what=source.name))
        return possible and asked != _NO_SUM

    def _width(self, at: str, entry: Mapping[Any, Any]) -> float:
        width = entry.get("宽", 9)
        fits = isinstance(width, int | float) and not isinstance(width, bool)
        if not fits or not NARROWEST <= width <= WIDEST:
            self.faults.append(LayoutWidthWrong(at=at, least=NARROWEST, most=WIDEST))
            return NARROWEST
        return float(width)

    def _notes(self, listed: object) -> Iterator[str]:
        notes = [] if listed is None else listed
        if not isinstance(notes, list) or len(notes) > MOST_NOTES:
            self.faults.append(LayoutTextMissing(at="说明", what="说明", most=LONGEST_NOTE))
            return
        for note in notes:
            if not isinstance(note, str) or len(note) > LONGEST_NOTE:
                self.faults.append(LayoutTextMissing(at="说明", what="说明", most=LONGEST_NOTE))
            else:
                yield note

    def _chart(self, listed: object, columns: Sequence[FormColumn]) -> Iterator[str]:
        """Columns of the chart by the name that fills them; each must stand in the form and be a number."""
        numbers = {column.source.name: column.key for column in columns if column.kind in _CHARTED}
        for name in listed if isinstance(listed, list) else () if listed is None else (listed,):
            if str(name) in numbers:
                yield numbers[str(name)]
            else:
                self.faults.append(LayoutSourceUnknown(at="图表", what=str(name)))

    def _text(self, at: str, entry: Mapping[Any, Any], key: str, most: int) -> str:
        found = entry.get(key)
        if not isinstance(found, str | int | float) or not 0 < len(str(found).strip()) <= most:
            self.faults.append(LayoutTextMissing(at=at, what=key, most=most))
            return ""
        return str(found).strip()

    def _choice(self, at: str, entry: Mapping[Any, Any], key: str, default: bool) -> bool:
        found = entry.get(key, default)
        if isinstance(found, str | bool) and found in _WORDS:
            return _WORDS[found]
        self.faults.append(LayoutWordWrong(at=at, what=key))
        return default

    def _keys(self, at: str, entry: Mapping[Any, Any], known: frozenset[str]) -> None:
        for key in entry:
            if key not in known:
                self.faults.append(LayoutKeyUnknown(at=at, what=str(key)))
