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

_EVERYONE: Final[dict[str, frozenset[str]]] = {"Home": READ, "Search": READ, "Account": KEEP}

GRANTS: Final[dict[str, dict[str, frozenset[str]]]] = {
    ADMINISTRATOR: {
        **_EVERYONE,
        "User": KEEP,
        "Role": READ,
    },
    ROSTER_CLERK: {**_EVERYONE},
    PLANNER: {**_EVERYONE},
    APPROVER: {**_EVERYONE},
    INSPECTOR: {**_EVERYONE},
    LEADING_GROUP: {**_EVERYONE},
    AUDITOR: {**_EVERYONE, "User": READ, "Role": READ},
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
