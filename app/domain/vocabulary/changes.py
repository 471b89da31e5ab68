"""Words of the history of records."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class ChangeEvent(Term):
    """What happened to a record of a register."""

    ADDED = "added", "新增", "Added"
    CHANGED = "changed", "变更", "Changed"
    REMOVED = "removed", "移出", "Removed"


class LifeKind(Term):
    """What an event in the life of an enterprise is about."""

    REGISTRATION = "registration", "登记", "Registration"
    STANDING = "standing", "名单与投诉", "Listings and complaints"
    CATEGORY = "category", "分类与许可", "Categories and licences"
    DRAW = "draw", "抽取", "Draw"
    VISIT = "visit", "检查", "Inspection"
    RESULT = "result", "结果与公示", "Results and disclosure"


class StatusStep(Term):
    """What follows from a change of registration status in an open task (R12, R33)."""

    REPLACE = "replace", "匹配前由备选依次补位", "The next reserve takes the place before the match"
    RECORD_RESULT = "record", "按登记状态记录检查结果，不剔除", "Record the status as the result"
    SERVICE_ADDRESS = "service", "歇业：按法律文书送达地址联系", "Dormant: use the address for service"
