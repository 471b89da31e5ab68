"""抽取结果名单: who was drawn, with which ticket, and who will come (art. 5, 6, R32)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.measures import CHINA, DrawnList, DrawnRow
from app.reports import workbook
from app.reports.layout import Column, Kind, Sheet

FIRM = (
    Column("检查对象名称", lambda row: row.name, width=32),
    Column("统一社会信用代码/注册号", lambda row: row.identifier, Kind.CODE, 22),
    Column("登记机关", lambda row: row.authority, width=16),
    Column("区县（属地）", lambda row: row.district, width=16),
)
VISIT = (
    Column("执法检查人员", lambda row: row.team, width=20),
    Column("计划检查日期", lambda row: row.planned_on, Kind.DATE, 12),
)


def build(drawn: DrawnList, as_of: datetime) -> bytes:
    """The list of one draw; a sealed draw has no strata and no tickets to show (R29)."""
    is_open = any(row.ticket for row in drawn.rows)
    reserves = [row for row in drawn.rows if row.is_reserve and not row.note]
    standing = [row for row in drawn.rows if row not in reserves]
    sheets = [_sheet("抽取名单", drawn, standing, as_of, is_open)]
    if reserves:
        sheets.append(_sheet("备选名单", drawn, reserves, as_of, is_open))
    return workbook.to_bytes(sheets, created=as_of)


def _sheet(name: str, drawn: DrawnList, rows: Sequence[DrawnRow], as_of: datetime, is_open: bool) -> Sheet:
    note = (Column("备注", lambda row: row.note, width=20),) if any(row.note for row in rows) else ()
    ticket = (
        Column("分层", lambda row: row.stratum, width=12),
        Column("签号", lambda row: row.ticket, Kind.CODE, 36),
        Column("末位签号", lambda row: row.cutoff, Kind.CODE, 36),
    )
    return Sheet(
        name,
        (
            Column("序号", lambda row: None, Kind.ORDINAL, 6),
            Column("位次", lambda row: row.rank, Kind.COUNT, 6),
            *FIRM,
            Column("抽查事项", lambda row: row.item, width=24),
            *VISIT,
            *(ticket if is_open else ()),
            *note,
        ),
        rows,
        title=f"{drawn.task_name}{name}",
        subtitle=(
            f"任务编号：{drawn.task_number}　抽取编号：{drawn.draw_number}　抽查类型：{drawn.scope}",
            f"检查机关：{drawn.agency}　检查日期：{drawn.starts_on:%Y-%m-%d} 至 {drawn.ends_on:%Y-%m-%d}",
        ),
        filtered=True,
        notes=_notes(drawn, as_of),
    )


def _notes(drawn: DrawnList, as_of: datetime) -> tuple[str, ...]:
    return (
        f"抽查事项：{'、'.join(drawn.items)}",
        f"抽查基数 {drawn.roster_n} 户；封存名单校验值 {drawn.roster_root}",
        f"种子记录校验值 {drawn.seed_hash}；结果记录校验值 {drawn.result_hash}",
        f"制表时间：{as_of.astimezone(CHINA):%Y-%m-%d %H:%M}。任何人可以用公开的抽取数据包核对本名单。",
    )
