"""How a visit stands before its entry: approval, filing, notice, scan, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.domain.frequency import Acts, Cap, counts_apart
from app.domain.vocabulary import ApprovalState, VersionState, VisitState
from app.extensions import db
from app.models import Agency, InspectionItem, ItemFinding, ItemVersion, Visit, VisitApproval
from app.services import applying, entry_register, notices, territory
from app.services.entering import reentry_due
from app.services.frequency import acts_of, cap_of
from app.services.notice_body import cleared_findings, source_of
from app.services.visits import OPEN_TASKS
from app.views.base import tag, tag_of
from app.views.base.format import local
from app.views.rows import may


@dataclass(frozen=True)
class Line:
    """The frequency line of one body, frozen or as it would be decided now."""

    agency: Agency
    number: int
    cap: int
    apart: int
    is_over: bool
    is_abnormal: bool
    is_fixed: bool


class EntryStatus:
    """Everything that the pages before an entry ask about one visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    @cached_property
    def pending(self) -> dict[int, list[ItemFinding]]:
        """Items for which nothing has been applied, by body."""
        return applying.pending_findings(self.visit)

    @cached_property
    def others(self) -> list[applying.Other]:
        """Other open visits to the enterprise."""
        return applying.other_visits(db.session(), self.visit)

    @property
    def is_open(self) -> bool:
        """Whether anything may still be prepared."""
        return self.visit.task.state in OPEN_TASKS and self.visit.state in (
            VisitState.PLANNED,
            VisitState.RECORDED,
        )

    @property
    def is_member(self) -> bool:
        """Whether the reader stands in the team and may act on the spot."""
        team = {member.inspector.user_id for member in self.visit.team}
        return may("record", "VisitApproval") and g.user.id in team

    @property
    def source(self) -> Any:
        """任务来源."""
        return source_of(self.visit.task)

    @property
    def off_site_items(self) -> list[str]:
        """Items that can be checked without an entry."""
        versions = [finding.task_item.version for rows in self.pending.values() for finding in rows]
        return [version.name for version in versions if version.off_site_possible]

    @property
    def may_go_off_site(self) -> bool:
        """Whether every pending item can be checked without an entry."""
        return bool(self.pending) and len(self.off_site_items) == sum(map(len, self.pending.values()))

    def lines(self) -> list[Line]:
        """本年度第 n 次／上限 m of every body of the visit."""
        year = self.visit.planned_on.year
        acts = acts_of(db.session(), [self.visit.enterprise_id], year, without=self.visit.id)
        agencies = {finding.agency_id: finding.agency for finding in self.visit.findings}
        return [
            self._line(agency, acts[self.visit.enterprise_id, key], cap_of(db.session(), key, year))
            for key, agency in sorted(agencies.items())
        ]

    def _line(self, agency: Agency, acts: Acts, cap: Cap) -> Line:
        fixed = [
            each
            for each in self.visit.approvals
            if each.agency_id == agency.id and each.state == ApprovalState.APPROVED
        ]
        if fixed:
            last = fixed[-1]
            return Line(
                agency,
                last.act_number,
                last.cap,
                last.counted_apart,
                last.is_over_cap,
                last.is_abnormal,
                True,
            )
        task, apart = self.visit.task, len(acts.apart)
        if counts_apart(task.kind, task.special.origin if task.special else None):
            return Line(agency, len(acts.days), cap.yearly, apart + 1, False, False, False)
        number = acts.number_with(self.visit.planned_on)
        over, abnormal = cap.is_exceeded(number), cap.is_abnormal(number)
        return Line(agency, number, cap.yearly, apart, over, abnormal, False)

    @property
    def is_out_of_area(self) -> bool:
        """Whether a body checks outside its area here."""
        return any(territory.is_out_of_area(self.visit, finding.agency) for finding in self.visit.findings)

    @property
    def reentry_due(self) -> Any:
        """Until when a prevented scan is to be made good."""
        return reentry_due(self.visit)

    @property
    def filing_due(self) -> Any:
        """By when a check outside the area is to be filed."""
        return territory.filing_due(self.visit.assistance) if self.visit.assistance else None

    def approval_tags(self) -> Any:
        """One tag a body."""
        newest = {each.agency_id: each for each in self.visit.approvals}
        return [(each.agency.short_name, tag_of(each.state)) for _key, each in sorted(newest.items())] or [
            ("", tag(_("not applied for"), "warn"))
        ]

    @property
    def may_notify(self) -> bool:
        """Whether there is something to tell: approved or urgent items, and nobody told them yet."""
        return bool(cleared_findings(self.visit)) and notices.has_news(self.visit)

    def addable(self) -> list[ItemVersion]:
        """Published items of the member's department that the visit does not have yet."""
        if not self.is_member:
            return []
        own = {m.inspector.agency_id for m in self.visit.team if m.inspector.user_id == g.user.id}
        known = {finding.task_item.version_id for finding in self.visit.findings}
        query = (
            select(ItemVersion)
            .join(InspectionItem)
            .where(ItemVersion.state == VersionState.PUBLISHED, InspectionItem.agency_id.in_(own))
            .order_by(InspectionItem.code)
        )
        return [version for version in db.session.scalars(query) if version.id not in known]


def line_of(approval: VisitApproval) -> Any:
    """第 n 次／上限 m of an approval, provisional while it waits."""
    return next(line for line in EntryStatus(approval.visit).lines() if line.agency.id == approval.agency_id)


def line_tag(line: Line) -> Any:
    """The frequency line as a tag: red when abnormal, amber above the cap."""
    words = _("no. %(number)s / at most %(cap)s", number=line.number, cap=line.cap)
    return tag(words, "bad" if line.is_abnormal else "warn" if line.is_over else "ok")


def now_local() -> str:
    """Now, as a field for a moment shows it."""
    return local(datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M")


def year_lines(enterprise_id: int, year: int) -> list[entry_register.YearLine]:
    """The counts of one enterprise in a year."""
    return entry_register.year_of(db.session(), enterprise_id, year)
