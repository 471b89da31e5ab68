"""Sample accounts: one for every role, one for every inspector; invented people all of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.vocabulary import InspectorStatus, StaffKind
from app.models import Agency, Inspector, Post
from app.security import roles
from app.services.transaction import transaction

PASSWORD = "Sample-2026-only"


@dataclass(frozen=True, slots=True)
class Account:
    """A sample account and the role it shows."""

    username: str
    name: str
    role: str


ACCOUNTS = (
    Account("admin", "系统管理", roles.ADMINISTRATOR),
    Account("clerk", "名录管理", roles.ROSTER_CLERK),
    Account("planner", "抽查组织", roles.PLANNER),
    Account("approver", "审批负责", roles.APPROVER),
    Account("leader", "领导小组", roles.LEADING_GROUP),
    Account("auditor", "审计监督", roles.AUDITOR),
)


def make_accounts() -> dict[str, User]:
    """Create the accounts of ACCOUNTS, a reviewer for each other agency and all inspectors; by user name."""
    with transaction() as session:
        agencies = list(session.scalars(select(Agency).order_by(Agency.code)))
        bureau = next(agency for agency in agencies if agency.is_bureau)
        bureau.contact, bureau.phone, bureau.oversight_phone = "市场秩序科", "0431-85550000", "0431-12345"
        users = {account.username: _user(account, bureau.id) for account in ACCOUNTS}
        for agency in agencies:
            if not agency.is_bureau:
                reviewer = Account(reviewer_of(agency.code), f"{agency.short_name}审核", roles.APPROVER)
                users[reviewer.username] = _user(reviewer, agency.id)
        for person in session.scalars(select(Inspector).order_by(Inspector.staff_no)):
            if person.kind == StaffKind.INSPECTOR and person.status != InspectorStatus.LEFT:
                account = Account(person.staff_no.lower(), person.name, roles.INSPECTOR)
                users[account.username] = _user(account, person.agency_id)
                person.user_id = users[account.username].id
        return users


def reviewer_of(agency_code: str) -> str:
    """User name of the person who reviews for an agency other than the bureau."""
    return f"review-{agency_code.lower()}"


def _user(account: Account, agency_id: int) -> User:
    manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
    found = manager.find_user(username=account.username) or manager.add_user(
        account.username,
        account.name[1:] or account.name,
        account.name[:1],
        f"{account.username}@example.invalid",
        manager.find_role(account.role),
        password=PASSWORD,
    )
    session = manager.session
    if session.scalar(select(Post).where(Post.user_id == found.id)) is None:
        session.add(Post(user_id=found.id, agency_id=agency_id))
        session.flush()
    return found
