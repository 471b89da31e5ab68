"""Words of the work that runs in the background."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class JobKind(Term):
    """后台工作的种类: what a job does."""

    FREEZE = "freeze", "封存名单", "Freeze the roster"
    DRAW = "draw", "抽取对象", "Draw targets"
    MATCH = "match", "匹配人员", "Match inspectors"
    IMPORT = "import", "导入名录", "Import a roster"
    EXPORT = "export", "导出", "Export"
    DOCUMENTS = "documents", "批量制作文书", "Issue documents"
    ARCHIVE = "archive", "批量立卷归档", "File visits"
    OUTBOX = "outbox", "发送通知", "Send messages"
    RISK = "risk", "风险分析", "Analyse risks"
    REPORT = "report", "导出报表", "Export a report"
    TRACE = "trace", "导出全过程记录", "Export everything on one enterprise"


class JobState(Term):
    """后台工作的状态."""

    QUEUED = "queued", "等待中", "Waiting"
    RUNNING = "running", "进行中", "Running"
    DONE = "done", "已完成", "Done"
    FAILED = "failed", "未完成", "Failed"
    CANCELLED = "cancelled", "已取消", "Cancelled"
