"""随机抽查事项清单: the sample's published checklist as rows and as a CSV file, and bases out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.sample.checklist import SampleItem
from app.sample.checklist_goods import GOODS_ITEMS
from app.sample.checklist_partners import PARTNER_ITEMS
from app.sample.checklist_services import SERVICE_ITEMS
from app.sample.csv_file import write_rows

ITEMS = GOODS_ITEMS + SERVICE_ITEMS + PARTNER_ITEMS

VERIFIED, TO_VERIFY = "已核实", "待核"

HEADERS = (
    "事项编码",
    "抽查领域",
    "事项名称",
    "实施部门",
    "检查对象",
    "分类名录",
    "检查内容",
    "事项类别",
    "检查方式",
    "最低比例",
    "最高比例",
    "年度频次上限",
    "可非现场",
    "适用联合",
    "配合部门",
    "业务专长",
    "法律依据",
    "检查要点",
    "核实状态",
)


def rows() -> Iterator[tuple[str, ...]]:
    """Every item, a text a column of HEADERS."""
    return map(_row, ITEMS)


def write_csv(path: Path) -> int:
    """Writes the checklist; the number of its rows."""
    return write_rows(path, HEADERS, rows())


def _row(item: SampleItem) -> tuple[str, ...]:
    return (
        item.code,
        item.field,
        item.name,
        item.agency,
        item.target,
        "、".join(item.categories),
        item.content,
        item.category.label.removesuffix("检查事项"),
        "、".join(method.label for method in item.methods),
        f"{item.minimum}%",
        "" if item.maximum is None else f"{item.maximum}%",
        str(item.frequency),
        _yes_or_no(item.remote),
        _yes_or_no(bool(item.partners)),
        "、".join(item.partners),
        item.expertise,
        "；".join(map(str, item.bases)),
        "；".join(item.points),
        VERIFIED if item.verified else TO_VERIFY,
    )


def _yes_or_no(value: bool) -> str:
    return "是" if value else "否"
