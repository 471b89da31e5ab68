"""Proof of delivery, and the papers of an archived file."""

from __future__ import annotations

from app.reports.documents.layout import (
    Align,
    Cell,
    Face,
    Layout,
    Margins,
    Row,
    Table,
    Text,
    each,
    head_row,
    label,
    title,
)

FORM = Margins(30, 25, 28, 26)
SIGNED_ON = "（签名或者盖章）\n　　　　年　　月　　日　　时　　分"

DELIVERY = Layout(
    "送达回证",
    (
        *title("送　达　回　证"),
        Table(
            (40.0, 39.0, 38.0, 39.0),
            (
                Row((label("受送达人"), Cell("{{ 被检查单位 }}", 3)), height=12),
                Row(
                    (label("送达文书名称\n及文号"), Cell("《{{ 送达文书 }}》（{{ 送达文书文号 }}）", 3)),
                    height=14,
                ),
                Row((label("送达地点"), Cell("{{ 送达地点 }}", 3)), height=12),
                Row((label("送达方式"), Cell("{{ 送达方式 }}", 3)), height=12),
                Row(
                    (label("送达人"), Cell("{{ 送达人 }}"), label("送达日期"), Cell("{{ 送达日期 }}")),
                    height=14,
                ),
                Row(
                    (
                        label("受送达人签收"),
                        Cell("{{ 收件人 }}\n　\n" + SIGNED_ON, 3, Align.RIGHT, low=True),
                    ),
                    height=27,
                ),
                Row(
                    (
                        label("代收人签收及\n与受送达人关系"),
                        Cell("{{ 代收关系 }}\n　\n" + SIGNED_ON, 3, Align.RIGHT, low=True),
                    ),
                    height=25,
                ),
                Row((label("拒收事由"), Cell("{{ 拒收事由 }}", 3)), height=13),
                Row(
                    (label("见证人"), Cell("{{ 见证人 }}\n" + SIGNED_ON, 3, Align.RIGHT, low=True)), height=24
                ),
                Row((label("备注"), Cell("{{ 备注 }}", 3)), height=13),
            ),
            size=12,
        ),
        Text(
            "注：受送达人拒绝签收的，送达人应当记明拒收事由和日期，由送达人、见证人签名或者盖章；"
            "采用电子送达的，附到达受送达人系统的记录。",
            size=10.5,
            before=6,
        ),
        Text("{{ 机关 }}（印章）　　{{ 日期 }}", Align.RIGHT, size=12, before=10),
    ),
    FORM,
)

COVER = Layout(
    "案卷封面",
    (
        Text("{{ 机关 }}", Align.CENTRE, Face.SONG, 24, bold=True, before=50, line=40),
        Text("行 政 检 查 案 卷", Align.CENTRE, Face.SONG, 30, bold=True, before=20, after=40, line=50),
        Table(
            (36.0, 42.0, 36.0, 42.0),
            (
                Row((label("题　名"), Cell("{{ 题名 }}", 3)), height=22),
                Row((label("档　号"), Cell("{{ 档号 }}", 3)), height=14),
                Row((label("被检查单位"), Cell("{{ 被检查单位 }}", 3)), height=14),
                Row((label("统一社会信用代码"), Cell("{{ 统一社会信用代码 }}", 3)), height=14),
                Row((label("检查编号"), Cell("{{ 检查编号 }}", 3)), height=14),
                Row((label("起止日期"), Cell("自{{ 起始日期 }}至{{ 终止日期 }}", 3)), height=14),
                Row(
                    (label("保管期限"), Cell("{{ 保管期限 }}"), label("密　级"), Cell("{{ 密级 }}")),
                    height=14,
                ),
                Row(
                    (label("件　数"), Cell("{{ 件数 }}件"), label("页　数"), Cell("{{ 页数 }}页")), height=14
                ),
                Row((label("期限依据"), Cell("{{ 保管期限依据 }}", 3)), height=14),
            ),
            size=14,
        ),
        Text("{{ 日期 }}立卷", Align.RIGHT, size=14, before=24),
    ),
    FORM,
)

INDEX = Layout(
    "卷内目录",
    (
        Text("卷 内 目 录", Align.CENTRE, Face.SONG, 22, bold=True, line=34, after=6),
        Text("档号：{{ 档号 }}　　{{ 题名 }}", Align.LEFT, size=12, after=4),
        Table(
            (12.0, 34.0, 26.0, 44.0, 22.0, 14.0, 16.0),
            (
                head_row("序号", "文号", "责任者", "题名", "日期", "页号", "备注"),
                *each(
                    "行",
                    "目录",
                    Row(
                        (
                            Cell("{{ 行.序号 }}", align=Align.CENTRE),
                            Cell("{{ 行.文号 }}"),
                            Cell("{{ 行.责任者 }}"),
                            Cell("{{ 行.题名 }}"),
                            Cell("{{ 行.日期 }}", align=Align.CENTRE),
                            Cell("{{ 行.页号 }}", align=Align.CENTRE),
                            Cell("{{ 行.备注 }}"),
                        )
                    ),
                ),
            ),
            size=10,
        ),
    ),
    Margins(25, 22, 22, 20),
)

FILE_NOTE = Layout(
    "卷内备考表",
    (
        Text("卷内备考表", Align.CENTRE, Face.SONG, 22, bold=True, line=34, after=6),
        Text("档号：{{ 档号 }}", Align.LEFT, size=12, after=4),
        Table(
            (36.0, 42.0, 36.0, 42.0),
            (
                Row((label("题名"), Cell("{{ 题名 }}", 3)), height=14),
                Row((label("件数"), Cell("{{ 件数 }}件"), label("页数"), Cell("{{ 页数 }}页")), height=12),
                Row(
                    (label("保管期限"), Cell("{{ 保管期限 }}"), label("立卷日期"), Cell("{{ 立卷日期 }}")),
                    height=12,
                ),
                Row((label("本卷情况说明"), Cell("{{ 本卷情况 }}", 3)), height=50),
                Row((label("缺损、修改、补充\n移出、销毁情况"), Cell("{{ 缺损情况 }}", 3)), height=40),
                Row((label("电子档案\n清单摘要\n（SHA-256）"), Cell("{{ 清单摘要 }}", 3, size=9)), height=16),
                Row(
                    (label("立卷人"), Cell("{{ 立卷人 }}"), label("检查人"), Cell("{{ 检查人 }}")), height=16
                ),
                Row((label("签名"), Cell("　"), label("签名"), Cell("　")), height=16),
            ),
            size=12,
        ),
        Text("{{ 机关 }}　　{{ 日期 }}", Align.RIGHT, size=12, before=10),
    ),
    FORM,
)
