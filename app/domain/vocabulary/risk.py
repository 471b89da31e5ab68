"""Words of risk analysis and warning."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class RiskDimension(Term):
    """分析维度: by what findings are grouped when their rates are compared (R88)."""

    ITEM = "item", "抽查事项", "Inspection item"
    DISTRICT = "district", "区县", "District"
    INDUSTRY = "industry", "行业", "Industry"
    RISK_CLASS = "risk_class", "信用风险分类", "Risk class"
    ITEM_IN_DISTRICT = "item_district", "事项与区县", "Item in a district"
    PAIR = "pair", "检查人员组合", "Pair of inspectors"
    ENTERPRISE = "enterprise", "检查对象", "Enterprise"


class WarningKind(Term):
    """预警类型: which comparison gave the warning (art. 11)."""

    RISE = "rise", "较自身以往明显上升", "Rise against the own past"
    ABOVE_PEERS = "above_peers", "明显高于同类", "Above the peers"
    DRIFT = "drift", "持续缓慢上升", "Slow drift"
    UNUSUALLY_LOW = "low", "明显低于预期", "Unusually low"
    REPEATED = "repeated", "同一事项屡次发现问题", "Repeated problem"


class WarningLevel(Term):
    """预警等级."""

    ORDINARY = "ordinary", "一般", "Ordinary"
    RAISED = "raised", "较重", "Raised"
    SEVERE = "severe", "严重", "Severe"


class WarningState(Term):
    """预警状态: 发现 → 研判 → 上报／处置 → 解除 (art. 11)."""

    FOUND = "found", "已发现", "Found"
    ASSESSED = "assessed", "已研判", "Assessed"
    REPORTED = "reported", "已上报", "Reported"
    HANDLED = "handled", "处置中", "Being handled"
    LIFTED = "lifted", "已解除", "Lifted"


class ProposalState(Term):
    """比例调整建议 for next year's plan: only a proposal until the planner decides."""

    OPEN = "open", "待决定", "Open"
    ADOPTED = "adopted", "已采纳", "Adopted"
    DECLINED = "declined", "未采纳", "Declined"
