"""Words of legal deadlines: which one, how it is counted, how it stands."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class ClockUnit(Term):
    """How a period is counted; a period that names no unit is never guessed (R56)."""

    WORKING_DAYS = "working_days", "个工作日", "working days"
    CALENDAR_DAYS = "calendar_days", "日", "days"
    HOURS = "hours", "小时", "hours"


class ClockState(Term):
    """How a deadline stands now."""

    RUNNING = "running", "正常", "Running"
    WARNING = "warning", "即将到期", "Due soon"
    LATE = "late", "已逾期", "Late"
    KEPT = "kept", "按期完成", "Kept"
    KEPT_LATE = "kept_late", "逾期完成", "Done late"
    UNKNOWN = "unknown", "节假日未公布，无法计算", "Cannot be computed: holidays not announced"


class ClockKind(Term):
    """法定期限: what has to be done by then."""

    DISCLOSURE = "disclosure", "公示检查结果", "Disclose the result"
    PENALTY_DISCLOSURE = "penalty_disclosure", "公示处罚决定", "Disclose the penalty"
    WITHDRAWAL = "withdrawal", "撤下公示并说明理由", "Withdraw and explain"
    OBJECTION = "objection", "处理异议", "Decide the objection"
    RECTIFICATION = "rectification", "完成整改", "Rectify"
    NOTICE_REPLY = "notice_reply", "抄告反馈", "Reply to the notice"
    TRANSFER_REPLY = "transfer_reply", "移送答复", "Answer to the transfer"
    POLICE_DECISION = "police_decision", "决定是否移送公安机关", "Decide on the transfer to the police"
    POLICE_TRANSFER = "police_transfer", "向公安机关移送", "Send the case to the police"
    POLICE_REPLY = "police_reply", "公安机关立案答复", "Answer of the police"
    POLICE_OBJECTION = "police_objection", "提请公安机关复议", "Ask the police to reconsider"
    POLICE_RECONSIDERATION = "police_recheck", "公安机关复议答复", "Police reconsideration"
    POLICE_EVIDENCE = "police_evidence", "移交涉案物品和证据", "Hand over the evidence"
    RISK_WARNING = "risk_warning", "研判风险预警", "Assess the risk warning"
    CASE_DECISION = "case_decision", "作出处罚决定", "Decide the case"
    CASE_DELIVERY = "case_delivery", "送达处罚决定书", "Serve the decision"
    CASE_PAYMENT = "case_payment", "缴纳罚款", "Pay the fine"
    URGENT = "urgent", "补办紧急检查手续", "Complete the formalities of an urgent check"
    AREA_FILING = "area_filing", "异地检查备案", "File the check outside the area"
    EVIDENCE_HOLD = "evidence_hold", "处理先行登记保存物品", "Decide on what was taken into keeping"
    ARCHIVE = "archive", "立卷归档", "Put the file together"
    JOINT_ANSWER = "joint_answer", "答复联合计划", "Answer on a joint line"
    JOINT_REPLY = "joint_reply", "回复参加联合任务", "Answer on a joint task"
