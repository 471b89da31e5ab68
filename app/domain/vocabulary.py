"""Every enumeration of the field, each member with its Chinese label and an English one.

The code and the database hold the value, a page shows the label, nobody compares label text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the vocabulary: `value` is stored, `label` is the Chinese term, `english` its rendering."""

    label: str
    english: str

    def __new__(cls, value: str, label: str, english: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.english = english
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member stored as `value`; ValueError when there is none."""
        for member in cls:
            if member.value == value:
                return member
        raise ValueError(value)

    @classmethod
    def by_label(cls, text: str) -> Self | None:
        """The member whose Chinese label or value is `text`, or None."""
        return next((member for member in cls if text in (member.label, member.value)), None)


class EntityKind(Term):
    """主体类别: what sort of market entity a target is (R14)."""

    COMPANY = "company", "企业", "Company"
    INDIVIDUAL = "individual", "个体工商户", "Individual household business"
    COOPERATIVE = "cooperative", "农民专业合作社", "Farmers' cooperative"
    OFFICE = "office", "外国企业常驻代表机构", "Representative office"
    OTHER = "other", "其他", "Other"


class EntityStatus(Term):
    """登记状态 (R12): only EXISTING, DORMANT and CLOSING entities can be drawn."""

    EXISTING = "existing", "存续", "In operation"
    DORMANT = "dormant", "歇业", "Dormant"
    CLOSING = "closing", "停业清算", "Closing or in liquidation"
    LICENCE_REVOKED = "licence_revoked", "吊销未注销", "Licence revoked"
    DEREGISTERED = "deregistered", "注销", "Deregistered"
    RESCINDED = "rescinded", "撤销登记", "Registration rescinded"
    MOVED_OUT = "moved_out", "迁出", "Moved out"
    UNKNOWN = "unknown", "未注明", "Not stated"


class RiskClass(Term):
    """信用风险分类 A–D: internal reference, never published (R28, R29)."""

    A = "A", "A 低", "A low"
    B = "B", "B 一般", "B ordinary"
    C = "C", "C 较高", "C raised"
    D = "D", "D 高", "D high"


class ListType(Term):
    """名单类型: the lists and complaints that raise a target's ratio (art. 5, R30)."""

    ABNORMAL_OPERATIONS = "abnormal", "经营异常名录", "Abnormal operations"
    SERIOUSLY_DISHONEST = "dishonest", "严重违法失信名单", "Seriously dishonest"


class IdentifierKind(Term):
    """Which number identifies an enterprise: the unified code, or a legacy one (R10)."""

    UNIFIED = "unified", "统一社会信用代码", "Unified social credit code"
    REGISTRATION = "registration", "注册号（15 位）", "Registration number (15 digits)"
    LEGACY = "legacy", "旧注册号（13 位）", "Legacy number (13 digits)"


class ItemCategory(Term):
    """事项类别 (R4): a key item has no upper ratio, an ordinary one must have a cap."""

    KEY = "key", "重点检查事项", "Key item"
    ORDINARY = "ordinary", "一般检查事项", "Ordinary item"


class VersionState(Term):
    """State of one version of an inspection item (R1, R3)."""

    DRAFT = "draft", "草稿", "Draft"
    PUBLISHED = "published", "已公布", "Published"
    WITHDRAWN = "withdrawn", "已停用", "Withdrawn"


class CheckMethod(Term):
    """检查方式, several may apply; only ON_SITE counts as an entry (R48)."""

    ON_SITE = "on_site", "实地检查", "On-site"
    DOCUMENT_REVIEW = "document", "书面检查", "Document review"
    EXPERT_OPINION = "opinion", "行政部门检查结果或专业意见", "Agency result or expert opinion"
    SAMPLING_TEST = "test", "检验检测", "Inspection and testing"
    ONLINE_MONITORING = "online", "网络监测", "Online monitoring"
    ENTRUSTED = "entrusted", "委托专业机构辅助", "Entrusted professional body"


class InspectorStatus(Term):
    """在岗状态 of a person on the roster of inspectors (R15)."""

    ACTIVE = "active", "在岗", "Active"
    ON_LEAVE = "on_leave", "请假", "On leave"
    SUSPENDED = "suspended", "暂停执法", "Suspended"
    LEFT = "left", "已调离", "Left"


class StaffKind(Term):
    """人员类别: assistants and experts never count towards the two inspectors (R15, R17)."""

    INSPECTOR = "inspector", "执法人员", "Inspector"
    ASSISTANT = "assistant", "辅助人员", "Assistant"
    EXPERT = "expert", "专家", "Expert"


class CertificateKind(Term):
    """证件类型 of an administrative law-enforcement certificate (行政执法证)."""

    PROVINCIAL = "provincial", "省级行政执法证", "Provincial certificate"
    NATIONAL = "national", "国家部委执法证", "Ministry certificate"


class RecusalKind(Term):
    """回避事由 (R18)."""

    RELATION = "relation", "登记的利害关系", "Registered relation"
    OWN_ENTERPRISE = "own", "本人或近亲属的企业", "Own enterprise"
    APPLIED = "applied", "申请回避获准", "Applied for and granted"


class RecusalState(Term):
    """回避申请状态: work does not stop before the decision (R18)."""

    REQUESTED = "requested", "待决定", "Awaiting decision"
    GRANTED = "granted", "已获准", "Granted"
    REFUSED = "refused", "未获准", "Refused"


class Scope(Term):
    """定向 / 不定向 (R24)."""

    TARGETED = "targeted", "定向", "Targeted"
    NON_TARGETED = "non_targeted", "不定向", "Non-targeted"


class PlanState(Term):
    """年度计划: 草稿 → 审批 → 备案 → 公布 (R21)."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "待审批", "Awaiting approval"
    APPROVED = "approved", "已审批", "Approved"
    FILED = "filed", "已备案", "Filed"
    DISCLOSED = "disclosed", "已公布", "Disclosed"


class TaskState(Term):
    """抽查任务 from draft to archive."""

    DRAFT = "draft", "草稿", "Draft"
    FROZEN = "frozen", "名单已封存", "Roster frozen"
    SEEDED = "seeded", "种子已公布", "Seed published"
    DRAWN = "drawn", "已抽取", "Drawn"
    MATCHED = "matched", "已匹配", "Matched"
    DISCLOSED = "disclosed", "抽取结果已公示", "Draw disclosed"
    INSPECTING = "inspecting", "检查中", "Inspecting"
    UNDER_REVIEW = "under_review", "结果审核", "Under review"
    RESULTS_DISCLOSED = "results_disclosed", "结果已公示", "Results disclosed"
    ARCHIVED = "archived", "已归档", "Archived"


class DrawState(Term):
    """One draw of a task; a voided draw stays on record (R31)."""

    PLANNED = "planned", "方案已公示", "Plan disclosed"
    SEEDED = "seeded", "种子已录入", "Seed entered"
    DRAWN = "drawn", "已抽取", "Drawn"
    VOID = "void", "已作废", "Void"


class DrawForm(Term):
    """公开 / 保密分层: sealed when the strata carry the internal risk class (R29)."""

    OPEN = "open", "公开", "Open"
    SEALED = "sealed", "分层保密", "Sealed"


class Stratification(Term):
    """分层方式: how the roster of an item is divided before the draw (R28–R30)."""

    NONE = "none", "不分层", "None"
    DISTRICT = "district", "按属地", "By district"
    ATTENTION = "attention", "一般 / 投诉、异常、失信", "Ordinary / complaints and listings"
    RISK = "risk", "按信用风险分类", "By risk class"


class LogKind(Term):
    """Kinds of entry in the public draw log (draw protocol 2.8)."""

    PLAN = "plan", "方案", "Plan"
    SEED = "seed", "种子", "Seed"
    RESULT = "result", "结果", "Result"
    ASSIGN = "assign", "匹配", "Assignment"
    SUBSTITUTE = "substitute", "替换", "Substitution"
    VOID = "void", "作废", "Void"


class ExclusionReason(Term):
    """Why an entity of a category did not enter the frozen roster."""

    NOT_ACTIVE = "not_active", "已注销、吊销、撤销或迁出", "Not in operation"
    OUT_OF_JURISDICTION = "out_of_jurisdiction", "不在本市管辖", "Out of jurisdiction"
    NOT_COMPETENT = "not_competent", "超出本级监管权限", "Beyond this level's competence"
    AT_CAP = "at_cap", "本年度检查已达上限", "Yearly inspection cap reached"
    IDENTIFIER_UNUSABLE = "identifier_unusable", "代码无法用于抽取", "Identifier unusable"
    GUESSED_CATEGORY = "guessed_category", "分类为推断且任务未采用", "Category only guessed"


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


class AgencyLevel(Term):
    """层级 of an agency (R7)."""

    PROVINCE = "province", "省级", "Province"
    CITY = "city", "市级", "City"
    DISTRICT = "district", "区县级", "District"


class MembershipSource(Term):
    """How an enterprise came into a target category; a guess is never a fact."""

    FILE = "file", "名录文件", "Roster file"
    RULE = "rule", "规则", "Rule"
    MANUAL = "manual", "人工", "By hand"
    GUESS = "guess", "推断", "Guess"


class DisclosureKind(Term):
    """What is published (一公开)."""

    ITEM_LIST = "item_list", "随机抽查事项清单", "List of inspection items"
    PLAN = "plan", "年度抽查计划", "Annual plan"
    TASK = "task", "抽查任务公告", "Task notice"
    DRAW = "draw", "抽取结果", "Draw result"
    RESULT = "result", "抽查结果", "Inspection result"


class ImportKind(Term):
    """The rosters that a file can be loaded into."""

    ENTERPRISES = "enterprises", "检查对象", "Enterprises"
    INSPECTORS = "inspectors", "执法检查人员", "Inspectors"
    ITEMS = "items", "抽查事项清单", "Inspection items"
    LISTINGS = "listings", "名单与投诉", "Listings and complaints"
