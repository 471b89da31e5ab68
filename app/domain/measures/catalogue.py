"""Every measure (指标) once: its name, unit, what it counts, against what, and the rule that says so.

Reports, the dashboard and the sheet of definitions all read a figure through this table, so that a word has
one meaning everywhere (R77–R80).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from app.domain.measures.counts import DISPOSAL_GROUPS, RESULT_GROUPS, Share, Tally, Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """指标: `part` and `whole` are paths into a Tally; a measure with a `whole` is a rate."""

    key: str
    name: str
    unit: Unit
    part: str
    counts: str
    rule: str
    whole: str = ""
    against: str = ""

    def read(self, tally: Tally) -> int | float | None:
        """The figure for one group; None for a rate of nothing."""
        return self.share(tally).value if self.whole else int(follow(tally, self.part))

    def share(self, tally: Tally) -> Share:
        """Part and whole of a rate."""
        return Share(int(follow(tally, self.part)), int(follow(tally, self.whole)))


def follow(start: Any, path: str) -> Any:
    """The value at the end of a dotted path of attributes and mapping keys; a missing key counts nothing."""
    return reduce(_step, path.split("."), start)


def _step(value: Any, name: str) -> Any:
    return value.get(name, 0) if isinstance(value, Mapping) else getattr(value, name)


_COUNTS = (
    Measure(
        "drawn",
        "抽查户数",
        Unit.HOUSEHOLD,
        "households.total",
        "有效抽取（不含作废、不含备选）抽中的检查对象（依规补位的计补位后的对象），同一户只计一次；抽取后注销、迁出的不剔除",
        "R26、R33",
    ),
    Measure(
        "visits",
        "抽查户次",
        Unit.VISIT,
        "visits.total",
        "每次抽取的每一户计一户次，联合检查计一户次",
        "R37、R80",
    ),
    Measure(
        "findings",
        "抽查事项件数",
        Unit.FINDING,
        "findings.total",
        "抽中对象与检查事项的组合，一户一事项计一件",
        "R80",
    ),
    Measure(
        "checked",
        "检查户数",
        Unit.HOUSEHOLD,
        "households.checked",
        "至少一项已有检查记录的户，同一户只计一次",
        "R80",
    ),
    Measure("unchecked", "未检查户数", Unit.HOUSEHOLD, "households.unchecked", "抽查户数减检查户数", "R77"),
    Measure("checked_visits", "检查户次", Unit.VISIT, "visits.checked", "至少一项已有检查记录的户次", "R80"),
    Measure("checked_findings", "检查事项件数", Unit.FINDING, "findings.checked", "已有检查记录的件", "R80"),
    Measure(
        "disclosed",
        "已公示",
        Unit.HOUSEHOLD,
        "households.disclosed",
        "统计范围内全部事项的结果均已公示且未撤下的户",
        "R77、R57、制度第七条",
    ),
    Measure("undisclosed", "未公示", Unit.HOUSEHOLD, "households.undisclosed", "抽查户数减已公示户数", "R77"),
    Measure("awaiting", "已检查未公示", Unit.HOUSEHOLD, "households.awaiting", "检查户数减已公示户数", "R77"),
    Measure(
        "closed",
        "完结数",
        Unit.HOUSEHOLD,
        "households.closed",
        "已公示且全部事项后续处置均已完结的户",
        "R65、R77",
    ),
    Measure(
        "problem",
        "发现问题户数",
        Unit.HOUSEHOLD,
        "households.problem",
        "最新检查记录含问题类结果代码（2、3、4、5、6、8、A–E、G）的户",
        "R53、R80",
    ),
    Measure(
        "disclosed_visits",
        "已公示户次",
        Unit.VISIT,
        "visits.disclosed",
        "全部事项的结果均已公示且未撤下的户次",
        "R54、R77",
    ),
    Measure("problem_visits", "发现问题户次", Unit.VISIT, "visits.problem", "至少一项发现问题的户次", "R80"),
    Measure("problem_findings", "发现问题件数", Unit.FINDING, "findings.problem", "发现问题的件", "R80"),
    Measure(
        "joint_visits",
        "联合检查户次",
        Unit.VISIT,
        "conduct.joint",
        "部门联合抽查任务的户次",
        "R75、制度第八条",
    ),
    Measure(
        "off_site_visits",
        "非现场检查户次",
        Unit.VISIT,
        "conduct.off_site",
        "全部事项均未采用实地检查的户次",
        "R38、R48",
    ),
    Measure(
        "due_visits",
        "应公示户次",
        Unit.VISIT,
        "conduct.due",
        "公示期限（检查完成后20个工作日）已过或已经公示的户次",
        "R54",
    ),
    Measure(
        "on_time_visits",
        "按时公示户次",
        Unit.VISIT,
        "conduct.on_time",
        "在公示期限内公示全部结果的户次",
        "R54",
    ),
    Measure(
        "on_site_visits",
        "现场检查户次",
        Unit.VISIT,
        "conduct.on_site",
        "至少一项采用实地检查的户次",
        "R48、R75",
    ),
    Measure(
        "joint_on_site_visits",
        "联合现场检查户次",
        Unit.VISIT,
        "conduct.joint_on_site",
        "部门联合抽查任务中，至少一项采用实地检查的户次",
        "R75",
    ),
    Measure(
        "shared_visits",
        "多部门同查户次",
        Unit.VISIT,
        "conduct.shared",
        "同一次检查中两个以上部门的事项均已有检查记录的户次",
        "R73、R75、制度第八条",
    ),
    Measure(
        "saved_visits",
        "联合减少户次",
        Unit.VISIT,
        "conduct.saved",
        "多部门同查的每一户次，除带队部门（牵头部门参加的为牵头部门）外，每个部门计减少一户次",
        "R75",
    ),
    Measure(
        "separate_visits",
        "分别检查所需户次",
        Unit.VISIT,
        "separate_visits",
        "检查户次加联合减少户次，即各部门各自上门所需的户次",
        "R75",
    ),
    Measure(
        "withdrawn_visits",
        "部门退出户次",
        Unit.VISIT,
        "conduct.withdrawn",
        "联合抽查抽中后部门退出、其事项未检查的户次；仍计入抽查户次和未检查",
        "R33、R73",
    ),
    Measure(
        "external_visits",
        "上级平台任务户次",
        Unit.VISIT,
        "conduct.external",
        "在上级平台抽取、由本系统接收的任务的户次；已计入抽查户次，不重复计算",
        "R76",
    ),
)

_RATES = (
    Measure(
        "completion_rate",
        "抽查完成率",
        Unit.PERCENT,
        "households.disclosed",
        "已公示户数（不是已检查户数）",
        "R77",
        "households.total",
        "抽查户数",
    ),
    Measure(
        "closing_rate",
        "完结率",
        Unit.PERCENT,
        "households.closed",
        "完结户数",
        "R65、R77",
        "households.disclosed",
        "已公示户数",
    ),
    Measure(
        "problem_rate",
        "问题发现率",
        Unit.PERCENT,
        "households.problem",
        "发现问题户数",
        "R75、R80",
        "households.checked",
        "检查户数",
    ),
    Measure(
        "problem_visit_rate",
        "问题发现率（按户次）",
        Unit.PERCENT,
        "visits.problem",
        "发现问题户次",
        "R80",
        "visits.checked",
        "检查户次",
    ),
    Measure(
        "publication_rate",
        "结果公示率",
        Unit.PERCENT,
        "visits.disclosed",
        "已公示户次",
        "R54、R80",
        "conduct.due",
        "应公示户次",
    ),
    Measure(
        "joint_share",
        "联合检查占比",
        Unit.PERCENT,
        "conduct.joint",
        "联合检查户次",
        "R75",
        "visits.total",
        "抽查户次",
    ),
    Measure(
        "off_site_share",
        "非现场检查占比",
        Unit.PERCENT,
        "conduct.off_site",
        "非现场检查户次",
        "R75",
        "visits.checked",
        "检查户次",
    ),
    Measure(
        "on_time_rate",
        "按时公示率",
        Unit.PERCENT,
        "conduct.on_time",
        "按时公示户次",
        "R54",
        "conduct.due",
        "应公示户次",
    ),
    Measure(
        "joint_on_site_share",
        "联合占现场检查比例",
        Unit.PERCENT,
        "conduct.joint_on_site",
        "联合现场检查户次",
        "R75",
        "conduct.on_site",
        "现场检查户次",
    ),
    Measure(
        "saved_rate",
        "联合减少率",
        Unit.PERCENT,
        "conduct.saved",
        "联合减少户次",
        "R75",
        "separate_visits",
        "分别检查所需户次（检查户次加联合减少户次）",
    ),
)


def _code_measures() -> tuple[Measure, ...]:
    results = (
        Measure(
            f"result_{key}",
            group.name,
            Unit.HOUSEHOLD,
            f"results.{key}",
            f"最新检查记录含结果代码 {'、'.join(sorted(group.codes, key=_code_order))} 的户，同一户只计一次",
            "R53、R80",
        )
        for key, group in RESULT_GROUPS.items()
    )
    disposals = (
        Measure(
            f"disposal_{key}",
            group.name,
            Unit.HOUSEHOLD,
            f"disposals.{key}",
            "最新检查记录含该项后续处置的户，同一户只计一次",
            "R65、R80",
        )
        for key, group in DISPOSAL_GROUPS.items()
    )
    return (*results, *disposals)


def _code_order(code: str) -> tuple[int, str]:
    return (int(code), "") if code.isdigit() else (99, code)


MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in (*_COUNTS, *_RATES, *_code_measures())}
"""All measures by key, in the order of the sheet of definitions."""
