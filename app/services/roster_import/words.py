"""The words that files use for a term of the vocabulary, beside its label and its value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from app.domain.vocabulary import (
    CertificateKind,
    CheckMethod,
    EntityKind,
    EntityStatus,
    InspectorStatus,
    ItemCategory,
    ListType,
    RecusalKind,
    RiskClass,
    StaffKind,
    Term,
)

T = TypeVar("T", bound=Term)

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_IGNORED = re.compile(r"[\s,，、;；。.·_-]+")


def plain(text: str) -> str:
    """Half-width, without white space, what stands in brackets, and punctuation."""
    return _IGNORED.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", text)))


def _words(vocabulary: type[T], synonyms: Mapping[T, str] | None = None) -> dict[str, T]:
    known: dict[str, T] = {}
    for term, further in (synonyms or {}).items():
        known.update({plain(word): term for word in further.split()})
    for term in vocabulary:
        known.update({plain(term.label): term, plain(term.value): term})
    return known


KINDS = _words(
    EntityKind,
    {
        EntityKind.COMPANY: "公司 内资企业 外资企业 外商投资企业 私营企业 国有企业 集体企业 企业法人 分支机构",
        EntityKind.INDIVIDUAL: "个体户 个体 个体工商业户",
        EntityKind.COOPERATIVE: "合作社 专业合作社 农民专业合作社联合社 农民专业合作经济组织",
        EntityKind.OFFICE: "常驻代表机构 代表机构",
    },
)
STATUSES = _words(
    EntityStatus,
    {
        EntityStatus.EXISTING: "在营 开业 在业 在册 正常 正常经营 营业 登记成立 确立 存续在营",
        EntityStatus.CLOSING: "停业 清算 清算中 正在清算 关闭 已关闭停业 停业或清算",
        EntityStatus.LICENCE_REVOKED: "吊销 已吊销 被吊销 吊销营业执照",
        EntityStatus.DEREGISTERED: "已注销 注销登记 吊销已注销 吊销后注销 吊销并注销",
        EntityStatus.RESCINDED: "撤销 已撤销 被撤销 撤销设立登记",
        EntityStatus.MOVED_OUT: "已迁出 迁出市外 迁往市外 迁移 迁往外地",
    },
)
RISK_CLASSES = _words(
    RiskClass,
    {
        RiskClass.A: "A级 A类 低风险 信用风险低",
        RiskClass.B: "B级 B类 一般风险 信用风险一般",
        RiskClass.C: "C级 C类 较高风险 信用风险较高",
        RiskClass.D: "D级 D类 高风险 信用风险高",
    },
)
LISTS = _words(
    ListType,
    {
        ListType.ABNORMAL_OPERATIONS: "经营异常 异常名录 列异 标记经营异常状态 经营异常状态",
        ListType.SERIOUSLY_DISHONEST: "严重违法失信 严重违法失信企业名单 失信名单 严重违法",
    },
)
COMPLAINTS = frozenset({"投诉举报", "投诉", "举报"})
STAFF_KINDS = _words(StaffKind, {StaffKind.INSPECTOR: "执法检查人员 检查人员 行政执法人员"})
STAFF_STATUSES = _words(
    InspectorStatus,
    {InspectorStatus.ACTIVE: "在编在岗 正常 在职", InspectorStatus.LEFT: "调离 离职 退休 已退休"},
)
CERTIFICATE_KINDS = _words(
    CertificateKind,
    {
        CertificateKind.PROVINCIAL: "省级 地方 行政执法证 省证",
        CertificateKind.NATIONAL: "国家 部委 国家部委 部证",
    },
)
RECUSAL_KINDS = _words(
    RecusalKind,
    {RecusalKind.RELATION: "利害关系", RecusalKind.OWN_ENTERPRISE: "近亲属任职 近亲属经营 本人持股"},
)
ITEM_CATEGORIES = _words(
    ItemCategory, {ItemCategory.KEY: "重点 重点事项", ItemCategory.ORDINARY: "一般 一般事项"}
)
METHODS = _words(
    CheckMethod,
    {
        CheckMethod.ON_SITE: "现场检查 现场 实地 实地核查",
        CheckMethod.DOCUMENT_REVIEW: "书面 书面审查",
        CheckMethod.ONLINE_MONITORING: "网络 网上检查 网络检查",
        CheckMethod.SAMPLING_TEST: "抽样检测 检测 抽样",
    },
)
ANSWERS = {word: True for word in ("是", "有", "可", "1", "Y", "YES", "TRUE", "√")} | {
    word: False for word in ("否", "无", "不可", "0", "N", "NO", "FALSE", "×")
}
