"""The row kinds that come from the draw to the finding: work, groups, plans, tasks, lists and results."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.forms.fields import RowKind, code, count, day, row_kind, share, text
from app.domain.measures.counts import Unit

BASE = count("抽查基数", "base", Unit.HOUSEHOLD, "计划制定时该事项名录内实有的抽查对象户数", "R26")
RATIO = share("抽查比例", "ratio", "计划确定的全年抽查比例，可分批实施", "R26")

WORK = row_kind(
    text("抽查内容", "label", is_key=True),
    text("抽查类型", "scope"),
    text("抽查对象", "targets", is_key=True),
    text("组织部门", "organiser", is_key=True),
    BASE,
    RATIO,
    has_tally=True,
)
GROUP = row_kind(code("编码", "code", is_key=True), text("名称", "label", is_key=True), has_tally=True)
PLAN = row_kind(
    text("抽查计划名称", "plan_title", is_key=True),
    code("抽查计划编号", "filing_no"),
    text("抽查任务名称", "line", is_key=True),
    code("抽查任务编号", "tasks"),
    text("抽查类型", "scope"),
    code("事项编码", "item_code", is_key=True),
    text("抽查事项", "item"),
    text("检查内容", "content"),
    text("检查依据", "bases"),
    text("抽查对象范围", "targets"),
    BASE,
    RATIO,
    count("抽查目标数", "planned", Unit.FINDING, "抽查基数×抽查比例，向上取整", "R26"),
    count("已抽取", "drawn", Unit.FINDING, "统计期内该计划事项已抽中的对象", "R26"),
    count("抽查频率", "frequency", Unit.YEARLY, "事项清单规定的每年抽查次数", "R4", summed=False),
    text("抽取比例与户数", "ratio_words"),
    text("检查时间与户数", "time_words"),
    text("检查方式", "methods"),
    text("分层方式", "stratification"),
    day("检查自", "starts_on"),
    day("检查至", "ends_on"),
    text("抽取日期", "drawn_days"),
    text("检查起止时间", "days"),
    text("组织层级", "organised_level"),
    text("实施层级", "levels"),
    text("发起部门", "lead"),
    text("行政执法机关", "lead_name", is_key=True),
    text("配合部门", "partners"),
    text("抽查名单", "list_words"),
    text("备注", "note"),
)
TASKS = row_kind(
    code("抽查计划编号", "filing_no"),
    text("抽查计划名称", "plan_title"),
    code("抽查任务编号", "number", is_key=True),
    text("抽查任务名称", "name"),
    text("抽查类型", "scope"),
    text("抽查事项", "items"),
    text("抽查对象范围", "targets"),
    day("检查日期自", "starts_on"),
    day("检查日期至", "ends_on"),
    text("发起部门", "lead"),
    text("检查机关", "agencies"),
    text("是否联合", "is_joint"),
    text("状态", "state"),
    text("抽查名单", "list_words"),
    has_tally=True,
)
DRAWN = row_kind(
    code("抽查任务编号", "task_number"),
    text("抽查任务名称", "task_name"),
    text("抽查事项", "item"),
    text("市场主体名称", "name"),
    code("统一社会信用代码", "identifier"),
    text("登记机关", "authority"),
)
FINDINGS = row_kind(
    code("抽查计划编号", "filing_no"),
    text("抽查计划名称", "plan_title"),
    code("任务编号", "task_number"),
    text("任务名称", "task_name"),
    text("抽查类型", "scope"),
    code("检查编号", "visit_number"),
    text("检查对象", "enterprise"),
    code("统一社会信用代码", "identifier"),
    text("区县", "district"),
    text("检查部门", "agency"),
    text("抽查事项", "item"),
    text("检查内容", "content"),
    text("检查方式", "methods"),
    text("检查结果", "results"),
    text("发现问题情况", "problem"),
    text("处置情况", "disposals"),
    day("检查日期", "checked_on"),
    text("检查人员", "team"),
    text("状态", "state"),
    day("完结日期", "closed_on"),
)
CHECKLIST = row_kind(
    text("实施部门", "values.agency"),
    text("抽查类别", "values.field"),
    code("事项编码", "values.code", is_key=True),
    text("抽查事项", "values.name"),
    text("抽查对象", "values.targets"),
    text("事项类别", "values.category"),
    text("抽查内容", "values.content"),
    text("抽查依据", "values.bases"),
    text("抽查方式", "values.methods"),
    text("抽查比例和频次", "values.ratio_words"),
    text("实施层级", "values.levels"),
    text("是否适用联合抽查", "values.joint"),
    text("是否涉企检查事项", "values.enterprise"),
    text("备注", "values.note"),
)

TABLE_KINDS: Mapping[str, RowKind] = {
    "work": WORK,
    "group": GROUP,
    "plan": PLAN,
    "tasks": TASKS,
    "drawn": DRAWN,
    "findings": FINDINGS,
    "checklist": CHECKLIST,
}
