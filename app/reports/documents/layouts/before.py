"""The papers before a visit: approval form and notice."""

from __future__ import annotations

from app.reports.documents.layout import (
    LETTER_LINE,
    Align,
    Cell,
    Layout,
    Margins,
    Row,
    Table,
    Text,
    body,
    each,
    each_paragraph,
    head_row,
    heading,
    label,
    seal,
    small,
    sub_head,
    title,
)

FORM = Margins(18, 18, 22, 20)
SIX = (32.0, 28.0, 26.0, 30.0, 24.0, 28.0)

APPROVAL = Layout(
    "行政检查审批表",
    (
        *title("行政检查审批表", "编号：{{ 文号 }}"),
        Table(
            SIX,
            (
                Row((label("被检查对象"), Cell("{{ 被检查单位 }}", 5))),
                Row(
                    (
                        label("统一社会\n信用代码"),
                        Cell("{{ 统一社会信用代码 }}", 2),
                        label("检查编号"),
                        Cell("{{ 检查编号 }}", 2),
                    )
                ),
                Row((label("任务来源"), Cell("{{ 任务来源 }}", 5))),
                Row((label("任务名称"), Cell("{{ 任务名称 }}（{{ 任务编号 }}）", 5))),
                Row((label("检查类型"), Cell("{{ 检查类型 }}", 5))),
                Row((label("检查方式"), Cell("{{ 检查方式 }}", 5))),
                Row(
                    (
                        label("检查频次"),
                        Cell("{{ 频次 }}", 2),
                        label("备案号"),
                        Cell("{{ 备案号 }}", 2),
                    )
                ),
                sub_head("清单编码", ("检查事项", 2), ("法定依据", 3)),
                *each(
                    "事项",
                    "检查事项",
                    Row(
                        (
                            Cell("{{ 事项.编码 }}", align=Align.CENTRE),
                            Cell("{{ 事项.名称 }}", 2),
                            Cell("{{ 事项.依据 }}", 3),
                        )
                    ),
                ),
                sub_head("检查人员", ("所在部门", 2), ("行政执法证号", 3)),
                *each(
                    "人员一",
                    "人员",
                    Row(
                        (
                            Cell("{{ 人员一.姓名 }}（{{ 人员一.身份 }}）", align=Align.CENTRE),
                            Cell("{{ 人员一.部门 }}", 2, Align.CENTRE),
                            Cell("{{ 人员一.执法证号 }}", 3, Align.CENTRE),
                        )
                    ),
                ),
                Row((label("协助检查人员\n及人数"), Cell("{{ 协助人员 }}", 5))),
                Row(
                    (
                        label("拟检查时间"),
                        Cell("{{ 检查时间 }}", 2),
                        label("拟检查地点"),
                        Cell("{{ 检查地点 }}", 2),
                    )
                ),
                Row((label("合并检查情况"), Cell("{{ 合并情况 }}", 5))),
                Row((label("非现场检查\n说明"), Cell("{{ 非现场说明 }}", 5))),
                Row((label("检查方案"), Cell("{{ 检查方案 }}", 5)), height=13),
                Row((label("紧急情况"), Cell("{{ 紧急情况 }}", 5))),
                Row(
                    (
                        label("承办机构\n意见"),
                        Cell(
                            "{{ 承办意见 }}\n　\n承办人：{{ 承办人 }}　　　　签名：　　　　　　　　{{ 承办日期 }}",
                            5,
                        ),
                    ),
                    height=21,
                ),
                Row(
                    (
                        label("行政机关\n负责人\n审批意见"),
                        Cell(
                            "{{ 审批意见 }}\n　\n审批人：{{ 审批人 }}　　　　签名：　　　　　　　　{{ 审批日期 }}",
                            5,
                        ),
                    ),
                    height=22,
                ),
            ),
        ),
    ),
    FORM,
)

NOTICE = Layout(
    "行政检查通知书",
    (
        *title("行政检查通知书"),
        Text(
            "{{ 被检查单位 }}（统一社会信用代码：{{ 统一社会信用代码 }}）：",
            Align.LEFT,
            line=LETTER_LINE,
            keep=True,
        ),
        body(
            "根据{{ 法律依据 }}的规定（具体条款见下表），本机关定于{{ 检查时间 }}对你单位实施行政检查"
            "（{{ 检查类型 }}，{{ 任务名称 }}，任务编号{{ 任务编号 }}）。"
            "本次检查的全部事项一次性告知如下，未列明的事项不作检查。"
        ),
        heading("一、检查事项"),
        Table(
            (12.0, 26.0, 62.0, 56.0),
            (
                head_row("序号", "清单编码", "检查事项及内容", "法定依据"),
                *each(
                    "事项",
                    "检查事项",
                    Row(
                        (
                            Cell("{{ 事项.序号 }}", align=Align.CENTRE),
                            Cell("{{ 事项.编码 }}", align=Align.CENTRE),
                            Cell("{{ 事项.名称 }}\n{{ 事项.内容 }}"),
                            Cell("{{ 事项.依据 }}"),
                        )
                    ),
                ),
            ),
        ),
        heading("二、检查人员"),
        Table(
            (36.0, 50.0, 70.0),
            (
                head_row("姓名", "所在部门", "行政执法证号"),
                *each(
                    "人员一",
                    "人员",
                    Row(
                        (
                            Cell("{{ 人员一.姓名 }}（{{ 人员一.身份 }}）", align=Align.CENTRE),
                            Cell("{{ 人员一.部门 }}", align=Align.CENTRE),
                            Cell("{{ 人员一.执法证号 }}", align=Align.CENTRE),
                        ),
                    ),
                ),
            ),
        ),
        heading("三、检查安排"),
        body("检查地点：{{ 检查地点 }}。"),
        body("检查方式：{{ 检查方式 }}。"),
        body("检查频次：{{ 频次 }}。备案号：{{ 备案号 }}。"),
        heading("四、需要准备的材料"),
        *each_paragraph("材料", "准备材料", body("{{ loop.index }}.{{ 材料 }}")),
        heading("五、你单位的权利"),
        small("1.检查人员不足两人、不出示行政执法证件或者不出示本通知书的，有权拒绝检查；"),
        small("2.认为检查人员与本单位有利害关系，可能影响公正检查的，有权申请其回避；"),
        small("3.对检查情况有权陈述、申辩，并要求如实记入检查记录；"),
        small(
            "4.检查人员索取或者收受财物、接受宴请、要求赞助、推销商品服务或者有其他违反执法纪律行为的，"
            "有权拒绝并投诉举报，监督电话：{{ 监督电话 }}。"
        ),
        heading("六、你单位的义务"),
        small(
            "请安排负责人或者熟悉情况的人员到场，如实提供材料。拒绝、阻挠检查或者隐瞒情况、提供虚假材料的，"
            "依法承担相应责任，检查结果依法向社会公示。"
        ),
        heading("七、检查纪律"),
        small(
            "检查人员不得妨碍正常生产经营，不得超出本通知书所列事项和时间，不得下达罚款、检查次数等指标，"
            "不得泄露在检查中知悉的商业秘密和个人信息，检查不收取任何费用。"
        ),
        Table(
            (118.0, 38.0),
            (
                Row(
                    (
                        Cell(
                            "联系人：{{ 联系人 }}\n联系电话：{{ 联系电话 }}\n"
                            "{% if 二维码 %}扫描右侧二维码，可核验本次检查的事项、人员和时间。{% endif %}",
                            size=12,
                        ),
                        Cell("{{ 二维码 }}", align=Align.CENTRE),
                    ),
                    height=28,
                    keep=True,
                ),
            ),
            ruled=False,
        ),
        *seal(6),
        Text("本通知书一式两份，一份送达被检查单位，一份存档。送达情况见送达回证。", size=10.5, before=6),
    ),
)
