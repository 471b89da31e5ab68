"""Which column of a file says what: headers with their synonyms, and guesses kept apart from facts.

A header that ends in 推断 is a guess of whoever made the file: its values are marked as guesses and never
overwrite a fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.vocabulary import ImportKind

_GUESS = re.compile(r"(.+?)[_(][^_(]*推断\)?")
_DECORATION = re.compile(r"\s+|^\ufeff|\*|\((?:必填|选填|必填项)\)")
IGNORED = "-"
MOST_COLUMNS = 16_384
"""As many as a spreadsheet can have."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a roster: its field, the headers that name it, whether it must be there."""

    field: str
    headers: tuple[str, ...]
    required: bool = False
    guessable: bool = False


def _columns(table: str) -> tuple[Column, ...]:
    """A line a column: field, then its headers; `!` marks a required one, `?` one that may be guessed."""
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(
        Column(name.strip("!?"), tuple(map(normalise, headers)), "!" in name, "?" in name)
        for name, *headers in rows
    )


def normalise(header: str) -> str:
    """A header without white space, marks of duty and full-width forms."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", header)).upper()


def guess_of(heading: str) -> str | None:
    """The heading of which a normalised one says that it is a guess, or None."""
    found = _GUESS.fullmatch(heading)
    return found[1] if found else None


_IDENTIFIER = (
    "identifier! 统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 企业代码 "
    "统一社会信用代码/注册号 统一社会信用代码(注册号) 注册号"
)
_NAME = "企业名称 主体名称 市场主体名称 经营主体名称 单位名称 名称 检查对象 检查对象名称 企业(机构)名称 企业名称/字号"

COLUMNS = {
    ImportKind.ENTERPRISES: _columns(f"""
        {_IDENTIFIER}
        name! {_NAME}
        kind 主体类别 主体类型 市场主体类型 经营主体类型
        entity_type 企业类型 企业(机构)类型 公司类型 类型
        established_on 成立日期 注册日期 成立时间 注册时间 设立日期
        status 登记状态 经营状态 企业状态 主体状态 状态
        city 地市 城市 所属城市 所属地市
        territory_code? 属地代码 区划代码 行政区划代码 行政区划码 所属区划代码 属地区划代码
        territory_name? 属地 区县 所属区县 属地名称 所在区县 行政区划
        functional_zone 功能区 开发区
        registration_authority 登记机关代码 登记机关行政区划码 登记机关行政区划代码
        industry_code? 行业代码 行业门类 所属行业代码 行业小类代码 国民经济行业代码
        {IGNORED} 行业名称 序号 行号 原因
        address 住所 地址 注册地址 经营场所 住所(经营场所) 经营地址
        business_scope 经营范围
        risk_class 信用风险等级 信用风险分类 信用风险类别 风险等级
        categories? 分类名录 名录分类 商务标签 监管类别
    """),
    ImportKind.LISTINGS: _columns(f"""
        {_IDENTIFIER}
        name {_NAME}
        list_type! 名单类型 类型 名单
        included_on! 列入日期 列入时间 受理日期 登记日期
        reason 列入事由 列入原因 事由 投诉内容
        removed_on 移出日期 移出时间
        authority 作出机关 列入机关 作出决定机关 受理机关
        {IGNORED} 序号 行号 原因
    """),
    ImportKind.INSPECTORS: _columns(f"""
        staff_no! 工号 人员编号 编号
        name! 姓名
        agency! 部门 单位 执法机关 所属部门 工作单位
        position 岗位 职务
        kind 人员类别
        status 状态 在岗状态
        may_lead 可任组长 组长
        certificate_no 执法证号 行政执法证号 执法证编号
        certificate_kind 证件类型 执法证类型
        area_code 执法区域代码 执法区域
        valid_from 有效期起 有效期自
        valid_to 有效期止 有效期至
        expertise 业务专长 专长
        yearly_cap 年度检查上限 年度上限
        recused_from 回避企业代码 回避企业
        recusal_reason 回避事由
        {IGNORED} 序号 行号 原因
    """),
    ImportKind.ITEMS: _columns(f"""
        code! 事项编码 事项编号 编码
        field! 抽查领域 领域
        name! 事项名称 抽查事项 抽查事项名称
        agency! 实施部门 部门 责任部门
        target_text 检查对象 抽查对象
        category 分类名录
        content 检查内容 抽查内容
        item_category 事项类别
        methods 检查方式 抽查方式
        minimum 最低比例 抽查比例
        maximum 最高比例
        yearly_frequency 年度频次上限 频次
        off_site_possible 可非现场
        joint_applicable 适用联合
        partners 配合部门
        expertise 业务专长
        bases 法律依据 检查依据 依据
        points 检查要点 要点
        verified 核实状态
        {IGNORED} 序号 行号 原因
    """),
}


@dataclass(frozen=True, slots=True)
class Guidance:
    """How a clerk wants a file read, beside what its headings say by themselves.

    `headings` names the field of a heading (normalised), or IGNORED for one to pass over; `corrects` takes
    the offered corrections for the whole file.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    corrects: bool = False


AS_IT_STANDS = Guidance()


def field_names(kind: ImportKind) -> list[str]:
    """The fields of a roster in the order of its columns."""
    return [column.field for column in COLUMNS[kind] if column.field != IGNORED]


def title_of(kind: ImportKind, name: str) -> str:
    """The usual heading of a field."""
    return next(column.headers[0] for column in COLUMNS[kind] if column.field == name)
