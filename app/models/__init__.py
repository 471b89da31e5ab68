"""Columns, relations and constraints; one file a concept. Importing this package registers every table."""

from app.models.agency import (
    Agency,
    Post,
)
from app.models.approval import (
    NoticeDelivery,
    UrgentReport,
    VisitApproval,
    VisitFiling,
    VisitNotice,
    VisitScan,
)
from app.models.conduct import (
    GroupMeeting,
    GroupTask,
    PublicityActivity,
    TrainingSession,
)
from app.models.credit import (
    CreditMeasure,
    CreditRecord,
    CreditSanction,
)
from app.models.document import (
    ArchiveFile,
    DocumentTemplate,
    DocumentVoid,
    IssuedDocument,
)
from app.models.draw import (
    Draw,
    DrawnTarget,
    DrawQuota,
    DrawSeed,
    DrawStep,
    LogEntry,
    TargetReplacement,
)
from app.models.enterprise import (
    CategoryMembership,
    Complaint,
    Enterprise,
    EnterpriseLicence,
    Listing,
    TargetCategory,
)
from app.models.entry import (
    AreaAssistance,
    EnterpriseEntry,
    FrequencyCap,
)
from app.models.evidence import (
    Attachment,
    EvidenceHold,
    HoldDecision,
    Signature,
    VisitEntry,
)
from app.models.exchange import (
    AgencyKey,
    CallReceipt,
    ExchangeIntake,
)
from app.models.figures import (
    FigureCount,
    FigureDeadline,
    FigureRefresh,
    FigureRow,
    FigureSheet,
)
from app.models.follow_up import (
    AddressLetter,
    AgencyNotice,
    CaseTransfer,
    RectificationOrder,
    RectificationStep,
    TransferOfficer,
    TransferStep,
)
from app.models.import_profile import (
    ImportProfile,
    ImportUpload,
)
from app.models.inspector import (
    EnforcementCertificate,
    Expertise,
    Inspector,
    Recusal,
)
from app.models.item import (
    CheckPoint,
    InspectionItem,
    ItemVersion,
    LegalBasis,
)
from app.models.job import (
    Job,
)
from app.models.joint import (
    JointAnswer,
    JointItem,
    JointLine,
    JointMember,
    LineOffer,
    OfferItem,
)
from app.models.joint_task import (
    PartReply,
    TaskPart,
    VisitConfirmation,
)
from app.models.matching import (
    Matching,
    Substitution,
)
from app.models.number_series import (
    NumberSeries,
)
from app.models.objection import (
    Delivery,
    Escalation,
    Objection,
    Withdrawal,
)
from app.models.outbox import (
    OutboxMessage,
    OutboxTry,
)
from app.models.penalty import (
    LeniencyDecision,
    PenaltyCase,
)
from app.models.place import (
    Industry,
    Region,
)
from app.models.plan import (
    InspectionPlan,
    PlanLine,
    PlanLineItem,
)
from app.models.record import (
    AuditEvent,
    ChainHead,
    Disclosure,
    Holiday,
    HolidayNotice,
    ImportBatch,
    StoredChunk,
    StoredFile,
)
from app.models.record_change import (
    RecordChange,
)
from app.models.report import (
    DeclaredFigure,
    ReportedPeriod,
    ReportLayout,
)
from app.models.risk import (
    RatioProposal,
    RiskResponse,
    RiskRun,
    RiskWarning,
    RiskWarningStep,
)
from app.models.roster_source import (
    EnterpriseChange,
    RosterSource,
    SourceClaim,
    SourceDissent,
    SourceRank,
)
from app.models.saved_filter import (
    SavedFilter,
)
from app.models.search import (
    EnterpriseSearch,
)
from app.models.special import (
    SpecialInspection,
    SpecialTarget,
)
from app.models.task import (
    InspectionTask,
    TaskItem,
    TaskTrigger,
)
from app.models.visit import (
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    ItemFinding,
    PointResult,
    Visit,
    VisitMember,
)

__all__ = [
    "AddressLetter",
    "Agency",
    "AgencyKey",
    "AgencyNotice",
    "ArchiveFile",
    "AreaAssistance",
    "Attachment",
    "AuditEvent",
    "CallReceipt",
    "CaseTransfer",
    "CategoryMembership",
    "ChainHead",
    "CheckPoint",
    "Complaint",
    "CreditMeasure",
    "CreditRecord",
    "CreditSanction",
    "DeclaredFigure",
    "Delivery",
    "Disclosure",
    "DocumentTemplate",
    "DocumentVoid",
    "Draw",
    "DrawQuota",
    "DrawSeed",
    "DrawStep",
    "DrawnTarget",
    "EnforcementCertificate",
    "Enterprise",
    "EnterpriseChange",
    "EnterpriseEntry",
    "EnterpriseLicence",
    "EnterpriseSearch",
    "Escalation",
    "EvidenceHold",
    "ExchangeIntake",
    "Expertise",
    "FigureCount",
    "FigureDeadline",
    "FigureRefresh",
    "FigureRow",
    "FigureSheet",
    "FindingDisposal",
    "FindingMethod",
    "FindingRecord",
    "FindingResult",
    "FrequencyCap",
    "GroupMeeting",
    "GroupTask",
    "HoldDecision",
    "Holiday",
    "HolidayNotice",
    "ImportBatch",
    "ImportProfile",
    "ImportUpload",
    "Industry",
    "InspectionItem",
    "InspectionPlan",
    "InspectionTask",
    "Inspector",
    "IssuedDocument",
    "ItemFinding",
    "ItemVersion",
    "Job",
    "JointAnswer",
    "JointItem",
    "JointLine",
    "JointMember",
    "LegalBasis",
    "LeniencyDecision",
    "LineOffer",
    "Listing",
    "LogEntry",
    "Matching",
    "NoticeDelivery",
    "NumberSeries",
    "Objection",
    "OfferItem",
    "OutboxMessage",
    "OutboxTry",
    "PartReply",
    "PenaltyCase",
    "PlanLine",
    "PlanLineItem",
    "PointResult",
    "Post",
    "PublicityActivity",
    "RatioProposal",
    "RecordChange",
    "RectificationOrder",
    "RectificationStep",
    "Recusal",
    "Region",
    "ReportLayout",
    "ReportedPeriod",
    "RiskResponse",
    "RiskRun",
    "RiskWarning",
    "RiskWarningStep",
    "RosterSource",
    "SavedFilter",
    "Signature",
    "SourceClaim",
    "SourceDissent",
    "SourceRank",
    "SpecialInspection",
    "SpecialTarget",
    "StoredChunk",
    "StoredFile",
    "Substitution",
    "TargetCategory",
    "TargetReplacement",
    "TaskItem",
    "TaskPart",
    "TaskTrigger",
    "TrainingSession",
    "TransferOfficer",
    "TransferStep",
    "UrgentReport",
    "Visit",
    "VisitApproval",
    "VisitConfirmation",
    "VisitEntry",
    "VisitFiling",
    "VisitMember",
    "VisitNotice",
    "VisitScan",
    "Withdrawal",
]
