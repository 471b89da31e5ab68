"""Every enumeration of the field, each member with its Chinese label and an English one.

The code and the database hold the value, a page shows the label, nobody compares label text.
One file a concern; this package gives them all.
"""

from app.domain.vocabulary.documents import (
    DocumentKind,
    DocumentState,
    RetentionClass,
)
from app.domain.vocabulary.draws import (
    DrawForm,
    DrawState,
    ExclusionReason,
    LogKind,
    PlanState,
    Scope,
    Stratification,
    TaskState,
)
from app.domain.vocabulary.entry import (
    TRIGGERS,
    ApprovalState,
    DeliveryWay,
    EntryKind,
    MergeDecision,
    ScanKind,
    SpecialApprover,
    SpecialOrigin,
    SpecialState,
    TaskKind,
    TaskSource,
)
from app.domain.vocabulary.evidence import (
    EvidenceKind,
    MediaKind,
    SignerRole,
)
from app.domain.vocabulary.items import (
    CheckMethod,
    ItemCategory,
    VersionState,
)
from app.domain.vocabulary.jobs import (
    JobKind,
    JobState,
)
from app.domain.vocabulary.risk import (
    ProposalState,
    RiskDimension,
    WarningKind,
    WarningLevel,
    WarningState,
)
from app.domain.vocabulary.rosters import (
    AgencyLevel,
    CertificateKind,
    EntityKind,
    EntityStatus,
    IdentifierKind,
    ImportKind,
    InspectorStatus,
    ListType,
    MembershipSource,
    RecusalKind,
    RecusalState,
    RiskClass,
    RosterField,
    StaffKind,
)
from app.domain.vocabulary.term import (
    Term,
)
from app.domain.vocabulary.visits import (
    EXCLUSIVE_RESULTS,
    PROBLEM_RESULTS,
    VIOLATION_RESULTS,
    DisclosureKind,
    Disposal,
    FindingState,
    PointOutcome,
    ResultCode,
    VisitState,
)

__all__ = [
    "EXCLUSIVE_RESULTS",
    "PROBLEM_RESULTS",
    "TRIGGERS",
    "VIOLATION_RESULTS",
    "AgencyLevel",
    "ApprovalState",
    "CertificateKind",
    "CheckMethod",
    "DeliveryWay",
    "DisclosureKind",
    "Disposal",
    "DocumentKind",
    "DocumentState",
    "DrawForm",
    "DrawState",
    "EntityKind",
    "EntityStatus",
    "EntryKind",
    "EvidenceKind",
    "ExclusionReason",
    "FindingState",
    "IdentifierKind",
    "ImportKind",
    "InspectorStatus",
    "ItemCategory",
    "JobKind",
    "JobState",
    "ListType",
    "LogKind",
    "MediaKind",
    "MembershipSource",
    "MergeDecision",
    "PlanState",
    "PointOutcome",
    "ProposalState",
    "RecusalKind",
    "RecusalState",
    "ResultCode",
    "RetentionClass",
    "RiskClass",
    "RiskDimension",
    "RosterField",
    "ScanKind",
    "Scope",
    "SignerRole",
    "SpecialApprover",
    "SpecialOrigin",
    "SpecialState",
    "StaffKind",
    "Stratification",
    "TaskKind",
    "TaskSource",
    "TaskState",
    "Term",
    "VersionState",
    "VisitState",
    "WarningKind",
    "WarningLevel",
    "WarningState",
]
