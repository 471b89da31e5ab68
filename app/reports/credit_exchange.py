"""The exchange file of credit records for the publicity system: rows in, CSV or JSON out (art. 9, R63)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

COLUMNS: tuple[tuple[str, str], ...] = (
    ("record", "记录编号"),
    ("enterprise", "主体名称"),
    ("identifier", "统一社会信用代码"),
    ("agency", "认定部门"),
    ("task", "抽查任务编号"),
    ("item_code", "事项编号"),
    ("item", "抽查事项"),
    ("checked_on", "检查日期"),
    ("results", "检查结果代码"),
    ("results_text", "检查结果"),
    ("severity", "失信程度"),
    ("measures", "惩戒或激励措施"),
    ("index_no", "公示索引号"),
    ("entered_on", "记入日期"),
    ("expires_on", "公示截止日期"),
    ("state", "状态"),
    ("ended_on", "终止日期"),
)
"""Fields of the file with their Chinese names."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """UTF-8 with a byte order mark, Chinese headings; a cell never becomes a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for _, name in COLUMNS])
    writer.writerows([[_guarded(row[key]) for key, _ in COLUMNS] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def as_json(rows: Sequence[Mapping[str, Any]], first: date, last: date, made_at: datetime) -> bytes:
    """The same rows with English keys, the period, and when the file was made."""
    document = {
        "kind": "credit_records",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "made_at": made_at.isoformat(),
        "count": len(rows),
        "records": [{key: row[key] for key, _ in COLUMNS} for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _guarded(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
