"""The paper of the visit itself: 现场检查记录（一企一表）."""

from __future__ import annotations

from app.reports.documents.layout import (
    Align,
    Cell,
    Layout,
    Margins,
    Row,
    Table,
    Text,
    each,
    label,
    sub_head,
    title,
)

EIGHT = (12.0, 22.0, 26.0, 26.0, 22.0, 20.0, 20.0, 20.0)
REST = 6
SIGNED = "签名：　　　　　　　　日期：　　　　年　　月　　日"

_FIRM = (
    Row((label("被检查单位", 2), Cell("{{ 被检查单位 }}", 3), label("对象类型"), Cell("{{ 对象类型 }}", 2))),
    Row((label("统一社会信用代码", 2), Cell("{{ 统一社会信用代码 }}", REST))),
    Row((label("住所（经营场所）", 2), Cell("{{ 住所 }}", REST))),
    Row(
        (
            label("负责人及电话", 2),
            Cell("{{ 负责人 }}", 2),
            label("联系人及电话", 2),
            Cell("{{ 企业联系人 }}", 2),
        )
    ),
    Row((label("任务来源及编号", 2), Cell("{{ 任务来源 }}　{{ 任务名称 }}（{{ 任务编号 }}）", REST))),
    Row((label("检查机关", 2), Cell("{{ 机关 }}", 2), label("检查频次", 2), Cell("{{ 频次 }}", 2))),
    Row((label("检查起止时间", 2), Cell("{{ 检查时间 }}", REST))),
    Row(
        (
            label("检查地点", 2),
            Cell("{{ 检查地点 }}", 2),
            label("现场负责人及身份", 2),
            Cell("{{ 现场负责人 }}", 2),
        )
    ),
)

_PEOPLE = (
    sub_head(("检查人员", 3), ("所在部门", 2), ("行政执法证号", 3)),
    *each(
        "人员一",
        "人员",
        Row(
            (
                Cell("{{ 人员一.姓名 }}（{{ 人员一.身份 }}）", 3, Align.CENTRE),
                Cell("{{ 人员一.部门 }}", 2, Align.CENTRE),
                Cell("{{ 人员一.执法证号 }}", 3, Align.CENTRE),
            )
        ),
    ),
    Row((label("亮证与告知", 2), Cell("{{ 亮证告知 }}", REST))),
)

_ITEMS = each(
    "事项",
    "检查事项",
    Row(
        (Cell("事项{{ 事项.序号 }}　{{ 事项.名称 }}（{{ 事项.编码 }}，{{ 事项.部门 }}）", 8, bold=True),),
        keep=True,
    ),
    Row((label("检查依据", 2), Cell("{{ 事项.依据 }}", REST)), keep=True),
    sub_head("序号", ("检查内容（要点）", 4), "结果", ("情况说明", 2)),
    *each(
        "点",
        "事项.要点",
        Row(
            (
                Cell("{{ 点.序号 }}", align=Align.CENTRE),
                Cell("{{ 点.要点 }}", 4),
                Cell("{{ 点.结果 }}", align=Align.CENTRE),
                Cell("{{ 点.说明 }}", 2),
            )
        ),
    ),
    Row((label("核查方式", 2), Cell("{{ 事项.检查方式 }}", REST))),
    Row((label("检查结果", 2), Cell("{{ 事项.检查结果 }}", REST))),
    Row((label("发现问题情况", 2), Cell("{{ 事项.发现问题 }}", REST)), height=9),
    Row((label("处置情况", 2), Cell("{{ 事项.处置情况 }}", REST))),
    Row(
        (
            label("检查日期", 2),
            Cell("{{ 事项.检查日期 }}", 2),
            label("是否完结", 1),
            Cell("{{ 事项.是否完结 }}　{{ 事项.完结日期 }}", 3),
        )
    ),
    Row(
        (
            label("录入人员", 2),
            Cell("{{ 事项.录入人 }}", 2),
            label("录入日期", 1),
            Cell("{{ 事项.录入日期 }}", 3),
        )
    ),
)

_END = (
    Row(
        (
            label("提取材料清单", 2),
            Cell("{% for 材料 in 提取材料 %}{{ loop.index }}.{{ 材料 }}　{% endfor %}", REST),
        ),
        height=10,
    ),
    Row((label("音像记录", 2), Cell("{{ 音像记录 }}", REST))),
    Row(
        (
            label("被检查单位\n意见", 2),
            Cell(
                "{{ 被检查单位意见 }}\n"
                "{%p for 签 in 单位签字 %}\n{{ 签.签名 }}\n{{ 签.姓名 }}　{{ 签.时间 }}\n{%p endfor %}\n"
                f"{{%p if not 单位签字 %}}\n（签章）{SIGNED}\n{{%p endif %}}",
                REST,
            ),
        ),
        height=24,
    ),
    Row(
        (
            label("拒绝签字的\n原因及见证人", 2),
            Cell("{{ 拒签情况 }}\n见证人：{{ 见证人 }}", REST),
        ),
        height=14,
    ),
    Row(
        (
            label("检查人员签名\n（不少于两人）", 2),
            Cell(
                "{%p for 签 in 检查人员签字 %}\n{{ 签.签名 }}\n{{ 签.姓名 }}　{{ 签.时间 }}\n{%p endfor %}\n"
                f"{{%p if not 检查人员签字 %}}\n{SIGNED}\n{SIGNED}\n{{%p endif %}}",
                REST,
            ),
        ),
        height=24,
    ),
    Row((label("组长审核意见", 2), Cell(f"　\n{SIGNED}", REST)), height=15),
    Row(
        (
            label("结果公示\n审批意见", 2),
            Cell(
                "{%p if 公示审批意见 %}\n{{ 公示审批意见 }}\n{%p else %}\n　\n" + SIGNED + "\n{%p endif %}",
                REST,
            ),
        ),
        height=14,
    ),
)

RECORD = Layout(
    "现场检查记录（一企一表）",
    (
        *title("现场检查记录（一企一表）", "编号：{{ 文号 }}"),
        Table(EIGHT, (*_FIRM, *_PEOPLE, *_ITEMS, *_END), size=10),
        Text("注：在所选项目前的方框内打钩；联合检查由各部门填写本部门事项。", size=9, before=4),
    ),
    Margins(20, 20, 22, 20),
)
