"""Words of the list of inspection items."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


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
