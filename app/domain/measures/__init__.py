"""Measures of supervision (统计指标): what is counted, in which unit, over which period."""

from app.domain.measures.catalogue import MEASURES, Measure, follow
from app.domain.measures.change import JOINT_MEASURES, Change, JointRow, year_before
from app.domain.measures.counts import (
    DISPOSAL_GROUPS,
    RESULT_GROUPS,
    CodeGroup,
    Conduct,
    Count,
    Share,
    Tally,
    Unit,
    added,
)
from app.domain.measures.period import CHINA, Period, PeriodInvalid, PeriodKind
from app.domain.measures.rows import (
    REPORT_SECTIONS,
    DrawnList,
    DrawnRow,
    EnterpriseForm,
    FindingLine,
    FormItem,
    FormMember,
    FormPoint,
    GroupRow,
    HomeFigures,
    PlanRow,
    ProgressRow,
    ReportData,
    ReportMeta,
    Table,
    TaskRow,
    WorkRow,
)
from app.domain.measures.spread import (
    SPREADS,
    Bin,
    spread,
)

__all__ = [
    "CHINA",
    "DISPOSAL_GROUPS",
    "JOINT_MEASURES",
    "MEASURES",
    "REPORT_SECTIONS",
    "RESULT_GROUPS",
<<<<<<< HEAD
    "Change",
=======
    "SPREADS",
    "Bin",
>>>>>>> 86e8baa (Keep the figures of home and deadlines ready)
    "CodeGroup",
    "Conduct",
    "Count",
    "DrawnList",
    "DrawnRow",
    "EnterpriseForm",
    "FindingLine",
    "FormItem",
    "FormMember",
    "FormPoint",
    "GroupRow",
    "HomeFigures",
    "JointRow",
    "Measure",
    "Period",
    "PeriodInvalid",
    "PeriodKind",
    "PlanRow",
    "ProgressRow",
    "ReportData",
    "ReportMeta",
    "Share",
    "Table",
    "Tally",
    "TaskRow",
    "Unit",
    "WorkRow",
    "added",
    "follow",
<<<<<<< HEAD
    "year_before",
=======
    "spread",
>>>>>>> 86e8baa (Keep the figures of home and deadlines ready)
]
