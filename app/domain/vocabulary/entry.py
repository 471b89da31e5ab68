"""Words of what stands before an entry: kinds of tasks, approval, filing, notice, register of entries."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class TaskKind(Term):
    """任务类别: only a random task fills the quota of the plan; the others are counted apart (R34, R39)."""

    RANDOM = "random", "双随机抽查", "Random inspection"
    TRIGGERED = "triggered", "个案检查", "Triggered check"
    SPECIAL = "special", "专项检查", "Special inspection"
    EXTERNAL = "external", "上级平台抽取", "Drawn on another platform"


class TaskSource(Term):
    """任务来源 of an inspection; a licence case is none of them (R44)."""

    ANNUAL_PLAN = "plan", "年度计划", "Annual plan"
    COMPLAINT = "complaint", "投诉举报", "Complaint"
    TRANSFER = "transfer", "转办交办", "Transfer"
    MONITORING = "monitoring", "数据监测", "Monitoring lead"
    REQUEST = "request", "企业申请", "Request of the enterprise"
    SUPERIOR = "superior", "上级部署", "Deployed from above"
    OWN_SPECIAL = "own_special", "本级专项", "Own special inspection"


TRIGGERS = (TaskSource.COMPLAINT, TaskSource.TRANSFER, TaskSource.MONITORING, TaskSource.REQUEST)
"""What may trigger a single check (R34)."""


class ApprovalState(Term):
    """行政检查审批 by the head of the enforcing body (R35)."""

    APPLIED = "applied", "待审批", "Awaiting approval"
    APPROVED = "approved", "已批准", "Approved"
    REFUSED = "refused", "不予批准", "Refused"


class MergeDecision(Term):
    """合并检查 (R38): what was decided about other open visits to the same enterprise."""

    NONE_OPEN = "none_open", "无其他待检查", "No other open visit"
    MERGED = "merged", "合并检查", "Merged into one visit"
    SEPARATE = "separate", "分别检查", "Kept separate"


class ScanKind(Term):
    """入企扫码 (R40): on entry, or made good after the network had failed."""

    ON_ENTRY = "on_entry", "入企扫码", "Scanned on entry"
    OUTAGE = "outage", "网络故障，先行检查", "Network failed, check begun"
    REENTRY = "reentry", "故障后补录", "Made good after the failure"


class DeliveryWay(Term):
    """送达方式 of a notice (R42).

    Not one with DeliveryMethod, which has more ways than a notice may take and another stored word for the post:
    deliveries are written once, so that no row of either is ever rewritten to the other's.
    """

    DIRECT = "direct", "直接送达", "Handed over"
    ELECTRONIC = "electronic", "电子送达", "Electronic"
    MAIL = "mail", "邮寄送达", "By mail"
    LEFT = "left", "留置送达", "Left on the premises"


class EntryKind(Term):
    """入企 other than an inspection of a task; each is put on record (R37)."""

    RECHECK = "recheck", "整改复查", "Re-check"
    OBSERVATION = "observation", "观摩", "Observation"
    SUPERVISION = "supervision", "督导", "Supervision"
    OTHER = "other", "其他入企", "Other entry"

    @property
    def is_inspection(self) -> bool:
        """True when the entry is an inspection act and stands against the yearly cap (R36, R64)."""
        return self is EntryKind.RECHECK


class SpecialOrigin(Term):
    """专项检查 of our own, or deployed from above (R39)."""

    OWN = "own", "本级组织", "Our own"
    SUPERIOR = "superior", "上级部署", "Deployed from above"


class SpecialApprover(Term):
    """批准机关 of a special inspection: a county government at least, or the superior organ (R39)."""

    COUNTY_GOVERNMENT = "county_government", "县级人民政府", "County government"
    CITY_GOVERNMENT = "city_government", "市级人民政府", "City government"
    PROVINCE_GOVERNMENT = "province_government", "省级人民政府", "Provincial government"
    SUPERIOR_ORGAN = "superior_organ", "实行垂直管理的上级机关", "Superior organ of a vertical system"


class SpecialState(Term):
    """专项检查: 草稿 → 批准 → 备案 → 公布 → 结束 (R39)."""

    DRAFT = "draft", "草稿", "Draft"
    APPROVED = "approved", "已批准", "Approved"
    FILED = "filed", "已备案", "Filed"
    DISCLOSED = "disclosed", "已公布", "Disclosed"
    CLOSED = "closed", "已结束", "Closed"
