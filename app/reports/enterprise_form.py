"""检查结果记录表（一企一表）: one visit on A4, filled in or blank for use on site (art. 7, R46–R49)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from app.domain.measures import EnterpriseForm, FormItem
from app.domain.vocabulary import CheckMethod, Disposal, ResultCode, Term
from app.reports import workbook
from app.reports.layout import Cell, Paper, Tone, lines_needed

TITLE = "检查结果记录表（一企一表）"
WIDTHS = (5, 13, 13, 13, 13, 11, 11, 14)
LAST = len(WIDTHS)
LINE = 15.0
SIGN_LINE = "签名：　　　　　　　　　　　日期：　　　年　　月　　日"
DAY_BLANK = "　　　年　　月　　日"


def build(forms: Sequence[EnterpriseForm], as_of: datetime) -> bytes:
    """One sheet per visit."""
    return workbook.to_bytes([paper(form) for form in forms], created=as_of)


def paper(form: EnterpriseForm) -> Paper:
    """The form of one visit: heading, team, items with their check points, signatures."""
    sheet = _Sheet()
    _heading(sheet, form)
    _team(sheet, form)
    for number, item in enumerate(form.items, 1):
        _item(sheet, number, item)
    _signatures(sheet)
    name = form.visit_number or form.enterprise
    return Paper(name, WIDTHS, tuple(sheet.cells), sheet.heights, header=f"{form.task_number}　{TITLE}")


class _Sheet:
    """Boxes from top to bottom; each line is as high as its longest text."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.row = 0

    def line(self, *cells: Cell, least: float = 1) -> None:
        """Add one line of boxes, given from left to right with their widths in grid columns."""
        at, lines = 0, least
        for cell in cells:
            room = sum(WIDTHS[at : at + cell.columns])
            lines = max(lines, lines_needed(cell.text, room, cell.size) * cell.size / 10)
            self.cells.append(replace(cell, row=self.row, column=at))
            at += cell.columns
        self.heights[self.row] = round(lines * LINE + 5, 1)
        self.row += 1


def _box(text: str, columns: int, *, bold: bool = False, centred: bool = False) -> Cell:
    return Cell(0, 0, text, columns=columns, bold=bold, centred=centred)


def _name(text: str, columns: int = 2) -> Cell:
    return Cell(0, 0, text, columns=columns, bold=True, centred=True, tone=Tone.TOTAL)


def _heading(sheet: _Sheet, form: EnterpriseForm) -> None:
    sheet.line(Cell(0, 0, TITLE, columns=LAST, bold=True, centred=True, boxed=False, size=18))
    sheet.line(Cell(0, 0, f"编号：{form.visit_number}", columns=LAST, boxed=False))
    sheet.line(_name("检查对象"), _box(form.enterprise, LAST - 2))
    sheet.line(
        _name("统一社会信用代码"), _box(form.identifier, 3), _name("检查日期", 1), _box(_day(form.done_on), 2)
    )
    sheet.line(_name("住所（经营场所）"), _box(form.address, LAST - 2))
    sheet.line(_name("抽查任务"), _box(f"{form.task_name}（{form.task_number}）", LAST - 2))
    sheet.line(_name("检查机关"), _box(form.agency, 3), _name("计划日期", 1), _box(_day(form.planned_on), 2))


def _team(sheet: _Sheet, form: EnterpriseForm) -> None:
    sheet.line(_name("执法检查人员"), _name("部门", 3), _name("行政执法证号", 3))
    for member in form.members:
        role = f"{member.name}（组长）" if member.is_lead else member.name
        sheet.line(
            _box(role, 2, centred=True),
            _box(member.agency, 3, centred=True),
            _box(member.certificate, 3, centred=True),
        )


def _item(sheet: _Sheet, number: int, item: FormItem) -> None:
    sheet.line(
        Cell(
            0,
            0,
            f"事项{number}　{item.name}（{item.code}，{item.agency}）",
            columns=LAST,
            bold=True,
            tone=Tone.HEAD,
        )
    )
    sheet.line(_name("检查依据"), _box(item.basis, LAST - 2))
    if item.points:
        sheet.line(_name("序号", 1), _name("检查要点", 4), _name("结果", 1), _name("情况说明"))
    for ordinal, point in enumerate(item.points, 1):
        sheet.line(
            _box(str(ordinal), 1, centred=True),
            _box(point.text, 4),
            _box(point.outcome, 1, centred=True),
            _box(point.note, 2),
        )
    sheet.line(_name("检查方式"), _box(_ticked(CheckMethod, item.methods), LAST - 2))
    sheet.line(_name("检查结果"), _box(_ticked(ResultCode, item.results), LAST - 2))
    sheet.line(_name("发现问题情况"), _box(item.problem, LAST - 2), least=2)
    sheet.line(_name("处置情况"), _box(_ticked(Disposal, item.disposals), LAST - 2))
    sheet.line(
        _name("检查日期"), _box(_day(item.checked_on), 2), _name("完结日期", 1), _box(_day(item.closed_on), 3)
    )


def _signatures(sheet: _Sheet) -> None:
    sheet.line(_name("被检查单位意见"), _box(f"\n\n（签章）{SIGN_LINE}", LAST - 2), least=3)
    sheet.line(_name("拒绝签字的原因及见证人"), _box("", LAST - 2), least=2)
    sheet.line(_name("检查人员签名"), _box(f"\n{SIGN_LINE}", LAST - 2), least=2)
    sheet.line(_name("组长审核意见"), _box(f"\n{SIGN_LINE}", LAST - 2), least=2)
    sheet.line(_name("结果公示审批意见"), _box(f"\n{SIGN_LINE}", LAST - 2), least=2)


def _ticked(vocabulary: type[Term], chosen: Collection[str]) -> str:
    """Every choice of the vocabulary with its box, ticked where chosen."""
    return "　".join(f"{'☑' if term.label in chosen else '☐'}{term.label}" for term in vocabulary)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else DAY_BLANK
