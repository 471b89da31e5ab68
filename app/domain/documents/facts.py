"""What the documents before and on the visit say, and the parts that all documents share."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.documents.fields import Drawing, entry, qr_code

SAMPLE_FIRM = "长春市样例商贸有限公司"
SAMPLE_CODE = "912201040000000000"


@dataclass(frozen=True, kw_only=True)
class Person:
    """An inspector as every document names them: with the certificate (R17)."""

    name: str = entry("姓名", "张三")
    certificate: str = entry("执法证号", "吉A000001")
    agency: str = entry("部门", "市商务局")
    role: str = entry("身份", "组长")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One inspection item as told beforehand (R41)."""

    ordinal: str = entry("序号", "1")
    code: str = entry("编码", "XC-01")
    name: str = entry("名称", "汽车销售企业明示价格情况的检查")
    content: str = entry("内容", "是否在经营场所明示所售汽车价格")
    basis: str = entry("依据", "《汽车销售管理办法》第十条")
    agency: str = entry("部门", "市商务局")


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands on every document: number, agency, day."""

    number: str = entry("文号", "长商检通〔2026〕1号", of_issue=True)
    agency: str = entry("机关", "长春市商务局")
    issued_on: str = entry("日期", "2026年4月1日", of_issue=True)
    formal_day: str = entry("汉字日期", "二〇二六年四月一日", of_issue=True)


@dataclass(frozen=True, kw_only=True)
class OnEnterprise(Head):
    """A document about one enterprise."""

    enterprise: str = entry("被检查单位", SAMPLE_FIRM)
    identifier: str = entry("统一社会信用代码", SAMPLE_CODE)
    address: str = entry("住所", "长春市朝阳区样例大街1号")


@dataclass(frozen=True, kw_only=True)
class OnVisit(OnEnterprise):
    """A document of one visit."""

    visit_number: str = entry("检查编号", "2026-0001-001")
    task_number: str = entry("任务编号", "CC-2026-0001")
    task_name: str = entry("任务名称", "2026年汽车销售领域随机抽查")
    people: tuple[Person, ...] = entry("人员", (Person, Person))
    frequency: str = entry("频次", "本年度第1次／上限2次")


@dataclass(frozen=True, kw_only=True)
class Remedies:
    """How to object, apply for reconsideration and sue (R72)."""

    reconsideration_days: str = entry("复议期限", "六十日")
    reconsideration_body: str = entry("复议机关", "长春市人民政府")
    litigation_months: str = entry("诉讼期限", "六个月")
    court: str = entry("诉讼法院", "有管辖权的人民法院")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom the enterprise asks, and where it complains."""

    contact: str = entry("联系人", "李四")
    phone: str = entry("联系电话", "0431-00000000")
    oversight_phone: str = entry("监督电话", "0431-00000001")


@dataclass(frozen=True, kw_only=True)
class ApprovalFacts(OnVisit):
    """行政检查审批表 (D01, R35)."""

    source: str = entry("任务来源", "☑年度计划　☐投诉举报")
    visit_kind: str = entry("检查类型", "☑日常检查　☐个案检查　☐专项检查")
    items: tuple[Item, ...] = entry("检查事项", (Item, Item))
    manner: str = entry("检查方式", "☑现场检查　☐非现场检查　☐联合检查")
    off_site: str = entry("非现场说明", "本次事项须核验实物，不能以非现场方式完成。")
    merging: str = entry("合并情况", "该单位无其他待检查事项。")
    assistants: str = entry("协助人员", "无")
    when: str = entry("检查时间", "2026年4月7日")
    where: str = entry("检查地点", "长春市朝阳区样例大街1号")
    scheme: str = entry("检查方案", "按抽查事项清单公布的检查要点逐项检查，如实记录。")
    proposal: str = entry("承办意见", "拟同意实施检查，请审批。")
    proposed_by: str = entry("承办人", "张三")
    proposed_on: str = entry("承办日期", "2026年4月1日")
    decision: str = entry("审批意见", "同意。")
    decided_by: str = entry("审批人", "王五")
    decided_on: str = entry("审批日期", "2026年4月2日")
    urgency: str = entry("紧急情况", "非紧急情况。")
    filing_number: str = entry("备案号", "JL-2026-000001")


@dataclass(frozen=True, kw_only=True)
class NoticeFacts(OnVisit, Contact):
    """行政检查通知书 (D02, D03, R41, R42)."""

    basis: str = entry("法律依据", "《汽车销售管理办法》第十条")
    items: tuple[Item, ...] = entry("检查事项", (Item, Item))
    when: str = entry("检查时间", "2026年4月7日")
    where: str = entry("检查地点", "长春市朝阳区样例大街1号")
    manner: str = entry("检查方式", "实地检查、书面检查")
    visit_kind: str = entry("检查类型", "日常检查")
    materials: tuple[str, ...] = entry("准备材料", ("营业执照", "与检查事项有关的合同、台账和凭证"))
    filing_number: str = entry("备案号", "JL-2026-000001")
    qr: Drawing = entry("二维码", qr_code("https://example.invalid/check"), of_issue=True)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One check point with its outcome; empty on a blank form."""

    ordinal: str = entry("序号", "1")
    text: str = entry("要点", "是否在经营场所明示所售汽车价格")
    outcome: str = entry("结果", "未发现")
    note: str = entry("说明", "")


@dataclass(frozen=True, kw_only=True)
class CheckedItem:
    """One item of a 一企一表 (D04, R49)."""

    ordinal: str = entry("序号", "1")
    code: str = entry("编码", "XC-01")
    name: str = entry("名称", "汽车销售企业明示价格情况的检查")
    agency: str = entry("部门", "市商务局")
    basis: str = entry("依据", "《汽车销售管理办法》第十条")
    points: tuple[Point, ...] = entry("要点", (Point, Point))
    methods: str = entry("检查方式", "☑实地检查　☐书面检查")
    results: str = entry("检查结果", "☑未发现问题　☐发现问题待后续处理")
    problem: str = entry("发现问题", "无")
    disposals: str = entry("处置情况", "☑无需后续处置")
    checked_on: str = entry("检查日期", "2026年4月7日")
    closed: str = entry("是否完结", "已完结")
    closed_on: str = entry("完结日期", "2026年4月7日")
    recorded_by: str = entry("录入人", "张三")
    recorded_on: str = entry("录入日期", "2026年4月7日")


@dataclass(frozen=True, kw_only=True)
class SignatureLine:
    """Who signed on the spot, with the picture of the signature (R46)."""

    role: str = entry("身份", "检查人员")
    name: str = entry("姓名", "张三")
    picture: Drawing = entry("签名", "")
    at: str = entry("时间", "2026年4月7日10时30分")


@dataclass(frozen=True, kw_only=True)
class RecordFacts(OnVisit):
    """现场检查记录（一企一表）: form and on-site record in one (D04, D05, R46–R50)."""

    firm_kind: str = entry("对象类型", "企业")
    head: str = entry("负责人", "赵六　138****1234")
    contact: str = entry("企业联系人", "孙七　139****1234")
    source: str = entry("任务来源", "年度抽查计划")
    when: str = entry("检查时间", "2026年4月7日9时00分至10时30分")
    where: str = entry("检查地点", "长春市朝阳区样例大街1号")
    present: str = entry("现场负责人", "赵六（店长）")
    shown: str = entry("亮证告知", "已出示执法证件，已告知陈述申辩、申请回避等权利。")
    items: tuple[CheckedItem, ...] = entry("检查事项", (CheckedItem, CheckedItem))
    evidence: tuple[str, ...] = entry("提取材料", ("照片2张", "价格公示牌复印件1份"))
    recordings: str = entry("音像记录", "共3件，编号见卷内目录")
    opinion: str = entry("被检查单位意见", "无异议。")
    refusal: str = entry("拒签情况", "")
    witness: str = entry("见证人", "")
    review: str = entry("公示审批意见", "同意公示。审批人：王五　2026年4月10日")
    firm_signatures: tuple[SignatureLine, ...] = entry("单位签字", (SignatureLine,))
    signatures: tuple[SignatureLine, ...] = entry("检查人员签字", (SignatureLine, SignatureLine))
