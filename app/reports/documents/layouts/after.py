"""The papers after a visit: results, rectification, letters to others."""

from __future__ import annotations

from app.reports.documents.layout import (
    LETTER_LINE,
    Align,
    Block,
    Cell,
    Layout,
    Row,
    Table,
    Text,
    body,
    each,
    head_row,
    heading,
    seal,
    title,
)

REMEDIES = body(
    "如不服本{paper}，可以自收到之日起{{{{ 复议期限 }}}}内向{{{{ 复议机关 }}}}申请行政复议，"
    "也可以自收到之日起{{{{ 诉讼期限 }}}}内依法向{{{{ 诉讼法院 }}}}提起行政诉讼。"
    "复议、诉讼期间不停止执行，法律另有规定的除外。"
)


def remedies(paper: str) -> Text:
    """The paragraph on reconsideration and litigation of a paper that binds (R72)."""
    return body(REMEDIES.text.format(paper=paper), keep=True)


def addressed(to: str) -> Text:
    """The line that names the addressee."""
    return Text(f"{to}：", Align.LEFT, line=LETTER_LINE, keep=True)


INSPECTED = "{% for 人 in 人员 %}{{ 人.姓名 }}（执法证号{{ 人.执法证号 }}）{% if not loop.last %}、{% endif %}{% endfor %}"
CONTACT = body("联系人：{{ 联系人 }}　　联系电话：{{ 联系电话 }}", keep=True)

RESULT = Layout(
    "行政检查结果告知书",
    (
        *title("行政检查结果告知书"),
        addressed("{{ 被检查单位 }}"),
        body(
            "本机关检查人员" + INSPECTED + "于{{ 检查日期 }}依法对你单位"
            "（统一社会信用代码：{{ 统一社会信用代码 }}）实施了行政检查"
            "（{{ 任务名称 }}，检查编号{{ 检查编号 }}，{{ 频次 }}）。现将检查结果告知如下："
        ),
        heading("一、检查事项及结果"),
        Table(
            (12.0, 38.0, 22.0, 34.0, 26.0, 24.0),
            (
                head_row("序号", "检查事项", "检查部门", "检查结果", "发现问题", "整改要求"),
                *each(
                    "事项",
                    "检查事项",
                    Row(
                        (
                            Cell("{{ 事项.序号 }}", align=Align.CENTRE),
                            Cell("{{ 事项.名称 }}"),
                            Cell("{{ 事项.部门 }}", align=Align.CENTRE),
                            Cell("{{ 事项.检查结果 }}"),
                            Cell("{{ 事项.问题 }}"),
                            Cell("{{ 事项.要求 }}"),
                        )
                    ),
                ),
            ),
        ),
        heading("二、结果公示"),
        body("上述检查结果将通过{{ 公示渠道 }}向社会公示，公示日期：{{ 公示日期 }}。"),
        heading("三、异议和救济途径"),
        body("{{ 异议途径 }}"),
        remedies("告知书"),
        CONTACT,
        *seal(8),
        Text(
            "本告知书一式两份，一份送达被检查单位，一份存档。送达情况见送达回证。",
            size=10.5,
            line=15,
            before=4,
        ),
    ),
)

RECTIFICATION = Layout(
    "责令改正通知书",
    (
        *title("责令改正通知书"),
        addressed("{{ 被检查单位 }}"),
        body("统一社会信用代码：{{ 统一社会信用代码 }}　　住所：{{ 住所 }}"),
        body(
            "本机关检查人员" + INSPECTED + "在检查（检查编号{{ 检查编号 }}）中查明，你单位存在下列违法行为："
        ),
        body("{{ 违法事实 }}"),
        body("上述事实，有{{ 证据 }}等证据证明。"),
        body(
            "上述行为违反了{{ 违反条款 }}的规定。依据{{ 改正依据 }}的规定，现责令你单位于{{ 改正期限 }}改正下列事项："
        ),
        body("{{ 改正内容 }}"),
        body("改正完毕后，请将改正情况书面报送本机关，本机关将予以复查。{{ 逾期后果 }}"),
        body("你单位对上述内容有异议的，有权进行陈述、申辩。"),
        remedies("通知书"),
        CONTACT,
        *seal(8),
        Text(
            "本通知书一式两份，一份送达当事人，一份存档。送达情况见送达回证。", size=10.5, line=15, before=4
        ),
    ),
)

_ENCLOSURES = Table(
    (14.0, 82.0, 24.0, 36.0),
    (
        head_row("序号", "材料名称", "数量", "备注"),
        *each(
            "材料",
            "证据材料",
            Row(
                (
                    Cell("{{ 材料.序号 }}", align=Align.CENTRE),
                    Cell("{{ 材料.名称 }}"),
                    Cell("{{ 材料.数量 }}", align=Align.CENTRE),
                    Cell("{{ 材料.备注 }}"),
                )
            ),
        ),
    ),
)


def receipt(words: str) -> tuple[Block, ...]:
    """The slip that the receiver tears off, signs and sends back."""
    return (
        Text(
            "—　—　—　—　—　—　—　—　—　—　—　—　—　—　—　—　—　—　—　—",
            Align.CENTRE,
            size=10,
            before=10,
            keep=True,
        ),
        Text("回　　执", Align.CENTRE, size=16, bold=True, line=28, keep=True),
        Text("{{ 机关 }}：", Align.LEFT, size=12, line=22, keep=True),
        Text(words, size=12, first=2, line=22, keep=True),
        Text(
            "处理意见：　　　　　　　　　　　　　　　　　　　　　　　　　　　　",
            size=12,
            first=2,
            line=22,
            keep=True,
        ),
        Text(
            "接收人（签名）：　　　　　　　　　　接收部门（印章）",
            size=12,
            first=2,
            line=24,
            before=4,
            keep=True,
        ),
        Text("　　　　年　　月　　日", Align.RIGHT, size=12, line=22),
    )


AGENCY_NOTICE = Layout(
    "抄告函",
    (
        *title("抄　告　函"),
        addressed("{{ 接收部门 }}"),
        body(
            "本机关在对{{ 被检查单位 }}（统一社会信用代码：{{ 统一社会信用代码 }}，住所：{{ 住所 }}）实施的"
            "行政检查（{{ 任务名称 }}，检查编号{{ 检查编号 }}）中，发现下列情况："
        ),
        body("{{ 线索 }}"),
        body("上述情况属于你单位职责范围。依据{{ 依据 }}，现将有关线索和材料抄告你单位，{{ 商请事项 }}"),
        body("请于{{ 反馈期限 }}将处理情况书面反馈本机关。"),
        heading("附：证据材料清单"),
        _ENCLOSURES,
        body("检查人员：" + INSPECTED),
        body("经办人：{{ 经办人 }}　　联系电话：{{ 联系电话 }}", keep=True),
        *seal(8),
        *receipt("《抄告函》（{{ 文号 }}）及所附材料已收到，我单位将依职权处理并反馈。"),
    ),
)

TRANSFER = Layout(
    "案件移送书",
    (
        *title("{{ 文书标题 }}"),
        addressed("{{ 接收部门 }}"),
        body(
            "本机关在对{{ 被检查单位 }}（统一社会信用代码：{{ 统一社会信用代码 }}，住所：{{ 住所 }}）实施的"
            "行政检查（检查编号{{ 检查编号 }}）中，发现其{{ 案由 }}："
        ),
        body("{{ 线索 }}"),
        body("本案由{{ 专案人员 }}承办。{{ 批准情况 }}依据{{ 依据 }}，现将本案移送你单位，{{ 商请事项 }}"),
        body("移送时间：{{ 移送时间 }}。涉案物品：{{ 涉案物品 }}。检验报告或者鉴定结论：{{ 检验鉴定 }}。"),
        body("请在接收时出具回执，并于{{ 反馈期限 }}将是否立案的决定书面通知本机关。"),
        heading("附：移送材料清单"),
        _ENCLOSURES,
        body("经办人：{{ 经办人 }}　　联系电话：{{ 联系电话 }}", keep=True),
        *seal(8),
        *receipt("《{{ 文书标题 }}》（{{ 文号 }}）及所附材料已收到。{{ 接收回执 }}"),
    ),
)
