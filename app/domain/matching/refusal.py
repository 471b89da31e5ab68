"""The names of the reasons for which a person may not inspect a target."""

from __future__ import annotations

from app.domain.vocabulary import Term


class Refusal(Term):
    """不得参加检查的原因 (R15, R16, R18, R43); members stand in the order in which they are reported."""

    NO_CERTIFICATE = "no_certificate", "无行政执法证", "No enforcement certificate"
    CERTIFICATE_EXPIRED = (
        "certificate_expired",
        "行政执法证在检查日已过期",
        "Certificate expired by the visit",
    )
    CERTIFICATE_NOT_YET_VALID = (
        "certificate_not_yet_valid",
        "行政执法证在检查日尚未生效",
        "Certificate not yet valid on the visit date",
    )
    WRONG_AREA = "wrong_area", "执法区域不含检查对象所在地", "Certificate does not cover the area"
    WRONG_TYPE = "wrong_type", "执法证类别不符", "Certificate of the wrong type"
    SUSPENDED = "suspended", "执法资格暂停或证件暂扣", "Suspended"
    ON_LEAVE = "on_leave", "请假", "On leave"
    LEFT_SERVICE = "left_service", "已调离", "Left the service"
    NOT_AN_INSPECTOR = "not_an_inspector", "非执法人员，不计入两人", "Not an inspector, never counts"
    LACKS_EXPERTISE = "lacks_expertise", "不具备所需业务专长", "Lacks the required expertise"
    RECUSED_RELATION = "recused_relation", "有登记的利害关系，应当回避", "Recused: registered relation"
    RECUSED_OWN_ENTERPRISE = (
        "recused_own_enterprise",
        "本人或近亲属的企业，应当回避",
        "Recused: own enterprise",
    )
    RECUSED_GRANTED = "recused_granted", "回避申请已获准", "Recused: applied for and granted"
    INSPECTED_LAST_TIME = "inspected_last_time", "上次已检查该对象", "Inspected this target last time"
    WRONG_AGENCY = "wrong_agency", "不属于本检查部门", "Belongs to another agency"
