"""The row kinds with one row a department (F6–F8), and what a department has to declare itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.forms.fields import Field, RowKind, code, count, row_kind, share, text
from app.domain.forms.kind import Kind
from app.domain.measures.counts import Unit
from app.domain.vocabulary import PenaltyType, Term


class DeclaredForm(Term):
    """How a declared figure is written."""

    NUMBER = "number", "数量", "Number"
    AMOUNT = "amount", "金额", "Amount"
    TEXT = "text", "文字", "Text"
    CHOICE = "choice", "是/否", "Yes or no"


@dataclass(frozen=True, slots=True)
class Declared:
    """填报项: what the system cannot know and a department says about a year (R79, R87)."""

    key: str
    name: str
    form: DeclaredForm
    unit: Unit | None
    used_in: str


def _number(key: str, name: str, unit: Unit, used_in: str = "F6b") -> Declared:
    return Declared(key, name, DeclaredForm.NUMBER, unit, used_in)


_ALL = (
    _number("bodies_own", "行政执法主体数（职权）", Unit.TASK),
    _number("bodies_authorised", "行政执法主体数（授权）", Unit.TASK),
    _number("bodies_entrusted", "行政执法主体数（委托）", Unit.TASK),
    _number("staff_passed", "当年培训考试合格人数", Unit.PERSON),
    _number("staff_left", "当年调离执法岗位人数", Unit.PERSON),
    _number("reviewers", "法制审核人员数", Unit.PERSON),
    _number("reviewers_qualified", "其中具有法律职业资格人数", Unit.PERSON),
    _number("reviews_corrected", "法制审核纠正案件数", Unit.FINDING),
    Declared("lists_published", "执法事项清单编制和公开情况", DeclaredForm.TEXT, None, "F6b"),
    Declared("training", "执法人员培训情况", DeclaredForm.TEXT, None, "F6b"),
    Declared("fines", "罚没金额", DeclaredForm.AMOUNT, Unit.YUAN, "F6a、F7"),
    Declared("scheme", "实施意见或工作方案（文件名及文号）", DeclaredForm.TEXT, None, "F8"),
    Declared("publicity", "已建立检查结果公开机制", DeclaredForm.CHOICE, None, "F8"),
    Declared("rules", "已制定事项实施细则", DeclaredForm.CHOICE, None, "F8"),
)
DECLARED: Mapping[str, Declared] = {each.key: each for each in _ALL}
"""What a department declares for a year, in the order of the page; everything else is counted."""

_KINDS = {DeclaredForm.NUMBER: Kind.COUNT, DeclaredForm.AMOUNT: Kind.AMOUNT}


def _declared(key: str) -> Field:
    """A declared figure as a field of a form."""
    each = DECLARED[key]
    kind = _KINDS.get(each.form, Kind.TEXT)
    said = "由单位按年度填报，系统不计算"
    return Field(each.name, f"values.{key}", kind, each.unit, said, "R79", summed=kind != Kind.TEXT)


_UNIT = (code("单位编码", "code", is_key=True), text("单位名称", "label", is_key=True))
_DECIDED = "统计期内作出处罚决定的案件；一个决定并处多种处罚的计一宗，计入排序在后的种类"

PENALTIES = row_kind(
    *_UNIT,
    *(count(kind.label, f"values.{kind.value}", Unit.CASE, _DECIDED, "R78") for kind in PenaltyType),
    count("处罚合计", "values.total", Unit.CASE, "各处罚种类之和", "R78"),
    _declared("fines"),
)
ENFORCEMENT = row_kind(
    *_UNIT,
    *(_declared(key) for key in ("bodies_own", "bodies_authorised", "bodies_entrusted")),
    count("在岗行政执法人员数", "values.inspectors", Unit.PERSON, "名录库内未调离的执法人员", "R15"),
    *(_declared(key) for key in ("staff_passed", "staff_left", "reviewers", "reviewers_qualified")),
    count("法制审核案件数", "values.reviewed", Unit.FINDING, "统计期内完成法制审核的处罚案件", "R69"),
    _declared("reviews_corrected"),
    _declared("lists_published"),
    count("编制涉企检查计划数", "values.plans", Unit.TASK, "牵头的已审批年度计划中的计划任务", "R21"),
    count("检查计划落实数", "values.plans_done", Unit.TASK, "其中统计期内已抽取的计划任务", "R21、R31"),
    count("上年同期落实数", "values.plans_before", Unit.TASK, "上年同期已抽取的计划任务", "R75"),
    count("同比增减", "values.plans_change", Unit.TASK, "检查计划落实数减上年同期落实数", "R75"),
    count("处罚处理决定案件数", "values.decided", Unit.FINDING, "统计期内作出处罚决定的案件", "R78"),
    Field(
        "检查频次",
        "values.frequency",
        Kind.AMOUNT,
        Unit.YEARLY,
        "行政检查次数除以被检查企业户数，两者均按检查完成日期统计",
        "R79",
    ),
    count("涉企检查备案数", "values.filed", Unit.TASK, "已取得备案号的年度检查计划", "R21"),
    _declared("training"),
)
_CHECKED = "检查完成日期在统计期内；一次入企计一次，联合检查各参与部门分别计"
INSPECTIONS = row_kind(
    *_UNIT,
    count("行政检查次数", "values.total", Unit.TIME, _CHECKED, "R37、R80"),
    count("日常检查次数", "values.ordinary", Unit.TIME, "其中双随机抽查（含上级平台抽取）", "R34、R39"),
    count("个案检查次数", "values.triggered", Unit.TIME, "其中个案检查", "R34"),
    count("专项检查次数", "values.special", Unit.TIME, "其中专项检查", "R39"),
    count("上级部署专项次数", "values.superior", Unit.TIME, "专项检查中上级部署的", "R39"),
    count("现场检查次数", "values.on_site", Unit.TIME, "其中至少一项采用实地检查的", "R48"),
    count("非现场检查次数", "values.off_site", Unit.TIME, "其中全部事项均未采用实地检查的", "R48"),
    count("双随机抽查次数", "values.random", Unit.TIME, "其中由抽取产生的（含上级平台抽取）", "R34"),
    count("投诉举报触发次数", "values.complaint", Unit.TIME, "其中因投诉举报进行的个案检查", "R34"),
    count("联合检查次数", "values.joint", Unit.TIME, "其中部门联合检查", "R75"),
    count("被检查企业户数", "values.firms", Unit.HOUSEHOLD, "去重，同一户只计一次", "R80", summed=False),
    count("同一企业最高检查次数", "values.most", Unit.TIME, "对照年度检查频次上限", "R36", summed=False),
    count("发现问题次数", "values.problem", Unit.TIME, "其中至少一项发现问题的", "R80"),
    share("问题发现率", "values.problem_rate", "发现问题次数", "R80", ("发现问题次数", "行政检查次数")),
)
SUMMARY = row_kind(
    *_UNIT,
    count("抽查事项数", "items", Unit.ITEM, "已公布清单内的抽查事项", "R1"),
    count("联合抽查事项数", "joint_items", Unit.ITEM, "其中标明适用跨部门联合的", "R5、R74"),
    count(
        "名录库户数",
        "roster",
        Unit.HOUSEHOLD,
        "本部门事项所涉分类名录中可抽取的对象，同一户只计一次",
        "R9、R12",
        summed=False,
    ),
    count("执法人员数", "inspectors", Unit.PERSON, "名录库内未调离的执法人员", "R15"),
    count("年度计划任务数", "values.plans", Unit.TASK, "牵头的已审批年度计划中的计划任务", "R21"),
    count("年度计划抽查数", "planned", Unit.FINDING, "年度计划中各事项的抽查目标数之和", "R26"),
    count(
        "已实施任务数",
        "tasks",
        Unit.TASK,
        "统计期内已抽取的任务；联合任务在参与的各部门分别计",
        "R31",
        summed=False,
    ),
    count("联合任务数", "joint_tasks", Unit.TASK, "其中的部门联合抽查任务", "R75", summed=False),
    share("联合任务占比", "joint_task_share", "联合任务数", "R75", ("联合任务数", "已实施任务数")),
    share("抽取比例", "drawn_share", "抽查户数", "R26", ("drawn", "名录库户数")),
    count(
        "出动执法人员",
        "turns",
        Unit.TURN,
        "已检查户次的检查组中本部门的执法人员，每人每户次计一人次",
        "R17",
    ),
    count("立案查处", "values.filed", Unit.FINDING, "统计期内立案的处罚案件", "R68"),
    count("行政处罚", "values.decided", Unit.FINDING, "统计期内作出处罚决定的案件", "R78"),
    _declared("fines"),
    count("移送其他部门", "values.to_agencies", Unit.FINDING, "统计期内移送其他部门的案件", "R71"),
    count("移送司法机关", "values.to_police", Unit.FINDING, "统计期内移送公安机关的案件", "R70"),
    count(
        "列入经营异常名录",
        "values.listed",
        Unit.HOUSEHOLD,
        "统计期内抄告后由市场监管部门答复已列入的户",
        "R62",
    ),
    text("备注", "values.note"),
    has_tally=True,
)
BUILDING = row_kind(
    *_UNIT,
    text("实施意见或工作方案", "values.scheme"),
    text("已编制抽查事项清单", "values.has_list"),
    text("已建立结果公开机制", "values.publicity"),
    code("事项编码", "values.item_code", is_key=True),
    text("事项名称", "values.item"),
    text("已制定实施细则", "values.rules"),
    text("已编制一单两库", "values.has_rosters"),
    text("上年度抽查比例和频次", "values.before"),
    text("本年度抽查比例和次数", "values.now"),
)

DEPARTMENT_KINDS: Mapping[str, RowKind] = {
    "penalties": PENALTIES,
    "enforcement": ENFORCEMENT,
    "inspections": INSPECTIONS,
    "summary": SUMMARY,
    "building": BUILDING,
}
