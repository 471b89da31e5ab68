"""Words of the rosters: enterprises, inspectors, agencies, how they are loaded."""

from __future__ import annotations

from app.domain.vocabulary.term import Term


class EntityKind(Term):
    """主体类别: what sort of market entity a target is (R14)."""

    COMPANY = "company", "企业", "Company"
    INDIVIDUAL = "individual", "个体工商户", "Individual household business"
    COOPERATIVE = "cooperative", "农民专业合作社", "Farmers' cooperative"
    OFFICE = "office", "外国企业常驻代表机构", "Representative office"
    OTHER = "other", "其他", "Other"


class EntityStatus(Term):
    """登记状态 (R12): only EXISTING, DORMANT and CLOSING entities can be drawn."""

    EXISTING = "existing", "存续", "In operation"
    DORMANT = "dormant", "歇业", "Dormant"
    CLOSING = "closing", "停业清算", "Closing or in liquidation"
    LICENCE_REVOKED = "licence_revoked", "吊销未注销", "Licence revoked"
    DEREGISTERED = "deregistered", "注销", "Deregistered"
    RESCINDED = "rescinded", "撤销登记", "Registration rescinded"
    MOVED_OUT = "moved_out", "迁出", "Moved out"
    UNKNOWN = "unknown", "未注明", "Not stated"


class RiskClass(Term):
    """信用风险分类 A–D: internal reference, never published (R28, R29)."""

    A = "A", "A 低", "A low"
    B = "B", "B 一般", "B ordinary"
    C = "C", "C 较高", "C raised"
    D = "D", "D 高", "D high"


class ListType(Term):
    """名单类型: the lists and complaints that raise a target's ratio (art. 5, R30)."""

    ABNORMAL_OPERATIONS = "abnormal", "经营异常名录", "Abnormal operations"
    SERIOUSLY_DISHONEST = "dishonest", "严重违法失信名单", "Seriously dishonest"


class IdentifierKind(Term):
    """Which number identifies an enterprise: the unified code, or a legacy one (R10)."""

    UNIFIED = "unified", "统一社会信用代码", "Unified social credit code"
    REGISTRATION = "registration", "注册号（15 位）", "Registration number (15 digits)"
    LEGACY = "legacy", "旧注册号（13 位）", "Legacy number (13 digits)"


class InspectorStatus(Term):
    """在岗状态 of a person on the roster of inspectors (R15)."""

    ACTIVE = "active", "在岗", "Active"
    ON_LEAVE = "on_leave", "请假", "On leave"
    SUSPENDED = "suspended", "暂停执法", "Suspended"
    LEFT = "left", "已调离", "Left"


class StaffKind(Term):
    """人员类别: assistants and experts never count towards the two inspectors (R15, R17)."""

    INSPECTOR = "inspector", "执法人员", "Inspector"
    ASSISTANT = "assistant", "辅助人员", "Assistant"
    EXPERT = "expert", "专家", "Expert"


class CertificateKind(Term):
    """证件类型 of an administrative law-enforcement certificate (行政执法证)."""

    PROVINCIAL = "provincial", "省级行政执法证", "Provincial certificate"
    NATIONAL = "national", "国家部委执法证", "Ministry certificate"


class RecusalKind(Term):
    """回避事由 (R18)."""

    RELATION = "relation", "登记的利害关系", "Registered relation"
    OWN_ENTERPRISE = "own", "本人或近亲属的企业", "Own enterprise"
    APPLIED = "applied", "申请回避获准", "Applied for and granted"


class RecusalState(Term):
    """回避申请状态: work does not stop before the decision (R18)."""

    REQUESTED = "requested", "待决定", "Awaiting decision"
    GRANTED = "granted", "已获准", "Granted"
    REFUSED = "refused", "未获准", "Refused"


class AgencyLevel(Term):
    """层级 of an agency (R7)."""

    PROVINCE = "province", "省级", "Province"
    CITY = "city", "市级", "City"
    DISTRICT = "district", "区县级", "District"


class MembershipSource(Term):
    """How an enterprise came into a target category; a guess is never a fact."""

    FILE = "file", "名录文件", "Roster file"
    RULE = "rule", "规则", "Rule"
    MANUAL = "manual", "人工", "By hand"
    GUESS = "guess", "推断", "Guess"


class ImportKind(Term):
    """The rosters that a file can be loaded into."""

    ENTERPRISES = "enterprises", "检查对象", "Enterprises"
    INSPECTORS = "inspectors", "执法检查人员", "Inspectors"
    ITEMS = "items", "抽查事项清单", "Inspection items"
    LISTINGS = "listings", "名单与投诉", "Listings and complaints"


class RosterField(Term):
    """What a source can say about an enterprise (R13): each field has its own order of precedence.

    PRESENCE and CATEGORY occur in the history of changes only.
    """

    NAME = "name", "名称", "Name"
    STATUS = "status", "登记状态", "Registration status"
    ADDRESS = "address", "住所", "Address"
    KIND = "kind", "主体类别", "Kind of entity"
    ENTITY_TYPE = "entity_type", "企业类型", "Type of enterprise"
    ESTABLISHED_ON = "established_on", "成立日期", "Established on"
    REGISTRATION_AUTHORITY = "registration_authority", "登记机关", "Registration authority"
    TERRITORY = "territory_code", "属地", "Territory"
    FUNCTIONAL_ZONE = "functional_zone", "功能区", "Functional zone"
    INDUSTRY = "industry_code", "行业", "Industry"
    BUSINESS_SCOPE = "business_scope", "经营范围", "Business scope"
    RISK_CLASS = "risk_class", "信用风险等级", "Credit risk class"
    JURISDICTION = "in_jurisdiction", "是否本市管辖", "Within jurisdiction"
    CATEGORY = "category", "分类名录", "Target category"
    PRESENCE = "presence", "在来源中", "Present in the source"
