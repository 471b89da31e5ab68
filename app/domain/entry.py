"""Before an entry (R35, R38, R40-R43): what an application must say, and why an entry is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.errors import DomainError
from app.domain.matching.eligibility import area_covers
from app.domain.vocabulary import MergeDecision


class NotApproved(DomainError):
    """No entry and no record without the approval of the head of the body (R35)."""

    code = "not_approved"


class EntryNotApproved(DomainError):
    """The head approved a check without an entry; an on-site check needs its own approval (R35, R38)."""

    code = "entry_not_approved"


class OwnApproval(DomainError):
    """Whoever applies does not approve (R35)."""

    code = "own_approval"


class NotYourBody(DomainError):
    """Only the head of the enforcing body itself approves its checks (R35)."""

    code = "not_your_body"


class AppliedAlready(DomainError):
    """The items of the visit have an approval, or one has been applied for."""

    code = "applied_already"


class MergeUndecided(DomainError):
    """Other visits to the same enterprise are open: merge, or say why not (R38)."""

    code = "merge_undecided"


class MergeReasonMissing(DomainError):
    """Keeping visits separate needs a reason (R38)."""

    code = "merge_reason_missing"


class NotMergeable(DomainError):
    """The other visit is not open, not at this enterprise, or has no day in common with this one."""

    code = "not_mergeable"


class OnSiteReasonMissing(DomainError):
    """The item can be checked without an entry; choosing an entry needs a reason (R38)."""

    code = "on_site_reason_missing"


class OffSiteNotPossible(DomainError):
    """The item can only be checked on site."""

    code = "off_site_not_possible"


class TeamTooSmall(DomainError):
    """Fewer than two inspectors of the body stand in the team (R17)."""

    code = "team_too_small"


class OutOfArea(DomainError):
    """The place lies outside the body's area; the local body has to be asked for assistance first (R43)."""

    code = "out_of_area"


class UrgentReasonMissing(DomainError):
    """An urgent check is reported with its reason and to whom (R35)."""

    code = "urgent_reason_missing"


class FormalitiesOpen(DomainError):
    """The formalities of an urgent check are completed before its results are reviewed (R35)."""

    code = "formalities_open"


class Checkable(Protocol):
    """What the choice of the method asks of an item version."""

    name: str
    off_site_possible: bool


@dataclass(frozen=True, slots=True)
class Application:
    """What the applicant says (行政检查审批表): method, scheme, opinion, and the decision on other open visits.

    `unannounced_basis` names the law or reason that allows an unannounced visit; empty when announced (R42).
    `merge_with` is the other visit when `merge` is MERGED.
    """

    is_on_site: bool = True
    on_site_reason: str = ""
    scheme: str = ""
    opinion: str = ""
    assistants: str = ""
    assistant_count: int = 0
    unannounced_basis: str = ""
    merge: MergeDecision | None = None
    merge_reason: str = ""
    merge_with: int | None = None


def require_method(application: Application, versions: Sequence[Checkable]) -> None:
    """Off-site first (R38). Raises OnSiteReasonMissing, OffSiteNotPossible."""
    for version in versions:
        if not application.is_on_site and not version.off_site_possible:
            raise OffSiteNotPossible(item=version.name)
        if application.is_on_site and version.off_site_possible and not application.on_site_reason.strip():
            raise OnSiteReasonMissing(item=version.name)


def require_merge_decision(application: Application, others: Sequence[str]) -> MergeDecision:
    """The decision about the other open visits (R38). Raises MergeUndecided, MergeReasonMissing."""
    if not others:
        return MergeDecision.NONE_OPEN
    if application.merge not in (MergeDecision.MERGED, MergeDecision.SEPARATE):
        raise MergeUndecided(others="、".join(others))
    if application.merge == MergeDecision.SEPARATE and not application.merge_reason.strip():
        raise MergeReasonMissing(others="、".join(others))
    return application.merge


def is_inside(area: str | None, territory: str | None, in_jurisdiction: bool) -> bool:
    """True when a place lies in the area of a body; a place that is not known is taken as inside (R43)."""
    if not in_jurisdiction:
        return False
    return area is None or not territory or area_covers(area, territory)


class NotFiled(DomainError):
    """The check is filed on the supervision platform before it is scanned (R40)."""

    code = "not_filed"


class FiledAlready(DomainError):
    """A check is filed once (R40)."""

    code = "filed_already"


class NotScanned(DomainError):
    """The checklist opens after the filing was scanned on entry (R40)."""

    code = "not_scanned"


class ScanInFuture(DomainError):
    """A scan cannot lie in the future."""

    code = "scan_in_future"


class DeviceMissing(DomainError):
    """A scan names its device, an outage what failed (R40)."""

    code = "device_missing"


class NoOutage(DomainError):
    """Only a scan that a network failure prevented is made good afterwards (R40)."""

    code = "no_outage"


class ReentryTooLate(DomainError):
    """A scan is made good within the days that the platform allows (R40)."""

    code = "reentry_too_late"


class NotNotified(DomainError):
    """Every check is notified: all items in one notice, delivered (R41, R42)."""

    code = "not_notified"


class UnannouncedNotApproved(DomainError):
    """The notice came after the entry; unannounced only where the approval says so with its basis (R42)."""

    code = "unannounced_not_approved"


class DeliveryIncomplete(DomainError):
    """A delivery names the receiver, a refusal its reason and the witness (R42)."""

    code = "delivery_incomplete"


class ContactMissing(DomainError):
    """The notice names a person to ask and the telephone for supervision (R42)."""

    code = "contact_missing"


class EntryIncomplete(DomainError):
    """An entry is recorded with its day, people and purpose; a cap with its number and basis (R36, R37)."""

    code = "entry_incomplete"
