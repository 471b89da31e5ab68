"""Words of documents (文书) and the archive (档案)."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class DocumentKind(Term):
    """文书 that the procedure calls for; `mark` is the word of the kind in a document number."""

    APPROVAL = "approval", "行政检查审批表", "Approval form"
    NOTICE = "notice", "行政检查通知书", "Inspection notice"
    RECORD = "record", "现场检查记录（一企一表）", "On-site record"
    RESULT = "result", "行政检查结果告知书", "Notice of results"
    RECTIFICATION = "rectification", "责令改正通知书", "Rectification order"
    AGENCY_NOTICE = "agency_notice", "抄告函", "Letter to another agency"
    TRANSFER = "transfer", "案件移送书", "Case transfer"
    DELIVERY = "delivery", "送达回证", "Proof of delivery"
    COVER = "cover", "案卷封面", "File cover"
    INDEX = "index", "卷内目录", "File index"
    FILE_NOTE = "file_note", "卷内备考表", "File note"

    @property
    def mark(self) -> str:
        """The word of this kind in a document number, as 检通 in 长商检通〔2026〕12号."""
        return _MARKS[self]


_MARKS = {
    DocumentKind.APPROVAL: "检审",
    DocumentKind.NOTICE: "检通",
    DocumentKind.RECORD: "检录",
    DocumentKind.RESULT: "检告",
    DocumentKind.RECTIFICATION: "责改",
    DocumentKind.AGENCY_NOTICE: "抄告",
    DocumentKind.TRANSFER: "移送",
    DocumentKind.DELIVERY: "送证",
    DocumentKind.COVER: "卷封",
    DocumentKind.INDEX: "卷目",
    DocumentKind.FILE_NOTE: "卷备",
}


class DocumentState(Term):
    """Whether an issued document still stands; its paper never changes."""

    STANDING = "standing", "有效", "Standing"
    REPLACED = "replaced", "已被替代", "Replaced"
    VOID = "void", "已作废", "Void"


class RetentionClass(Term):
    """保管期限 of an archived file (R83)."""

    PERMANENT = "permanent", "永久", "Permanent"
    THIRTY_YEARS = "30", "30年", "30 years"
    TEN_YEARS = "10", "10年", "10 years"
