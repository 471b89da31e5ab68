"""What the documents after the visit and those of the file say."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.documents.facts import (
    SAMPLE_CODE,
    SAMPLE_FIRM,
    Contact,
    Head,
    OnEnterprise,
    OnVisit,
    Remedies,
)
from app.domain.documents.fields import entry


@dataclass(frozen=True, kw_only=True)
class ResultLine:
    """One item with its result as told to the enterprise."""

    ordinal: str = entry("序号", "1")
    name: str = entry("名称", "汽车销售企业明示价格情况的检查")
    agency: str = entry("部门", "市商务局")
    results: str = entry("检查结果", "未发现问题")
    problem: str = entry("问题", "无")
    demand: str = entry("要求", "无")


@dataclass(frozen=True, kw_only=True)
class ResultFacts(OnVisit, Contact, Remedies):
    """行政检查结果告知书 (D08, R61)."""

    checked_on: str = entry("检查日期", "2026年4月7日")
    items: tuple[ResultLine, ...] = entry("检查事项", (ResultLine, ResultLine))
    channels: str = entry("公示渠道", "国家企业信用信息公示系统、长春市商务局网站")
    disclosed_on: str = entry("公示日期", "2026年4月20日前")
    objection: str = entry("异议途径", "对检查结果有异议的，可以书面向本机关提出，并附有关证据。")


@dataclass(frozen=True, kw_only=True)
class RectificationFacts(OnVisit, Contact, Remedies):
    """责令改正通知书 (D07, R72)."""

    violation: str = entry("违法事实", "未在经营场所明示所售汽车价格。")
    article: str = entry("违反条款", "《汽车销售管理办法》第十条")
    basis: str = entry("改正依据", "《中华人民共和国行政处罚法》第二十八条第一款")
    demand: str = entry("改正内容", "在经营场所明示所售汽车的价格。")
    deadline: str = entry("改正期限", "2026年4月21日前")
    consequence: str = entry("逾期后果", "逾期不改正的，本机关将依法处理。")
    evidence: str = entry("证据", "现场检查记录、现场照片")


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One enclosure of a letter."""

    ordinal: str = entry("序号", "1")
    name: str = entry("名称", "现场检查记录")
    count: str = entry("数量", "1份")
    note: str = entry("备注", "")


@dataclass(frozen=True, kw_only=True)
class LetterFacts(OnVisit, Contact):
    """抄告函 (D10, R62, R71)."""

    receiver: str = entry("接收部门", "长春市市场监督管理局")
    matter: str = entry("线索", "通过登记的住所（经营场所）无法联系。")
    basis: str = entry("依据", "《企业信息公示暂行条例》")
    request: str = entry("商请事项", "请依职权核实处理。")
    reply_by: str = entry("反馈期限", "2026年4月30日前")
    enclosures: tuple[Enclosure, ...] = entry("证据材料", (Enclosure, Enclosure))
    handler: str = entry("经办人", "张三")


@dataclass(frozen=True, kw_only=True)
class TransferFacts(LetterFacts):
    """案件移送书 (D10, D11, R70, R71)."""

    title: str = entry("文书标题", "案件移送书")
    cause: str = entry("案由", "涉嫌违反汽车销售管理规定")
    investigators: str = entry("专案人员", "张三（吉A000001）、李四（吉A000002）")
    approved: str = entry("批准情况", "经本机关负责人王五于2026年4月10日批准移送。")
    goods: str = entry("涉案物品", "无")
    reports: str = entry("检验鉴定", "无")
    transferred_at: str = entry("移送时间", "2026年4月10日15时00分")
    receipt: str = entry("接收回执", "")


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts(OnEnterprise):
    """送达回证 (R42, R61)."""

    document: str = entry("送达文书", "行政检查通知书")
    document_number: str = entry("送达文书文号", "长商检通〔2026〕1号")
    where: str = entry("送达地点", "长春市朝阳区样例大街1号")
    method: str = entry("送达方式", "☑直接送达　☐留置送达")
    delivered_at: str = entry("送达日期", "2026年4月2日")
    delivered_by: str = entry("送达人", "张三、李四")
    receiver: str = entry("收件人", "赵六")
    relation: str = entry("代收关系", "")
    refusal: str = entry("拒收事由", "")
    witness: str = entry("见证人", "")
    note: str = entry("备注", "")


@dataclass(frozen=True, kw_only=True)
class FileHead(Head):
    """What a file is called and how long it is kept (D12, R83)."""

    file_number: str = entry("档号", "长商检档-2026-0001")
    title: str = entry("题名", f"{SAMPLE_FIRM}行政检查案卷")
    enterprise: str = entry("被检查单位", SAMPLE_FIRM)
    identifier: str = entry("统一社会信用代码", SAMPLE_CODE)
    retention: str = entry("保管期限", "10年")
    first_day: str = entry("起始日期", "2026年4月1日")
    last_day: str = entry("终止日期", "2026年4月21日")
    pieces: str = entry("件数", "9")
    pages: str = entry("页数", "16")


@dataclass(frozen=True, kw_only=True)
class CoverFacts(FileHead):
    """案卷封面 (D12)."""

    secrecy: str = entry("密级", "无")
    visit_number: str = entry("检查编号", "2026-0001-001")
    reason: str = entry("保管期限依据", "未发现问题的检查案卷")


@dataclass(frozen=True, kw_only=True)
class IndexLine:
    """One piece of a file."""

    ordinal: str = entry("序号", "1")
    number: str = entry("文号", "长商检审〔2026〕1号")
    author: str = entry("责任者", "长春市商务局")
    title: str = entry("题名", "行政检查审批表")
    day: str = entry("日期", "2026-04-01")
    page: str = entry("页号", "1")
    note: str = entry("备注", "")


@dataclass(frozen=True, kw_only=True)
class IndexFacts(FileHead):
    """卷内目录 (D12)."""

    lines: tuple[IndexLine, ...] = entry("目录", (IndexLine, IndexLine))


@dataclass(frozen=True, kw_only=True)
class FileNoteFacts(FileHead):
    """卷内备考表 (D12)."""

    situation: str = entry("本卷情况", "本卷文件齐全，电子文件与纸质文件一致。")
    missing: str = entry("缺损情况", "无")
    digest: str = entry("清单摘要", "0" * 64)
    filed_by: str = entry("立卷人", "张三")
    checked_by: str = entry("检查人", "")
    filed_on: str = entry("立卷日期", "2026年4月30日")
