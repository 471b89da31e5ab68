"""Words of visits, findings and what is published of them."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class VisitState(Term):
    """检查 of one enterprise by one team on one date (一次完成)."""

    PLANNED = "planned", "待检查", "Planned"
    RECORDED = "recorded", "已录入", "Recorded"
    UNDER_REVIEW = "under_review", "待审核", "Under review"
    REVIEWED = "reviewed", "已审核", "Reviewed"
    DISCLOSED = "disclosed", "已公示", "Disclosed"
    ARCHIVED = "archived", "已归档", "Archived"
    CANCELLED = "cancelled", "已作废", "Cancelled"


class FindingState(Term):
    """One item of one visit; a new finding is 未检查 until somebody recorded it."""

    UNCHECKED = "unchecked", "未检查", "Unchecked"
    RECORDED = "recorded", "已录入", "Recorded"
    SUBMITTED = "submitted", "待审核", "Submitted"
    RETURNED = "returned", "已退回", "Returned"
    REVIEWED = "reviewed", "审核通过", "Reviewed"
    DISCLOSED = "disclosed", "已公示", "Disclosed"
    WITHDRAWN = "withdrawn", "部门退出，未检查", "Withdrawn, not checked"


class ResultCode(Term):
    """检查结果代码 of the national platform, code 2 and D localised to commerce (R53)."""

    NO_ISSUE = "1", "未发现问题", "No issue found"
    VIOLATION_OWN = "2", "违反商务管理相关规定", "Breach of commerce rules"
    VIOLATION_FOOD_DRUG = "3", "违反食品药品管理相关规定", "Breach of food or drug rules"
    VIOLATION_QUALITY = "4", "违反质量技术监督相关规定", "Breach of quality rules"
    VIOLATION_OTHER = "5", "违反其他部门相关规定", "Breach of another agency's rules"
    VIOLATION_POLICE = "G", "违反公安部门相关规定", "Breach of public-security rules"
    UNREACHABLE = "6", "通过登记的住所（经营场所）无法联系", "Cannot be reached at registered address"
    CLOSED = "7", "已关闭停业或正在组织清算", "Closed or in liquidation"
    UNCOOPERATIVE = "8", "不配合检查情节严重", "Serious non-cooperation"
    DEREGISTERED = "9", "注销", "Deregistered"
    LICENCE_REVOKED = "10", "被吊销", "Licence revoked"
    RESCINDED = "11", "被撤销", "Registration rescinded"
    MOVED_OUT = "12", "迁出", "Moved out"
    PENDING = "A", "发现问题待后续处理", "Issue found, follow-up pending"
    NOT_PUBLICISED = "B", "未按规定公示应当公示的信息", "Required information not publicised"
    FALSE_PUBLICITY = "C", "公示信息隐瞒真实情况、弄虚作假", "Publicised information false"
    VIOLATION_DETAIL = "D", "违反其他商务管理规定", "Other breach of commerce rules"
    CORRECTED = "E", "发现问题已责令改正", "Issue found and corrected on order"
    NOT_ENGAGED = "F", "未发现开展本次抽查涉及的经营活动", "Not engaged in the inspected business"

    @property
    def excludes_others(self) -> bool:
        """True when the code may not stand beside another (R53)."""
        return self in EXCLUSIVE_RESULTS

    @property
    def is_problem(self) -> bool:
        """True when the code says that a problem was found."""
        return self in PROBLEM_RESULTS


EXCLUSIVE_RESULTS = frozenset(
    {ResultCode.NO_ISSUE, ResultCode.DEREGISTERED, ResultCode.MOVED_OUT, ResultCode.NOT_ENGAGED}
)

VIOLATION_RESULTS = frozenset(
    {
        ResultCode.VIOLATION_OWN,
        ResultCode.VIOLATION_FOOD_DRUG,
        ResultCode.VIOLATION_QUALITY,
        ResultCode.VIOLATION_OTHER,
        ResultCode.VIOLATION_POLICE,
    }
)

PROBLEM_RESULTS = VIOLATION_RESULTS | {
    ResultCode.UNREACHABLE,
    ResultCode.UNCOOPERATIVE,
    ResultCode.PENDING,
    ResultCode.NOT_PUBLICISED,
    ResultCode.FALSE_PUBLICITY,
    ResultCode.VIOLATION_DETAIL,
    ResultCode.CORRECTED,
}


class Disposal(Term):
    """后续处置, several may apply (R65)."""

    NONE_NEEDED = "1", "未发现问题或相关问题已规范、已改正，无需后续处置", "No follow-up needed"
    REFERRED_DAILY = "2", "停止检查，反馈至日常监管部门依法依规处理", "Referred to day-to-day supervision"
    RECTIFY = "3", "违反本部门相关规定，责令改正", "Rectification ordered"
    CASE = "4", "发现案件线索，移送办案机构依法依规处理", "Transferred for a case"
    NOTIFIED = "5", "违反其他部门相关规定，抄告相关部门", "Other agency notified"
    OTHER = "6", "其他", "Other"


class PointOutcome(Term):
    """Outcome of one check point (检查要点)."""

    NO_ISSUE = "ok", "未发现", "No issue"
    ISSUE = "issue", "发现问题", "Issue"
    NOT_APPLICABLE = "na", "不适用", "Not applicable"


class DisclosureKind(Term):
    """What is published (一公开)."""

    ITEM_LIST = "item_list", "随机抽查事项清单", "List of inspection items"
    PLAN = "plan", "年度抽查计划", "Annual plan"
    TASK = "task", "抽查任务公告", "Task notice"
    DRAW = "draw", "抽取结果", "Draw result"
    RESULT = "result", "抽查结果", "Inspection result"
    SPECIAL = "special", "专项检查", "Special inspection"
