"""The forms as data: captions, groups and where each column's figure comes from.

A column names a measure of the catalogue, or a path on the row with its own definition; to change a
caption or to add a column touches nothing but these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.measures import DISPOSAL_GROUPS, Unit
from app.reports.layout import Kind


@dataclass(frozen=True, slots=True)
class Definition:
    """口径 of a column that is no measure: unit, what it counts, and the rule."""

    unit: Unit
    counts: str
    rule: str


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: `measure` of the catalogue, or `path` on the row."""

    caption: str
    measure: str = ""
    path: str = ""
    group: str = ""
    width: float = 8
    kind: Kind = Kind.TEXT
    summed: bool = False
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet of a report."""

    sheet: str
    caption: str
    unit: str
    columns: tuple[FormColumn, ...]
    totalled: bool = True
    numbered: bool = False
    filtered: bool = False
    streamed: bool = False
    notes: tuple[str, ...] = ()


TOTAL_NOTE = "“合计”为各行相加；“去重合计”中同一户（户次）在各行之间只计一次，以其为准。"

_NUMBER = FormColumn("序号", kind=Kind.ORDINAL, width=5)


def _count(
    caption: str,
    path: str,
    unit: Unit,
    counts: str,
    rule: str,
    *,
    group: str = "",
    width: float = 9,
    summed: bool = True,
) -> FormColumn:
    definition = Definition(unit, counts, rule)
    return FormColumn(caption, "", path, group, width, Kind.COUNT, summed, definition)


_BASE = Definition(Unit.HOUSEHOLD, "计划制定时该事项名录内实有的抽查对象户数", "R26")
_RATIO = Definition(Unit.PERCENT, "计划确定的全年抽查比例，可分批实施", "R26")

_NARROW = 5.6
"""Three Chinese characters a line: 33 columns fit on A4 and stay legible."""

WORK = Form(
    "抽查工作情况统计",
    "抽查工作情况统计表",
    "户",
    (
        FormColumn("行次", kind=Kind.ORDINAL, width=4.2),
        FormColumn("抽查内容", path="label", width=18),
        FormColumn("抽查类型", path="scope", width=6.5),
        FormColumn("抽查对象", path="targets", width=12),
        FormColumn("抽查基数", path="base", kind=Kind.COUNT, width=7, summed=True, definition=_BASE),
        FormColumn("抽查比例（%）", path="ratio", kind=Kind.PERCENT, width=7.4, definition=_RATIO),
        FormColumn("抽查户数", "drawn", width=_NARROW),
        FormColumn("已公示", "disclosed", group="抽查结果公示", width=_NARROW),
        FormColumn("未公示", "undisclosed", group="抽查结果公示", width=_NARROW),
        FormColumn("抽查完成率%", "completion_rate", group="抽查结果公示", width=7.4),
        FormColumn("未发现问题", "result_no_issue", group="检查结果", width=_NARROW),
        FormColumn("发现问题已责令改正", "result_corrected", group="检查结果", width=_NARROW),
        FormColumn("未发现开展本次抽查涉及的经营活动", "result_not_engaged", group="检查结果", width=_NARROW),
        FormColumn("已关闭停业或正在组织清算", "result_closed", group="检查结果", width=_NARROW),
        FormColumn("不配合检查情节严重", "result_uncooperative", group="检查结果", width=_NARROW),
        FormColumn("迁移、注销等其他情况", "result_gone", group="检查结果", width=_NARROW),
        FormColumn("发现问题待后续处理", "result_pending", group="检查结果", width=_NARROW),
        FormColumn("违反商务管理相关规定", "result_own", group="发现问题待后续处理", width=_NARROW),
        FormColumn(
            "未按规定公示应当公示的信息", "result_not_publicised", group="发现问题待后续处理", width=_NARROW
        ),
        FormColumn(
            "公示信息隐瞒真实情况、弄虚作假",
            "result_false_publicity",
            group="发现问题待后续处理",
            width=_NARROW,
        ),
        FormColumn(
            "通过登记的住所（经营场所）无法联系",
            "result_unreachable",
            group="发现问题待后续处理",
            width=_NARROW,
        ),
        FormColumn("违反其他商务管理规定", "result_own_other", group="发现问题待后续处理", width=_NARROW),
        FormColumn("违反食品药品管理相关规定", "result_food_drug", group="发现问题待后续处理", width=_NARROW),
        FormColumn("违反质量技术监督相关规定", "result_quality", group="发现问题待后续处理", width=_NARROW),
        FormColumn("违反其他部门相关规定", "result_foreign", group="发现问题待后续处理", width=_NARROW),
        FormColumn(
            "未发现问题或相关问题已规范、已改正，无需后续处置", "disposal_1", group="后续处置", width=_NARROW
        ),
        FormColumn("停止检查，反馈日常监管部门", "disposal_2", group="后续处置", width=_NARROW),
        FormColumn("违反本部门相关规定，责令改正", "disposal_3", group="后续处置", width=_NARROW),
        FormColumn("发现案件线索，移送办案机构", "disposal_4", group="后续处置", width=_NARROW),
        FormColumn("违反其他部门相关规定，抄告相关部门", "disposal_5", group="后续处置", width=_NARROW),
        FormColumn(DISPOSAL_GROUPS["6"].name, "disposal_6", group="后续处置", width=_NARROW),
        FormColumn("完结数", "closed", group="完结情况", width=_NARROW),
        FormColumn("完结率%", "closing_rate", group="完结情况", width=7.4),
    ),
    numbered=True,
    notes=(
        TOTAL_NOTE,
        "第 17 栏包含第 18 至 25 栏，第 18 栏包含第 19、20、22 栏；同一户有多项结果的，"
        "在各栏分别计一户，在上级栏只计一户。",
    ),
)

_TALLY = (
    FormColumn("户数\n（户）", "drawn", group="抽查"),
    FormColumn("次数\n（户次）", "visits", group="抽查"),
    FormColumn("事项\n（件）", "findings", group="抽查"),
    FormColumn("户数\n（户）", "checked", group="检查"),
    FormColumn("次数\n（户次）", "checked_visits", group="检查"),
    FormColumn("事项\n（件）", "checked_findings", group="检查"),
    FormColumn("户数\n（户）", "problem", group="发现问题"),
    FormColumn("事项\n（件）", "problem_findings", group="发现问题"),
    FormColumn("问题发现率", "problem_rate", group="发现问题"),
    FormColumn("已公示\n（户）", "disclosed", group="结果公示"),
    FormColumn("未公示\n（户）", "undisclosed", group="结果公示"),
    FormColumn("抽查完成率", "completion_rate", group="结果公示"),
    FormColumn("应公示\n（户次）", "due_visits", group="公示时限"),
    FormColumn("按时公示\n（户次）", "on_time_visits", group="公示时限"),
    FormColumn("按时公示率", "on_time_rate", group="公示时限"),
    FormColumn("完结数\n（户）", "closed", group="完结情况"),
    FormColumn("完结率", "closing_rate", group="完结情况"),
    FormColumn("联合\n（户次）", "joint_visits", group="检查形式"),
    FormColumn("联合占比", "joint_share", group="检查形式"),
    FormColumn("非现场\n（户次）", "off_site_visits", group="检查形式"),
    FormColumn("非现场占比", "off_site_share", group="检查形式"),
)


def _grouped(sheet: str, caption: str, *keys: FormColumn) -> Form:
    return Form(sheet, caption, "户、户次、件", (_NUMBER, *keys, *_TALLY), notes=(TOTAL_NOTE,))


def _label(caption: str, width: float) -> FormColumn:
    return FormColumn(caption, path="label", width=width)


AGENCIES = _grouped("分部门", "分部门抽查情况统计表", _label("部门", 16))
DISTRICTS = _grouped("分区县", "分区县抽查情况统计表", _label("区县（属地）", 18))
ITEMS = _grouped(
    "分事项",
    "分事项抽查情况统计表",
    FormColumn("事项编码", path="code", kind=Kind.CODE, width=10),
    _label("抽查事项", 26),
)
CATEGORIES = _grouped("分类名录", "分类名录抽查情况统计表", _label("分类名录", 18))
INDUSTRIES = _grouped(
    "分行业",
    "分行业抽查情况统计表",
    FormColumn("行业代码", path="code", kind=Kind.CODE, width=8),
    _label("行业（大类）", 24),
)

PROGRESS = Form(
    "工作进展",
    "“双随机、一公开”工作进展情况表",
    "项、户、户次、件、人次",
    (
        _NUMBER,
        FormColumn("单位", path="label", width=15),
        _count("抽查事项\n（项）", "items", Unit.ITEM, "已公布清单内的抽查事项", "R1", group="一单两库"),
        _count(
            "可联合事项\n（项）",
            "joint_items",
            Unit.ITEM,
            "清单内标明适用跨部门联合的事项",
            "R5、R74",
            group="一单两库",
        ),
        _count(
            "检查对象\n（户）",
            "roster",
            Unit.HOUSEHOLD,
            "本部门事项所涉分类名录中可抽取的对象，同一户只计一次",
            "R9、R12",
            group="一单两库",
            summed=False,
        ),
        _count(
            "执法人员\n（人）", "inspectors", Unit.PERSON, "名录库内未调离的执法人员", "R15", group="一单两库"
        ),
        _count(
            "计划抽查\n（件）",
            "planned",
            Unit.FINDING,
            "已审批的年度计划中各事项的抽查目标数之和（全年）",
            "R21、R26",
            group="计划与任务",
        ),
        _count(
            "已抽取任务\n（个）",
            "tasks",
            Unit.TASK,
            "统计期内已抽取的任务；联合任务在参与的各部门分别计",
            "R31",
            group="计划与任务",
            summed=False,
        ),
        _count(
            "其中联合\n（个）",
            "joint_tasks",
            Unit.TASK,
            "其中的部门联合抽查任务",
            "R75",
            group="计划与任务",
            summed=False,
        ),
        FormColumn("抽查\n（件）", "findings", group="实施"),
        FormColumn("抽查\n（户）", "drawn", group="实施"),
        FormColumn("未检查\n（户）", "unchecked", group="实施"),
        FormColumn("已检查\n（户）", "checked", group="实施"),
        FormColumn("已检查\n（户次）", "checked_visits", group="实施"),
        _count(
            "出动执法人员\n（人次）",
            "turns",
            Unit.TURN,
            "已检查户次的检查组中本部门的执法人员，每人每户次计一人次",
            "R17",
            group="实施",
            width=10,
        ),
        FormColumn("发现问题\n（户）", "problem", group="结果"),
        FormColumn("问题发现率", "problem_rate", group="结果"),
        FormColumn("责令改正\n（户）", "disposal_3", group="处置"),
        FormColumn("移送办案\n（户）", "disposal_4", group="处置"),
        FormColumn("抄告部门\n（户）", "disposal_5", group="处置"),
        FormColumn("已完结\n（户）", "closed", group="处置"),
        FormColumn("已检查\n未公示\n（户）", "awaiting", group="公示"),
        FormColumn("已公示\n（户）", "disclosed", group="公示"),
        FormColumn("抽查完成率", "completion_rate", group="公示"),
        FormColumn("按时公示率", "on_time_rate", group="公示"),
    ),
    notes=(
        TOTAL_NOTE,
        "本表按通行口径归纳，正式表样以市“双随机、一公开”联席会议办公室下发的为准。",
    ),
)

PLAN = Form(
    "年度抽查工作计划",
    "抽查工作计划表",
    "户、件",
    (
        _NUMBER,
        FormColumn("抽查计划名称", path="plan_title", width=20),
        FormColumn("备案号", path="filing_no", kind=Kind.CODE, width=13),
        FormColumn("抽查任务名称", path="line", width=18),
        FormColumn("抽查任务编号", path="tasks", kind=Kind.CODE, width=16),
        FormColumn("抽查类型", path="scope", width=7),
        FormColumn("事项编码", path="item_code", kind=Kind.CODE, width=9),
        FormColumn("抽查事项", path="item", width=22),
        FormColumn("抽查对象范围", path="targets", width=13),
        FormColumn("抽查基数", path="base", kind=Kind.COUNT, width=8, summed=True, definition=_BASE),
        FormColumn("抽查比例(%)", path="ratio", kind=Kind.PERCENT, width=8, definition=_RATIO),
        _count("抽查目标数\n（件）", "planned", Unit.FINDING, "抽查基数×抽查比例，向上取整", "R26", width=9),
        _count("已抽取\n（件）", "drawn", Unit.FINDING, "统计期内该计划事项已抽中的对象", "R26", width=8),
        FormColumn("抽查频率\n（次/年）", path="frequency", kind=Kind.COUNT, width=9),
        FormColumn("检查方式", path="methods", width=14),
        FormColumn("分层方式", path="stratification", width=14),
        FormColumn("检查自", path="starts_on", kind=Kind.DATE, width=11),
        FormColumn("检查至", path="ends_on", kind=Kind.DATE, width=11),
        FormColumn("发起部门", path="lead", width=12),
        FormColumn("配合部门", path="partners", width=14),
        FormColumn("备注", path="note", width=14),
    ),
)

TASKS = Form(
    "抽查任务",
    "抽查任务一览表",
    "户",
    (
        _NUMBER,
        FormColumn("抽查任务编号", path="number", kind=Kind.CODE, width=20),
        FormColumn("抽查任务名称", path="name", width=22),
        FormColumn("抽查类型", path="scope", width=7),
        FormColumn("抽查事项", path="items", width=28),
        FormColumn("检查日期自", path="starts_on", kind=Kind.DATE, width=11),
        FormColumn("检查日期至", path="ends_on", kind=Kind.DATE, width=11),
        FormColumn("发起部门", path="lead", width=12),
        FormColumn("检查机关", path="agencies", width=18),
        FormColumn("是否联合", path="is_joint", width=6),
        FormColumn("状态", path="state", width=12),
        FormColumn("抽查户数", "drawn", width=8),
        FormColumn("检查户数", "checked", width=8),
        FormColumn("发现问题户数", "problem", width=8),
        FormColumn("已公示", "disclosed", width=8),
        FormColumn("抽查完成率", "completion_rate", width=8.5),
    ),
    filtered=True,
    notes=(TOTAL_NOTE,),
)

FINDINGS = Form(
    "一企一表明细",
    "抽查情况明细表（一企一表）",
    "件",
    (
        _NUMBER,
        FormColumn("任务编号", path="task_number", kind=Kind.CODE, width=20),
        FormColumn("检查编号", path="visit_number", kind=Kind.CODE, width=20),
        FormColumn("检查对象", path="enterprise", width=30),
        FormColumn("统一社会信用代码", path="identifier", kind=Kind.CODE, width=21),
        FormColumn("区县", path="district", width=14),
        FormColumn("检查部门", path="agency", width=14),
        FormColumn("抽查事项", path="item", width=22),
        FormColumn("检查内容", path="content", width=32),
        FormColumn("检查方式", path="methods", width=12),
        FormColumn("检查结果", path="results", width=20),
        FormColumn("发现问题情况", path="problem", width=30),
        FormColumn("处置情况", path="disposals", width=26),
        FormColumn("检查日期", path="checked_on", kind=Kind.DATE, width=11),
        FormColumn("检查人员", path="team", width=16),
        FormColumn("状态", path="state", width=9),
        FormColumn("完结日期", path="closed_on", kind=Kind.DATE, width=11),
    ),
    totalled=False,
    filtered=True,
    streamed=True,
)

FORMS: Mapping[str, Form] = {
    "work": WORK,
    "agencies": AGENCIES,
    "districts": DISTRICTS,
    "items": ITEMS,
    "categories": CATEGORIES,
    "industries": INDUSTRIES,
    "progress": PROGRESS,
    "plan": PLAN,
    "tasks": TASKS,
    "findings": FINDINGS,
}
