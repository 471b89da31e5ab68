"""Words of what comes after a problem: orders, transfers, notices to other departments, service of papers."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class RectificationState(Term):
    """责令改正: an order lives until a re-check finds the problem gone (R64)."""

    ORDERED = "ordered", "待整改", "Rectification due"
    REOPENED = "reopened", "复查未通过", "Re-check failed"
    PROVEN = "proven", "待复查", "Proof handed in"
    CLOSED = "closed", "已整改", "Rectified"
    REVOKED = "revoked", "已撤销", "Revoked"


class RectificationAct(Term):
    """One step of a rectification order; steps are only ever added."""

    ORDERED = "ordered", "责令改正", "Ordered"
    PROVEN = "proven", "提交整改材料", "Proof handed in"
    PASSED = "passed", "复查通过", "Re-check passed"
    FAILED = "failed", "复查未通过", "Re-check failed"
    EXTENDED = "extended", "延长期限", "Time extended"
    REVOKED = "revoked", "撤销责令改正", "Order revoked"


class TransferKind(Term):
    """Where a case goes that is not ours to decide (art. 10)."""

    AGENCY = "agency", "移送其他部门", "Transfer to another department"
    CASE_BODY = "case_body", "移送办案机构", "Transfer to a case-handling body"
    POLICE = "police", "移送公安机关", "Transfer to the police"


class TransferState(Term):
    """案件移送; those to the police begin with a written report to the head (R70, R71)."""

    REPORTED = "reported", "待负责人审批", "Awaiting the head"
    APPROVED = "approved", "已批准移送", "Transfer approved"
    NOT_APPROVED = "not_approved", "不批准移送", "Transfer not approved"
    SENT = "sent", "已移送", "Sent"
    RECEIVED = "received", "已签收", "Received"
    NOT_FILED = "not_filed", "不予立案", "Case not filed"
    OBJECTED = "objected", "已提请复议", "Reconsideration asked for"
    FILED = "filed", "已立案", "Case filed"
    ANSWERED = "answered", "已答复", "Answered"
    DECLINED = "declined", "不予受理", "Declined"
    HANDED_OVER = "handed_over", "证据已移交", "Evidence handed over"
    UPHELD = "upheld", "维持不予立案", "Refusal upheld"


class TransferAct(Term):
    """One step of a transfer; steps are only ever added."""

    REPORT = "report", "提出移送书面报告", "Written report"
    APPROVE = "approve", "批准移送", "Transfer approved"
    REFUSE = "refuse", "不批准移送", "Transfer not approved"
    SEND = "send", "移送", "Sent"
    RECEIVE = "receive", "签收回执", "Receipt"
    ANSWER = "answer", "答复办理结果", "Answer"
    DECLINE = "decline", "不予受理", "Declined"
    FILE = "file", "立案通知", "Case filed"
    NOT_FILE = "not_file", "不予立案通知", "Case not filed"
    OBJECT = "object", "提请复议", "Reconsideration asked for"
    UPHOLD = "uphold", "维持不予立案", "Refusal upheld"
    ACCEPT = "accept", "接受不予立案", "Refusal accepted"
    HAND_OVER = "hand_over", "移交涉案物品和证据", "Evidence handed over"


class NoticeState(Term):
    """抄告: what another department has to know, and its reply (R62)."""

    SENT = "sent", "已抄告", "Sent"
    RECEIVED = "received", "已签收", "Received"
    ANSWERED = "answered", "已反馈", "Answered"


class NoticeSubject(Term):
    """What a notice to another department is about."""

    UNREACHABLE = "unreachable", "通过登记的住所无法联系", "Cannot be reached"
    OTHER_BREACH = "other_breach", "违反其他部门相关规定", "Breach of another department's rules"
    PUBLICITY = "publicity", "未按规定公示或公示信息虚假", "Publicity duty broken"
    UNCOOPERATIVE = "uncooperative", "不配合检查情节严重", "Serious non-cooperation"
    STATUS = "status", "登记状态变化", "Change of registration status"


class NoticeOutcome(Term):
    """The other department's own decision as it told us; nothing of it is decided here (R62)."""

    LISTED = "listed", "已列入经营异常名录", "Listed as abnormal"
    NOT_LISTED = "not_listed", "未列入经营异常名录", "Not listed"
    HANDLED = "handled", "已依法处理", "Handled"
    NOT_ACCEPTED = "not_accepted", "不予受理", "Not accepted"


class LetterFate(Term):
    """What became of a letter sent to the registered address (R62)."""

    UNDER_WAY = "under_way", "寄送中", "Under way"
    SIGNED_FOR = "signed_for", "已签收", "Signed for"
    RETURNED = "returned", "无人签收退回", "Returned unclaimed"


class DeliveryMethod(Term):
    """送达方式 of a paper (R61, R68)."""

    DIRECT = "direct", "直接送达", "In person"
    LEFT = "left", "留置送达", "Left with a witness"
    POST = "post", "邮寄送达", "By post"
    ELECTRONIC = "electronic", "电子送达", "Electronically"
    AGENT = "agent", "委托送达", "Through an agent"
    PUBLIC = "public", "公告送达", "By public notice"


class DeliveredPaper(Term):
    """Which paper was served; the 送达回证 names it."""

    RESULT = "result", "检查结果告知书", "Letter of the result"
    RECTIFICATION = "rectification", "责令改正通知书", "Rectification order"
    NOTICE = "notice", "抄告函", "Notice to another department"
    TRANSFER = "transfer", "案件移送书", "Letter of transfer"


class Leniency(Term):
    """轻微违法、初次违法 (行政处罚法 art. 33, R66)."""

    NO_PENALTY = "no_penalty", "不予处罚", "No penalty"
    MAY_WAIVE = "may_waive", "可以不予处罚", "Penalty may be waived"
    PENALTY = "penalty", "依法处罚", "Penalty as the law says"


class Harm(Term):
    """危害后果 of a breach (行政处罚法 art. 33, R66)."""

    NONE = "none", "没有造成危害后果", "No harm"
    SLIGHT = "slight", "危害后果轻微", "Slight harm"
    GRAVE = "grave", "造成危害后果", "Harm done"


class OpenStep(Term):
    """Why a finding cannot be closed yet (R65)."""

    DISCLOSURE = "disclosure", "结果尚未公示", "Result not disclosed"
    CORRECTION = "correction", "更正尚未公示", "Correction not disclosed"
    RECTIFICATION = "rectification", "责令改正尚未完成", "Rectification not finished"
    TRANSFER = "transfer", "移送尚未办结", "Transfer not finished"
    NOTICE = "notice", "抄告尚未反馈", "Notice not answered"
    OBJECTION = "objection", "异议尚未处理", "Objection not decided"
    PENALTY = "penalty", "处罚案件尚未办结", "Penalty case not finished"


class ObjectionState(Term):
    """异议 against a disclosed result (R58)."""

    RECEIVED = "received", "待登记", "To be registered"
    REGISTERED = "registered", "待处理", "To be decided"
    ACCEPTED = "accepted", "已采纳", "Accepted"
    REFUSED = "refused", "不予采纳", "Not accepted"
    DISMISSED = "dismissed", "不予受理", "Dismissed"


class PenaltyType(Term):
    """处罚种类 in the official order; of several in one decision the last one counts (R78)."""

    WARNING = "01", "警告", "Warning"
    CRITICISM = "02", "通报批评", "Public criticism"
    FINE = "03", "罚款", "Fine"
    GAINS = "04", "没收违法所得", "Confiscation of gains"
    GOODS = "05", "没收非法财物", "Confiscation of goods"
    SUSPENSION = "06", "暂扣许可证件", "Licence suspended"
    DOWNGRADE = "07", "降低资质等级", "Qualification lowered"
    REVOCATION = "08", "吊销许可证件", "Licence revoked"
    RESTRICTION = "09", "限制开展生产经营活动", "Business restricted"
    CLOSURE_ORDER = "10", "责令停产停业", "Business suspended"
    SHUT_DOWN = "11", "责令关闭", "Closure ordered"
    BARRED = "12", "限制从业", "Barred from the trade"
    DETENTION = "13", "行政拘留", "Detention"
    OTHER = "14", "其他行政处罚", "Other penalty"
