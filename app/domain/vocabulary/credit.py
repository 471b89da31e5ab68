"""Words of the credit record (art. 9)."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class Severity(Term):
    """失信程度: how long a finding may stay in public follows from it (R59)."""

    MINOR = "QW", "轻微", "Minor"
    ORDINARY = "YB", "一般", "Ordinary"
    SERIOUS = "YZ", "严重", "Serious"


class CreditState(Term):
    """How an entry of the credit record stands."""

    CURRENT = "current", "有效", "Current"
    RESTORED = "restored", "已修复", "Restored"
    EXPIRED = "expired", "已满期", "Expired"
    REPLACED = "replaced", "已更正", "Corrected"
    WITHDRAWN = "withdrawn", "已撤下", "Withdrawn"


class MeasureKind(Term):
    """Joint punishment of the untrustworthy, joint incentive for the trustworthy (art. 9)."""

    PUNISHMENT = "punishment", "失信惩戒", "Punishment"
    INCENTIVE = "incentive", "守信激励", "Incentive"
