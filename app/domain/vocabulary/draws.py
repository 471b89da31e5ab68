"""Words of plans, tasks and draws."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


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
    """抽查任务 from draft to archive; one without a draw begins READY (R34)."""

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
    READY = "ready", "待检查", "Ready for inspection"


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
