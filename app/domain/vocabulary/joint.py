"""Words of joint inspection: who works with whom, what was proposed, asked and answered (art. 8, R73)."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class Cooperation(Term):
    """联合方式 of a plan line (art. 8)."""

    SINGLE = "single", "本部门抽查", "One department"
    CROSS_DEPARTMENT = "cross_department", "跨部门联合", "Across departments"
    VERTICAL = "vertical", "上下联动", "City with districts"
    CROSS_DISTRICT = "cross_district", "跨区域联合", "Across districts"


class OfferState(Term):
    """部门申报 of a line for the yearly plan: what became of it."""

    OPEN = "open", "待统筹", "To be arranged"
    JOINED = "joined", "并入联合", "Joined with others"
    ALONE = "alone", "单独列入", "A line of its own"
    ASIDE = "aside", "不列入", "Put aside"


class JointState(Term):
    """联合计划建议: formed, confirmed by the lead, agreed with every department, or given up."""

    FORMED = "formed", "待牵头部门确认", "Waits for the lead"
    CONSULTING = "consulting", "征求意见中", "Departments are asked"
    AGREED = "agreed", "已商定", "Agreed"
    DISSOLVED = "dissolved", "已拆回", "Taken apart"


class MemberState(Term):
    """One department in a joint line."""

    INVITED = "invited", "待答复", "Not answered"
    ACCEPTED = "accepted", "同意参加", "Takes part"
    DECLINED = "declined", "不同意参加", "Declines"
    RELEASED = "released", "不再参加", "Left out"


class PartState(Term):
    """One department in a joint task: asked, confirmed, or gone from it."""

    ASKED = "asked", "待回复", "Not answered"
    CONFIRMED = "confirmed", "确认参加", "Confirmed"
    WITHDRAWN = "withdrawn", "已退出", "Withdrawn"


class OutboxKind(Term):
    """通知事由: what a message of the outbox is about."""

    PLAN_ASKED = "plan_asked", "联合计划征求意见", "Asked about a joint line"
    PLAN_ANSWERED = "plan_answered", "联合计划答复", "Answer on a joint line"
    PLAN_SETTLED = "plan_settled", "联合计划商定结果", "A joint line was settled"
    TASK_ASKED = "task_asked", "联合任务参加通知", "Asked to take part in a task"
    TASK_ANSWERED = "task_answered", "联合任务回复", "Answer on a task"
    TASK_DISCLOSED = "task_disclosed", "抽取结果已公示", "The draw was disclosed"
    OVERDUE = "overdue", "逾期未答复", "No answer in time"
    WITHDRAWN = "withdrawn", "部门退出", "A department has withdrawn"


class MailState(Term):
    """寄送状态 of a message; it stands in the system in any case."""

    INSIDE = "inside", "站内", "In the system only"
    WAITING = "waiting", "待发送", "Waiting"
    SENT = "sent", "已发送", "Sent"
    FAILED = "failed", "发送失败", "Not delivered"
