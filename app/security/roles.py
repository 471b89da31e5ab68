"""The one allow-table: which role holds which powers on which pages.

What is not granted here is refused. `flask init` sets the roles in the database to exactly this
table; a role changed by hand is set back. FAB's own role Admin exists for the first start only and
is given to nobody: whoever keeps the accounts holds no power over a draw (separation of duties).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.security.manager import AppSecurityManager

ADMINISTRATOR: Final = "系统管理员"
ROSTER_CLERK: Final = "名录库管理员"
PLANNER: Final = "抽查组织人"
APPROVER: Final = "审批人"
INSPECTOR: Final = "执法检查人员"
LEADING_GROUP: Final = "领导小组"
AUDITOR: Final = "审计员"

POWERS: Final = frozenset(
    {
        "read",
        "write",
        "freeze",
        "seed",
        "draw",
        "match",
        "disclose",
        "approve",
        "file",
        "review",
        "record",
        "import",
        "export",
        "void",
        "witness",
        "assign",
    }
)

READ: Final = frozenset({"read"})
KEEP: Final = frozenset({"read", "write"})


def _reading(views: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(views.split(), READ)


def _keeping(views: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(views.split(), KEEP)


_EVERYONE: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("Home", "Search"), READ),
    **dict.fromkeys(("Account", "Job"), KEEP),
    "SavedFilter": frozenset({"write"}),
}

# Registers with personal or internal data stand apart from those that any role of the bureau may read.
_CODES: Final = _reading("Agency Region Industry Holiday TargetCategory Expertise InspectionItem")
_ROSTERS: Final = _reading(
    "Enterprise Listing Complaint Inspector EnforcementCertificate Recusal ImportBatch RosterSource"
)
_CYCLE: Final = _reading("InspectionPlan InspectionTask Visit ItemFinding Disclosure LogEntry")
_AFTER: Final = _reading(
    "RectificationOrder CaseTransfer AgencyNotice Objection CreditRecord CreditMeasure PenaltyCase Clock"
)
_BEFORE_ENTRY: Final = _reading(
    "VisitApproval VisitNotice TriggeredCheck SpecialInspection EnterpriseEntry FrequencyCap"
)
_CONDUCT: Final = _reading("GroupMeeting GroupTask TrainingSession PublicityActivity")
_REPORTS: Final[dict[str, frozenset[str]]] = {
    "Report": frozenset({"read", "export"}),
    **_reading("ReportLayout DeclaredFigure"),
}

GRANTS: Final[dict[str, dict[str, frozenset[str]]]] = {
    ADMINISTRATOR: {
        **_EVERYONE,
        "DocumentTemplate": KEEP,
        "ReportLayout": KEEP,
        **_keeping("User Agency Post Region Expertise AgencyKey"),
        "Holiday": frozenset({"read", "write", "import"}),
        **_reading("Role Industry TargetCategory JobLedger"),
        "Outbox": KEEP,
    },
    ROSTER_CLERK: {
        **_EVERYONE,
        **_CODES,
        **_CONDUCT,
        **_keeping("InspectionItem TargetCategory Expertise Enterprise Listing Complaint"),
        "Enterprise": KEEP | {"export"},
        **_keeping("Inspector EnforcementCertificate Recusal CreditMeasure"),
        **_keeping("RosterSource"),
        "ImportBatch": frozenset({"read", "import"}),
    },
    PLANNER: {
        **_EVERYONE,
        "Document": KEEP,
        "DocumentTemplate": KEEP,
        "Exchange": frozenset({"read", "import", "export"}),
        "JointPlan": frozenset({"read", "write", "approve"}),
        "Outbox": KEEP,
        "Archive": frozenset({"read", "file", "export"}),
        **_CODES,
        **_ROSTERS,
        "Enterprise": READ | {"export"},
        **_CYCLE,
        **_AFTER,
        **_keeping("VisitApproval TriggeredCheck SpecialInspection EnterpriseEntry FrequencyCap"),
        "VisitNotice": frozenset({"read", "record"}),
        **_REPORTS,
        "Report": frozenset({"read", "export", "file"}),
        **_keeping("ReportLayout DeclaredFigure"),
        **_keeping("GroupMeeting GroupTask TrainingSession PublicityActivity"),
        **_keeping("CaseTransfer AgencyNotice Objection"),
        "CreditRecord": frozenset({"read", "export"}),
        "Delivery": frozenset({"write"}),
        "InspectionItem": frozenset({"read", "disclose"}),
        "InspectionPlan": frozenset({"read", "write", "file", "disclose"}),
        "InspectionTask": frozenset(
            {"read", "write", "freeze", "seed", "draw", "match", "disclose", "void", "export"}
        ),
        "Matching": frozenset({"read", "match", "assign"}),
        "RiskWarning": KEEP,
    },
    APPROVER: {
        **_EVERYONE,
        "Document": frozenset({"read", "write", "void"}),
        "JointPlan": frozenset({"read", "write", "approve"}),
        "Outbox": READ,
        "Archive": frozenset({"read", "file", "export"}),
        "DocumentTemplate": READ,
        **_CODES,
        **_ROSTERS,
        **_CYCLE,
        **_AFTER,
        **_BEFORE_ENTRY,
        **_reading("Dashboard"),
        "VisitApproval": frozenset({"read", "approve"}),
        "RiskWarning": KEEP | {"approve", "assign"},
        **_REPORTS,
        "DeclaredFigure": KEEP,
        **_CONDUCT,
        **_keeping("RectificationOrder AgencyNotice PenaltyCase CreditRecord"),
        "CaseTransfer": frozenset({"read", "write", "approve"}),
        "Objection": frozenset({"read", "write", "review"}),
        "Delivery": frozenset({"write"}),
        "InspectionItem": frozenset({"read", "approve"}),
        "InspectionPlan": frozenset({"read", "approve"}),
        "InspectionTask": frozenset({"read", "witness"}),
        "Matching": frozenset({"read", "assign"}),
        "ItemFinding": frozenset({"read", "review", "disclose"}),
        "Disclosure": frozenset({"read", "void"}),
    },
    INSPECTOR: {
        **_EVERYONE,
        "Document": KEEP,
        "InspectionItem": READ,
        "VisitApproval": frozenset({"read", "record"}),
        "VisitNotice": frozenset({"read", "record"}),
        "Visit": frozenset({"read", "record"}),
        **_keeping("RectificationOrder CaseTransfer AgencyNotice"),
        "Delivery": frozenset({"write"}),
    },
    LEADING_GROUP: {
        **_EVERYONE,
        **_reading("InspectionItem InspectionPlan InspectionTask Matching Disclosure LogEntry Clock"),
        **_reading("VisitApproval SpecialInspection FrequencyCap JointPlan Outbox Dashboard RiskWarning"),
        **_CONDUCT,
        **_REPORTS,
    },
    AUDITOR: {
        **_EVERYONE,
        "Document": READ,
        "Archive": frozenset({"read", "export"}),
        "DocumentTemplate": READ,
        **_reading("Exchange AgencyKey JointPlan Outbox"),
        **_CODES,
        **_ROSTERS,
        "Enterprise": READ | {"export"},
        **_CYCLE,
        **_AFTER,
        **_BEFORE_ENTRY,
        **_CONDUCT,
        **_REPORTS,
        **_reading("User Role Post AuditEvent Matching Dashboard RiskWarning"),
        "InspectionTask": frozenset({"read", "witness", "export"}),
    },
}


def sync_roles(manager: AppSecurityManager) -> None:
    """Give every role exactly the permissions of the table, creating roles that are missing."""
    for name, views in GRANTS.items():
        role = manager.find_role(name) or manager.add_role(name)
        role.permissions = [
            manager.add_permission_view_menu(f"can_{power}", view)
            for view, powers in sorted(views.items())
            for power in sorted(powers)
        ]
    manager.session.commit()


def may(role: str, power: str, view: str) -> bool:
    """Whether the table gives `role` this power on this view."""
    return power in GRANTS.get(role, {}).get(view, frozenset())
